"""Attachments: the texts of a file that comes within another one, read by its kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.errors import SourceError
from indexer.scalars import clean
from indexer.sources.archives import Allowance, Unpacker
from indexer.sources.detection import detect
from indexer.sources.file_reading import read_file
from indexer.sources.formats import format_of
from indexer.sources.kinds import ARCHIVES
from indexer.sources.options import ReadLimits
from indexer.sources.reader_process import ReaderProcess
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile
from indexer.sources.unpacking import Leaf, unpacked
from indexer.temporary_folder import TemporaryFolder


class AttachmentReader:
    """Reads the attachments of one file; binary formats in one process of their own, within limits.

    Archives are opened, but not those of a message that is an attachment itself: archives and
    messages could be within each other without end.
    """

    def __init__(self, limits: ReadLimits, *, opens_archives: bool = True) -> None:
        self._opens_archives = opens_archives
        self._limits = limits
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
            self._process.finish()

    def texts(self, name: str, data: bytes, origin: str) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of a file that is attached under a name.

        Of an archive that is each file in it, by its path: `reports.zip/1.docx`. The text has the
        titles and texts of the records, a line for each. A file of unknown kind has none, and so has
        one in which nothing can be read: the message that has it is worth indexing without it.
        """
        try:
            kind = detect(BytesIO(data), name).kind
        except Exception as error:  # whatever a compressed file breaks
            if isinstance(error, MemoryError):
                raise
            return
        if kind is None:
            return
        file = SourceFile(None, name, kind, f"{origin}/{name}", len(data), is_attached=True)
        if kind in ARCHIVES:
            if self._opens_archives:
                yield from self._texts_of_archive(file, data)
        elif _is_guarded(file):
            with TemporaryFolder() as folder:
                yield name, _text(self._guarded(_stored(file, data, folder)))
        else:
            yield name, _text(read_file(file, BytesIO(data), limits=self._limits))

    def _texts_of_archive(self, file: SourceFile, data: bytes) -> Iterator[tuple[str, str]]:
        with TemporaryFolder() as folder, Unpacker(lambda _origin, _reason: None) as unpacker:
            stored = _stored(file, data, folder)
            for leaf in unpacked(stored, None, unpacker, Allowance(file.size)):
                if isinstance(leaf, Leaf):
                    yield leaf.file.name, self._text_of_member(leaf)

    def _text_of_member(self, leaf: Leaf) -> str:
        try:
            file = replace(leaf.file, is_attached=True)
            if _is_guarded(file):
                return _text(self._guarded(file))
            return _text(read_file(file, limits=self._limits))
        finally:
            leaf.delete()

    def _guarded(self, file: SourceFile) -> Iterator[Record | BadRecord]:
        """Yield the records that a reader process finds in a file."""
        if self._process is None:
            self._process = ReaderProcess(self._limits)
        for batch in self._process.read(file):
            yield from batch


def _is_guarded(file: SourceFile) -> bool:
    return (file.size or 0) >= format_of(file.kind).guarded_from


def _stored(file: SourceFile, data: bytes, folder: Path) -> SourceFile:
    """Return a file as a copy in a folder."""
    copy = folder / f"attachment{Path(file.name).suffix}"
    copy.write_bytes(data)
    return replace(file, path=copy)


def _text(items: Iterator[Record | BadRecord]) -> str:
    parts: list[str] = []
    with suppress(SourceError):
        for item in items:
            if isinstance(item, Record):
                values = (item.values.get(column) for column in ("title", "text"))
                parts += [clean(value) for value in values if isinstance(value, str) and value]
    return "\n".join(parts)
