"""OCR: reads pages that have no text with a command of the user's choice.

The command is a program with its arguments, split as a shell splits them; no shell runs. In its
arguments `{image}` is replaced by the path of a PNG image of the page, `{pdf}` by that of a PDF of the
one page, which is put at the end where neither is named. It writes the text to its standard output, in
UTF-8.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import SourceError
from indexer.temporary_folder import TemporaryFolder

if TYPE_CHECKING:
    import pikepdf

TIMEOUT_SECONDS = 300
"""For one page."""

MAX_TEXT_BYTES = 1 << 24
_DOTS_PER_INCH = 300
_POINTS_PER_INCH = 72
_MAX_PIXELS = 50_000_000


class OcrCommand:
    """A command that reads pages. Raises SourceError where it is no command."""

    def __init__(self, command: str) -> None:
        try:
            self.arguments = shlex.split(command)
        except ValueError as error:
            raise SourceError(f"the OCR command {command!r} cannot be split: {error}") from error
        if not self.arguments:
            raise SourceError(
                "the OCR command is empty; name a program, as in: tesseract {image} -"
            )
        if not any(name in command for name in ("{pdf}", "{image}")):
            self.arguments.append("{pdf}")

    def read_page(self, pdf: pikepdf.Pdf, number: int) -> str:
        """Return the text of a page, by its number from 0.

        Raises SourceError where the command cannot be started, fails, or takes too long.
        """
        with TemporaryFolder() as folder:
            page = folder / "page.pdf"
            _save_page(pdf, number, page)
            image = folder / "page.png"
            if any("{image}" in argument for argument in self.arguments):
                save_image(page, image)
            arguments = [
                argument.replace("{pdf}", str(page)).replace("{image}", str(image))
                for argument in self.arguments
            ]
            return self._run(arguments)

    def _run(self, arguments: list[str]) -> str:
        program = arguments[0]
        try:
            done = subprocess.run(
                arguments,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise SourceError(
                f"the OCR program {program} is not found; install it, or give its path to --ocr"
            ) from None
        except OSError as error:
            raise SourceError(f"the OCR program {program} does not start: {error}") from error
        except subprocess.TimeoutExpired:
            raise SourceError(
                f"the OCR program {program} takes more than {TIMEOUT_SECONDS} seconds for a page"
            ) from None
        if done.returncode:
            message = " ".join(done.stderr.decode("utf-8", "replace").split())[:200]
            raise SourceError(
                f"the OCR program {program} ends with status {done.returncode}: {message}"
            )
        return done.stdout[:MAX_TEXT_BYTES].decode("utf-8", "replace").replace("\f", "\n").strip()


def _save_page(pdf: pikepdf.Pdf, number: int, path: Path) -> None:
    import pikepdf

    with pikepdf.new() as single:
        single.pages.append(pdf.pages[number])
        single.save(path)


def save_image(page: Path, image: Path) -> None:
    """Draw the first page of a PDF as a grey image of 300 dots per inch, less for a huge page."""
    try:
        import pypdfium2
    except ImportError as error:
        raise SourceError(
            "images of pages need the package pypdfium2; install it with: "
            "pip install 'searchd[files]', or let the OCR command read {pdf}"
        ) from error
    document = pypdfium2.PdfDocument(page)
    try:
        drawn = document[0]
        width, height = drawn.get_size()
        scale = _DOTS_PER_INCH / _POINTS_PER_INCH
        scale = min(scale, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
        drawn.render(scale=scale, grayscale=True).to_pil().save(image)
    finally:
        document.close()
