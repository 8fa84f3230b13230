"""TEI: editions of texts in XML, one document for each <TEI>, with the pages of the edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from indexer.places import PlaceKind
from indexer.sources.dates import first_date
from indexer.sources.flowing_text import FlowingText
from indexer.sources.records import Record
from indexer.sources.xml_elements import XmlRecord

ROOTS = frozenset({"TEI", "TEI.2", "teiCorpus", "teiCorpus.2"})
"""The names of the first element of a TEI file."""

_BLOCKS = frozenset(
    (
        *("p", "head", "ab", "l", "lg", "div", "div1", "div2", "div3", "div4", "div5", "div6"),
        *("div7", "item", "list", "label", "row", "cell", "table", "byline", "opener"),
        *("closer", "salute", "signed", "dateline", "trailer", "docTitle", "titlePart"),
        *("docAuthor", "docImprint", "docDate", "docEdition", "epigraph", "sp", "speaker"),
        *("stage", "argument", "castItem", "figure", "figDesc", "floatingText", "listBibl"),
        *("titlePage", "front", "body", "back", "group", "text", "postscript", "entry", "cit"),
    )
)
_DROPPED = frozenset({"fw", "del", "facsimile", "teiHeader", "rdg", "surplus", "standOff"})
# Of each pair in a <choice> the editor's reading is kept.
_REPLACED = {"sic": "corr", "orig": "reg", "abbr": "expan"}
_BREAKS = frozenset({"lb", "pb", "cb", "gb", "milestone"})
_RAISED = frozenset({"sup", "super", "superscript"})
_ANCHORS = frozenset({"noteAnchor", "footnote", "fn"})


def is_tei(path: Sequence[str]) -> bool:
    """Tell whether the element at a path of names is one TEI text."""
    return path[-1] in {"TEI", "TEI.2"}


def tei_record(found: XmlRecord, origin: str, name: str, *, is_only: bool) -> Record:
    """Return the record of one <TEI>.

    Its text has a line per paragraph, verse or cell. A note comes after the block that refers to
    it, but one that the edition prints `inline` stays. Of corrections and variants the text of the
    editor is kept; deletions and running heads are left out. Page breaks (`pb`) are places; of
    several editions those of the one with the most page numbers. Without pages, the places are the
    chapters. The id is the name of the file; in a corpus the xml:id, or else the number, follows.
    """
    header = found.element.find("teiHeader")
    flow = FlowingText()
    text = found.element.find("text")
    if text is not None:
        _Walk(flow, _main_edition(text)).element(text)
    values: dict[str, object] = dict(_metadata(header)) if header is not None else {}
    values["language"] = found.element.get("lang") or (text is not None and text.get("lang")) or ""
    values |= {"id": name if is_only else f"{name}#{found.element.get('id') or found.line}"}
    values["text"] = flow.text
    values = {key: value for key, value in values.items() if value}
    return Record(origin, values, found.size, is_named=is_only, is_markup=True, places=flow.places)


class _Walk:
    """One walk over the elements of a text, which adds them to `flow`.

    `edition` is the one whose page breaks count.
    """

    def __init__(self, flow: FlowingText, edition: str) -> None:
        self._flow = flow
        self._edition = edition
        self._notes: list[tuple[str, str | None]] = []

    def element(self, element: Element) -> None:
        """Add an element with what is in it, but not what follows it."""
        name = element.tag
        if name in _DROPPED:
            return
        if name in _BREAKS:
            self._break(element)
        elif name == "note" and element.get("place") not in {"inline", "block"}:
            self._keep_note(element)
        elif name == "choice":
            self._choice(element)
        elif name in {"ref", "ptr"} and element.get("type") in _ANCHORS:
            return
        elif name in _BLOCKS or name == "note":
            self._block(element)
        elif name == "hi" and _is_raised(element):
            self._flow.add_raised("".join(element.itertext()))
        elif name in {"seg", "caesura"}:  # the halves of a verse
            self._flow.space()
            self._inside(element)
            self._flow.space()
        else:
            self._inside(element)

    def _inside(self, element: Element) -> None:
        self._flow.add(element.text)
        for child in element:
            self.element(child)
            self._flow.add(child.tail)

    def _block(self, element: Element) -> None:
        self._flow.end_block()
        if element.tag == "head":
            self._flow.begin(PlaceKind.CHAPTER, " ".join("".join(element.itertext()).split()))
        self._inside(element)
        self._flow.end_block()
        notes, self._notes = self._notes, []
        for note, page in notes:
            self._flow.add_note(note, page)

    def _break(self, element: Element) -> None:
        if element.tag == "pb" and element.get("ed", "") == self._edition:
            number = element.get("n")
            if number:
                self._flow.begin(PlaceKind.PAGE, number)
        if element.get("break") != "no":
            self._flow.space()

    def _keep_note(self, element: Element) -> None:
        inner = FlowingText()
        _Walk(inner, self._edition)._inside(element)
        self._notes.append((inner.text, self._flow.label(PlaceKind.PAGE)))

    def _choice(self, element: Element) -> None:
        names = {child.tag for child in element}
        for child in element:
            if _REPLACED.get(child.tag) not in names:
                self.element(child)


def _is_raised(element: Element) -> bool:
    written = f"{element.get('rend', '')} {element.get('rendition', '')}".replace(":", " ")
    return not _RAISED.isdisjoint(written.lower().replace("#", " ").split())


def _main_edition(text: Element) -> str:
    """Return the edition with the most page breaks that have a plain number."""
    editions = Counter(
        page.get("ed", "") for page in text.iter("pb") if page.get("n", "").isdecimal()
    )
    return editions.most_common(1)[0][0] if editions else ""


def _metadata(header: Element) -> Iterator[tuple[str, object]]:
    titles = [each for each in header.iterfind("fileDesc/titleStmt/title") if _flat(each)]
    main = [each for each in titles if each.get("type") not in {"sub", "alt", "desc"}]
    yield "title", _flat(next(iter(main or titles), None))
    authors = [_name(each) for each in header.iterfind("fileDesc/titleStmt/author")]
    authors = authors or [_name(each) for each in header.iterfind("fileDesc/sourceDesc//author")]
    yield "author", list(dict.fromkeys(filter(None, authors)))
    dates = [
        *header.iterfind("fileDesc/sourceDesc//imprint/date"),
        *header.iterfind("fileDesc/sourceDesc//date"),
        *header.iterfind("fileDesc/publicationStmt/date"),
    ]
    yield "date", first_date(value for each in dates for value in _date_values(each))
    for place in ("sourceDesc//imprint", "publicationStmt"):
        publisher = header.find(f"fileDesc/{place}/publisher")
        if publisher is not None and _flat(publisher):
            yield "publisher", _name(publisher)
            break
    ids = header.iterfind("fileDesc//idno")
    yield "url", next((_flat(each) for each in ids if each.get("type", "").lower() == "url"), "")
    yield "subject", [_flat(each) for each in header.iterfind("profileDesc/textClass//term")]


def _date_values(date: Element) -> list[str | None]:
    return [date.get("when"), date.get("from"), date.get("notBefore"), _flat(date)]


def _name(element: Element) -> str:
    """Return the name of a person or body; of several forms of it the first."""
    names = (each for each in element if each.tag in {"persName", "orgName", "name"})
    return _flat(next(names, element))


def _flat(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
