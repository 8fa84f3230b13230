"""Attachments: the text of a file that comes within another one, read by its kind."""

from __future__ import annotations

from io import BytesIO

from indexer.errors import SourceError
from indexer.scalars import clean
from indexer.sources.discovery import SourceFile, kind_of_content
from indexer.sources.options import ReadOptions
from indexer.sources.reading import read_file
from indexer.sources.records import Record

_HEAD_BYTES = 1 << 13


def attachment_text(name: str, data: bytes, origin: str) -> str:
    """Return the titles and texts of a file that is attached under a name, a line for each.

    It is empty for a file of unknown kind, and for one in which nothing can be read: the message
    that has it is worth indexing without it.
    """
    kind = kind_of_content(data[:_HEAD_BYTES], name.lower().removesuffix(".gz"))
    if kind is None:
        return ""
    file = SourceFile(None, name, kind, f"{origin}/{name}", len(data), ReadOptions())
    parts: list[str] = []
    try:
        for record in read_file(file, BytesIO(data)):
            if isinstance(record, Record):
                values = (record.values.get(column) for column in ("title", "text"))
                parts += [clean(value) for value in values if isinstance(value, str) and value]
    except SourceError:
        return ""
    return "\n".join(parts)
