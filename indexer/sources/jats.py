"""JATS: journal articles in XML, one document for each <article>."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from indexer.places import PlaceKind
from indexer.sources.dates import from_parts
from indexer.sources.flowing_text import FlowingText
from indexer.sources.records import Record
from indexer.sources.xml_elements import XmlRecord

_BLOCKS = frozenset(
    (
        *("p", "title", "sec", "abstract", "body", "back", "ack", "app", "list", "list-item"),
        *("def-item", "def", "term", "disp-quote", "verse-group", "verse-line", "table"),
        *("thead", "tbody", "tfoot", "tr", "td", "th", "caption", "label", "table-wrap"),
        *("fig", "boxed-text", "speech", "speaker", "statement", "ref", "mixed-citation"),
        *("element-citation", "fn-group", "ref-list", "attrib", "subtitle", "trans-abstract"),
    )
)
_DROPPED = frozenset(
    (
        *("front", "front-stub", "tex-math", "graphic", "inline-graphic", "object-id"),
        *("permissions", "alternatives"),
    )
)
_NUMBERED = frozenset({"fn", "table-fn", "bibr"})


def jats_record(found: XmlRecord, origin: str, name: str, *, is_only: bool) -> Record:
    """Return the record of one <article>.

    Its text is the abstract, the body and what follows it, a line per paragraph; the places are its
    sections. A footnote comes after the paragraph that has it, and the numbers that lead to notes
    and references are left out. The id is the name of the file; in a file of several articles the
    DOI, or else the number of its line, follows. The DOI is also the url.
    """
    article = found.element
    meta = article.find("front/article-meta")
    if meta is None:
        meta = article.find("front-stub")
    flow = FlowingText()
    walk = _Walk(flow)
    for abstract in meta.iterfind("abstract") if meta is not None else ():
        walk.element(abstract)
    for part in article:
        walk.element(part)
    values: dict[str, object] = dict(_metadata(article, meta)) if meta is not None else {}
    values["language"] = article.get("lang", "")
    values["id"] = name if is_only else f"{name}#{values.get('doi') or found.line}"
    values["text"] = flow.text
    values = {key: value for key, value in values.items() if value}
    return Record(origin, values, found.size, is_named=is_only, is_markup=True, places=flow.places)


class _Walk:
    """One walk over the elements of an article, which adds them to `flow`."""

    def __init__(self, flow: FlowingText) -> None:
        self._flow = flow
        self._notes: list[str] = []

    def element(self, element: Element) -> None:
        """Add an element with what is in it, but not what follows it."""
        name = element.tag
        if name in _DROPPED:
            return
        if name == "xref" and element.get("ref-type") in _NUMBERED and _is_number(element):
            return
        if name == "fn":
            inner = FlowingText()
            _Walk(inner)._inside(element)
            self._notes.append(inner.text)
        elif name == "sup":
            self._flow.add_raised("".join(element.itertext()))
        elif name == "break":
            self._flow.space()
        elif name in _BLOCKS:
            self._block(element)
        else:
            self._inside(element)

    def _inside(self, element: Element) -> None:
        self._flow.add(element.text)
        for child in element:
            self.element(child)
            self._flow.add(child.tail)

    def _block(self, element: Element) -> None:
        self._flow.end_block()
        title = element.find("title") if element.tag in {"sec", "abstract", "app"} else None
        if title is not None:
            self._flow.begin(PlaceKind.CHAPTER, _flat(title))
        self._inside(element)
        self._flow.end_block()
        notes, self._notes = self._notes, []
        for note in notes:
            self._flow.add_note(note, None)


def _is_number(element: Element) -> bool:
    return not any(character.isalpha() for character in _flat(element).strip("[]()"))


def _metadata(article: Element, meta: Element) -> Iterator[tuple[str, object]]:
    group = meta.find("title-group")
    if group is not None:
        title, subtitle = _flat(group.find("article-title")), _flat(group.find("subtitle"))
        yield "title", f"{title}: {subtitle}" if title and subtitle else title or subtitle
    yield (
        "author",
        [
            name
            for contributor in meta.iterfind("contrib-group/contrib")
            if contributor.get("contrib-type", "author") == "author"
            if (name := _name(contributor))
        ],
    )
    yield "date", next(filter(None, map(_date, meta.iterfind("pub-date"))), "")
    yield "journal", _flat(article.find("front/journal-meta//journal-title"))
    yield "publisher", _flat(article.find("front/journal-meta/publisher/publisher-name"))
    yield "subject", [_flat(keyword) for keyword in meta.iterfind("kwd-group/kwd")]
    ids = meta.iterfind("article-id")
    doi = next((_flat(each) for each in ids if each.get("pub-id-type") == "doi"), "")
    yield "doi", doi
    yield "url", f"https://doi.org/{doi}" if doi else ""


def _name(contributor: Element) -> str:
    parts = [
        _flat(contributor.find(f".//name/{part}")) for part in ("given-names", "surname", "suffix")
    ]
    whole = _flat(contributor.find("collab")) or _flat(contributor.find(".//string-name"))
    return " ".join(filter(None, parts)) or whole


def _date(date: Element) -> str:
    return from_parts(*(_flat(date.find(part)) for part in ("year", "month", "day")))


def _flat(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
