"""Attachments: the text of a file that comes within another one, read by its kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from indexer.errors import SourceError
from indexer.scalars import clean
from indexer.sources.detection import detect
from indexer.sources.file_reading import read_file
from indexer.sources.formats import format_of
from indexer.sources.kinds import ARCHIVES
from indexer.sources.reader_process import ReaderProcess
from indexer.sources.reader_worker import ReadLimits
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile


class AttachmentReader:
    """Reads the attachments of one file; binary formats in one process of their own."""

    def __init__(self) -> None:
        self._process: ReaderProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.close()

    def text(self, name: str, data: bytes, origin: str) -> str:
        """Return the titles and texts of a file that is attached under a name, a line for each.

        It is empty for an archive, for a file of unknown kind, and for one in which nothing can be
        read: the message that has it is worth indexing without it.
        """
        try:
            kind = detect(BytesIO(data), name).kind
        except Exception as error:  # whatever a compressed file breaks
            if isinstance(error, MemoryError):
                raise
            return ""
        if kind is None or kind in ARCHIVES:
            return ""
        file = SourceFile(None, name, kind, f"{origin}/{name}", len(data))
        is_guarded = len(data) >= format_of(kind).guarded_from
        items = self._guarded(file, data) if is_guarded else read_file(file, BytesIO(data))
        parts: list[str] = []
        with suppress(SourceError):
            for item in items:
                if isinstance(item, Record):
                    values = (item.values.get(column) for column in ("title", "text"))
                    parts += [clean(value) for value in values if isinstance(value, str) and value]
        return "\n".join(parts)

    def _guarded(self, file: SourceFile, data: bytes) -> Iterator[Record | BadRecord]:
        """Yield the records that a reader process finds in a copy of a file."""
        if self._process is None:
            self._process = ReaderProcess(ReadLimits())
        with TemporaryDirectory() as folder:
            copy = Path(folder) / f"attachment{Path(file.name).suffix}"
            copy.write_bytes(data)
            stored = SourceFile(copy, file.name, file.kind, file.origin, file.size)
            for batch in self._process.read(stored):
                yield from batch
