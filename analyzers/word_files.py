"""Reading lists of words: those that ship with the package, and the files of users."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analyzers.errors import DataFileError, WordFileError

DATA = Path(__file__).parent / "data"

_COMMENT = re.compile(r"(?:^|\s)#.*")


def read_data(name: str) -> bytes:
    """Return the content of a file that ships with the package, by its path below `DATA`.

    Raises DataFileError where it cannot be read.
    """
    path = DATA / name
    try:
        return path.read_bytes()
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
        raise DataFileError(f"{DATA / name}: is not UTF-8; install searchd again") from error


def read_words(*names: str) -> frozenset[str]:
    """Return the words of shipped lists: one on each line, `#` starts a comment line.

    Raises DataFileError for a list that cannot be read.
    """
    words: list[str] = []
    for name in names:
        # No word holds a `#`. Split there, thousands of words need no test each for a comment.
        text, *commented = read_data_text(name).split("#")
        words += text.split()
        for piece in commented:
            words += piece.partition("\n")[2].split()
    return frozenset(words)


class Line(NamedTuple):
    """One line of a user's file, without its comment, and where it stands."""

    path: Path
    number: int
    text: str

    def error(self, reason: str) -> WordFileError:
        """Return the error that something is wrong in this line."""
        return WordFileError(f"{self.path}:{self.number}", reason)


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a user's file that hold something, in UTF-8, with or without a mark.

    `#` starts a comment, on a line of its own or behind a space. Raises WordFileError for a file
    that cannot be read and for bytes that are not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WordFileError(
            str(path), f"cannot be read ({error.strerror}); check the name of the file"
        ) from error
    return split_lines(path, data)


def split_lines(path: Path, data: bytes) -> Iterator[Line]:
    """Yield the lines of a word file's content; `path` names it in errors. See `read_lines`."""
    for number, encoded in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        try:
            text = encoded.decode("utf-8")
        except UnicodeDecodeError as error:
            raise WordFileError(
                f"{path}:{number}", "this is not UTF-8; save the file in that encoding"
            ) from error
        text = _COMMENT.sub("", text).strip()
        if text:
            yield Line(path, number, text)
