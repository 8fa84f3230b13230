"""Indexing runs: records become a committed index, with progress, bad records and a report."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from analyzers import Analyzer
from indexer import generation
from indexer.cluster.address import ClusterAddress, Location
from indexer.document import Document
from indexer.errors import NO_MEMORY_REASON, DuplicateIdError, RecordError
from indexer.fields import FieldMap
from indexer.mapping import to_document
from indexer.passages import fields_with_book, passage_id, passages
from indexer.repair import MENDED_BY_READERS, Damage, Repair, repair_document
from indexer.run_origins import RunOrigins
from indexer.sources.records import BadRecord, Record
from indexer.writer import DEFAULT_MEMORY_MB, IndexWriter

if TYPE_CHECKING:
    from indexer.cluster.writer import ClusterWriter


class OnError(StrEnum):
    """What to do at a bad record: end the run and keep the old index, or skip the record."""

    STOP = "stop"
    SKIP = "skip"


MAX_DAMAGED_NAMED = 10
"""How many damaged documents a report names of each kind; all are counted."""


@dataclass(frozen=True, slots=True)
class DamagedDocument:
    """A damaged document: its id, where it was read, and what was found and mended.

    `encodings` are the two encodings between which the bytes of its file do not decide. `places` says
    where in its file the damage is that the reader of the file found.
    """

    id: str
    origin: str
    found: frozenset[Damage]
    repaired: frozenset[Damage]
    encodings: str = ""
    places: Mapping[Damage, str] = field(default_factory=dict)


@dataclass(slots=True)
class DamageCount:
    """How many documents had one kind of damage, how many were repaired, and the first of them."""

    found: int = 0
    repaired: int = 0
    first: list[DamagedDocument] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What an indexing run did.

    `added`, `replaced`, `unchanged`: numbers of documents.
    `bytes_read`: bytes of input, as stored on disk.
    `deleted`: documents that were deleted because their book has become other passages.
    `books`: the number of records that were cut into passages.
    `bad`: the records that were skipped.
    `damaged`: the number of documents in which damage was found; `damage` counts them by kind.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    bytes_read: int = 0
    deleted: int = 0
    books: int = 0
    bad: list[BadRecord] = field(default_factory=list)
    damaged: int = 0
    damage: dict[Damage, DamageCount] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """The number of documents read."""
        return self.added + self.replaced + self.unchanged

    def count_damage(self, document: DamagedDocument) -> None:
        """Count a damaged document, and name it where it is one of the first of its kind."""
        self.damaged += 1
        for kind in sorted(document.found):
            count = self.damage.setdefault(kind, DamageCount())
            count.found += 1
            count.repaired += kind in document.repaired
            if len(count.first) < MAX_DAMAGED_NAMED:
                count.first.append(document)


def index_records(
    directory: Location,
    records: Iterable[Record | BadRecord],
    fields: FieldMap | None = None,
    *,
    title_weight: int | None = None,
    on_error: OnError = OnError.STOP,
    repair: Repair = Repair.AUTO,
    id_prefix: str = "",
    book_field: str = "",
    rebuild: bool = False,
    optimize: bool = False,
    memory_mb: int = DEFAULT_MEMORY_MB,
    processes: int = 1,
    shards: int | None = None,
    replicas: int | None = None,
    analyzer: Analyzer | None = None,
    progress: Callable[[Report], None] | None = None,
    on_bad: Callable[[BadRecord], None] | None = None,
    on_damage: Callable[[DamagedDocument], None] | None = None,
) -> Report:
    """Write records into an index in one commit; create it where there is none.

    `fields`, `title_weight`, `rebuild`, `memory_mb` and `processes` are those of `IndexWriter`.
    With several `processes` this one reads and the others analyse and write; a program that uses
    them must guard its start with `if __name__ == "__main__"`.
    `repair` says what to do about damaged documents (`indexer.repair`): mend what is certain, only
    report them, or not look for damage.
    Every id begins with `id_prefix`. A record with the id of another one of this run is a bad
    record, unless both are the same document. With a `book_field` each record becomes passages
    (`indexer.passages`), with the id of their book in this keyword field, which a new index gets in
    addition to `fields`; those that a book has no more are deleted.
    `shards` and `replicas` are for a new index on a cluster, where what was sent before an error stays.
    `progress` is called after each record with the report so far, `on_bad` with each bad record,
    `on_damage` with each damaged document.
    Raises RecordError for the first bad record where `on_error` is STOP, and every error of
    `IndexWriter`. After any error the index is as it was.
    """
    report = Report()
    run = RecordRun(report, repair, id_prefix, on_damage, book_field)
    if book_field:
        fields = fields_with_book(fields, book_field, directory, rebuild=rebuild)
    with (
        without_garbage_collection(),
        open_writer(
            directory,
            fields,
            analyzer=analyzer,
            title_weight=title_weight,
            rebuild=rebuild,
            memory_mb=memory_mb,
            processes=processes,
            shards=shards,
            replicas=replicas,
        ) as writer,
    ):
        for record in records:
            report.bytes_read += record.size
            found = write_record(writer, record, run)
            for bad in (*([found] if found else ()), *_refused(writer, report)):
                _report_bad(bad, report, on_error, on_bad)
            if progress is not None:
                progress(report)
        writer.commit(optimize=optimize)
        for bad in _refused(writer, report):
            _report_bad(bad, report, on_error, on_bad)
    return report


@contextmanager
def without_garbage_collection() -> Iterator[None]:
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


def open_writer(
    location: Location,
    fields: FieldMap | None = None,
    *,
    analyzer: Analyzer | None = None,
    title_weight: int | None = None,
    rebuild: bool = False,
    memory_mb: int = DEFAULT_MEMORY_MB,
    processes: int = 1,
    shards: int | None = None,
    replicas: int | None = None,
) -> IndexWriter | ClusterWriter:
    """Return the writer of an index in a directory or on a cluster; raises like the two."""
    if isinstance(location, ClusterAddress):
        from indexer.cluster.writer import DEFAULT_REPLICAS, DEFAULT_SHARDS, ClusterWriter

        return ClusterWriter(
            location,
            fields,
            analyzer=analyzer,
            title_weight=title_weight,
            rebuild=rebuild,
            shards=DEFAULT_SHARDS if shards is None else shards,
            replicas=DEFAULT_REPLICAS if replicas is None else replicas,
            processes=processes,
        )
    return IndexWriter(
        location,
        fields,
        analyzer=analyzer,
        title_weight=title_weight,
        rebuild=rebuild,
        memory_mb=memory_mb,
        processes=processes,
    )


def _refused(writer: IndexWriter | ClusterWriter, report: Report) -> list[BadRecord]:
    """Return the documents that a cluster has refused since they were sent, and no longer count them."""
    if isinstance(writer, IndexWriter):
        return []
    found = writer.take_refused()
    for each in found:
        if each.outcome:
            setattr(report, each.outcome, getattr(report, each.outcome) - 1)
    return [BadRecord(each.where, each.reason) for each in found]


def _report_bad(
    bad: BadRecord,
    report: Report,
    on_error: OnError,
    on_bad: Callable[[BadRecord], None] | None,
) -> None:
    if on_bad is not None:
        on_bad(bad)
    if on_error is OnError.STOP:
        raise RecordError(bad.origin, bad.reason)
    report.bad.append(bad)


class DocumentTarget(Protocol):
    """What takes the documents of a run: an `IndexWriter`, or what checks them before it."""

    @property
    def fields(self) -> FieldMap:
        """The fields of the index, and the columns they are read from."""
        ...

    def upsert(self, document: Document, *, once: bool = False) -> str:
        """Add or replace a document, like `IndexWriter.upsert`."""
        ...

    def delete_older(self, document_id: str, book_id: str = "") -> bool:
        """Delete a document of an earlier run, like `IndexWriter.delete_older`."""
        ...


@dataclass(slots=True)
class RecordRun:
    """What holds for every record of a run.

    `named` has the file of each id that is the name of a file. A file of another folder with the
    same name below it is a bad record, because it would replace the first. `origins` are those of
    the documents that were written. With a `book_field` each record becomes passages.
    """

    report: Report
    repair: Repair
    id_prefix: str
    on_damage: Callable[[DamagedDocument], None] | None
    book_field: str = ""
    named: dict[str, str] = field(default_factory=dict)
    origins: RunOrigins = field(default_factory=RunOrigins)


def write_record(
    writer: DocumentTarget, record: Record | BadRecord, run: RecordRun
) -> BadRecord | None:
    """Write one record and count it in the report; return the bad record where it is one."""
    if isinstance(record, BadRecord):
        return record
    damaged = None
    try:
        document = to_document(record, writer.fields, id_prefix=run.id_prefix)
        if run.repair is not Repair.OFF:
            document, damaged = _repair(document, record, run.repair)
    except RecordError as error:
        return BadRecord(error.origin, error.reason, record.size)
    except MemoryError:
        return BadRecord(record.origin, NO_MEMORY_REASON, record.size)
    if record.is_named:
        other = run.named.setdefault(document.id, record.origin)
        if other != record.origin:
            reason = (
                f"its name {document.id!r} below the folder that was given is its id, and that of "
                f"{other} too; index the folder that holds both"
            )
            return BadRecord(record.origin, reason, record.size)
    try:
        _write_document(writer, document, run)
    except DuplicateIdError as error:
        reason = (
            f"its id {error.document_id!r} is that of {run.origins[error.ordinal]} too, and only one "
            f"of them can be found; give each its own id, tell runs apart with --id-prefix TEXT, or "
            f"number the records with --id row"
        )
        return BadRecord(record.origin, reason, record.size)
    except RecordError as error:
        return BadRecord(error.origin, error.reason, record.size)
    if damaged is not None:
        run.report.count_damage(damaged)
        if run.on_damage is not None:
            run.on_damage(damaged)
    return None


def _write_document(writer: DocumentTarget, document: Document, run: RecordRun) -> None:
    """Write a document, or its passages, and delete what an earlier run made of it otherwise."""
    if not run.book_field:
        if _write_part(writer, document, run) == "added":
            _delete_passages(writer, document.id, 1, run)
        return
    written = [_write_part(writer, each, run) for each in passages(document, run.book_field)]
    run.report.books += 1
    run.report.deleted += writer.delete_older(document.id)
    _delete_passages(writer, document.id, len(written) + 1, run)


def _write_part(writer: DocumentTarget, document: Document, run: RecordRun) -> str:
    outcome = writer.upsert(document, once=True)
    if outcome != "unchanged":
        run.origins.add(document.origin)
    setattr(run.report, outcome, getattr(run.report, outcome) + 1)
    return outcome


def _delete_passages(writer: DocumentTarget, book_id: str, number: int, run: RecordRun) -> None:
    """Delete the passages of a book from a number on, which earlier runs have written."""
    while writer.delete_older(passage_id(book_id, number), book_id):
        run.report.deleted += 1
        number += 1


def _repair(
    document: Document, record: Record, repair: Repair
) -> tuple[Document, DamagedDocument | None]:
    """Return the document to write, and what is wrong with it."""
    done = repair_document(document, references=not record.is_markup)
    found, repaired = done.found, done.repaired
    if record.encodings:
        found |= {Damage.GUESSED_ENCODING}
    if repair is Repair.REPORT:
        repaired = frozenset()
    else:
        document = done.document
    if record.damage:
        found |= record.damage.keys()
        repaired |= record.damage.keys() & MENDED_BY_READERS
    if not found:
        return document, None
    return document, DamagedDocument(
        document.id, document.origin, found, repaired, record.encodings, record.damage
    )


@dataclass(frozen=True, slots=True)
class Deletions:
    """What `delete_documents` did: how many documents it deleted, and the ids it did not find."""

    deleted: int
    missing: tuple[str, ...]


def delete_documents(
    directory: Location, ids: Iterable[str], *, analyzer: Analyzer | None = None
) -> Deletions:
    """Delete documents by id in one commit. An id that is given twice counts once.

    Raises IndexMissingError where there is no index, and every error of `IndexWriter`.
    """
    if isinstance(directory, ClusterAddress):
        from indexer.cluster.deletion import delete_on_cluster

        return Deletions(*delete_on_cluster(directory, list(dict.fromkeys(ids))))
    generation.read(directory)  # a writer would make a new index where there is none
    distinct = list(dict.fromkeys(ids))
    if not distinct:
        return Deletions(0, ())
    with IndexWriter(directory, analyzer=analyzer) as writer:
        missing = tuple(name for name in distinct if not writer.delete(name))
        writer.commit()
    return Deletions(len(distinct) - len(missing), missing)
