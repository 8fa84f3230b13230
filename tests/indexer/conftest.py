from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter

ONE = Document("1", "كتاب أول")
OTHER_ONE = Document("1", "كتاب آخر")
TWO = Document("2", "مدرسة")

TYPED = FieldMap(extra=tuple(FieldSpec(f"a_{kind}", kind) for kind in FieldType))
"""A field of each type."""


@dataclass(frozen=True)
class OnDisk:
    """An index directory, seen from outside: what a writer left and what a reader finds."""

    directory: Path

    def write(
        self,
        *documents: Document,
        delete: Iterable[str] = (),
        optimize: bool = False,
        **options: Any,
    ) -> list[str]:
        """Write and delete documents in one commit; return what became of each written one."""
        with IndexWriter(self.directory, **options) as writer:
            outcomes = [writer.upsert(document) for document in documents]
            for document_id in delete:
                assert writer.delete(document_id)
            writer.commit(optimize=optimize)
        return outcomes

    def texts(self) -> dict[str, str]:
        """Return the text of every live document by id, of which none may be there twice."""
        snapshot = Snapshot(self.directory)
        found = [
            (segment.documents.stored_fields([number])[0].id, segment.documents.text(number))
            for segment in snapshot.segments
            for number in segment.live_ids.tolist()
        ]
        assert len(found) == snapshot.document_count
        texts = dict(found)
        assert len(texts) == len(found), "a document is there twice"
        return texts

    def generation(self) -> int:
        """Return the number of the current generation."""
        return Snapshot(self.directory).generation.number

    def files(self) -> dict[str, bytes]:
        """Return the content of every file but the locks, which hold nothing."""
        return {
            str(path.relative_to(self.directory)): path.read_bytes()
            for path in self.directory.rglob("*")
            if path.is_file() and path.stat().st_size
        }

    def path(self, ending: str) -> Path:
        """Return the one file with this ending."""
        (found,) = (path for path in self.directory.iterdir() if path.name.endswith(ending))
        return found


@pytest.fixture
def index(tmp_path: Path) -> OnDisk:
    return OnDisk(tmp_path / "فهرس")
