"""What an index is: its size, its fields and what made it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Facts about an index: its directory, its size, and what built it.

    `documents` counts live documents, `bytes` is the size on disk; `fields` are pairs of name and
    type. `analysis` is the fingerprint of the analysis, `created` a time in ISO 8601.
    """

    path: str
    documents: int
    generation: int
    segments: int
    bytes: int
    fields: tuple[tuple[str, str], ...]
    analysis: str
    format: int
    title_weight: int
    created: str

    @classmethod
    def of(cls, snapshot: Snapshot, directory: Path) -> Self:
        """Return the facts about an index in a directory, as a snapshot has it open."""
        standard = [("title", "text"), ("text", "text"), ("date", "date")]
        extra = [(spec.name, spec.type.value) for spec in snapshot.extra_fields]
        return cls(
            path=str(directory),
            documents=snapshot.document_count,
            generation=snapshot.generation.number,
            segments=len(snapshot.segments),
            bytes=size_on_disk(directory),
            fields=(*standard, *extra),
            analysis=snapshot.generation.analysis,
            format=snapshot.generation.format,
            title_weight=snapshot.generation.title_weight,
            created=snapshot.generation.created,
        )


def size_on_disk(directory: Path) -> int:
    """Return the bytes of the files in a directory; a writer may remove some meanwhile."""
    total = 0
    for file in directory.iterdir():
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total
