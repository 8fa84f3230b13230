"""One run that makes an index equal to a folder, in one commit."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

from analyzers import Analyzer
from indexer import generation as generations
from indexer.errors import RecordError, SourceError, SyncRefusedError
from indexer.file_table import FileTableWriter, Root, root_path
from indexer.indexing import OnError, without_garbage_collection
from indexer.passages import fields_with_book
from indexer.sources.discovery import displayed
from indexer.sources.kinds import Kind
from indexer.sources.reader_process import ReaderProcesses
from indexer.sources.records import BadRecord
from indexer.sync.claims import Claims
from indexer.sync.comparison import Comparison, Rules, compare, find_moves, intact_rows
from indexer.sync.file_run import FileRun
from indexer.sync.folder_walk import FolderWalk
from indexer.sync.report import Deletion, SyncEvents, SyncOptions, SyncReport
from indexer.sync.sync_writer import SyncWriter

_KINDS = ",".join(sorted(Kind))

_ADVICE = "check the path, and that its disk is mounted"


def sync_folder(
    directory: Path | str,
    folder: Path | str,
    options: SyncOptions | None = None,
    events: SyncEvents | None = None,
    *,
    analyzer: Analyzer | None = None,
) -> SyncReport:
    """Make the index in `directory` equal to the files in `folder`, in one commit.

    Files are known by the real path of the folder and their name in it; those with the size, time
    and inode of the last run are not opened, and of the others those are not read whose content is
    the same. A file with a new name and the same content is moved: its documents get their new ids
    without being read. A file that cannot be read keeps its documents, and is read again by the
    next run. Documents of other folders, and those that were indexed otherwise, are not touched; one
    of the same id becomes that of the file. A document that was changed or deleted otherwise is read
    again from its file.

    Raises SyncRefusedError where too much would be deleted, SourceError for a folder that is not
    there or is none, RecordError for the first bad record where `on_error` is STOP, and every error
    of `IndexWriter`. After any error the index is as it was.
    """
    options, events = options or SyncOptions(), events or SyncEvents()
    directory, folder = Path(directory), Path(folder)
    _check_path(folder, directory)
    fields = options.fields
    if options.book_field:
        fields = fields_with_book(fields, options.book_field, directory, rebuild=options.rebuild)
    with (
        without_garbage_collection(),
        SyncWriter(
            directory,
            fields,
            analyzer=analyzer,
            title_weight=options.title_weight,
            rebuild=options.rebuild,
            memory_mb=options.memory_mb,
            processes=options.processes,
        ) as writer,
    ):
        run = _Run(writer, directory, folder, options, events)
        run.compare()
        run.write()
        writer.commit(optimize=options.optimize)
    return run.report


def _check_path(folder: Path, directory: Path) -> None:
    """Raise SourceError for what is no folder, or not there and in no index."""
    try:
        is_other = folder.exists() and not folder.is_dir()
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read {str(folder)!r}: {error}; check the path") from error
    if is_other:
        raise SourceError(
            f"{displayed(folder)} is no folder; only folders are kept in step, index it without --sync"
        )
    if not folder.exists() and not generations.exists(directory):
        raise _missing_error(folder)


def _missing_error(folder: Path) -> SourceError:
    return SourceError(f"cannot read {displayed(folder)}: there is no such folder; {_ADVICE}")


class _Run:
    """One run over one folder, while its writer is open."""

    def __init__(
        self,
        writer: SyncWriter,
        directory: Path,
        folder: Path,
        options: SyncOptions,
        events: SyncEvents,
    ) -> None:
        self._writer = writer
        self._table = writer.table
        self._folder = folder
        self._options = options
        self._events = events
        self._walk = FolderWalk(folder, directory)
        settings = options.settings(writer.fields)
        self._new_root = Root(root_path(folder), settings, _KINDS)
        self._root = self._table.root(self._new_root.path)
        self._rereads = options.reread or (
            self._root is not None and self._root.settings != settings
        )
        self._is_intact = intact_rows(self._table, writer.live_documents())
        self._comparison = Comparison()
        self._agreed = 0
        self.report = SyncReport()

    def compare(self) -> None:
        """Find what has changed in the folder."""
        root = self._root
        rules = Rules(
            self._is_intact,
            reread=self._rereads,
            reread_skipped=root is not None and root.kinds != _KINDS,
            recent=self._recent(),
        )
        if not self._folder.is_dir():
            self._check_nothing("is not there")
        try:
            self._comparison = compare(self._walk, self._table, root, rules)
        except OSError as error:
            raise SourceError(
                f"cannot read {displayed(self._folder)}: {error.strerror or error}; check the path"
            ) from error
        if not self._comparison.found and not self._walk.unreadable:
            self._check_nothing("is empty")
        for bad in self._walk.unreadable.values():
            self._on_bad(bad)
        self.report.skipped.update(self._walk.skipped)
        find_moves(self._comparison, self._table, rules)

    def _recent(self) -> tuple[int, int] | None:
        settle, now = int(self._options.settle * 1e9), time.time_ns()
        return (now - settle, now + settle) if settle else None

    def _check_nothing(self, what: str) -> None:
        """Raise SyncRefusedError where documents would be deleted because no file is there."""
        if self._options.allow_empty and (self._root is not None or self._folder.is_dir()):
            return
        name = displayed(self._folder)
        documents = self._document_count([self._root] if self._root else [])
        if documents:
            raise SyncRefusedError(
                f"{name} {what}, and the index has {documents:,} documents of it; nothing was "
                f"deleted; {_ADVICE}, or delete them with --allow-empty"
            )
        if self._options.rebuild:
            raise SyncRefusedError(
                f"{name} {what}, and --rebuild would leave an empty index; nothing was changed; "
                f"{_ADVICE}, or make an empty index with --allow-empty"
            )
        if not self._folder.is_dir():
            raise _missing_error(self._folder)

    def _document_count(self, ranges: Iterable[Root | range]) -> int:
        bounds = [self._table.document_range(rows.start, rows.stop) for rows in ranges]
        return sum(last - first for first, last in bounds)

    def write(self) -> None:
        """Write, move and delete documents, and the table of files."""
        comparison, report = self._comparison, self.report
        report.files, report.postponed = comparison.found, comparison.postponed
        candidates = list(comparison.candidates)
        changed = [found.row for found in candidates if found.row is not None]
        self._sources = {found.source for found in candidates}
        lost = [range(row, row + 1) for row in comparison.gone if row not in self._sources]
        self._agree(self._document_count(lost))
        released = (*comparison.gone, *changed)
        claims = Claims(self._writer, released)
        with ReaderProcesses(self._options.processes, self._options.limits) as readers:
            files = FileRun(
                self._writer,
                claims,
                self._options,
                self._events,
                report,
                self._is_intact,
                self._on_bad,
                readers,
                rereads=self._rereads,
            )
            is_changed = self._write_files(files) or bool(comparison.gone)
        self._delete({row: claims.unclaimed(row) for row in released}, files.moved, claims)
        if is_changed or self._root is None or self._root[:3] != self._new_root[:3]:
            self._writer.write_table(self._new_table)

    def _write_files(self, files: FileRun) -> bool:
        """Write the files of the folder, and their rows; return whether a row differs."""
        table = self._table
        new = self._new_table = FileTableWriter()
        for root in table.roots:
            if root.path != self._new_root.path:
                new.begin_root(root)
                new.copy(table, root.start, root.stop)
        new.begin_root(self._new_root)
        is_changed = False
        for step in self._comparison.steps:
            if isinstance(step, range):
                new.copy(table, step.start, step.stop)
                self.report.unchanged += self._document_count([step])
                continue
            row, documents = files.write(step)
            new.add(row, documents)
            old = step.row
            is_changed |= old is None or table.row(old) != row or table.documents(old) != documents
        return is_changed

    def _delete(self, ids: Mapping[int, Sequence[str]], moved: Set[int], claims: Claims) -> None:
        """Delete the documents that no file has any more, given by the row that had them.

        Those of the rows `moved` have another id now. What a moved file held is not lost, also
        where it was read anew, so nobody is asked about it, nor about passages of a book that has
        others now.
        """
        lost = [found for row, found in ids.items() if row not in self._sources]
        self._agree(sum(not claims.replaced(name) for found in lost for name in found))
        for row, found in ids.items():
            deleted = sum(self._writer.delete(document_id) for document_id in found)
            self.report.deleted += 0 if row in moved else deleted

    def _agree(self, documents: int) -> None:
        """Ask whether so many documents may be deleted, where that is needed and was not asked."""
        deletion = Deletion(documents, self._document_count([self._root] if self._root else []))
        if documents <= self._agreed or not deletion.is_large or self._options.allow_empty:
            return
        confirm = self._events.confirm
        if confirm is None or not confirm(deletion):
            raise SyncRefusedError(
                f"{documents:,} of {deletion.of:,} documents of {displayed(self._folder)} would be "
                f"deleted, more than a tenth; nothing was changed; if their files are gone for good, "
                f"run it again with --yes"
            )
        self._agreed = documents

    def _on_bad(self, bad: BadRecord) -> None:
        if self._events.on_bad is not None:
            self._events.on_bad(bad)
        if self._options.on_error is OnError.STOP:
            raise RecordError(bad.origin, bad.reason)
        self.report.bad.append(bad)
