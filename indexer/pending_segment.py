"""The segments that a writer is about to commit: their new deletions, and their merges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from indexer.generation import SegmentEntry
from indexer.run_files import RunFiles
from indexer.segment.array_file import ArrayFileWriter
from indexer.segment.segment import DELETIONS_SUFFIX, SEGMENT_SUFFIX, Segment
from indexer.segment.sorted_arrays import BoolArray
from indexer.segment.write.merge_policy import MOST_BYTES_IN_COMMIT, plan_merges
from indexer.segment.write.merger import MergeSource, merge_segments


@dataclass(frozen=True, slots=True)
class PendingSegment:
    """A segment of the next generation, and the documents that the writer deletes from it.

    `deleted` holds document numbers, without those that were deleted in an earlier commit.
    """

    segment: Segment
    deleted: set[int]

    def live(self) -> BoolArray:
        """Return which documents are live after the commit; bool [documents]."""
        live = self.segment.live.copy()
        live[list(self.deleted)] = False
        return live


def write_pending(
    files: RunFiles, pending: Sequence[PendingSegment], *, merge: bool, optimize: bool
) -> list[SegmentEntry]:
    """Write merged segments and lists of deleted documents; return the entries of a generation.

    Segments without live documents are left out. With `merge` small neighbours are merged as the merge
    policy says, of MOST_BYTES_IN_COMMIT together at most, with `optimize` all segments become one without
    deleted documents.
    """
    segments = [found for found in pending if found.live().any()]
    live = [int(found.live().sum()) for found in segments]
    documents = [found.segment.document_count for found in segments]
    if optimize:
        is_merged = len(segments) == 1 and live == documents
        merges = [] if is_merged else [range(len(segments))]
    else:
        sizes = [found.segment.array_file.size for found in segments]
        merges = plan_merges(live, documents, sizes, MOST_BYTES_IN_COMMIT) if merge else []
    return list(_write(files, segments, {found.start: found for found in merges if found}))


def _write(
    files: RunFiles, segments: Sequence[PendingSegment], merges: dict[int, range]
) -> Iterator[SegmentEntry]:
    number = 0
    while number < len(segments):
        merge = merges.get(number)
        if merge is None:
            yield write_deletions(files, segments[number])
            number += 1
        else:
            yield _write_merged(files, [segments[member] for member in merge])
            number = merge.stop


def _write_merged(files: RunFiles, members: Sequence[PendingSegment]) -> SegmentEntry:
    path = files.new_path(SEGMENT_SUFFIX)
    sources = [MergeSource(found.segment.array_file, found.live()) for found in members]
    return SegmentEntry(path.name, merge_segments(sources, path))


def write_deletions(files: RunFiles, pending: PendingSegment) -> SegmentEntry:
    """Return the entry of a segment that stays, with a new file of deletions where it needs one."""
    entry = pending.segment.entry
    if not pending.deleted:
        return entry
    deleted = np.flatnonzero(~pending.live()).astype(np.uint32)
    path = files.new_path(DELETIONS_SUFFIX)
    with ArrayFileWriter(path) as writer:
        writer.add("documents", deleted)
        writer.finish({})
    return replace(entry, deleted=int(deleted.size), deletions=path.name)
