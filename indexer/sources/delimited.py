"""Delimited tables: .csv and .tsv with a header that names the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import Self

from indexer.errors import SourceError
from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.lines import DecodedLines
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

_STATED_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_TOO_LONG = "row limit"
_NO_HEADER = "the table is empty; its first line must name the columns"


def read_csv(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per row of a table with commas between values.

    Where the header has semicolons or tabs but no comma, these are the separators: spreadsheets
    write semicolons where the decimal separator is a comma. Excel may state it in a line before the
    header (`sep=;`).
    """
    return _read(source, "")


def read_tsv(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per row of a table with tabs between values, which may be quoted as in .csv."""
    return _read(source, "\t")


def _read(source: Input, delimiter: str) -> Iterator[Record | BadRecord]:
    """Yield the records of a table. The origin of each has the line where its row begins.

    Quoting is strict: a value that begins with a quote must end with one. So a stray quote makes
    bad records of the rows around it, and never one value of the rest of the table.
    Raises SourceError where there is no usable header.
    """
    # The limit is one for the whole process, and too low for documents; it is never lowered.
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT))
    lines = DecodedLines(source)
    stream = iter(lines)
    first = next((line for line in stream if not line.isspace()), None)
    stated = _STATED_SEPARATOR.fullmatch(first) if first is not None else None
    if stated:
        delimiter = stated[1]
        first = next((line for line in stream if not line.isspace()), None)
    if first is None:
        raise SourceError(_NO_HEADER)
    before = lines.number - 1
    row_lines = _RowLines(chain([first], stream))
    rows = csv.reader(row_lines, delimiter=delimiter or _delimiter(first), strict=True)
    header = _header(rows, lines)
    width = len(header)
    while True:
        number = before + rows.line_num + 1
        origin = f"{source.origin}:{number}"
        row_lines.room = RECORD_LIMIT
        try:
            row = next(rows, None)
        except csv.Error as error:
            size, damage = lines.take()
            yield BadRecord(origin, damage or _explain(error), size)
            continue
        if row is None:
            return
        if not "".join(row).strip() and len(row) <= 1:
            continue  # a blank line
        size, damage = lines.take()
        if damage:
            yield BadRecord(origin, damage, size)
        elif len(row) != width:
            yield BadRecord(origin, _wrong_width(row, width), size)
        else:
            yield Record(origin, dict(zip(header, row, strict=True)), size)


class _RowLines:
    """The lines of a table, of which one row may take `room` characters; then it ends there.

    A quote that is never closed makes one row of the rest of the table.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.room = RECORD_LIMIT

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.room -= len(line)
        if self.room < 0:
            raise csv.Error(_TOO_LONG)
        return line


def _delimiter(header: str) -> str:
    for delimiter in (",", ";", "\t"):
        if delimiter in header:
            return delimiter
    return ","


def _header(rows: Iterator[list[str]], lines: DecodedLines) -> list[str]:
    """Return the names of the columns. One may be empty, like the index column of a data frame."""
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise SourceError(f"the header cannot be read: {_explain(error)}") from None
    if lines.damage:
        raise SourceError(f"the header cannot be read: {lines.damage}")
    if not any(header):
        raise SourceError(_NO_HEADER)
    for name in header:
        if header.count(name) > 1:
            raise SourceError(
                f"the header names the column {name!r} {header.count(name)} times; rename all but one"
            )
    return header


def _wrong_width(row: list[str], width: int) -> str:
    return (
        f"the row has {len(row)} columns and the header {width}; "
        f"put quotes around a value that holds the separator"
    )


def _explain(error: csv.Error) -> str:
    message = str(error)
    if "new-line character" in message:
        return "a bare carriage return stands outside quotes; end lines with a line feed"
    if message == _TOO_LONG or "field limit" in message or "larger than" in message:
        return too_long("the row")
    return (
        f"the quotes do not pair up ({message}); "
        f"a value that starts with a quote must end with one, and quotes within it are doubled"
    )
