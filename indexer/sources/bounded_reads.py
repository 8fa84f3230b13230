"""Bounded reads: a file for parsers of archives, which read as much at once as a header says."""

from __future__ import annotations

import io
from typing import BinaryIO

READ_LIMIT = 1 << 25
"""The most bytes that may be read at once: the list of some 400,000 members of a ZIP file."""


class BoundedReads(io.RawIOBase, BinaryIO):
    """A file that can be sought in, of which no more than READ_LIMIT bytes are read at once.

    Closing it leaves the file open.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to `size` bytes. Raises OSError where they are more than READ_LIMIT."""
        size = -1 if size is None else size
        data = self._stream.read(READ_LIMIT + 1 if size < 0 else min(size, READ_LIMIT + 1))
        if len(data) > READ_LIMIT:
            raise OSError(f"a header or a list in it has more than {READ_LIMIT:,} bytes")
        return data

    def seek(self, position: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to a position and return it."""
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._stream.tell()
