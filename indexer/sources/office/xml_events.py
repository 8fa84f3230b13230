"""XML events: the elements and the text of an XML part, in order, without building a tree.

The parser is expat. Declarations of entities are refused, so nothing expands and no other file is
opened. Names come without their namespace, so `w:p` and `a:p` are both `p`, but for `dc:` (Dublin
Core), `svg:` (OpenDocument) and `r:` (the ids of relations in Open XML).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import IO, Protocol
from xml.parsers import expat

from indexer.errors import SourceError

MAX_XML_DEPTH = 2000
"""The most elements within each other."""

_CHUNK_BYTES = 1 << 16

_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg:",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
}


_NONE: Mapping[str, str] = {}


class XmlHandler(Protocol):
    """What is told of the elements of a part; attributes are named like elements."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text, which may come in several pieces."""


def read_xml(stream: IO[bytes], handler: XmlHandler, part: str) -> None:
    """Tell a handler of all elements of a part, whose name is for messages.

    Raises SourceError where it is no well-formed XML, too deep, or declares entities.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_XML_DEPTH:
            raise SourceError(
                f"{part} has more than {MAX_XML_DEPTH:,} elements within each other; open it in its "
                f"program and save it again"
            )
        handler.start(
            _short(name),
            {_short(key): value for key, value in attributes.items()} if attributes else _NONE,
        )

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(_short(name))

    def refuse(*_declared: object) -> None:
        raise SourceError(f"{part} declares entities, which an office file never needs")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = refuse
    try:
        while data := stream.read(_CHUNK_BYTES):
            parser.Parse(data)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SourceError(
            f"{part} is no well-formed XML ({error}); open it in its program and save it again"
        ) from error


@lru_cache(maxsize=4096)
def _short(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return _PREFIXES.get(namespace, "") + local


class Elements:
    """A handler that collects the attributes and the text of the elements of some names.

    `found` has for each such element, in order, its name, its attributes and the text in it.
    """

    def __init__(self, *names: str) -> None:
        self._names = frozenset(names)
        self._open: list[tuple[str, Mapping[str, str], list[str]]] = []
        self.found: list[tuple[str, Mapping[str, str], str]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if name in self._names:
            self._open.append((name, attributes, []))

    def end(self, name: str) -> None:
        """End an element."""
        if name in self._names:
            name, attributes, texts = self._open.pop()
            self.found.append((name, attributes, " ".join("".join(texts).split())))

    def text(self, text: str) -> None:
        """Add text to every open element."""
        for _name, _attributes, texts in self._open:
            texts.append(text)
