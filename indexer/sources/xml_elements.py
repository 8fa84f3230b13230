"""XML elements: a file of any size as its records, each a small tree, safely.

The parser is expat, without a DTD: entity declarations are refused, no other file is opened, and the
named characters of HTML (`&nbsp;`) are known. A record may have only so much text, so many tags
and such a depth (`indexer.sources.limits`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Never
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from indexer.errors import SourceError
from indexer.sources import limits
from indexer.sources.lines import utf8_stream
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord
from indexer.sources.xml_root import element_of, root_of

HEAD_BYTES = 1 << 16
"""How many bytes are looked at for the first element."""

Path = Sequence[str]
Selector = Callable[[Path], bool]
"""Tells whether the element at a path of names, from the root, is a record."""

_CHUNK_BYTES = 1 << 16
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_DECLARED_WITHIN = 256


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """One record: its tree, the names above it and its own, its line, and its bytes on disk.

    The names are without prefixes, in the tree and in its attributes too.
    """

    element: Element
    path: tuple[str, ...]
    line: int
    size: int


def declared_encoding(head: bytes) -> str:
    """Return the encoding that the XML declaration names, or nothing."""
    declared = _DECLARED.search(head, 0, _DECLARED_WITHIN)
    return declared[1].decode("ascii", "replace") if declared else ""


class XmlFile:
    """One open XML file: its first bytes in UTF-8, and its first element without what is in it.

    Raises SourceError where the file has no element at its start.
    """

    def __init__(self, source: Input) -> None:
        self._source = source
        self._stream, _ = utf8_stream(source, declared_encoding)
        self.head = self._stream.peek(HEAD_BYTES)[:HEAD_BYTES]
        root = root_of(self.head, "utf-8")
        if root is None:
            raise SourceError(
                "no XML element at the start of the file; check it with: xmllint --noout FILE"
            )
        self.root = root

    def records(self, is_record: Selector) -> Iterator[XmlRecord | BadRecord]:
        """Yield the elements that are records and no part of another record, in order.

        A record beyond the limits is a BadRecord, and so is the rest of a file that is no
        well-formed XML.
        """
        reading = _Reading(self._source.origin, is_record)
        length = 0
        at_start = True
        while True:
            data = self._stream.read1(_CHUNK_BYTES)
            length += len(data)
            failure = reading.feed(data.lstrip() if at_start else data, is_last=not data)
            at_start = at_start and not data.strip()
            for item in reading.take():
                size, length = self._source.measure(length), 0
                if isinstance(item, BadRecord):
                    yield BadRecord(item.origin, item.reason, size)
                else:
                    yield XmlRecord(*item, size)
            if failure is not None:
                yield BadRecord(failure.origin, failure.reason, self._source.measure(length))
                return
            if not data:
                return


_TreeAt = tuple[Element, tuple[str, ...], int]


class _Reading:
    """What a parser has found so far, in a file called `origin`."""

    def __init__(self, origin: str, is_record: Selector) -> None:
        self._origin = origin
        self._is_record = is_record
        self._path: list[str] = []
        self._found: list[_TreeAt | BadRecord] = []
        self._tree: TreeBuilder | None = None
        self._excess = ""
        self._depth = self._line = self._tags = self._characters = 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.UseForeignDTD(True)  # an unknown entity is then reported, and no error
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.SkippedEntityHandler = self._entity
        parser.EntityDeclHandler = self._refuse_entity

    def feed(self, data: bytes, *, is_last: bool) -> BadRecord | None:
        """Parse more bytes; return what is wrong with them, after which nothing can follow."""
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            return BadRecord(
                f"{self._origin}:{error.lineno}",
                f"not well-formed XML ({what} at column {error.offset + 1}); what is before it "
                f"was read. Mend it, or find more with: xmllint --noout FILE",
            )
        except SourceError as error:
            return BadRecord(f"{self._origin}:{self._parser.CurrentLineNumber}", str(error))
        return None

    def take(self) -> list[_TreeAt | BadRecord]:
        """Return the records that were found since the last call."""
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = element_of(name, attributes)
        self._path.append(element.tag)
        if len(self._path) > limits.MAX_XML_DEPTH:
            raise limits.too_large(limits.MAX_XML_DEPTH, "elements within each other")
        if self._depth:
            self._depth += 1
        elif self._is_record(self._path):
            self._depth, self._line = 1, self._parser.CurrentLineNumber
            self._tree, self._excess = TreeBuilder(), ""
            self._tags = self._characters = 0
        if self._tree is not None:
            self._tags += 1
            self._tree.start(element.tag, element.attrib)
            if self._tags > limits.MAX_TAGS:
                self._drop(limits.MAX_TAGS, "tags")

    def _end(self, _name: str) -> None:
        if self._tree is not None:
            self._tree.end(self._path[-1])
        if self._depth:
            self._depth -= 1
            if not self._depth:
                self._finish()
        self._path.pop()

    def _data(self, text: str) -> None:
        if self._tree is not None:
            self._tree.data(text)
            self._characters += len(text)
            if self._characters > limits.PAGE_LIMIT:
                self._drop(limits.PAGE_LIMIT, "characters")

    def _entity(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._data(html.unescape(f"&{name};"))

    def _drop(self, limit: int, unit: str) -> None:
        self._tree, self._excess = None, f"the record has more than {limit:,} {unit}; split it"

    def _finish(self) -> None:
        if self._tree is None:
            self._found.append(BadRecord(f"{self._origin}:{self._line}", self._excess))
        else:
            self._found.append((self._tree.close(), tuple(self._path), self._line))
        self._tree = None

    def _refuse_entity(self, name: str, *_: object) -> Never:
        raise SourceError(
            f"the file declares the entity {name!r}, which could pull in other files or expand "
            f"without bound; write what it means where it is used, and remove the declaration"
        )
