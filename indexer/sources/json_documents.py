"""JSON: an array of objects, one object, or objects one after another, each object a record.

An array of any length is read one element at a time. `--records data.items` names an array, or an
object, within other objects.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Never

from indexer.sources import limits
from indexer.sources.jsonl import explain_value
from indexer.sources.lines import utf8_stream
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

_CHUNK_CHARACTERS = 1 << 16
_SPACE = " \t\r\n"
_NEAR_END = 16
"""An error so near the end of what was read may come from the text that is still to come."""

_NAMES = {str: "a string", int: "a number", float: "a number", bool: "true or false"}


def read_json(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per object of an array, or one for a single object.

    Values keep their JSON types; a field may be read from a column within another (`author.name`).
    The origin has the line of an object, and where several are on it, which it is. A single object has the name of the file as its
    id where it has no `id`. What is no object is a BadRecord, and so is all that follows broken JSON.
    """
    stream = _Stream(source)
    wanted = source.file.options.records
    path = [] if wanted in {"", "."} else wanted.split(".")
    try:
        yield from _top(stream, path, is_whole=wanted == ".")
    except ValueError as error:
        yield BadRecord(stream.line(), _explain(error), stream.take())
    except RecursionError:
        yield BadRecord(stream.line(), "the JSON is nested too deeply; flatten it", stream.take())


def _top(stream: _Stream, path: Sequence[str], *, is_whole: bool) -> Iterator[Record | BadRecord]:
    """Yield the records of each value of the file, of which there usually is one."""
    count = 0
    while stream.peek():
        found = False
        for item in _at_path(stream, path, is_whole=is_whole, is_only=not count):
            found = True
            yield item
        count += 1
        if path and not found:
            yield BadRecord(
                stream.origin(),
                f"there is no array or object at {'.'.join(path)}; name the members on the way to "
                f"the records with --records, as in --records data.items",
                stream.take(),
            )
    if not count:
        yield BadRecord(stream.source.origin, "the file is empty", stream.take())


def _at_path(
    stream: _Stream, path: Sequence[str], *, is_whole: bool, is_only: bool = False
) -> Iterator[Record | BadRecord]:
    """Yield the records of the next value: those at a path within it."""
    if path:
        if stream.peek() == "{":
            for name in stream.members():
                if name == path[0]:
                    yield from _at_path(stream, path[1:], is_whole=True)
                else:
                    stream.value()
        elif stream.peek() == "[":
            for _ in stream.elements():
                yield from _at_path(stream, path, is_whole=True)
        else:
            stream.value()
    elif stream.peek() == "[":
        for _ in stream.elements():
            origin = stream.origin()
            yield _record(stream, stream.value(), origin)
    else:
        origin = stream.origin()
        value = stream.value()
        hint = "" if is_whole else _hint(value)
        if hint:
            yield BadRecord(stream.source.origin, hint, stream.take())
        elif is_only and isinstance(value, dict) and not stream.peek():
            values = {"id": stream.source.file.name, **value}
            yield Record(stream.source.origin, values, stream.take(), is_named="id" not in value)
        else:
            yield _record(stream, value, origin)


def _record(stream: _Stream, value: object, origin: str) -> Record | BadRecord:
    if isinstance(value, dict):
        return Record(origin, value, stream.take())
    what = _NAMES.get(type(value), "null" if value is None else "an array")
    reason = f"there is {what} where an object is expected; each element must be one JSON object"
    return BadRecord(origin, reason, stream.take())


def _hint(value: object) -> str:
    """Return what to do where the records seem to be within the object, nothing elsewhere."""
    if not isinstance(value, dict) or "text" in value or "title" in value:
        return ""
    for name, member in value.items():
        for path, found in ((name, member), *_members_of(name, member)):
            if isinstance(found, list) and found and isinstance(found[0], dict):
                return (
                    f"the file is one object, and its member {path} an array of objects; to read "
                    f"each of these use --records {path}, for one document use --records ."
                )
    return ""


def _members_of(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from ((f"{name}.{inner}", found) for inner, found in value.items())


class _Stream:
    """The characters of a JSON file, of which so many are kept as one value has."""

    def __init__(self, source: Input) -> None:
        self.source = source
        raw, _ = utf8_stream(source)
        self._text = io.TextIOWrapper(raw, encoding="utf-8", newline="\n")
        self._buffer = ""
        self._at = 0
        self._line = 1
        self._last_line = self._on_line = self._counted = 0
        self._is_ended = False
        self._bytes = 0
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)

    def origin(self) -> str:
        """Return the place in the file, for messages: its line, and which it is on the line."""
        self.peek()
        self._count_lines()
        if self._line != self._last_line:
            self._last_line, self._on_line = self._line, 0
        self._on_line += 1
        on_line = f"#{self._on_line}" if self._on_line > 1 else ""
        return f"{self.source.origin}:{self._line}{on_line}"

    def line(self) -> str:
        """Return the line of the place in the file, for messages."""
        self._count_lines()
        return f"{self.source.origin}:{self._line}"

    def _count_lines(self) -> None:
        self._line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at

    def take(self) -> int:
        """Return the bytes on disk that were read since the last call."""
        taken, self._bytes = self._bytes, 0
        return self.source.measure(taken)

    def peek(self) -> str:
        """Return the next character that is no white space, empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._buffer) or not self._fill():
                return self._buffer[self._at : self._at + 1]

    def members(self) -> Iterator[str]:
        """Yield the name of each member of the next object; the caller takes each value."""
        for _ in self._separated("{", "}"):
            if self.peek() != '"':
                raise json.JSONDecodeError("Expecting property name", self._buffer, self._at)
            name = self.value()
            self._expect(":")
            yield str(name)

    def elements(self) -> Iterator[None]:
        """Yield before each element of the next array; the caller takes each value."""
        return self._separated("[", "]")

    def value(self) -> object:
        """Return the next value, whole. Raises ValueError for what is no JSON."""
        self.peek()
        while True:
            try:
                found: object
                found, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._is_complete(error) or not self._fill():
                    raise
                continue
            if end < len(self._buffer) or not self._fill():
                self._at = end
                return found

    def _separated(self, opening: str, closing: str) -> Iterator[None]:
        self._expect(opening)
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            yield
            if self.peek() == closing:
                self._at += 1
                return
            self._expect(",")

    def _expect(self, character: str) -> None:
        if self.peek() != character:
            raise json.JSONDecodeError(f"Expecting {character!r}", self._buffer, self._at)
        self._at += 1

    def _is_complete(self, error: json.JSONDecodeError) -> bool:
        """Tell whether more text cannot mend an error."""
        is_open = error.msg.startswith("Unterminated string")
        return not is_open and error.pos < len(self._buffer) - _NEAR_END

    def _fill(self) -> bool:
        """Read more, in steps that double, so that a long value is not parsed too often."""
        if self._is_ended:
            return False
        self._count_lines()
        self._buffer, self._at, self._counted = self._buffer[self._at :], 0, 0
        if len(self._buffer) > limits.RECORD_LIMIT:
            raise ValueError(limits.too_long("a value"))
        try:
            more = self._text.read(max(_CHUNK_CHARACTERS, len(self._buffer)))
        except UnicodeDecodeError as error:
            raise ValueError(
                "the file has bytes that are not valid in its encoding behind this place; save it "
                "as UTF-8"
            ) from error
        self._bytes += len(more) if more.isascii() else len(more.encode("utf-8", "surrogatepass"))
        self._buffer += more
        self._is_ended = not more
        return bool(more)


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON value; write null or leave the member out")


def _explain(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        near = error.doc[error.pos : error.pos + 30]
        return f"not valid JSON: {error.msg} before {near!r}; what is before it was read"
    return explain_value(error)
