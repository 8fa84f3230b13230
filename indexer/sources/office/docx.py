"""Word documents (.docx): headers, body, notes, comments and footers, in this order.

Insertions that are not accepted yet are kept, deletions are left out. Text boxes, content controls,
the shown results of fields, tables, charts and diagrams are kept; hidden text is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexer.errors import SourceError
from indexer.sources.office.package import Package
from indexer.sources.office.properties import core_properties, short_first_line, with_title
from indexer.sources.office.text_flow import Skipping, TextFlow
from indexer.sources.opening import Input
from indexer.sources.plain import NO_TEXT_REASON
from indexer.sources.records import BadRecord, Record

_SKIPPED = (
    *("del", "moveFrom", "Fallback", "pPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr"),
    *("instrText", "delText", "delInstrText", "numRef", "rt"),
)
_TEXT = frozenset({"t", "v", "text"})
"""Elements whose text is shown: that of runs, drawings, formulas and comments, and the values of
charts."""

_CHARACTERS = {
    "tab": "\t",
    "br": " ",
    "cr": " ",
    "noBreakHyphen": "-",
    "softHyphen": "\u00ad",
    "ptab": "\t",
}
_NOTES = ("footnotes", "endnotes", "comments")
_OFF = ("0", "false", "off", "none")


class WordText:
    """Builds the text of parts of Word and PowerPoint files from their elements.

    `titles` are the ids of the paragraph styles for titles; the first paragraph of one of them is
    the `title`.
    """

    def __init__(self, titles: frozenset[str] = frozenset()) -> None:
        self.flow = TextFlow()
        self.title = ""
        self._titles = titles
        self._skipping = Skipping(*_SKIPPED)
        self._in_text = False
        self._is_hidden = False
        self._is_raised = False
        self._style = ""
        self._paragraph: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if name == "pStyle":
            self._style = attributes.get("val", "")
        if self._skipping.enters(name):
            return
        if name == "fld" and attributes.get("type") == "slidenum":
            self._skipping.skip()
        elif name in _TEXT:
            self._in_text = not self._is_hidden
        elif name in _CHARACTERS:
            self._add(_CHARACTERS[name])
        elif name in ("txbxContent", "txBody", "rich"):
            self.flow.begin_aside()
        elif name in ("r", "p"):
            self._is_hidden = self._is_raised = False
            if name == "p":
                self._style = ""
                self._paragraph.clear()
        elif name == "vanish":
            self._is_hidden = attributes.get("val", "1") not in _OFF
        elif name == "vertAlign":
            self._is_raised = attributes.get("val") == "superscript"
        elif name == "rPr":
            self._is_raised = attributes.get("baseline", "0").strip("0%+")[:1] not in ("", "-")

    def end(self, name: str) -> None:
        """End an element."""
        if self._skipping.leaves():
            return
        if name in _TEXT:
            self._in_text = False
            if name == "v":
                self.flow.end_cell()
        elif name == "p":
            self.flow.end_paragraph()
            if self._style in self._titles and not self.title:
                self.title = " ".join("".join(self._paragraph).split())
        elif name == "tc":
            self.flow.end_cell()
        elif name in ("tr", "pt", "comment", "cm"):
            self.flow.end_row()
        elif name in ("txbxContent", "txBody", "rich"):
            self.flow.end_aside()

    def text(self, text: str) -> None:
        """Add text, where it is shown."""
        if self._in_text:
            self._add(text)

    def _add(self, text: str) -> None:
        if not self._is_hidden:
            (self.flow.add_raised if self._is_raised else self.flow.add)(text)
            self._paragraph.append(text)


def read_docx(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the document as one record, with the columns of its properties.

    The title is that of the properties, else the first paragraph in the style for titles, else a
    short first line. Raises SourceError where the file is damaged, encrypted or too large.
    """
    package = Package.of(source)
    main = package.main_part("word/document.xml")
    values = core_properties(package)
    body = WordText(_title_styles(package, main))
    package.read_xml(main, body)
    written = body.flow.take()
    text = "\n".join(
        part
        for part in (
            *_others(package, package.related(main, "header")),
            written,
            *_others(package, package.related(main, *_NOTES)),
            *_others(package, package.related(main, "chart", "diagramData")),
            *_others(package, package.related(main, "footer")),
        )
        if part
    )
    values = with_title(values, body.title or short_first_line(written), text)
    if not values["title"] and not text:
        yield BadRecord(source.origin, NO_TEXT_REASON, package.size)
        return
    values["id"] = source.file.name
    yield Record(source.origin, values, package.size, is_named=True, is_markup=True)


def _others(package: Package, parts: list[str]) -> Iterator[str]:
    """Yield the text of other parts, each text once: a header often has three parts alike."""
    seen = set()
    for part in parts:
        handler = WordText()
        try:
            package.read_xml(part, handler)
        except SourceError:
            continue  # the body is worth more than a damaged header
        text = handler.flow.take()
        if text and text not in seen:
            seen.add(text)
            yield text


def _title_styles(package: Package, main: str) -> frozenset[str]:
    """Return the ids of the styles for titles, which are named differently in each language."""
    found = set()
    for part in package.related(main, "styles"):
        is_title = False
        for name, attributes, _ in package.elements(part, "style", "name"):  # in order of ends
            if name == "name":
                is_title = attributes.get("val", "").lower() == "title"
            elif is_title:
                found.add(attributes.get("styleId", ""))
                is_title = False
    return frozenset(found)
