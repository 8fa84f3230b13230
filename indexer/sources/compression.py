"""Compression: gzip, bzip2, xz and Zstandard, recognised by content and read as a stream."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

import zstandard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

START_BYTES = 6
"""How many bytes tell which compression a file has."""

_READ_BYTES = 1 << 10  # a block of four bytes may expand to 128 KiB


class Compression(StrEnum):
    """How a file is compressed; the values are the suffixes of names, without the dot."""

    GZIP = "gz"
    BZIP2 = "bz2"
    XZ = "xz"
    ZSTANDARD = "zst"


_STARTS = {
    b"\x1f\x8b": Compression.GZIP,
    b"BZh": Compression.BZIP2,
    b"\xfd7zXZ\x00": Compression.XZ,
    b"\x28\xb5\x2f\xfd": Compression.ZSTANDARD,
}
_SUFFIXES = {f".{compression}": compression for compression in Compression}


def compression_of(start: bytes, name: str) -> Compression | None:
    """Return how a file is compressed, None where it is not.

    Its first bytes decide; a name that promises a compression which they do not have is believed,
    so that reading the file reports what is wrong.
    """
    for signature, compression in _STARTS.items():
        if start.startswith(signature):
            return compression
    return _SUFFIXES.get(suffix_of(name))


def suffix_of(name: str) -> str:
    """Return the last suffix of a name in small letters, with its dot; empty where it has none."""
    return PurePosixPath(name).suffix.lower()


def without_compression(name: str) -> str:
    """Return a name without the suffix of a compression.

    >>> without_compression("news.jsonl.zst")
    'news.jsonl'
    """
    suffix = suffix_of(name)
    return name[: -len(suffix)] if suffix in _SUFFIXES else name


def decompressed(stored: BinaryIO, compression: Compression) -> BinaryIO:
    """Return the stream of uncompressed bytes. Reading raises one of the errors of its library."""
    match compression:
        case Compression.GZIP:
            return cast("BinaryIO", gzip.GzipFile(fileobj=stored, mode="rb"))
        case Compression.BZIP2:
            return cast("BinaryIO", bz2.BZ2File(stored))
        case Compression.XZ:
            return cast("BinaryIO", lzma.LZMAFile(stored))
        case Compression.ZSTANDARD:
            return cast("BinaryIO", io.BufferedReader(_ZstandardStream(stored), 1 << 16))


class _ZstandardStream(io.RawIOBase):
    """The frames of a Zstandard file.

    `zstandard.ZstdDecompressor.stream_reader` ends a file that was cut off without an error.
    """

    def __init__(self, stored: BinaryIO) -> None:
        self._stored = stored
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._is_between_frames = True
        self._pending = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        while not self._pending:
            data = self._unused() or self._stored.read(_READ_BYTES)
            if not data:
                if self._is_between_frames:
                    return 0
                raise EOFError
            self._pending = memoryview(self._frame.decompress(data))
            self._is_between_frames = self._frame.eof
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._pending))
        target[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count

    def _unused(self) -> bytes:
        """Return the bytes that follow a frame which ended, and begin the next one."""
        if not self._frame.eof:
            return b""
        unused = self._frame.unused_data
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        return unused
