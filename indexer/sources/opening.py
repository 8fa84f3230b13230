"""Opening: a file, a compressed file or standard input as one stream of uncompressed bytes."""

from __future__ import annotations

import gzip
import lzma
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import BinaryIO, Protocol

import zstandard

from indexer.errors import NO_MEMORY_REASON
from indexer.sources.compression import START_BYTES, compression_of, decompressed
from indexer.sources.limits import too_large
from indexer.sources.options import DEFAULT_LIMITS
from indexer.sources.source_file import SourceFile

READ_FAILURES = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    MemoryError,
)
"""The errors that reading a file may raise, compressed or not."""

_FILE_BUFFER_BYTES = 1 << 16


class Positioned(Protocol):
    """A stream that tells how far it was read."""

    def tell(self) -> int:
        """Return the number of bytes read so far."""
        ...


class Input:
    """One open file: its uncompressed bytes, and a count of the bytes on disk that they came from.

    `stream` yields the uncompressed bytes. `stored` is the stream of the bytes on disk where they
    differ from these. `encodings` are the two encodings between which the bytes do not decide, set
    by the reader. `ocr` is the command that reads pages without text, "" for none,
    and `limits` are those of files within it that other processes read.
    """

    __slots__ = ("_measured", "_stored", "encodings", "file", "limits", "ocr", "stream")

    def __init__(self, file: SourceFile, stream: BinaryIO, stored: Positioned | None) -> None:
        self.file = file
        self.stream = stream
        self._stored = stored
        self._measured = 0
        self.encodings = ""
        self.ocr = ""
        self.limits = DEFAULT_LIMITS

    def note_doubt(self, encodings: str) -> None:
        """Note the two encodings between which the bytes do not decide."""
        self.encodings = encodings

    def read_all(self, limit: int) -> bytes:
        """Return all bytes of a file that is one document.

        Raises SourceError where they are more than `limit`, of which no more are read.
        """
        data = self.stream.read(limit + 1)
        if len(data) > limit:
            raise too_large(limit, "bytes")
        return data

    @property
    def is_seekable(self) -> bool:
        """Whether the bytes are those of a file that can be sought in, uncompressed."""
        return self._stored is None and self.file.path is not None and self.stream.seekable()

    @property
    def origin(self) -> str:
        """The name of the file in messages."""
        return self.file.origin

    def measure(self, length: int) -> int:
        """Return how many bytes on disk were read since the last call.

        `length` is the number of bytes that the caller used, which is the answer for a file that
        is read as it is stored. For any other, the position in the stored file is.
        """
        if self._stored is None:
            return length
        now = self._stored.tell()
        taken, self._measured = now - self._measured, now
        return taken

    def measure_by_position(self) -> None:
        """Ignore `length` from now on, because the caller counts bytes of another encoding."""
        if self._stored is None and self.file.path is not None:
            self._stored = self.stream


@contextmanager
def open_input(file: SourceFile, stdin: BinaryIO | None = None) -> Iterator[Input]:
    """Open a file for reading, and close it at the end; standard input is left open.

    Opening and reading raise one of READ_FAILURES; `describe_failure` makes a message of it.
    """
    if file.path is None:
        stream = stdin if stdin is not None else sys.stdin.buffer
        yield _uncompressed(file, stream)
        return
    with file.path.open("rb", buffering=_FILE_BUFFER_BYTES) as stored:
        source = _uncompressed(file, stored)
        try:
            yield source
        finally:
            source.stream.close()


def _uncompressed(file: SourceFile, stored: BinaryIO) -> Input:
    """Return the input of a stream of stored bytes, by the compression that its start shows."""
    start = stored.peek(START_BYTES) if isinstance(stored, BufferedReader) else b""
    compression = compression_of(start, file.name if file.path is not None else "")
    if compression is None:
        return Input(file, stored, None)
    return Input(file, decompressed(stored, compression), stored)


def describe_failure(error: Exception) -> str:
    """Return a message for the user: why a file cannot be read, and what to do.

    >>> describe_failure(EOFError())
    'the compressed file ends too early; copy or download it again'
    """
    match error:
        case EOFError():
            return "the compressed file ends too early; copy or download it again"
        case gzip.BadGzipFile() | zlib.error():
            return f"not a sound gzip file ({error}); check it with: gzip -t"
        case lzma.LZMAError():
            return f"not a sound xz file ({error}); check it with: xz -t"
        case zstandard.ZstdError():
            return f"not a sound Zstandard file ({error}); check it with: zstd -t"
        case MemoryError():
            return NO_MEMORY_REASON
        case FileNotFoundError():
            return "the file is not there any more, or the link points nowhere; index again"
        case PermissionError():
            return "no permission to read the file; change it with: chmod +r"
        case OSError():
            return f"cannot be read: {error.strerror or error}"
        case _:
            return f"cannot be read: {error}"
