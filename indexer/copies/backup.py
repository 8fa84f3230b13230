"""Making a backup of an index, while it is searched and written to."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.copies.held_files import COPIED_AT_ONCE, HeldFiles, Written
from indexer.copies.installing import Progress, check_pages
from indexer.copies.manifest import BackedUpFile, Backup, new_digest
from indexer.copies.repository import DRAFT, BackupFolder
from indexer.errors import BackupError

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

_Copy = Callable[[Written], object]
"""Gives the bytes of a file to a function."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was done: the backup, files that were copied with their bytes, backups that were removed.

    `is_new` is False where the newest backup had the same content already. `damaged` are manifests
    that cannot be read; where there are some, no file is removed, because they may name it.
    """

    backup: Backup
    is_new: bool
    copied: int
    copied_bytes: int
    removed: int
    damaged: tuple[Path, ...] = ()


def back_up(
    directory: Path,
    target: Path,
    *,
    keep: int | None = None,
    saved: Sequence[Path] = (),
    verify: bool = False,
    moved: bool = False,
    progress: Progress | None = None,
) -> BackedUp:
    """Add a backup of the current generation of an index to a folder of backups.

    Only files that no older backup has are copied; each is checked page by page. `saved` are files
    that belong to the index and are not in its directory, such as word files. With `verify` every
    file of the backup is read back, and copied again where it is damaged. Of older backups the
    newest `keep` with this one stay, all without `keep`. A backup that is cut off
    leaves the older ones whole.

    Raises BackupError, and like `HeldFiles`.
    """
    if keep is not None and keep < 1:
        raise ValueError(f"{keep} backups cannot be kept; keep 1 or more")
    folder = BackupFolder(target)
    with HeldFiles(directory) as held, folder.locked():
        folder.prepare(os.path.realpath(directory), moved=moved)
        run = _Run(folder, held, verify, progress)
        return run.back_up(saved, keep)


class _Run:
    def __init__(
        self, folder: BackupFolder, held: HeldFiles, verify: bool, progress: Progress | None
    ) -> None:
        self._folder = folder
        self._held = held
        self._verify = verify
        self._progress = progress
        self._older, self._damaged = folder.backups()
        self._done = self._total = self._copied = 0

    def back_up(self, saved: Sequence[Path], keep: int | None) -> BackedUp:
        generation = self._held.generation
        backup = Backup(
            number=self._folder.newest_number() + 1,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            generation=generation.number,
            documents=sum(entry.documents - entry.deleted for entry in generation.segments),
            content=self._held.content.decode(),
            files=self._copy_segments(),
            saved=tuple(map(self._save, _distinct(saved))),
        )
        newest = self._older[-1] if self._older else None
        is_new = newest is None or not newest.holds_the_same_as(backup)
        if newest is not None and not is_new:
            backup = newest
        else:
            self._folder.add(backup)
            self._older.append(backup)
        removed = self._remove(keep)
        return BackedUp(backup, is_new, self._copied, self._done, removed, tuple(self._damaged))

    def _copy_segments(self) -> tuple[BackedUpFile, ...]:
        known = {file.name: file for backup in self._older for file in backup.files}
        names = self._held.generation.file_names
        there = {name: known[name] for name in names if name in known and self._has(known[name])}
        self._total = sum(self._held.size(name) for name in names if name not in there)
        return tuple(there.get(name) or self._copy_segment(name, known) for name in names)

    def _has(self, file: BackedUpFile) -> bool:
        return self._folder.has_intact(file) if self._verify else self._folder.has_of_size(file)

    def _copy_segment(self, name: str, known: Mapping[str, BackedUpFile]) -> BackedUpFile:
        draft = self._folder.files / f"{name}{DRAFT}"
        file = self._copy(name, draft, lambda write: self._held.copy(name, write))
        check_pages(draft)
        if name in known and known[name] != file:
            raise BackupError(
                f"{self._held.directory / name} is not the file that older backups have by this name; "
                f"verify the index with 'searchd verify'"
            )
        with self._folder.reporting():
            draft.replace(self._folder.files / name)
        return file

    def _save(self, path: Path) -> BackedUpFile:
        try:
            data, mode = path.read_bytes(), path.stat().st_mode & 0o777
        except OSError as error:
            raise BackupError(f"{path} cannot be read ({error}); name another file") from error
        draft = self._folder.files / f"saved{DRAFT}"
        file = self._copy(path.name, draft, lambda write: write(data), mode or 0o600)
        if self._folder.has_intact(file):
            with self._folder.reporting():
                draft.unlink()
        else:
            with self._folder.reporting():
                draft.replace(self._folder.files / file.stored_name)
        return file

    def _copy(self, name: str, draft: Path, copy: _Copy, mode: int = 0) -> BackedUpFile:
        digest, size = new_digest(), 0
        with self._folder.reporting():
            draft.unlink(missing_ok=True)
            descriptor = os.open(draft, _NEW_FILE, 0o600 if mode else 0o666)
            with os.fdopen(descriptor, "wb", buffering=COPIED_AT_ONCE) as stream:

                def write(data: bytes) -> None:
                    nonlocal size
                    stream.write(data)
                    digest.update(data)
                    size += len(data)
                    self._count(0 if mode else len(data))

                copy(write)
                stream.flush()
                os.fsync(stream.fileno())
        self._copied += not mode
        return BackedUpFile(name, size, digest.hexdigest(), mode)

    def _count(self, size: int) -> None:
        self._done += size
        if self._progress is not None:
            self._progress(self._done, self._total)

    def _remove(self, keep: int | None) -> int:
        """Remove the oldest backups; return how many. Files that are needed no more go with them."""
        old = self._older[:-keep] if keep is not None else []
        if old:
            self._folder.remove(old)
        if not self._damaged:
            self._folder.remove_unnamed(self._older[len(old) :])
        return len(old)


def _distinct(paths: Sequence[Path]) -> list[Path]:
    """Return files, of which no two may have one name. Raises BackupError."""
    by_name: dict[str, Path] = {}
    for path in paths:
        if by_name.setdefault(path.name, path) != path:
            raise BackupError(
                f"{by_name[path.name]} and {path} have one name, and would be restored to one file; "
                f"rename one of them"
            )
    return list(by_name.values())
