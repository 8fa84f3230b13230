"""The files that one run of a writer makes, and the removal of those that no generation needs."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from indexer import generation as generations
from indexer.damage import regular_file_size
from indexer.durable_directories import sync_directory
from indexer.errors import IndexAccessError, IndexBusyError, IndexDamagedError, IndexerError
from indexer.write_lock import WriteLock

NAMES_FILE = "searchd.unfinished"
"""The names of the files that the first run in a directory makes, one in each line.

Such a run removes it at its end. Where it was killed before its commit there is no generation, and the
next run knows by this file which segments are of the killed run, and which were put there by somebody
else. Where it was killed after it, the next run removes the file.
"""


class RunFiles:
    """The files of one run in the directory of an index, whose write lock the run holds.

    Nothing is removed but files that this run made, those that a killed first run made, and, beside
    a current generation, files that are named as segments or deletions of searchd and that it does
    not name: replaced ones, and those of runs that failed. Errors of the system are ignored there:
    the next run tries again.

    Raises IndexDamagedError where there are segments without a generation that names them.
    """

    def __init__(self, directory: Path, lock: WriteLock) -> None:
        self._directory = directory
        self._lock = lock
        self._made: set[str] = set()
        self._may_be_named = False
        self._is_durable = False
        self._identity = _identity(directory)
        self._known = generations.content(directory)
        # Files of this run are found by it in a directory that was moved.
        self._descriptor = -1
        if os.unlink in os.supports_dir_fd:
            self._descriptor = os.open(directory, os.O_RDONLY)
        self._is_first = self._known is None
        if self._is_first:
            try:
                self._remove_killed_run()
            except BaseException:
                self._close()
                raise

    def _remove_killed_run(self) -> None:
        killed = _noted_names(self._directory)
        unknown = sorted(set(generations.segment_files(self._directory)) - killed)
        if unknown:
            raise generations.unnamed_segments_error(self._directory, unknown)
        self._unlink((*killed, NAMES_FILE))

    def new_path(self, suffix: str) -> Path:
        """Return a path in the directory that no file has had, for a file of this run."""
        return self.add(f"{uuid.uuid4().hex}{suffix}")

    def add(self, name: str) -> Path:
        """Return the path of a file of a name, which this run makes: of a copy, it has that of the original."""
        if self._is_first:
            with (self._directory / NAMES_FILE).open("a", encoding="ascii") as file:
                file.write(f"{name}\n")
            self._made.add(NAMES_FILE)
        self._made.add(name)
        return self._directory / name

    def prepare_commit(self) -> None:
        """Check that nobody else has changed the index since the run began.

        A lock whose file was removed is taken again. Raises IndexBusyError where another writer has
        it or has committed, or where another directory is in the place of this one.
        """
        if _identity(self._directory) != self._identity:
            raise IndexBusyError(
                f"the directory of the index at {self._directory} was moved or replaced while it "
                f"was written to; nothing was changed there; put it back and start again"
            )
        self._lock.renew()
        if generations.content(self._directory) != self._known:
            raise IndexBusyError(
                f"the index at {self._directory} was changed while this writer was open, by another "
                f"one or by hand, although {self._lock.path.name} says that it may not be; the "
                f"changes of this writer were dropped; start again"
            )
        self._may_be_named = True

    def is_changed(self) -> bool:
        """Return whether there is another generation than at the beginning of the run."""
        with suppress(IndexAccessError):
            return generations.content(self._directory) != self._known
        return False

    def finish_commit(self, content: bytes) -> None:
        """Note that this run has committed, durably, a generation of this content."""
        self._known = content
        self._is_durable = True

    def end(self) -> None:
        """Remove what is not needed. No file may be made after."""
        with suppress(IndexerError, OSError):
            self._remove_unused()
        self._close()

    def _remove_unused(self) -> None:
        content = generations.content(self._directory)
        is_known = content == self._known
        needed = set[str]()
        try:
            if content is not None:
                needed = set(generations.parse(self._directory, content).file_names)
        except IndexerError:
            if not is_known:
                return  # it may name files of this run
            content = None
        self._unlink(self._made - needed)
        if content is not None and is_known and self._lock.is_held:
            self._remove_replaced(needed)

    def _remove_replaced(self, needed: set[str]) -> None:
        unused = set(generations.segment_files(self._directory)) - needed
        for name in (generations.DRAFT_FILE, NAMES_FILE):
            if (self._directory / name).is_file():
                unused.add(name)
        with suppress(OSError):
            # Until the new name is durable a crash of the machine may bring the old files back.
            if unused and not self._is_durable:
                sync_directory(self._directory)
            self._unlink(unused)

    def _unlink(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(OSError):  # on Windows a reader may have it open
                (self._directory / name).unlink()
                continue
            if self._descriptor >= 0 and name in self._made and not self._may_be_named:
                with suppress(OSError):  # the directory was moved
                    os.unlink(name, dir_fd=self._descriptor)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _noted_names(directory: Path) -> set[str]:
    """Return the files that a killed first run made, of those that are still there."""
    path = directory / NAMES_FILE
    try:
        regular_file_size(path)
        noted = path.read_text("ascii", "replace").splitlines()
    except (OSError, IndexDamagedError):
        return set()
    return set(noted) & set(generations.segment_files(directory))


def _identity(directory: Path) -> tuple[int, int] | None:
    """Return what tells a directory from every other, None where there is none."""
    try:
        status = directory.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
