"""What a run that keeps a folder in step is asked for, and what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from pathlib import Path

from indexer.fields import STANDARD_FIELDS, FieldMap
from indexer.indexing import DamagedDocument, OnError, Report
from indexer.repair import Repair
from indexer.sources.options import DEFAULT_OPTIONS, ReadLimits, ReadOptions
from indexer.sources.records import BadRecord
from indexer.writer import DEFAULT_MEMORY_MB

ASK_BEYOND = 0.1
"""The share of the documents of a folder that a run deletes without asking."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """How many documents of a folder a run is about to delete, of how many."""

    documents: int
    of: int

    @property
    def is_large(self) -> bool:
        """Whether somebody has to agree."""
        return self.documents > self.of * ASK_BEYOND


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How files are read and documents written; the names are those of `index_records`.

    `format` is the kind of every file, whatever its name, `reading` which records are read of it,
    and `limits` what reading one may take. With `reread` every file is read, also one that has not
    changed. A folder that is empty or not there deletes nothing, unless
    `allow_empty`. `settle` leaves files for the next run that changed in the last so many seconds,
    because somebody may be writing them.
    """

    fields: FieldMap | None = None
    title_weight: int | None = None
    format: str | None = None
    reading: ReadOptions = DEFAULT_OPTIONS
    id_prefix: str = ""
    book_field: str = ""
    on_error: OnError = OnError.STOP
    repair: Repair = Repair.AUTO
    rebuild: bool = False
    optimize: bool = False
    memory_mb: int = DEFAULT_MEMORY_MB
    processes: int = 1
    limits: ReadLimits = field(default_factory=ReadLimits)
    reread: bool = False
    allow_empty: bool = False
    settle: float = 0.0

    def settings(self, fields: FieldMap) -> str:
        """Return a text that differs where files would be read as other documents."""
        columns = {name: getattr(fields, name) for name in STANDARD_FIELDS}
        extra = [(spec.name, spec.type.value, spec.column) for spec in fields.extra]
        values: list[object] = [self.format, self.repair.value, columns, sorted(extra)]
        if self.reading != DEFAULT_OPTIONS or self.id_prefix or self.limits.ocr:
            values += [astuple(self.reading), self.id_prefix, self.limits.ocr]
        if self.book_field:
            values.append({"book": self.book_field})
        return json.dumps(values, sort_keys=True)


@dataclass(frozen=True, slots=True)
class SyncEvents:
    """What is called during a run.

    `confirm` is asked before more than a tenth of the documents of a folder are deleted; where it
    is None, or returns False, the run ends with SyncRefusedError. The others are those of
    `index_records`; `report` is a SyncReport.
    """

    confirm: Callable[[Deletion], bool] | None = None
    progress: Callable[[Report], None] | None = None
    on_bad: Callable[[BadRecord], None] | None = None
    on_damage: Callable[[DamagedDocument], None] | None = None


@dataclass(slots=True)
class SyncReport(Report):
    """What a run did: `Report` counts the documents of the files that were read.

    `unchanged` also counts the documents of files that were not read, `moved` those of files with a
    new name. `deleted` are documents that are in no file any more. `files` is how many files the
    folder has, of which `files_read` were read, `files_moved` have a new name, and `files_failed`
    keep the documents that they had; `postponed` ones are left for the next run. `skipped` are
    entries that are no files of a known kind, with the reason ("" for an unknown kind).
    """

    moved: int = 0
    files: int = 0
    files_read: int = 0
    files_moved: int = 0
    files_failed: int = 0
    postponed: int = 0
    skipped: dict[Path, str] = field(default_factory=dict)

    @property
    def is_change(self) -> bool:
        """Whether documents were added, replaced, moved or deleted."""
        return bool(self.added or self.replaced or self.moved or self.deleted)
