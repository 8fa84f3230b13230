"""E-books (.epub 2 and 3): the chapters in the order of reading, each with its title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from indexer.errors import SourceError
from indexer.places import PlaceKind, joined
from indexer.sources.encodings import UndecodableError
from indexer.sources.html import chapter_values
from indexer.sources.office.package import Package, resolved
from indexer.sources.office.properties import columns_of, is_date
from indexer.sources.opening import Input
from indexer.sources.plain import NO_TEXT_REASON
from indexer.sources.records import BadRecord, Record

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_METADATA = (
    "dc:title",
    "dc:creator",
    "dc:language",
    "dc:publisher",
    "dc:subject",
    "dc:description",
)
_PAGES = (".xhtml", ".html", ".htm", ".xml")
_PAGE_TYPES = ("application/xhtml+xml", "text/html", "application/html", "text/xml")


class _Item(NamedTuple):
    """A file of the book, as its list of files names it."""

    part: str
    media_type: str
    properties: str


def read_epub(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the book as one record; its places are the chapters, by their titles.

    Media types are not relied upon. A chapter that is missing or damaged is left out with a bad
    record of its own. Raises SourceError where the book is damaged, protected or too large.
    """
    package = Package.of(source)
    _check_encryption(package)
    main = _package_document(package)
    items = _items(package, main)
    titles = _titles(package, items)
    parts: list[tuple[PlaceKind, str, str]] = []
    for number, part in enumerate(_spine(package, main, items), start=1):
        try:
            heading, text = chapter_values(package.read(part))
        except (SourceError, UndecodableError) as error:
            yield BadRecord(f"{source.origin}/{part}", getattr(error, "reason", "") or str(error))
            continue
        parts.append((PlaceKind.CHAPTER, titles.get(part) or heading or str(number), text))
    text, places = joined(parts)
    if not text:
        yield BadRecord(source.origin, NO_TEXT_REASON, package.size)
        return
    values = _values(package, main) | {"id": source.file.name, "text": text}
    yield Record(source.origin, values, package.size, is_named=True, is_markup=True, places=places)


def _check_encryption(package: Package) -> None:
    """Raise SourceError where more than the fonts of a book are encrypted."""
    for _name, attributes, _text in package.elements(_ENCRYPTION, "EncryptionMethod"):
        algorithm = attributes.get("Algorithm", "")
        if algorithm not in _FONT_OBFUSCATION:
            raise SourceError("it is protected against copying, so that its text cannot be read")


def _package_document(package: Package) -> str:
    """Return the name of the file that lists all others."""
    for _name, attributes, _text in package.elements(_CONTAINER, "rootfile"):
        part = resolved("", attributes.get("full-path", ""))
        if part in package:
            return part
    for name in package.names:
        if name.endswith(".opf"):
            return name
    raise SourceError("it has no package document (.opf); check it with: epubcheck")


def _items(package: Package, main: str) -> dict[str, _Item]:
    items = {}
    for _name, attributes, _text in package.elements(main, "item"):
        part = resolved(main, attributes.get("href", ""))
        items[attributes.get("id", "")] = _Item(
            part, attributes.get("media-type", ""), attributes.get("properties", "")
        )
    return items


def _spine(package: Package, main: str, items: Mapping[str, _Item]) -> Iterator[str]:
    """Yield the names of the chapters in the order of reading, each once.

    Of a book without such an order it is the order of its list of files.
    """
    order = [attributes.get("idref", "") for _, attributes, _ in package.elements(main, "itemref")]
    seen: set[str] = set()
    for name in order if any(name in items for name in order) else items:
        item = items.get(name)
        if item is None or item.part in seen or "nav" in item.properties.split():
            continue
        if item.media_type in _PAGE_TYPES or item.part.lower().endswith(_PAGES):
            seen.add(item.part)
            yield item.part


def _titles(package: Package, items: Mapping[str, _Item]) -> dict[str, str]:
    """Return the titles of chapters by their files, from the table of contents.

    It is that of EPUB 3, or the one of EPUB 2 (ncx). The first title of a file counts.
    """
    found: dict[str, str] = {}
    for item in items.values():
        if item.part not in package:
            continue
        if "nav" in item.properties.split():
            for _name, attributes, text in _tolerated(package, item.part, "a"):
                found.setdefault(resolved(item.part, attributes.get("href", "")), text)
        elif item.part.lower().endswith(".ncx"):
            label = ""
            for name, attributes, text in _tolerated(package, item.part, "text", "content"):
                if name == "text":
                    label = text
                else:
                    found.setdefault(resolved(item.part, attributes.get("src", "")), label)
    return {part: title for part, title in found.items() if title}


def _tolerated(
    package: Package, part: str, *names: str
) -> list[tuple[str, Mapping[str, str], str]]:
    """Return elements of a part, none where it is no well-formed XML: titles are no text."""
    try:
        return package.elements(part, *names)
    except SourceError:
        return []


def _values(package: Package, main: str) -> dict[str, object]:
    """Return the columns of the metadata of a book; several authors or subjects become a list."""
    elements = package.elements(main, *_METADATA, "dc:date")
    values = columns_of(each for each in elements if each[0] in _METADATA)
    for name, column in (("dc:creator", "author"), ("dc:subject", "subject")):
        several = [text for each, _attributes, text in elements if each == name and text]
        if len(several) > 1:
            values[column] = several
    dates = [text for each, _attributes, text in elements if each == "dc:date" and is_date(text)]
    if dates:
        values["date"] = dates[0]
    return values
