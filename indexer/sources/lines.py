"""Lines: an input in any encoding as lines of UTF-8.

Every line-based source reads this stream. An input in UTF-8 passes through unchanged, one in
another encoding is transcoded. Bytes that are invalid in the encoding of the file become bytes that
are invalid in UTF-8, so that decoding a line strictly reports the damage on its own line.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from indexer.sources.encodings import SAMPLE_BYTES, Encoding, describe, detect
from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.opening import READ_FAILURES, Input

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER_BYTES = 1 << 20
_DAMAGE = "indexer.damage"
_CUT_LINE = b"?\n"


def _mark_damage(error: UnicodeError) -> tuple[str, int]:
    """Replace bad bytes by what `surrogateescape` encodes to FF, which is never valid UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    raise error


codecs.register_error(_DAMAGE, _mark_damage)


def utf8_lines(source: Input) -> tuple[Iterator[bytes], Encoding]:
    """Return the lines of an input as UTF-8 without a byte order mark, and its encoding.

    Of a line that is longer than RECORD_LIMIT the first RECORD_LIMIT + 1 bytes are returned: look
    at its length before you use it. Raises UndecodableError where the encoding cannot be detected.
    """
    stream, encoding = utf8_stream(source)
    return _lines(stream), encoding


def utf8_stream(
    source: Input, find_declared: Callable[[bytes], str] | None = None
) -> tuple[io.BufferedReader, Encoding]:
    """Return an input as a stream of UTF-8 without a byte order mark, and its encoding.

    `find_declared` returns the encoding that the first bytes declare, or nothing; it counts where
    they are not UTF-8. Raises UndecodableError where the encoding cannot be detected.
    """
    stream = _SampledStream(source)
    declared = find_declared(stream.sample) if find_declared is not None else ""
    encoding = detect(stream.sample, declared=declared)
    stream.skip(encoding.mark_bytes)
    if encoding.name == "utf-8":
        return io.BufferedReader(stream, _BUFFER_BYTES), encoding
    source.note_doubt(encoding.doubt)
    source.measure_by_position()
    return io.BufferedReader(_TranscodedStream(stream, encoding.name), _BUFFER_BYTES), encoding


def _lines(stream: io.BufferedReader) -> Iterator[bytes]:
    """Yield the lines of a stream, cut short behind RECORD_LIMIT."""
    readline = stream.readline
    while line := readline(RECORD_LIMIT + 1):
        yield line
        if len(line) > RECORD_LIMIT:
            while line and not line.endswith(b"\n"):
                line = readline(_BUFFER_BYTES)


class DecodedLines:
    """The lines of an input as text, for parsers that take an iterable of str.

    A line with bad bytes is yielded with the bytes escaped, one that is too long as `?`, and
    `damage` describes the first such line since the last `take`. `is_cut` is whether the last line
    was too long. `number` is the number of the last line yielded, from 1.
    """

    def __init__(self, source: Input) -> None:
        self._source = source
        self._lines, self._encoding = utf8_lines(source)
        self._length = 0
        self.number = 0
        self.is_cut = False
        self.damage = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            self._length += len(line)
            self.is_cut = len(line) > RECORD_LIMIT
            if self.is_cut:
                self.damage = self.damage or too_long(f"line {self.number}")
                line = _CUT_LINE
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                text = line.decode("utf-8", "surrogateescape")
                self.damage = self.damage or self._describe(error)
            yield text

    def take(self) -> tuple[int, str]:
        """Return the bytes on disk that were read since the last call, and the damage in them."""
        taken = self._source.measure(self._length), self.damage
        self._length, self.damage = 0, ""
        return taken

    def _describe(self, error: UnicodeDecodeError) -> str:
        return f"line {self.number}: {damage_reason(error, self._encoding)}"


def damage_reason(error: UnicodeDecodeError, encoding: Encoding) -> str:
    """Return a message for the user about a line of `utf8_lines` that cannot be decoded."""
    if encoding.name == "utf-8":
        return describe(error, encoding.name)
    return f"bytes that are not valid {encoding.name.upper()}; save the file as UTF-8"


class _SampledStream(io.RawIOBase):
    """An input whose first bytes were read as a `sample`, and are then read again.

    Bytes that were read before a failure come first, so the records before the damage in a
    truncated file are not lost.
    """

    def __init__(self, source: Input) -> None:
        stream = source.stream
        # read1 returns what one step decompresses; read would lose it where the next step fails.
        self._read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._failure: Exception | None = None
        sample = bytearray()
        try:
            while len(sample) < SAMPLE_BYTES and (data := self._read(SAMPLE_BYTES)):
                sample += data
        except READ_FAILURES as error:
            self._failure = error
        self.sample = bytes(sample)
        self._rest = memoryview(self.sample)

    def skip(self, length: int) -> None:
        """Skip the first bytes."""
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


class _TranscodedStream(io.RawIOBase):
    """A stream in another encoding, transcoded to UTF-8."""

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
            data = self._stream.read(len(target) // 4) or b""
            self._ended = not data
            text = self._decode(data, final=self._ended)
            self._rest = memoryview(text.encode("utf-8", "surrogateescape"))
        length = min(len(target), len(self._rest))
        target[:length] = self._rest[:length]
        self._rest = self._rest[length:]
        return length
