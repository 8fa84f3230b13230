"""Reading: the records of every file of a scan, in order, whatever is wrong with some files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from indexer.errors import SourceError
from indexer.sources.discovery import Kind, Scan, SourceFile, scan
from indexer.sources.encodings import UndecodableError
from indexer.sources.opening import READ_FAILURES, Input, describe_failure, open_input
from indexer.sources.records import BadRecord, Record

Reader = Callable[[Input], Iterator[Record | BadRecord]]


def read_records(
    source: Scan | Sequence[Path | str],
    *,
    format: str | None = None,  # noqa: A002 - named like the option
    stdin: BinaryIO | None = None,
    stdin_format: str = "jsonl",
) -> Iterator[Record | BadRecord]:
    """Yield the records of the files of a scan, or of the files at paths, in order.

    An entry or a whole file that cannot be read is a BadRecord; reading goes on after it.
    The sizes sum to `Scan.total_bytes`. `format` and `stdin_format` are for paths, as in `scan`.
    Raises SourceError like `scan`.
    """
    if not isinstance(source, Scan):
        source = scan(source, format=format, stdin_format=stdin_format)
    return _with_exact_sizes(source, stdin)


def total_bytes(paths: Sequence[Path | str]) -> int | None:
    """Return the bytes on disk of the files at `paths`, None where one of them is a pipe."""
    return scan(paths).total_bytes


def _with_exact_sizes(found: Scan, stdin: BinaryIO | None) -> Iterator[Record | BadRecord]:
    """Yield all records, so that their sizes sum to the bytes of the files.

    The last record of a file also counts the bytes that belong to no record, so each record is
    held back until the next one is read. The bytes of a file without records are counted by the
    record before it, of another file.
    """
    yield from found.unreadable
    last: Record | BadRecord | None = None
    uncounted = 0
    for file in found.files:
        counted = 0
        for item in read_file(file, stdin):
            if last is not None:
                yield last
            last = item
            counted += item.size
        if file.size is not None:
            uncounted += max(file.size - counted, 0)
        if last is not None and uncounted:
            last = replace(last, size=last.size + uncounted)
            uncounted = 0
    if last is not None:
        yield last


def read_file(file: SourceFile, stdin: BinaryIO | None = None) -> Iterator[Record | BadRecord]:
    """Yield the records of a file; what cannot be read of it, or all of it, is a BadRecord."""
    try:
        with open_input(file, stdin) as source:
            for number, record in enumerate(_reader(file.kind)(source), 1):
                if file.options.row_ids and isinstance(record, Record) and not record.is_named:
                    record = _numbered(record, f"{file.name}#{number}")
                if source.encodings and isinstance(record, Record):
                    yield replace(record, encodings=source.encodings)
                else:
                    yield record
    except UndecodableError as error:
        origin = file.origin if error.line is None else f"{file.origin}:{error.line}"
        yield BadRecord(origin, error.reason)
    except SourceError as error:
        yield BadRecord(file.origin, str(error))
    except READ_FAILURES as error:
        yield BadRecord(file.origin, describe_failure(error))


def _numbered(record: Record, name: str) -> Record:
    return replace(record, values={**record.values, "id": name})


def _reader(kind: Kind) -> Reader:
    """Return the reader of a kind of file, and load its module."""
    match kind:
        case Kind.TXT:
            from indexer.sources.plain import read_txt

            return read_txt
        case Kind.MD:
            from indexer.sources.plain import read_md

            return read_md
        case Kind.HTML:
            from indexer.sources.html import read_html

            return read_html
        case Kind.JSONL:
            from indexer.sources.jsonl import read_jsonl

            return read_jsonl
        case Kind.CSV:
            from indexer.sources.delimited import read_csv

            return read_csv
        case Kind.TSV:
            from indexer.sources.delimited import read_tsv

            return read_tsv
        case Kind.TREC:
            from indexer.sources.trec import read_trec

            return read_trec
        case _:
            module, _, function = _READERS[kind].partition(":")
            read: Reader = getattr(import_module(module), function)
            return read


_READERS = {
    Kind.EML: "indexer.sources.mail:read_eml",
    Kind.MBOX: "indexer.sources.mail:read_mbox",
    Kind.SRT: "indexer.sources.subtitles:read_srt",
    Kind.VTT: "indexer.sources.subtitles:read_vtt",
    Kind.MARC: "indexer.sources.marc:read_marc",
    Kind.XML: "indexer.sources.xml_documents:read_xml",
    Kind.RIS: "indexer.sources.ris:read_ris",
    Kind.BIB: "indexer.sources.bibtex:read_bib",
    Kind.JSON: "indexer.sources.json_documents:read_json",
    Kind.OPENITI: "indexer.sources.openiti:read_openiti",
    Kind.SQLITE: "indexer.sources.sqlite:read_sqlite",
    Kind.PARQUET: "indexer.sources.parquet:read_parquet",
}
"""Module and function of the readers that no other module imports: some of them read files again."""
