"""XML files of every known kind, which their first element tells: TEI, JATS, feeds, MARCXML, others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element

from indexer.errors import SourceError
from indexer.sources import feed, jats, tei
from indexer.sources.flowing_text import FlowingText
from indexer.sources.marc_values import from_marcxml
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record
from indexer.sources.unimarc import catalogue_values
from indexer.sources.xml_elements import Selector, XmlFile, XmlRecord
from indexer.sources.xml_root import PREFIX, is_jats


def read_xml(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the records of an XML file, read as its first element says.

    TEI and JATS are documents with places, RSS and Atom give a record per entry, MARCXML one per
    title. Of any other file `--records PATH` names the elements that are records; without it the
    file is one document of all its text. Raises SourceError where it is no XML.
    """
    file = XmlFile(source)
    wanted = source.file.options.records
    if wanted and wanted != ".":
        return _named_records(source, file, wanted)
    if not wanted:
        if file.root.tag in tei.ROOTS:
            return _documents(source, file, tei.is_tei, tei.tei_record, "TEI", "TEI.2")
        if is_jats(file.root, file.head):
            return _documents(source, file, _is_article, jats.jats_record, "article")
        if file.root.tag in feed.ROOTS:
            return _feed(source, file)
        if file.root.tag in {"collection", "record"}:
            return _catalogue(source, file)
    return _whole(source, file)


_MakeRecord = Callable[..., Record]


def _documents(
    source: Input, file: XmlFile, is_record: Selector, make: _MakeRecord, *single: str
) -> Iterator[Record | BadRecord]:
    is_only = file.root.tag in single
    found = False
    for item in file.records(is_record):
        found = True
        if isinstance(item, BadRecord):
            yield item
            continue
        origin = source.origin if is_only else f"{source.origin}:{item.line}"
        record = make(item, origin, source.file.name, is_only=is_only)
        if record.values.get("title") or record.values.get("text"):
            yield record
        else:
            yield BadRecord(origin, f"<{file.root.tag}> has neither a title nor a text", item.size)
    if not found:
        yield BadRecord(source.origin, f"<{file.root.tag}> holds no text; look at the file")


def _is_article(path: Sequence[str]) -> bool:
    return path[-1] == "article"


def _feed(source: Input, file: XmlFile) -> Iterator[Record | BadRecord]:
    publisher = ""
    for item in file.records(feed.is_feed_part):
        if isinstance(item, BadRecord):
            yield item
        elif feed.is_feed_title(item):
            publisher = " ".join("".join(item.element.itertext()).split())
        else:
            origin = f"{source.origin}:{item.line}"
            try:
                yield feed.feed_record(item, origin, source.file.name, publisher)
            except SourceError as error:
                yield BadRecord(origin, str(error), item.size)


def _catalogue(source: Input, file: XmlFile) -> Iterator[Record | BadRecord]:
    number = 0
    for item in file.records(lambda path: path[-1] == "record"):
        number += 1
        if isinstance(item, BadRecord):
            yield item
            continue
        values = catalogue_values(from_marcxml(item.element), source.file.name, number)
        yield Record(f"{source.origin}:{item.line}", values, item.size, is_markup=True)


def _named_records(source: Input, file: XmlFile, wanted: str) -> Iterator[Record | BadRecord]:
    names = wanted.split(".")

    def is_record(path: Sequence[str]) -> bool:
        return list(path) == names or list(path[1:]) == names

    found = False
    for item in file.records(is_record):
        found = True
        if isinstance(item, BadRecord):
            yield item
        else:
            values = _columns(item)
            yield Record(f"{source.origin}:{item.line}", values, item.size, is_markup=True)
    if not found:
        yield BadRecord(
            source.origin,
            f"there is no element at {wanted}; the first element of the file is <{file.root.tag}>",
        )


def _columns(item: XmlRecord) -> dict[str, object]:
    """Return the columns of an element: its attributes, and its children by their names.

    The text is all the text of the element where no child has that name or is a title.
    """
    columns = _value(item.element)
    values = columns if isinstance(columns, dict) else {}
    if not values.get("text") and not values.get("title"):
        values["text"] = _all_text(item.element)
    return values


def _value(element: Element) -> object:
    """Return an element as JSON would have it: its text, or an object of its parts.

    Parts with the same name are a list. An element with text between its parts is that text.
    """
    parts: dict[str, list[object]] = {
        name: [value] for name, value in element.attrib.items() if name != PREFIX
    }
    mixed = len(element) and any((child.tail or "").strip() for child in element)
    if (mixed or not len(element)) and not parts:
        return _all_text(element)
    if mixed or not len(element):
        parts["value"] = [_all_text(element)]
    else:
        for child in element:
            parts.setdefault(child.tag, []).append(_value(child))
    return {name: found if len(found) > 1 else found[0] for name, found in parts.items()}


def _whole(source: Input, file: XmlFile) -> Iterator[Record | BadRecord]:
    for item in file.records(lambda path: len(path) == 1):
        if isinstance(item, BadRecord):
            yield item
            continue
        titles = (each for each in item.element.iter() if each.tag.lower() == "title")
        title = next(filter(None, map(_all_text, titles)), "")
        values = {"id": source.file.name, "title": title, "text": _all_text(item.element)}
        if not values["text"]:
            yield BadRecord(source.origin, f"<{file.root.tag}> holds no text", item.size)
        else:
            yield Record(source.origin, values, item.size, is_named=True, is_markup=True)


def _all_text(element: Element) -> str:
    """Return all text within an element; an element that holds only others is made of lines."""
    flow = FlowingText()
    _add_text(flow, element)
    return flow.text


def _add_text(flow: FlowingText, element: Element) -> None:
    is_made_of_lines = not (element.text or "").strip() and not any(
        (child.tail or "").strip() for child in element
    )
    flow.add(element.text)
    for child in element:
        if is_made_of_lines:
            flow.end_block()
        _add_text(flow, child)
        if is_made_of_lines:
            flow.end_block()
        flow.add(child.tail)
