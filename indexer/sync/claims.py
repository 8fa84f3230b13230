"""Claims: which file each document belongs to, while a run changes that."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.document import Document, shortened
from indexer.errors import RecordError
from indexer.fields import FieldMap
from indexer.file_table import FileDocument, FileTable
from indexer.passages import book_id, passage_id
from indexer.sync.sync_writer import SyncWriter


class Claims:
    """Takes the documents of files, and refuses one whose id is that of a document of another file.

    `released` are the rows of files that are gone or read again: their documents may be claimed by
    any file. What nobody has claimed at the end is to be deleted.
    """

    def __init__(self, writer: SyncWriter, released: Iterable[int]) -> None:
        self._writer = writer
        self._table: FileTable = writer.table
        self._released = set(released)
        self._claimed: dict[str, str] = {}
        self._documents: dict[str, FileDocument] = {}
        self._file = ""
        self.is_named = False

    @property
    def fields(self) -> FieldMap:
        """The fields of the index, and the columns they are read from."""
        return self._writer.fields

    def begin(self, file: str) -> None:
        """Begin the documents of a file, by its name in messages."""
        self._file = file
        self._documents = {}

    def end(self) -> list[FileDocument]:
        """Return the documents of the file that was begun."""
        return list(self._documents.values())

    def upsert(self, document: Document, *, once: bool = False) -> str:
        """Write a document of the file that was begun, like `IndexWriter.upsert`.

        `is_named` says of it whether its id begins with the name of the file. Raises RecordError
        also where its id belongs to another file and, with `once`, to another document of this one.
        """
        other = self.owner(document.id)
        if other is not None:
            raise RecordError(
                document.where,
                f"its id {shortened(document.id)} is that of a document of {other} too; give it "
                f"another id, or index the folder that holds both files",
            )
        found = FileDocument(document.id, document.content_hash(), self.is_named)
        if once and self._documents.get(document.id, found) != found:
            raise RecordError(
                document.where,
                f"its id {shortened(document.id)} is that of another record of this file too; give "
                f"each its own id, or number the records with --id row",
            )
        outcome = self._writer.upsert(document)
        self._note(found)
        return outcome

    def delete_older(self, document_id: str, book_id: str = "") -> bool:
        """Delete a document that no file has, like `IndexWriter.delete_older`.

        One of a file that is read again is deleted at the end, where no file claims it.
        """
        if document_id in self._claimed or self._table.owner(document_id) is not None:
            return False
        return self._writer.delete_older(document_id, book_id)

    def keep(self, documents: Iterable[FileDocument]) -> None:
        """Claim documents that stay as they are, but for those that another file has claimed."""
        for document in documents:
            if document.id not in self._documents and self.owner(document.id) is None:
                self._note(document)

    def owner(self, document_id: str) -> str | None:
        """Return the other file that a document belongs to, None where there is none."""
        claimed = self._claimed.get(document_id)
        if claimed is not None:
            return claimed if claimed != self._file else None
        row = self._table.owner(document_id)
        if row is None or row in self._released:
            return None
        return self._table.displayed(row)

    def unclaimed(self, row: int) -> list[str]:
        """Return the ids of the documents of a row that no file has claimed."""
        return [found.id for found in self._table.documents(row) if found.id not in self._claimed]

    def replaced(self, document_id: str) -> bool:
        """Return whether a file has another part of the book of a document, or all of it."""
        book = book_id(document_id)
        return book in self._claimed or passage_id(book, 1) in self._claimed

    def _note(self, document: FileDocument) -> None:
        self._claimed[document.id] = self._file
        self._documents[document.id] = document
