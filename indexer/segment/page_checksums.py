"""Page checksums: one for every page of 64 KiB of an array file.

They are those of XXH3 with 64 bits, which takes a tenth of the time of CRC-32 (zlib). A page is checked when it is first read
through the map, or when the whole file is verified. So damage raises an error at the latest when the damaged bytes would be used.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NamedTuple

from xxhash import xxh3_64_intdigest

from indexer.damage import damaged

PAGE = 1 << 16
"""The size of a page in bytes."""


class Checksum(NamedTuple):
    """A kind of checksum: the first and last bytes of files that have it, its dtype, its function.

    `footer` is the structure of the footer of such a file, with one checksum in it.
    """

    magic: bytes
    dtype: str
    of: Callable[[bytes | bytearray | memoryview], int]
    footer: Struct


XXH3 = Checksum(b"searchd\x02", "<u8", xxh3_64_intdigest, Struct("<QQQQQ8s"))


class PageChecksums:
    """The pages of a mapped file; each is checked once, before its bytes are first used."""

    def __init__(self, path: Path, data: mmap.mmap, size: int, checksums: list[int]) -> None:
        self._path = path
        self.data = data
        """The mapped file."""
        self._size = size
        self._checksums = checksums
        self.checked = bytearray(len(checksums))
        """1 for each page that was checked."""

    def check(self, first: int, last: int) -> None:
        """Check the pages in `[first, last)` that were not checked before."""
        page = self.checked.find(0, first, last)
        while page >= 0:
            # The last page ends where the directory begins.
            end = min((page + 1) * PAGE, self._size)
            self.compare(page, memoryview(self.data)[page * PAGE : end])
            self.checked[page] = 1
            page = self.checked.find(0, page + 1, last)

    def compare(self, page: int, data: bytes | memoryview) -> None:
        """Compare the bytes of a page with its checksum. Raises IndexDamagedError."""
        if XXH3.of(data) != self._checksums[page]:
            start = page * PAGE
            raise damaged(
                self._path, f"bytes {start:,} to {start + len(data):,} are not as written"
            )

    def verify(self, file: BinaryIO, progress: Callable[[int], None] | None = None) -> None:
        """Compare every page with its checksum, read from `file`: the same file, opened again.

        A page that cannot be read from disk raises IndexDamagedError; read through the map it would
        kill the process. `progress` is called after each page with its size in bytes.
        """
        for start in range(0, self._size, PAGE):
            try:
                data = file.read(min(PAGE, self._size - start))
            except OSError as error:
                raise damaged(
                    self._path, f"bytes from {start:,} cannot be read: {error}"
                ) from error
            self.compare(start // PAGE, data)
            if progress is not None:
                progress(len(data))
