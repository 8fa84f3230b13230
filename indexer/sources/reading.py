"""Reading: every file of a scan, one record after the other, whatever is wrong with some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from indexer.errors import SourceError
from indexer.sources.discovery import Kind, Scan, SourceFile, scan
from indexer.sources.encodings import UndecodableError
from indexer.sources.opening import READ_FAILURES, Input, explain, opened
from indexer.sources.records import BadRecord, Record

Reader = Callable[[Input], Iterator[Record | BadRecord]]


def read_records(
    source: Scan | Sequence[Path | str],
    *,
    format: str | None = None,  # noqa: A002 - named like the option
    stdin: BinaryIO | None = None,
    stdin_format: str = "jsonl",
) -> Iterator[Record | BadRecord]:
    """Yield what is in the files of a scan, or at paths, in order.

    What cannot be read, one entry or a whole file, is a BadRecord; reading goes on after it.
    The sizes sum to `Scan.total_bytes`. `format` and `stdin_format` are for paths, as in `scan`,
    which raises SourceError for paths that are wrong altogether.
    """
    if not isinstance(source, Scan):
        source = scan(source, format=format, stdin_format=stdin_format)
    return _settled(source, stdin)


def total_bytes(paths: Sequence[Path | str]) -> int | None:
    """Return the bytes on disk that reading `paths` will read; None with a pipe among them."""
    return scan(paths).total_bytes


def _settled(found: Scan, stdin: BinaryIO | None) -> Iterator[Record | BadRecord]:
    """Yield all records; the last one of a file takes the bytes that no record accounted for.

    Each record waits for the next one, since only then is it known not to be the last. What a
    file without any record owes goes to the record before it.
    """
    yield from found.unreadable
    last: Record | BadRecord | None = None
    owed = 0
    for file in found.files:
        counted = 0
        for item in _records(file, stdin):
            if last is not None:
                yield last
            last = item
            counted += item.size
        if file.size is not None:
            owed += max(file.size - counted, 0)
        if last is not None and owed:
            last = replace(last, size=last.size + owed)
            owed = 0
    if last is not None:
        yield last


def _records(file: SourceFile, stdin: BinaryIO | None) -> Iterator[Record | BadRecord]:
    try:
        with opened(file, stdin) as source:
            yield from _reader(file.kind)(source)
    except UndecodableError as error:
        origin = file.origin if error.line is None else f"{file.origin}:{error.line}"
        yield BadRecord(origin, error.reason)
    except SourceError as error:
        yield BadRecord(file.origin, str(error))
    except READ_FAILURES as error:
        yield BadRecord(file.origin, explain(error))


def _reader(kind: Kind) -> Reader:
    """Return the reader of a kind; its module is loaded at its first file."""
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
