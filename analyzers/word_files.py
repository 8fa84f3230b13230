"""Reads word files: the lists in `data/` that ship with the package, and the files of users."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analyzers.errors import DataFileError, WordFileError

DATA_DIR = Path(__file__).parent / "data"
"""The folder of the files that ship with the package."""

_COMMENT = re.compile(r"(?:^|\s)#.*")


LEXICON_FILE = "lexicon.bin"
"""The compiled lexicon, by its path below `DATA_DIR`; see `analyzers.morphology.lexicon`."""


def read_data(name: str, size: int = -1) -> bytes:
    """Return a file that ships with the package, by its path below `DATA_DIR`; or its first bytes.

    Raises DataFileError where it cannot be read.
    """
    path = DATA_DIR / name
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise DataFileError(
            f"{path}: cannot be read ({error.strerror}); install searchd again"
        ) from error


def read_data_text(name: str) -> str:
    """Return the text of a file that ships with the package.

    Raises DataFileError where it cannot be read or is not UTF-8.
    """
    try:
        return read_data(name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataFileError(f"{DATA_DIR / name}: is not UTF-8; install searchd again") from error


def read_word_list(*names: str) -> frozenset[str]:
    """Return the words of one or more lists that ship: one word a line, `#` begins a comment.

    Raises DataFileError for a list that cannot be read.
    """
    words: list[str] = []
    for name in names:
        # No word contains a `#`, so splitting the text there spares a test of every line.
        text, *commented = read_data_text(name).split("#")
        words += text.split()
        for chunk in commented:
            words += chunk.partition("\n")[2].split()
    return frozenset(words)


class WordFileLine(NamedTuple):
    """One line of a word file without its comment. `number` counts from 1."""

    path: Path
    number: int
    text: str

    def error(self, reason: str) -> WordFileError:
        """Return an error that blames this line."""
        return WordFileError(f"{self.path}:{self.number}", reason)


def read_word_file(path: Path) -> Iterator[WordFileLine]:
    """Yield the lines of a user's word file, without comments and empty lines.

    The file is UTF-8, with or without a byte order mark. `#` begins a comment, at the start of a
    line or after a space. Raises WordFileError for a file that cannot be read and for a line that
    is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WordFileError(
            str(path), f"cannot be read ({error.strerror}); check the name of the file"
        ) from error
    return split_lines(path, data)


def split_lines(path: Path, data: bytes) -> Iterator[WordFileLine]:
    """Yield the lines of the content of a word file; `path` names it in errors.

    Raises WordFileError for a line that is not UTF-8.
    """
    for number, encoded in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        try:
            text = encoded.decode("utf-8")
        except UnicodeDecodeError as error:
            raise WordFileError(
                f"{path}:{number}", "this is not UTF-8; save the file in that encoding"
            ) from error
        text = _COMMENT.sub("", text).strip()
        if text:
            yield WordFileLine(path, number, text)
