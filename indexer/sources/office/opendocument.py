"""OpenDocument texts (.odt) and presentations (.odp), as LibreOffice writes them.

What was deleted in tracked changes is left out. Headers and footers, text boxes, tables, notes and
comments are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexer.errors import SourceError
from indexer.places import PlaceKind, joined
from indexer.sources.office.package import Package
from indexer.sources.office.properties import meta_properties, short_first_line, with_title
from indexer.sources.office.text_flow import Skipping, TextFlow
from indexer.sources.opening import Input
from indexer.sources.plain import NO_TEXT_REASON
from indexer.sources.records import BadRecord, Record

_SKIPPED = (
    *("tracked-changes", "note-citation", "automatic-styles", "styles", "font-face-decls"),
    *("scripts", "forms", "settings", "dc:creator", "dc:date", "date-string", "creator-initials"),
    *("ruby-text", "object", "variable-decls", "sequence-decls", "user-field-decls"),
    *("hidden-text", "hidden-paragraph", "svg:title", "svg:desc", "page-number", "page-count"),
)
_PARAGRAPHS = frozenset({"p", "h"})
_ASIDES = frozenset({"text-box", "annotation", "note-body", "custom-shape"})
_MAX_SPACES = 100


class OpenDocumentText:
    """Builds the text of an OpenDocument part from its elements.

    `pages` are the texts of the slides of a presentation; `within` limits the text to elements of
    some names. `raised` are the names of the styles of text that is set higher than its line, to
    which those are added that the part itself has.
    """

    def __init__(self, *within: str, raised: frozenset[str] = frozenset()) -> None:
        self.flow = TextFlow()
        self.pages: list[tuple[str, str]] = []
        self._skipping = Skipping(*_SKIPPED)
        self._within = frozenset(within)
        self._depth_within = 0
        self._paragraphs: list[bool] = []  # whether each that is open is within another
        self._page = ""
        self._raised = set(raised)
        self._spans: list[bool] = []  # whether each that is open is raised
        self._style = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if name in self._within:
            self._depth_within += 1
        if name == "style":
            self._style = attributes.get("name", "")
        elif name == "text-properties" and _is_raised(attributes):
            self._raised.add(self._style)
        if self._skipping.enters(name):
            return
        if name in _PARAGRAPHS:
            self._paragraphs.append(bool(self._paragraphs))
            if self._paragraphs[-1]:
                self.flow.begin_aside()
        elif name == "span":
            self._spans.append(attributes.get("style-name") in self._raised)
        elif name in _ASIDES:
            self.flow.begin_aside()
        elif name in ("tab", "line-break"):
            self.flow.add("\t")
        elif name == "s":
            written = attributes.get("c", "1")
            self.flow.add(" " * min(int(written) if written.isdecimal() else 1, _MAX_SPACES))
        elif name == "page":
            self._page = attributes.get("name", "")

    def end(self, name: str) -> None:
        """End an element."""
        if name in self._within:
            self._depth_within -= 1
        if self._skipping.leaves():
            return
        if name in _PARAGRAPHS:
            self.flow.end_paragraph()
            if self._paragraphs.pop():
                self.flow.end_aside()
        elif name == "span":
            self._spans.pop()
        elif name in _ASIDES:
            self.flow.end_aside()
        elif name in ("table-cell", "covered-table-cell"):
            self.flow.end_cell()
        elif name == "table-row":
            self.flow.end_row()
        elif name == "page":
            self.pages.append((self._page, self.flow.take()))

    def text(self, text: str) -> None:
        """Add text, where it is in a paragraph."""
        if not self._paragraphs or self._skipping.is_within:
            return
        if self._depth_within or not self._within:
            is_raised = bool(self._spans) and self._spans[-1]
            (self.flow.add_raised if is_raised else self.flow.add)(text)


def _is_raised(attributes: Mapping[str, str]) -> bool:
    """Return whether the properties of a style set text higher: `super 58%` or `33% 58%`."""
    position = attributes.get("text-position", "").split()
    return bool(position) and (position[0] == "super" or position[0].strip("0%").isdecimal())


def _raised_styles(package: Package) -> frozenset[str]:
    """Return the names of the styles of a file that set text higher than its line."""
    found, is_raised = set(), False
    for name, attributes, _ in package.elements("styles.xml", "style", "text-properties"):
        if name == "text-properties":  # in order of ends
            is_raised = _is_raised(attributes)
        else:
            if is_raised:
                found.add(attributes.get("name", ""))
            is_raised = False
    return frozenset(found)


def read_odt(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the text document as one record, with the columns of its properties.

    The title is that of the properties, else a short first line. Raises SourceError where the file
    is damaged, encrypted or too large.
    """
    package = _opened(source)
    body = OpenDocumentText(raised=_raised_styles(package))
    package.read_xml("content.xml", body)
    header, footer = (_of_master_pages(package, end) for end in ("header", "footer"))
    written = body.flow.take()
    text = "\n".join(part for part in (header, written, footer) if part)
    if not text:
        yield BadRecord(source.origin, NO_TEXT_REASON, package.size)
        return
    values = with_title(meta_properties(package), short_first_line(written), text) | {
        "id": source.file.name
    }
    yield Record(source.origin, values, package.size, is_named=True, is_markup=True)


def read_odp(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the presentation as one record; its places are the slides. Raises SourceError."""
    package = _opened(source)
    body = OpenDocumentText(raised=_raised_styles(package))
    package.read_xml("content.xml", body)
    text, places = joined(
        [
            (PlaceKind.SLIDE, str(number), text)
            for number, (_name, text) in enumerate(body.pages, start=1)
        ]
    )
    if not text:
        yield BadRecord(source.origin, NO_TEXT_REASON, package.size)
        return
    values = meta_properties(package)
    values.setdefault("title", short_first_line(text))
    values |= {"id": source.file.name, "text": text}
    yield Record(source.origin, values, package.size, is_named=True, is_markup=True, places=places)


def _opened(source: Input) -> Package:
    package = Package.of(source)
    if package.elements("META-INF/manifest.xml", "encryption-data"):
        raise SourceError("it is encrypted; save it without a password")
    return package


def _of_master_pages(package: Package, end: str) -> str:
    """Return the headers or the footers of all pages, each text once."""
    if "styles.xml" not in package:
        return ""
    names = (end, f"{end}-left", f"{end}-first")
    handler = OpenDocumentText(*names)
    package.read_xml("styles.xml", handler)
    lines = handler.flow.take().split("\n")
    return "\n".join(dict.fromkeys(line for line in lines if line))
