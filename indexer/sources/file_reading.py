"""File reading: the records of one file that is no archive, whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from indexer.errors import SourceError
from indexer.sources.encodings import UndecodableError
from indexer.sources.formats import format_of
from indexer.sources.opening import READ_FAILURES, describe_failure, open_input
from indexer.sources.options import DEFAULT_LIMITS, ReadLimits
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile


def read_file(
    file: SourceFile, stdin: BinaryIO | None = None, *, limits: ReadLimits = DEFAULT_LIMITS
) -> Iterator[Record | BadRecord]:
    """Yield the records of a file; what cannot be read of it, or all of it, is a BadRecord.

    `limits` are those of the files that it hands to other processes, with the command for pages
    without text.
    """
    try:
        read = format_of(file.kind).load()
        with open_input(file, stdin) as source:
            source.limits, source.ocr = limits, limits.ocr
            for number, record in enumerate(read(source), 1):
                if file.options.row_ids and isinstance(record, Record) and not record.is_named:
                    values = {**record.values, "id": f"{file.name}#{number}"}
                    record = replace(record, values=values)
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
