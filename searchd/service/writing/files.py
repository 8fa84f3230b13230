"""The records of one body: JSON documents, or a file of any kind that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from indexer.sources import Scan, read_records
from indexer.sources.detection import detect_file
from indexer.sources.kinds import Kind
from indexer.sources.options import ReadLimits, ReadOptions
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile
from searchd.service.request_errors import UnsupportedBodyError
from searchd.service.writing.uploads import Upload

_BODY = "body"
"""What messages call the body of a request."""


def json_records(upload: Upload, *, lines: bool) -> Iterator[Record | BadRecord]:
    """Yield the records of a body: an array, an object, or with `lines` one on each line."""
    kind = Kind.JSONL if lines else Kind.JSON
    # Without a name, an object has no id of its own; the object is the document, not a list in it.
    file = SourceFile(upload.path, "", kind, _BODY, upload.size, options=ReadOptions(records="."))
    if lines:
        file = SourceFile(upload.path, "", kind, _BODY, upload.size)
    return _records(file, ReadLimits())


def file_records(
    upload: Upload, name: str, limits: ReadLimits, options: ReadOptions
) -> Iterator[Record | BadRecord]:
    """Yield the records of a file that was sent with its name.

    The kind is that of its content, and between kinds of text that of the name. Raises
    UnsupportedBodyError for a file that cannot be read.
    """
    detected = detect_file(upload.path, name)
    if detected.kind is None:
        reason = detected.reason.partition(";")[0] or "of no kind that can be read"
        raise UnsupportedBodyError(
            f"the file {name[:80]!r} is {reason}; 'searchd index --help' lists the kinds",
            parameter="name",
        )
    file = SourceFile(upload.path, name, detected.kind, name, upload.size, options=options)
    return _records(file, limits)


def _records(file: SourceFile, limits: ReadLimits) -> Iterator[Record | BadRecord]:
    with closing(read_records(Scan((file,)), limits=limits)) as records:
        yield from records
