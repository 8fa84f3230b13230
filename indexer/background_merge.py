"""Background merges: segments become one while others write to the index.

A commit merges small segments alone (`MOST_BYTES_IN_COMMIT`), so that a writer waits a few seconds at
most. What remains is merged here, without the write lock: segments never change, so they are read while
writers go on. The lock is held for the last step only, in which the new segment takes their place, with
the documents deleted that were deleted meanwhile. Where a writer has replaced one of them by then, the
merge is given up.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer import generation as generations
from indexer.access_errors import reporting_access_errors
from indexer.damage import reporting_damage
from indexer.errors import IndexBusyError
from indexer.file_lock import acquire_lock
from indexer.generation import Generation, SegmentEntry
from indexer.pending_segment import PendingSegment, write_deletions
from indexer.replica_mark import check_no_replica
from indexer.run_files import RunFiles
from indexer.segment.segment import SEGMENT_SUFFIX, Segment
from indexer.segment.sorted_arrays import BoolArray
from indexer.segment.write.merge_policy import plan_merges, plan_merges_to
from indexer.segment.write.merger import MergeSource, merge_segments
from indexer.write_lock import MERGE_LOCK_FILE, WriteLock

_SUFFIX = ".merging"
"""Of a file that is no segment yet; a killed merge leaves it to the next one."""

_PAUSE_SECONDS = 0.1

DEFAULT_WAIT_SECONDS = 60.0
"""How long a merge waits at its end for a writer that is at work."""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What was merged: the numbers of segments before and after, and the documents of the index.

    `given_up` counts merges whose segments a writer had replaced before their end.
    """

    before: int
    after: int
    documents: int
    given_up: int = 0


def merge_segments_of(
    directory: Path, *, most_segments: int | None = 1, wait_seconds: float = DEFAULT_WAIT_SECONDS
) -> MergeReport:
    """Merge the segments of the index in a directory until there are `most_segments` or fewer.

    With 1 the last one is without deleted documents. With None only those are merged that the merge policy
    asks for. Searches and writers go on meanwhile; documents that they add are in segments of their own.

    Raises IndexBusyError where another merge is at work, or a writer for longer than `wait_seconds`
    at the end of one, IndexMissingError, IndexMismatchError, IndexDamagedError, ReplicaError and
    IndexAccessError.
    """
    with reporting_access_errors(directory):
        check_no_replica(directory)
        first = last = generations.read(directory)
        given_up = 0
        with _merge_lock(directory):
            _remove_unfinished(directory)
            for _attempt in range(_most_merges(first)):
                last = generations.read(directory)
                try:
                    merges = _plan(directory, last, most_segments)
                    if not merges:
                        break
                    given_up += not _merge(directory, last, merges[0], wait_seconds)
                except FileNotFoundError as error:
                    if generations.read(directory) == last:
                        raise generations.missing_file_error(directory, error) from error
                    given_up += 1  # a writer has replaced a segment, and removed its file
            last = generations.read(directory)
    documents = sum(entry.documents - entry.deleted for entry in last.segments)
    return MergeReport(len(first.segments), len(last.segments), documents, given_up)


def is_merge_due(directory: Path) -> bool:
    """Return whether the merge policy asks for a merge of the index in a directory.

    Raises like `merge_segments_of`.
    """
    return bool(_plan(directory, generations.read(directory), None))


def _most_merges(generation: Generation) -> int:
    """Return after how many merges it ends, though a writer makes ever new segments."""
    return 2 * len(generation.segments) + 2


def _plan(directory: Path, generation: Generation, most: int | None) -> list[range]:
    """Return the ranges of segments to merge, each into one."""
    live = [entry.documents - entry.deleted for entry in generation.segments]
    documents = [entry.documents for entry in generation.segments]
    if most is None:
        return plan_merges(live, documents)
    sizes = [(directory / entry.name).stat().st_size for entry in generation.segments]
    return plan_merges_to(most, sizes, live, documents)


def _merge(directory: Path, generation: Generation, merge: range, wait_seconds: float) -> bool:
    """Merge a range of the segments of a generation; return whether they were replaced by it."""
    entries = generation.segments[merge.start : merge.stop]
    draft = directory / f"{uuid.uuid4().hex}{_SUFFIX}"
    try:
        with reporting_damage(directory):
            sources = [
                PendingSegment(_opened(directory, generation, entry), set()) for entry in entries
            ]
            live = [source.live() for source in sources]
            if any(each.any() for each in live):
                merge_segments(
                    [
                        MergeSource(source.segment.array_file, each)
                        for source, each in zip(sources, live, strict=True)
                    ],
                    draft,
                )
        with _write_lock(directory, wait_seconds) as lock:
            return _replace(directory, lock, entries, np.concatenate(live), draft)
    finally:
        draft.unlink(missing_ok=True)


def _replace(
    directory: Path,
    lock: WriteLock,
    entries: Sequence[SegmentEntry],
    merged: BoolArray,
    draft: Path,
) -> bool:
    """Let a merged segment take the place of others; return False where one of them is gone.

    `merged`: bool [documents], which documents of the others are in it.
    """
    files = RunFiles(directory, lock)
    try:
        newest = generations.read(directory)
        names = [entry.name for entry in newest.segments]
        first = names.index(entries[0].name) if entries[0].name in names else -1
        found = newest.segments[max(first, 0) : max(first, 0) + len(entries)]
        if first < 0 or [entry.name for entry in found] != [entry.name for entry in entries]:
            return False
        replaced: list[SegmentEntry] = []
        if draft.exists():
            live = np.concatenate([_opened(directory, newest, entry).live for entry in found])
            path = files.new_path(SEGMENT_SUFFIX)
            draft.replace(path)
            segment = Segment(
                directory,
                SegmentEntry(path.name, int(merged.sum())),
                title_weight=newest.title_weight,
            )
            deleted = np.flatnonzero(~live[merged])
            if deleted.size < segment.document_count:
                pending = PendingSegment(segment, set(deleted.tolist()))
                replaced.append(write_deletions(files, pending))
        before, after = newest.segments[:first], newest.segments[first + len(entries) :]
        files.prepare_commit()
        files.finish_commit(generations.write(directory, newest.next((*before, *replaced, *after))))
        return True
    finally:
        files.end()


def _opened(directory: Path, generation: Generation, entry: SegmentEntry) -> Segment:
    return Segment(directory, entry, title_weight=generation.title_weight)


@contextmanager
def _merge_lock(directory: Path) -> Iterator[None]:
    lock = acquire_lock(directory / MERGE_LOCK_FILE)
    if lock is None:
        raise IndexBusyError(
            f"another process merges segments of the index at {directory}; wait for it to end"
        )
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _write_lock(directory: Path, wait_seconds: float) -> Iterator[WriteLock]:
    """Hold the write lock of an index, which a writer may have for a while."""
    end = time.monotonic() + wait_seconds
    while True:
        try:
            lock = WriteLock(directory)
            break
        except IndexBusyError:
            if time.monotonic() >= end:
                raise
            time.sleep(_PAUSE_SECONDS)
    try:
        yield lock
    finally:
        lock.release()


def _remove_unfinished(directory: Path) -> None:
    """Remove the files of merges that were killed."""
    with os.scandir(directory) as entries:
        names = [
            entry.name
            for entry in entries
            if entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False)
        ]
    for name in names:
        with suppress(ValueError, OSError):
            uuid.UUID(hex=name.removesuffix(_SUFFIX))  # of no other program
            (directory / name).unlink()
