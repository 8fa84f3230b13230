"""Indexing runs: records become a committed index, with progress, bad records and a report."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from analyzers import Analyzer
from analyzers.normalization.visual_order import looks_reversed
from indexer import generation
from indexer.errors import RecordError
from indexer.fields import FieldMap
from indexer.mapping import to_document
from indexer.sources.records import BadRecord, Record
from indexer.writer import DEFAULT_MEMORY_MB, IndexWriter


class OnError(StrEnum):
    """What to do at a bad record: end the run and keep the old index, or skip the record."""

    STOP = "stop"
    SKIP = "skip"


MAX_REVERSED_NAMED = 10
"""How many of the reversed documents a report names; all are counted."""


@dataclass(frozen=True, slots=True)
class ReversedDocument:
    """A document whose text seems to be in visual order, and where it was read."""

    id: str
    origin: str


@dataclass(slots=True)
class Report:
    """What an indexing run did.

    `added`, `replaced`, `unchanged`: numbers of documents.
    `bytes_read`: bytes of input, as stored on disk.
    `bad`: the records that were skipped.
    `reversed`: the number of documents whose text seems to be in visual order, from its last
    letter to its first (`analyzers.normalization.visual_order`). They are indexed like the others,
    but no word of them will be found. `first_reversed` names the first of them.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    bytes_read: int = 0
    bad: list[BadRecord] = field(default_factory=list)
    reversed: int = 0
    first_reversed: list[ReversedDocument] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """The number of documents read."""
        return self.added + self.replaced + self.unchanged


def index_records(
    directory: Path,
    records: Iterable[Record | BadRecord],
    fields: FieldMap | None = None,
    *,
    title_weight: int | None = None,
    on_error: OnError = OnError.STOP,
    rebuild: bool = False,
    optimize: bool = False,
    memory_mb: int = DEFAULT_MEMORY_MB,
    processes: int = 1,
    analyzer: Analyzer | None = None,
    progress: Callable[[Report], None] | None = None,
    on_bad: Callable[[BadRecord], None] | None = None,
) -> Report:
    """Write records into the index in a directory in one commit; create it where there is none.

    `fields`, `title_weight`, `rebuild`, `memory_mb` and `processes` are those of `IndexWriter`.
    With several `processes` this one reads and the others analyse and write; a program that uses
    them must guard its start with `if __name__ == "__main__"`.
    `progress` is called after each record with the report so far, `on_bad` with each bad record.
    Raises RecordError for the first bad record where `on_error` is STOP, and every error of
    `IndexWriter`. After any error the index is as it was.
    """
    report = Report()
    origins: dict[str, str] = {}
    with (
        _without_garbage_collection(),
        IndexWriter(
            directory,
            fields,
            analyzer=analyzer,
            title_weight=title_weight,
            rebuild=rebuild,
            memory_mb=memory_mb,
            processes=processes,
        ) as writer,
    ):
        for record in records:
            report.bytes_read += record.size
            bad = _write(writer, record, report, origins)
            if bad is not None:
                if on_bad is not None:
                    on_bad(bad)
                if on_error is OnError.STOP:
                    raise RecordError(bad.origin, bad.reason)
                report.bad.append(bad)
            if progress is not None:
                progress(report)
        writer.commit(optimize=optimize)
    return report


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Disable the garbage collector, which would walk the large tables of a writer repeatedly.

    Records, documents and terms make no reference cycles, so nothing is kept for longer.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _write(
    writer: IndexWriter, record: Record | BadRecord, report: Report, origins: dict[str, str]
) -> BadRecord | None:
    """Write one record and count it in the report; return the bad record where it is one.

    `origins` has the file of each id that is the name of a file. A file of another folder with the
    same name below it is a bad record, because it would replace the first.
    """
    if isinstance(record, BadRecord):
        return record
    try:
        document = to_document(record, writer.fields)
    except RecordError as error:
        return BadRecord(error.origin, error.reason, record.size)
    if record.is_named:
        other = origins.setdefault(document.id, record.origin)
        if other != record.origin:
            reason = (
                f"its name {document.id!r} below the folder that was given is its id, and that of "
                f"{other} too; index the folder that holds both"
            )
            return BadRecord(record.origin, reason, record.size)
    outcome = writer.upsert(document)
    setattr(report, outcome, getattr(report, outcome) + 1)
    if looks_reversed(document.text):
        report.reversed += 1
        if len(report.first_reversed) < MAX_REVERSED_NAMED:
            report.first_reversed.append(ReversedDocument(document.id, document.origin))
    return None


@dataclass(frozen=True, slots=True)
class Deletions:
    """What `delete_documents` did: how many documents it deleted, and the ids it did not find."""

    deleted: int
    missing: tuple[str, ...]


def delete_documents(
    directory: Path, ids: Iterable[str], *, analyzer: Analyzer | None = None
) -> Deletions:
    """Delete documents by id in one commit. An id that is given twice counts once.

    Raises IndexMissingError where there is no index, and every error of `IndexWriter`.
    """
    generation.read(directory)  # a writer would make a new index where there is none
    distinct = list(dict.fromkeys(ids))
    if not distinct:
        return Deletions(0, ())
    with IndexWriter(directory, analyzer=analyzer) as writer:
        missing = tuple(name for name in distinct if not writer.delete(name))
        writer.commit()
    return Deletions(len(distinct) - len(missing), missing)
