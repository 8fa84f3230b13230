"""RSS and Atom: a record for each entry of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from xml.etree.ElementTree import Element, tostring

from indexer.sources.dates import first_date
from indexer.sources.html import checked_page_values
from indexer.sources.records import Record
from indexer.sources.xml_elements import XmlRecord
from indexer.sources.xml_root import PREFIX

ROOTS = frozenset({"rss", "feed", "RDF"})
"""The names of the first element of a feed; RDF is that of RSS 1.0."""

_TITLE = frozenset({("rss", "channel", "title"), ("feed", "title"), ("RDF", "channel", "title")})
_FOREIGN = frozenset({"media", "itunes", "geo", "georss", "sy", "slash"})
"""Prefixes of elements that are about pictures and sound, and repeat the names of the others."""


def is_feed_part(path: Sequence[str]) -> bool:
    """Tell whether the element at a path of names is an entry, or the title of the feed."""
    return path[-1] in {"item", "entry"} or tuple(path) in _TITLE


def is_feed_title(found: XmlRecord) -> bool:
    """Tell whether an element is the title of the feed."""
    return found.path in _TITLE


def feed_record(found: XmlRecord, origin: str, name: str, publisher: str) -> Record:
    """Return the record of an entry of the feed that is called `publisher`.

    The text is the longest content; markup in it is read as a page is. The id is the name of the
    file and the id that the feed gives the entry, or else its link, or a hash of its text.
    """
    entry = found.element
    parts: dict[str, list[Element]] = {}
    for child in entry:
        if child.get(PREFIX) not in _FOREIGN:
            parts.setdefault(child.tag, []).append(child)
    names = ("encoded", "content", "description", "summary")
    contents = [_content(child) for each in names for child in parts.get(each, ())]
    title = _first(parts, "title")
    text = max(contents, key=len, default="")
    link = _link(parts.get("link", []))
    key = _first(parts, "guid", "id") or entry.get("about") or link
    values: dict[str, object] = {
        "id": f"{name}#{key or blake2b(f'{title}{text}'.encode(), digest_size=8).hexdigest()}",
        "guid": key,
        "title": checked_page_values(title).get("text", "") if "<" in title else title,
        "text": text,
        "date": first_date(
            _flat(child)
            for each in ("pubDate", "published", "issued", "date", "updated", "modified")
            for child in parts.get(each, ())
        ),
        "url": link,
        "author": [
            _author(child) for each in ("author", "creator") for child in parts.get(each, ())
        ],
        "subject": [
            each.get("term") or _flat(each)
            for tag in ("category", "subject")
            for each in parts.get(tag, ())
        ],
        "publisher": publisher,
    }
    values = {column: value for column, value in values.items() if value}
    return Record(origin, values, found.size, is_markup=True)


def _content(element: Element) -> str:
    """Return the text of a content: of plain text, of escaped HTML, or of XHTML within it."""
    if len(element):
        return checked_page_values(tostring(element, encoding="unicode")).get("text", "")
    text = element.text or ""
    if "<" in text or "&" in text:
        return checked_page_values(text).get("text", "")
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _link(links: Sequence[Element]) -> str:
    """Return the address of the page: of Atom's links the alternate one."""
    for link in links:
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return link.get("href", "")
    return next((_flat(link) for link in links if _flat(link)), "")


def _author(element: Element) -> str:
    name = element.find("name")
    return _flat(name if name is not None else element)


def _first(parts: dict[str, list[Element]], *names: str) -> str:
    return next((_flat(child) for name in names for child in parts.get(name, ())), "")


def _flat(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
