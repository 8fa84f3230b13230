"""An index that grows by commits, and what a copy of it holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter

Grow = Callable[..., None]

FOUR = ("1", "a", "b", "c")
"""So many that the next commit of one adds a segment, and does not merge the two."""


@pytest.fixture
def primary(tmp_path: Path) -> Path:
    return tmp_path / "primary"


@pytest.fixture
def grow(primary: Path) -> Grow:
    """Commit some documents, each with a text of its own, and delete others."""

    def commit(*ids: str, deleted: tuple[str, ...] = (), optimize: bool = False) -> None:
        with IndexWriter(primary) as writer:
            for each in ids:
                writer.upsert(Document(each, f"كتاب {each} في المكتبة", title=f"عنوان {each}"))
            for each in deleted:
                writer.delete(each)
            writer.commit(optimize=optimize)

    return commit


def ids_of(directory: Path) -> set[str]:
    """Return the ids of the live documents of an index."""
    snapshot = Snapshot(directory)
    return {
        segment.documents.id(int(number)).decode()
        for segment in snapshot.segments
        for number in segment.live_ids
    }


def files_of(directory: Path) -> dict[str, bytes]:
    """Return the content of each file of a folder and those below it."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def flip(path: Path, place: int = 100) -> None:
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
