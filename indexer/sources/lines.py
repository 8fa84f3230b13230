"""Lines: an input of any encoding as lines of UTF-8, read in large pieces.

Every line-based source reads this stream. What is stored as UTF-8 passes through untouched; other
encodings are rewritten. Bytes that are no text in the encoding of the file come out as bytes that
are no UTF-8, so decoding a line strictly finds the damage, on its own line.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from indexer.sources.encodings import SAMPLE_BYTES, Encoding, describe, detect
from indexer.sources.opening import READ_FAILURES, Input

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER_BYTES = 1 << 20
_DAMAGE = "indexer.damage"


def _mark_damage(error: UnicodeError) -> tuple[str, int]:
    """Replace bad bytes by what `surrogateescape` encodes to FF, which is never UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    raise error


codecs.register_error(_DAMAGE, _mark_damage)


def utf8_lines(source: Input) -> tuple[io.BufferedReader, Encoding]:
    """Return the lines of an input as UTF-8 without a byte order mark, and its encoding.

    Raises UndecodableError when the encoding cannot be told.
    """
    pieces = _Pieces(source)
    encoding = detect(pieces.sample)
    pieces.skip(encoding.mark)
    if encoding.name == "utf-8":
        return io.BufferedReader(pieces, _BUFFER_BYTES), encoding
    source.measure_by_position()
    return io.BufferedReader(_Rewritten(pieces, encoding.name), _BUFFER_BYTES), encoding


class DecodedLines:
    """The lines of an input as text, for parsers that take an iterable of str.

    A line with bad bytes is handed on, the bytes escaped, and `damage` says what is wrong with
    the first such line since the last `take`. `number` is that of the last line handed out.
    """

    def __init__(self, source: Input) -> None:
        self._source = source
        self._lines, self._encoding = utf8_lines(source)
        self._length = 0
        self.number = 0
        self.damage = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            self._length += len(line)
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                text = line.decode("utf-8", "surrogateescape")
                self.damage = self.damage or self._describe(error)
            yield text

    def take(self) -> tuple[int, str]:
        """Return the stored bytes read since the last call and the damage in them."""
        taken = self._source.measure(self._length), self.damage
        self._length, self.damage = 0, ""
        return taken

    def _describe(self, error: UnicodeDecodeError) -> str:
        return f"line {self.number}: {damage_reason(error, self._encoding)}"


def damage_reason(error: UnicodeDecodeError, encoding: Encoding) -> str:
    """Say what is wrong with a line of `utf8_lines` that does not decode."""
    if encoding.name == "utf-8":
        return describe(error, encoding.name)
    return f"bytes that are not valid {encoding.name.upper()}; save the file as UTF-8"


class _Pieces(io.RawIOBase):
    """An input read piece by piece, after a sample at its beginning was looked at.

    What could be read before a failure is handed out first, so that the records before the break
    in a truncated file are not lost.
    """

    def __init__(self, source: Input) -> None:
        stream = source.stream
        # read1 hands out what one step unpacks; read would lose it if the next step fails.
        self._read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._failure: Exception | None = None
        sample = bytearray()
        try:
            while len(sample) < SAMPLE_BYTES and (piece := self._read(SAMPLE_BYTES)):
                sample += piece
        except READ_FAILURES as error:
            self._failure = error
        self.sample = bytes(sample)
        self._rest = memoryview(self.sample)

    def skip(self, length: int) -> None:
        """Leave out the first bytes."""
        self._rest = self._rest[length:]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        if not self._rest:
            if self._failure is not None:
                raise self._failure
            self.sample = b""
            self._rest = memoryview(self._read(len(target)))
        length = min(len(target), len(self._rest))
        target[:length] = self._rest[:length]
        self._rest = self._rest[length:]
        return length


class _Rewritten(io.RawIOBase):
    """A stream in another encoding, as UTF-8."""

    def __init__(self, stream: io.RawIOBase, encoding: str) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder(encoding)(_DAMAGE).decode
        self._rest = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        while not self._rest and not self._ended:
            piece = self._stream.read(len(target) // 4) or b""
            self._ended = not piece
            text = self._decode(piece, final=self._ended)
            self._rest = memoryview(text.encode("utf-8", "surrogateescape"))
        length = min(len(target), len(self._rest))
        target[:length] = self._rest[:length]
        self._rest = self._rest[length:]
        return length
