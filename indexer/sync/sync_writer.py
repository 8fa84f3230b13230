"""A writer that also reads documents back, and commits a table of files with the documents."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexer import generation as generations
from indexer.access_errors import reporting_access_errors
from indexer.damage import reporting_damage
from indexer.document import Document
from indexer.file_table import FILES_SUFFIX, FileTable, FileTableWriter
from indexer.segment.array_file import ArrayFile
from indexer.segment.document_store import HASH_BYTES
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import BoolArray
from indexer.writer import IndexWriter


class SyncWriter(IndexWriter):
    """An `IndexWriter` for runs that keep folders in step."""

    @cached_property
    def table(self) -> FileTable:
        """The table of files of the index as it is; an empty one where there is none."""
        name = self._generation.files
        if not name:
            return FileTable()
        try:
            return FileTable(ArrayFile(self._directory / name))
        except FileNotFoundError as error:
            raise generations.missing_file_error(self._directory, error) from error

    def write_table(self, table: FileTableWriter) -> None:
        """Write a table of files, which the next commit makes that of the index."""
        path = self._files.new_path(FILES_SUFFIX)
        with reporting_access_errors(self._directory):
            table.write(path)
        self._generation = replace(self._generation, files=path.name)

    def live_documents(self) -> BoolArray:
        """Return of each document of the table whether the index holds it; bool [documents].

        One with another content is not the one that the table means.
        """
        wanted = self.table.array("ids.hashes").astype(np.uint64)
        contents = _pairs(self.table.array("contents"))
        is_live = np.zeros(wanted.size, np.bool_)
        for pending in self._segments:
            with reporting_damage(pending.segment.array_file.path):
                hashes, stored = _live_hashes(pending.segment)
            places = np.minimum(np.searchsorted(hashes, wanted), max(hashes.size - 1, 0))
            if hashes.size:
                same = hashes[places] == wanted
                is_live |= same & (stored[places] == contents).all(axis=1)
        return is_live

    def stored(self, document_id: str) -> Document | None:
        """Return a document as it was stored before this run.

        None where there is none, where this run has written it already, or where what was read back
        is not all of it.
        """
        key = document_id.encode()
        if any(key in batch.numbers for batch in (self._batch, *self._in_flight)):
            return None
        for pending in self._segments:
            for number in pending.segment.find_live(key):
                if number not in pending.deleted:
                    with reporting_damage(pending.segment.array_file.path):
                        return _read_back(pending.segment, number)
        return None


def _live_hashes(segment: Segment) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the hashes of the ids of live documents, ascending, and their content hashes [n, 2]."""
    numbers = segment.array_file.array("ids.documents").all()
    live = segment.live[numbers]
    contents = _pairs(segment.array_file.array("hashes").all())
    hashes = segment.array_file.array("ids.hashes").all()[live]
    return hashes.astype(np.uint64), contents[numbers[live]]


def _pairs(hashes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Return content hashes as two numbers each; uint64 [documents, 2]."""
    rows = np.ascontiguousarray(hashes.astype(np.uint8)).reshape(-1, HASH_BYTES)
    return rows.view(np.uint64).reshape(-1, 2)


def _read_back(segment: Segment, number: int) -> Document | None:
    fields = segment.documents.stored_fields([number])[0]
    document = Document(
        id=fields.id,
        text=segment.documents.text(number),
        title=fields.title,
        url=fields.url,
        date=fields.date,
        fields=fields.fields,
        places=segment.documents.places(number),
    )
    if document.content_hash() != segment.documents.content_hash(number):
        return None
    return document
