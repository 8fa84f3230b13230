"""Batches: documents written, updated and deleted in one commit, which is all or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzers import Analyzer
from indexer import generation
from indexer.errors import RecordError
from indexer.indexing import OnError, RecordRun, Report, write_record
from indexer.mapping import resolve_columns
from indexer.merging import TEXTS, given_fields, merge_values
from indexer.repair import Repair
from indexer.sources.records import BadRecord, Record
from indexer.writer import IndexWriter
from searchd.errors import DocumentNotFoundError
from searchd.service.request_errors import BadDocumentError
from searchd.service.writing.limits import MAX_ERRORS

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

Count = Callable[[int], None]
"""Is told how many records were read, and may raise to end the change."""

Records = Iterable[Record | BadRecord]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What to do at a bad record, about damaged text, and with the ids of records.

    With `update` the values of a record are put into the stored document of its id.
    """

    on_error: OnError = OnError.STOP
    repair: Repair = Repair.AUTO
    id_prefix: str = ""
    update: bool = False


@dataclass(frozen=True, slots=True)
class WrittenIndex:
    """An index that is written: its directory, its engine, the analysis, and memory for documents."""

    directory: Path
    engine: SearchEngine
    analyzer: Analyzer | None
    memory_mb: int

    def open_writer(self) -> IndexWriter:
        """Return a writer. Raises IndexMissingError, and like `IndexWriter`."""
        generation.read(self.directory)  # a writer would make a new index where there is none
        return IndexWriter(self.directory, analyzer=self.analyzer, memory_mb=self.memory_mb)


@dataclass(slots=True)
class _Errors:
    """The bad records of a batch: all are counted, the first are named."""

    count: int = 0
    named: list[dict[str, Any]] = field(default_factory=list)

    def add(self, number: int, bad: BadRecord) -> None:
        self.count += 1
        if len(self.named) < MAX_ERRORS:
            self.named.append(
                {"record": number, "origin": bad.origin, "reason": without_options(bad.reason)}
            )


def write_documents(
    index: WrittenIndex, records: Records, options: BatchOptions, count: Count
) -> dict[str, Any]:
    """Write records in one commit, and return the counts of what was done, and the bad records.

    Raises BadDocumentError for the first bad record where `on_error` is STOP, and every error of
    `IndexWriter`. After any error the index is as it was.
    """
    started = time.perf_counter()
    report, errors = Report(), _Errors()
    run = RecordRun(report, options.repair, options.id_prefix, None)
    with index.open_writer() as writer:
        for number, record in enumerate(records):
            count(number + 1)
            bad = _write(index, writer, record, run, options)
            if bad is None:
                continue
            if options.on_error is OnError.STOP:
                reason = without_options(bad.reason)
                raise BadDocumentError(
                    f"{bad.origin}: {reason}; nothing was changed", position=number
                )
            errors.add(number, bad)
        writer.commit()
    return {
        "added": report.added,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "failed": errors.count,
        "errors": errors.named,
        "damaged": report.damaged,
        "damage": {
            kind: {"found": found.found, "repaired": found.repaired}
            for kind, found in report.damage.items()
        },
        **_state(index, started),
    }


def delete_by_id(index: WrittenIndex, ids: Sequence[str]) -> dict[str, Any]:
    """Delete documents by id in one commit; return how many there were, and the ids not found."""
    started = time.perf_counter()
    distinct = list(dict.fromkeys(ids))
    with index.open_writer() as writer:
        missing = [each for each in distinct if not writer.delete(each)]
        writer.commit()
    deleted = len(distinct) - len(missing)
    return {"deleted": deleted, "missing": missing, **_state(index, started)}


def delete_by_query(
    index: WrittenIndex, query: str, filters: Sequence[str], timeout: float
) -> dict[str, Any]:
    """Delete all documents of a query in one commit. Raises like `Engine.search`."""
    started = time.perf_counter()
    with index.open_writer() as writer:  # first, so that nothing changes between the two
        ids = index.engine.ids(query, filters=filters, timeout=timeout)
        deleted = sum(map(writer.delete, ids))
        writer.commit()
    return {"deleted": deleted, "missing": [], **_state(index, started)}


def without_options(reason: str) -> str:
    """Return a reason without the parts that name options of the command line.

    >>> without_options("no id: the column 'id' is empty; number the records with --id row")
    "no id: the column 'id' is empty"
    """
    first, *others = reason.split("; ")
    kept = [first, *(each for each in others if " --" not in each)]
    return "; ".join(kept)


def _state(index: WrittenIndex, started: float) -> dict[str, Any]:
    """Return what an index is after a commit, as it is searched from now on."""
    info = index.engine.info()
    return {
        "documents": info.documents,
        "generation": info.generation,
        "took": time.perf_counter() - started,
    }


def _write(
    index: WrittenIndex,
    writer: IndexWriter,
    record: Record | BadRecord,
    run: RecordRun,
    options: BatchOptions,
) -> BadRecord | None:
    if not options.update or isinstance(record, BadRecord):
        return write_record(writer, record, run)
    given = given_fields(record.values, writer.fields)
    try:
        record = _merged(index, writer, record)
    except RecordError as error:
        return BadRecord(error.origin, error.reason, record.size)
    # What is stored was repaired, or was not to be: only new texts are looked at.
    repair = run.repair if given & TEXTS else Repair.OFF
    return write_record(writer, record, replace(run, repair=repair))


def _merged(index: WrittenIndex, writer: IndexWriter, record: Record) -> Record:
    """Return a record with all values of the stored document. Raises RecordError."""
    document_id = record.values.get(resolve_columns(record.values, writer.fields).id)
    if not isinstance(document_id, str | int) or isinstance(document_id, bool):
        return record  # what is wrong with the id is found when it becomes a document
    try:
        stored = index.engine.get(str(document_id).strip())
    except DocumentNotFoundError:
        raise RecordError(
            record.origin,
            f"the index has no document with the id {str(document_id)[:80]!r}, which could be "
            f"updated; add whole documents with POST",
        ) from None
    return replace(record, values=merge_values(record.values, stored, writer.fields))
