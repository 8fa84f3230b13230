"""Workbooks (.xlsx, .xls, .ods): each sheet as lines, a row in each, with tabs between the cells.

Values are read as the program last computed them. Comments of .xlsx and .ods files, and text boxes and
charts of .xlsx files, follow their sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from indexer.errors import SourceError
from indexer.places import PlaceKind, joined
from indexer.sources.limits import OFFICE_LIMIT, RECORD_LIMIT, too_large
from indexer.sources.office.docx import WordText
from indexer.sources.office.opendocument import OpenDocumentText
from indexer.sources.office.package import Package
from indexer.sources.office.properties import core_properties, meta_properties, short_first_line
from indexer.sources.opening import Input
from indexer.sources.plain import NO_TEXT_REASON
from indexer.sources.records import BadRecord, Record

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the workbook as one record; its places are the sheets. Raises SourceError."""
    data = source.read_all(OFFICE_LIMIT)
    values: dict[str, object] = {}
    beside: dict[str, str] = {}
    if data.startswith(b"PK"):
        package = Package(data)
        values, beside = core_properties(package), _beside_sheets(package)
    yield from _read(source, data, values, beside)


def read_ods(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the workbook as one record; its places are the sheets. Raises SourceError."""
    data = source.read_all(OFFICE_LIMIT)
    package = Package(data)
    yield from _read(source, data, meta_properties(package), _comments(package))


def read_xls(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the workbook as one record; its places are the sheets. Raises SourceError."""
    yield from _read(source, source.read_all(OFFICE_LIMIT), {}, {})


def _read(
    source: Input, data: bytes, values: dict[str, object], beside: dict[str, str]
) -> Iterator[Record | BadRecord]:
    size = source.measure(len(data))
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            parts = [
                (PlaceKind.SHEET, name, _sheet_text(workbook, name, beside.get(name, "")))
                for name in workbook.sheet_names
            ]
    except PasswordError:
        raise SourceError("it is encrypted; save it without a password") from None
    except (CalamineError, BadZipFile) as error:
        raise SourceError(
            f"not a sound workbook ({error}); open it in its program and save it again"
        ) from error
    text, places = joined(parts)
    if len(text) > RECORD_LIMIT:
        raise too_large(RECORD_LIMIT, "characters")
    if not text:
        yield BadRecord(source.origin, NO_TEXT_REASON, size)
        return
    values.setdefault("title", short_first_line(text))
    values |= {"id": source.file.name, "text": text}
    yield Record(source.origin, values, size, is_named=True, is_markup=True, places=places)


def _sheet_text(workbook: CalamineWorkbook, name: str, beside: str) -> str:
    lines = []
    for row in workbook.get_sheet_by_name(name).iter_rows():
        cells = _cells(row)
        if cells:
            lines.append("\t".join(cells))
    if beside:
        lines.append(beside)
    return "\n".join(lines)


def _cells(row: Sequence[Cell]) -> list[str]:
    """Return the texts of the cells of a row that are not empty."""
    return [text for cell in row if (text := _written(cell))]


def _written(cell: Cell) -> str:
    match cell:
        case str():
            return " ".join(cell.split())
        case bool():
            return ""
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case _:
            return str(cell)


def _beside_sheets(package: Package) -> dict[str, str]:
    """Return the comments, text boxes and charts of each sheet of an .xlsx file, by its name."""
    main = package.main_part("xl/workbook.xml")
    relations = package.relations(main)
    found = {}
    for _name, attributes, _text in package.elements(main, "sheet"):
        relation = relations.get(attributes.get("r:id", ""))
        if relation is None or relation.target not in package:
            continue
        texts = []
        parts = package.related(relation.target, "comments", "drawing")
        charts = [chart for part in parts for chart in package.related(part, "chart")]
        for part in (*parts, *charts):
            handler = WordText()
            with suppress(SourceError):
                package.read_xml(part, handler)
            texts.append(handler.flow.take())
        found[attributes.get("name", "")] = "\n".join(text for text in texts if text)
    return found


class _Comments:
    """A handler that collects the comments of the sheets of an .ods file, by the name of the sheet."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._text = OpenDocumentText("annotation")
        self._sheet = ""
        self._depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if name == "table":
            self._sheet = attributes.get("name", "")
        elif name == "annotation" or self._depth:
            self._depth += 1
            self._text.start(name, attributes)

    def end(self, name: str) -> None:
        """End an element."""
        if self._depth:
            self._depth -= 1
            self._text.end(name)
        elif name == "table" and (text := self._text.flow.take()):
            self.found[self._sheet] = text

    def text(self, text: str) -> None:
        """Add text, where it is in a comment."""
        if self._depth:
            self._text.text(text)


def _comments(package: Package) -> dict[str, str]:
    """Return the comments of each sheet of an .ods file, which is parsed only where it has some."""
    handler = _Comments()
    with suppress(SourceError):  # the cells are worth more
        if package.holds("content.xml", b"<office:annotation"):
            package.read_xml("content.xml", handler)
    return handler.found
