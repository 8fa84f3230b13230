"""The first element of an XML file, which tells its kind."""

from __future__ import annotations

from contextlib import suppress
from xml.etree.ElementTree import Element
from xml.parsers import expat

PREFIX = "xml-prefix"
"""The attribute in which an element has the prefix of its name (`media` of `media:title`)."""


def root_of(head: bytes, encoding: str | None = None) -> Element | None:
    """Return the first element of a file without what is in it, None where it is no XML.

    `encoding` counts more than what the file declares.

    >>> root_of(b"<!-- a --><tei:TEI xml:id='b'>").attrib
    {'id': 'b', 'xml-prefix': 'tei'}
    """
    found: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append(element_of(name, attributes))

    with suppress(expat.ExpatError, ValueError, LookupError):
        parser = expat.ParserCreate(encoding)
        parser.StartElementHandler = start
        parser.Parse(head.lstrip(b" \t\r\n"))
    return found[0] if found else None


def element_of(name: str, attributes: dict[str, str]) -> Element:
    """Return an element without the prefixes of its name and its attributes."""
    prefix, _, local = name.rpartition(":")
    if attributes:
        attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
    if prefix:
        attributes[PREFIX] = prefix
    return Element(local, attributes)


def is_jats(root: Element, head: bytes) -> bool:
    """Tell whether a file with this first element, and first bytes, is JATS, and not DocBook or HTML."""
    if root.tag == "article":
        is_typed = root.get("dtd-version") is not None or root.get("article-type") is not None
        return is_typed or any(mark in head for mark in (b"<front", b"JATS", b"//NLM//"))
    return root.tag in {"pmc-articleset", "articles"} and b"<article-meta" in head
