"""The comparison of a folder with what the index remembers of it: which files to read, and why.

Nothing is opened here but files that may be others under a new name, to compare their content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from indexer.file_table import (
    FileRow,
    FileState,
    FileTable,
    Root,
    file_digest,
    order_key,
)
from indexer.segment.sorted_arrays import BoolArray
from indexer.sync.folder_walk import FolderWalk, FoundFile

_Key = TypeVar("_Key")


@dataclass(slots=True)
class Candidate:
    """A file that is new or may have changed.

    `row` is the row of the table with its name, `source` the row of another file whose content it
    has now: it was moved. `digest` is the hash of its content, where that was asked for.
    """

    found: FoundFile
    row: int | None = None
    source: int | None = None
    digest: bytes | None = None


@dataclass(slots=True)
class Comparison:
    """What differs between a folder and the table.

    `steps` are, in the order of the folder, ranges of rows that stay and candidates. `gone` are the
    rows of files that are not there any more. `postponed` counts files that changed so shortly
    before that somebody may be writing them, and `found` all files of the folder.
    """

    steps: list[range | Candidate] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    postponed: int = 0
    found: int = 0

    @property
    def candidates(self) -> Iterator[Candidate]:
        """The files that are new or may have changed."""
        return (step for step in self.steps if isinstance(step, Candidate))

    def keep(self, row: int) -> None:
        """Note that a row stays as it is."""
        last = self.steps[-1] if self.steps else None
        if isinstance(last, range) and last.stop == row:
            self.steps[-1] = range(last.start, row + 1)
        else:
            self.steps.append(range(row, row + 1))


@dataclass(frozen=True, slots=True)
class Rules:
    """How files are compared with their rows.

    `reread`: no row is trusted. `reread_skipped`: none of a file of unknown kind is.
    `is_intact` says of each row whether the index holds its documents as they were written; bool
    [files]. A file whose time is in `recent` (ns, from and to) is postponed.
    """

    is_intact: BoolArray
    reread: bool = False
    reread_skipped: bool = False
    recent: tuple[int, int] | None = None

    def is_unchanged(self, number: int, row: FileRow, found: FoundFile) -> bool:
        """Return whether a file is as its row says, without reading it."""
        same = (row.size, row.mtime_ns, row.inode) == (found.size, found.mtime_ns, found.inode)
        if not same or self.reread:
            return False
        if row.state is FileState.SKIPPED:
            return not self.reread_skipped
        return row.state is FileState.READ and bool(self.is_intact[number])

    def is_recent(self, found: FoundFile) -> bool:
        """Return whether somebody may be writing a file."""
        return self.recent is not None and self.recent[0] < found.mtime_ns <= self.recent[1]


def compare(walk: FolderWalk, table: FileTable, root: Root | None, rules: Rules) -> Comparison:
    """Compare the files of a folder with the rows of its root; None where it has none."""
    result = Comparison()
    numbers = range(root.start, root.stop) if root is not None else range(0)
    rows = zip(numbers, table.rows(numbers.start, numbers.stop), strict=True)
    for known, found in _merge(rows, walk.files()):
        if found is None:
            result.gone += [known[0]] if known is not None else []
            continue
        result.found += 1
        if known is not None and rules.is_unchanged(*known, found):
            result.keep(known[0])
        elif rules.is_recent(found):
            result.postponed += 1
            if known is not None:
                result.keep(known[0])
        else:
            result.steps.append(Candidate(found, known[0] if known is not None else None))
    return _with_hidden_rows(result, walk, table)


def _with_hidden_rows(result: Comparison, walk: FolderWalk, table: FileTable) -> Comparison:
    """Keep the rows of files in directories that could not be looked into."""
    if not walk.unreadable:
        return result
    hidden = [row for row in result.gone if walk.is_hidden_by_failure(table.row(row).name)]
    result.gone = sorted(set(result.gone) - set(hidden))

    def name(step: range | Candidate) -> bytes:
        return step.found.name if isinstance(step, Candidate) else table.row(step.start).name

    single = [
        range(row, row + 1) for step in result.steps if isinstance(step, range) for row in step
    ]
    kept: list[range | Candidate] = [
        *single,
        *(range(row, row + 1) for row in hidden),
        *result.candidates,
    ]
    result.steps = sorted(kept, key=lambda step: order_key(name(step)))
    return result


def _merge(
    rows: Iterable[tuple[int, FileRow]], files: Iterable[FoundFile]
) -> Iterator[tuple[tuple[int, FileRow] | None, FoundFile | None]]:
    """Yield rows and files in the order of their names, those of one name together."""
    known_rows, found_files = iter(rows), iter(files)
    known, found = next(known_rows, None), next(found_files, None)
    while known is not None or found is not None:
        row_key = order_key(known[1].name) if known is not None else None
        file_key = order_key(found.name) if found is not None else None
        takes_row = file_key is None or (row_key is not None and row_key <= file_key)
        takes_file = row_key is None or (file_key is not None and file_key <= row_key)
        yield known if takes_row else None, found if takes_file else None
        if takes_row:
            known = next(known_rows, None)
        if takes_file:
            found = next(found_files, None)


def find_moves(comparison: Comparison, table: FileTable, rules: Rules) -> None:
    """Find the candidates that are other files of the table under a new name; set their `source`.

    A renamed file keeps size, time and inode. Of the others, those are read whose size is that of
    a file which is gone, and are the same where their content is. A row is the source of one file.
    """
    if rules.reread:
        return
    changed = [found.row for found in comparison.candidates if found.row is not None]
    sources = {
        number: row
        for number in (*comparison.gone, *changed)
        if (row := table.row(number)).state in (FileState.READ, FileState.UNSETTLED)
        and rules.is_intact[number]
    }
    by_identity = _Sources(sources, lambda row: (row.size, row.mtime_ns, row.inode))
    for candidate in comparison.candidates:
        found = candidate.found
        source = by_identity.take((found.size, found.mtime_ns, found.inode), candidate.row)
        if source is not None:
            candidate.source = source
            candidate.digest = sources.pop(source).digest
    gone = set(comparison.gone)
    of_gone = {number: row for number, row in sources.items() if number in gone}
    sizes = {row.size for row in of_gone.values()}
    by_digest = _Sources(of_gone, lambda row: (row.size, row.digest))
    for candidate in comparison.candidates:
        found = candidate.found
        if candidate.source is None and candidate.row is None and found.size in sizes:
            candidate.digest = _digest_or_none(found)
            if candidate.digest is not None:
                candidate.source = by_digest.take((found.size, candidate.digest), None)


class _Sources:
    """The rows that files may have been moved from, by what tells them apart."""

    def __init__(
        self, rows: dict[int, FileRow], key: Callable[[FileRow], tuple[object, ...]]
    ) -> None:
        self._rows: dict[tuple[object, ...], list[int]] = {}
        for number, row in rows.items():
            self._rows.setdefault(key(row), []).append(number)

    def take(self, key: tuple[object, ...], but: int | None) -> int | None:
        """Return a row that was not taken yet and is not `but`, None where there is none."""
        rows = self._rows.get(key, [])
        for number in rows:
            if number != but:
                rows.remove(number)
                return number
        return None


def _digest_or_none(found: FoundFile) -> bytes | None:
    try:
        return file_digest(found.path)
    except OSError:
        return None  # reading it reports why


def intact_rows(table: FileTable, is_live: BoolArray) -> BoolArray:
    """Return of each row whether all of its documents are live; `is_live` is bool [documents]."""
    lost = np.concatenate(([0], np.cumsum(~is_live)))
    first = table.array("documents.first").astype(np.int64)
    return np.asarray(lost[first[1:]] == lost[first[:-1]], np.bool_)
