"""Verification: everything of an index is read back and checked.

Searches check what they read when they read it. This reads the rest too, and finds what is damaged
before a search does: after a crash of a machine, on a disk in doubt, before a backup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from indexer import generation as generations
from indexer.check.segment_check import check_segment
from indexer.errors import IndexAccessError, IndexDamagedError
from indexer.generation import Generation, SegmentEntry
from indexer.segment.array_file import ArrayFile, damaged
from indexer.segment.document_store import DocumentStore

Progress = Callable[[int, int], None]

_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was read back: live documents, segments, and bytes of all files."""

    documents: int
    segments: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _File:
    """A file of an index, mapped and opened."""

    array_file: ArrayFile
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class _Part:
    """The files of one segment."""

    entry: SegmentEntry
    segment: _File
    deletions: _File | None

    @property
    def files(self) -> tuple[_File, ...]:
        return (self.segment, self.deletions) if self.deletions else (self.segment,)


def verify_index(directory: Path, progress: Progress | None = None) -> Verified:
    """Read every page of every file of the current generation, and check them against each other.

    `progress` is called with the bytes that are checked and those of all checks. A writer may be at
    work; what it commits meanwhile is not looked at.
    Raises IndexDamagedError, which names the file, and what `generation.read` raises.
    """
    with ExitStack() as files:
        generation, parts = _open(directory, files)
        report = _Reporter(parts, progress)
        for part in parts:
            for file in part.files:
                file.array_file.verify(file.file, report.add)
        live = [_live(part) for part in parts]
        for part in parts:
            with _naming(part.segment.array_file.path):
                check_segment(
                    part.segment.array_file,
                    generation.fields,
                    generation.title_weight,
                    report.add,
                )
            report.finish(part)
        _check_ids(parts, live)
        return Verified(
            documents=sum(int(found.sum()) for found in live),
            segments=len(parts),
            bytes=sum(file.array_file.size for part in parts for file in part.files),
        )


class _Reporter:
    """Adds up what was checked: each byte twice, for its page and for what it means."""

    def __init__(self, parts: Sequence[_Part], progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0
        self._total = 2 * sum(file.array_file.size for part in parts for file in part.files)
        self._finished = self._total // 2

    def add(self, size: int) -> None:
        self._done += size
        if self._progress is not None:
            self._progress(self._done, self._total)

    def finish(self, part: _Part) -> None:
        """Add what was not told of a segment."""
        self._finished += sum(file.array_file.size for file in part.files)
        self.add(self._finished - self._done)


def _open(directory: Path, files: ExitStack) -> tuple[Generation, list[_Part]]:
    """Open every file of the current generation, before a writer removes one."""
    while True:
        commit_stamp = generations.commit_stamp(directory)
        generation = generations.read(directory)
        try:
            return generation, [
                _Part(
                    entry,
                    _open_file(directory / entry.name, files),
                    _open_file(directory / entry.deletions, files) if entry.deletions else None,
                )
                for entry in generation.segments
            ]
        except FileNotFoundError as error:
            if generations.commit_stamp(directory) == commit_stamp:
                raise generations.missing_file_error(directory, error) from error
            files.close()


def _open_file(path: Path, files: ExitStack) -> _File:
    try:
        file = files.enter_context(path.open("rb"))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexAccessError(f"{path} cannot be read ({error})") from error
    return _File(ArrayFile(path), file)


def _live(part: _Part) -> npt.NDArray[np.bool_]:
    """Return which documents of a segment are not deleted, from a checked list of those that are."""
    entry = part.entry
    live = np.ones(entry.documents, np.bool_)
    documents = part.segment.array_file.values.get("documents")
    if documents != entry.documents:
        raise damaged(
            part.segment.array_file.path, f"it holds {documents} documents, not {entry.documents}"
        )
    if part.deletions is not None:
        array_file = part.deletions.array_file
        deleted = array_file.array("documents").all().astype(np.int64)
        if int(deleted.max(initial=-1)) >= entry.documents or np.any(deleted[1:] <= deleted[:-1]):
            raise damaged(array_file.path, f"it lists documents that {entry.name} does not have")
        live[deleted] = False
    if int((~live).sum()) != entry.deleted:
        raise damaged(
            part.segment.array_file.path,
            f"{int((~live).sum())} of its documents are deleted, not {entry.deleted}",
        )
    return live


def _check_ids(parts: Sequence[_Part], live: Sequence[npt.NDArray[np.bool_]]) -> None:
    """Check that no two live documents have one id."""
    hashes = [_hashes(part)[mask] for part, mask in zip(parts, live, strict=True)]
    every = np.sort(np.concatenate(hashes)) if hashes else np.empty(0, np.uint64)
    twice = every[1:][every[1:] == every[:-1]]
    if not twice.size:
        return
    seen = set[bytes]()
    for part, mask in zip(parts, live, strict=True):
        documents = DocumentStore(part.segment.array_file)
        for number in np.flatnonzero(mask & np.isin(_hashes(part), twice)).tolist():
            found = documents.id(number)
            if found in seen:  # else two ids have one hash, which is as it should be
                raise damaged(part.segment.array_file.path, f"{found.decode()!r} is there twice")
            seen.add(found)


def _hashes(part: _Part) -> _Hashes:
    """Return the hash of the id of each document; uint64 [documents]."""
    array_file = part.segment.array_file
    hashes = np.empty(part.entry.documents, np.uint64)
    hashes[array_file.array("ids.documents").all()] = array_file.array("ids.hashes").all()
    return hashes


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn what numpy says of arrays that make no sense at all into IndexDamagedError."""
    try:
        yield
    except IndexDamagedError:
        raise
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise damaged(path, f"{type(error).__name__}: {error}") from error
