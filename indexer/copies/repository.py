"""A folder of backups of one index.

    searchd-backups.json   marks the folder, and names the index
    files/                 the files of all backups; several backups may share one
    backups/NUMBER.json    the manifest of each backup, written last
    searchd.lock           locked while a backup is made

Nothing in it is changed once it is there; what no manifest names is removed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.copies.manifest import BackedUpFile, Backup, new_digest
from indexer.durable_directories import make_directory, sync_directory
from indexer.errors import BackupError, IndexBusyError
from indexer.write_lock import LOCK_FILE, WriteLock

MARK_FILE = "searchd-backups.json"
DRAFT = ".part"
_MANIFEST = ".json"
_READ_AT_ONCE = 1 << 20


class BackupFolder:
    """A folder of backups. Raises BackupError where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = path / "files"
        self._manifests = path / "backups"

    def exists(self) -> bool:
        """Whether this is a folder of backups already."""
        return os.path.lexists(self.path / MARK_FILE)

    def index(self) -> str:
        """Return the path of the index whose backups these are."""
        path = self.path / MARK_FILE
        try:
            index = json.loads(path.read_bytes())["index"]
        except (FileNotFoundError, NotADirectoryError):
            raise BackupError(
                f"{self.path} is no folder of backups; name the one that 'searchd backup' wrote to"
            ) from None
        except OSError as error:
            raise self._unreadable(path, error) from error
        except (ValueError, LookupError, TypeError) as error:
            raise BackupError(
                f"{path} is damaged ({error}); put it back from a copy of the folder"
            ) from error
        return str(index)

    def prepare(self, index: str, *, moved: bool) -> None:
        """Make the folder, or check that it has backups of the index at a path.

        With `moved` it takes those of an index that was elsewhere before.
        """
        if self.exists():
            known = self.index()
            if known == index:
                return
            if not moved:
                raise BackupError(
                    f"{self.path} has the backups of the index at {known}, not at {index}; give each "
                    f"index a folder of its own, or add --moved if it is the same index elsewhere"
                )
        elif self.path.is_dir() and (found := _foreign_files(self.path)):
            raise BackupError(
                f"{self.path} is no folder of backups, and not empty ({found[0]}); name a new folder"
            )
        with self.reporting():
            make_directory(self.files)
            make_directory(self._manifests)
            write_durably(self.path / MARK_FILE, json.dumps({"index": index}).encode())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other backups out of the folder, which is made. Raises BackupError."""
        with self.reporting():
            make_directory(self.path)
            try:
                lock = WriteLock(self.path)
            except IndexBusyError:
                raise BackupError(
                    f"another backup is being written to {self.path}; wait for it to end"
                ) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Raise BackupError in place of an error of the operating system."""
        try:
            yield
        except OSError as error:
            raise BackupError(
                f"the backups at {self.path} cannot be read or written ({error}); older backups are as "
                f"they were; make sure that the folder may be written to and the disk has room"
            ) from error

    def backups(self) -> tuple[list[Backup], list[Path]]:
        """Return all backups, the oldest first, and the manifests that cannot be read."""
        self.index()  # which says if this is no such folder
        found, damaged = [], []
        with self.reporting():
            paths = [path for path in self._manifests.glob(f"*{_MANIFEST}") if path.stem.isdigit()]
            for path in sorted(paths):
                try:
                    found.append(Backup.from_json(path.read_bytes()))
                except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
                    damaged.append(path)
        return found, damaged

    def newest_number(self) -> int:
        """Return the number of the newest backup, also of one that is damaged; 0 for none."""
        return max((int(path.stem) for path in self._numbered()), default=0)

    def find(self, number: int | None) -> Backup:
        """Return a backup by its number, None for the newest one. Raises BackupError."""
        found, damaged = self.backups()
        wanted = self.newest_number() if number is None else number
        for backup in found:
            if backup.number == wanted:
                return backup
        if self._manifest(wanted) in damaged:
            raise BackupError(
                f"{self._manifest(wanted)} is damaged; restore another backup with --backup NUMBER, "
                f"'searchd backups {self.path}' lists them"
            )
        if number is None:
            raise BackupError(
                f"there is no backup in {self.path} yet; make one with 'searchd backup'"
            )
        raise BackupError(
            f"there is no backup {number} in {self.path}; 'searchd backups {self.path}' lists them"
        )

    def add(self, backup: Backup) -> None:
        """Store the manifest of a backup, whose files are durable: from then on it is there."""
        with self.reporting():
            sync_directory(self.files)
            write_durably(self._manifest(backup.number), backup.to_json())

    def remove(self, backups: Iterable[Backup]) -> None:
        """Remove manifests of backups."""
        with self.reporting():
            for backup in backups:
                self._manifest(backup.number).unlink(missing_ok=True)
            sync_directory(self._manifests)

    def remove_unnamed(self, backups: Iterable[Backup]) -> None:
        """Remove the files that none of these backups, which are all, names."""
        named = {file.stored_name for backup in backups for file in (*backup.files, *backup.saved)}
        with self.reporting():
            for path in self.files.iterdir():
                if path.name not in named:
                    path.unlink()

    def check(self, file: BackedUpFile) -> None:
        """Read a file back and compare it with its hash. Raises BackupError."""
        if not self.has_intact(file):
            raise damaged_error(self.path, file)

    def has_intact(self, file: BackedUpFile) -> bool:
        """Whether a file is there, and as it was written."""
        with suppress(FileNotFoundError), self.reporting_other():
            return digest_of(self.files / file.stored_name) == (file.size, file.digest)
        return False

    def has_of_size(self, file: BackedUpFile) -> bool:
        """Whether a file is there, of the size that it was written with."""
        try:
            return (self.files / file.stored_name).stat().st_size == file.size
        except OSError:
            return False

    @contextmanager
    def reporting_other(self) -> Iterator[None]:
        """Like `reporting`, but for FileNotFoundError."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._unreadable(self.files, error) from error

    def _numbered(self) -> list[Path]:
        with self.reporting():
            return [path for path in self._manifests.glob(f"*{_MANIFEST}") if path.stem.isdigit()]

    def _manifest(self, number: int) -> Path:
        return self._manifests / f"{number:08}{_MANIFEST}"

    def _unreadable(self, path: Path, error: OSError) -> BackupError:
        return BackupError(f"{path} cannot be read ({error}); check its permissions and the disk")


def _foreign_files(folder: Path) -> list[str]:
    ours = {LOCK_FILE, "files", "backups", f"{MARK_FILE}{DRAFT}"}
    return sorted({path.name for path in folder.iterdir()} - ours)


def digest_of(path: Path) -> tuple[int, str]:
    """Return the size and the hash of a file. Raises OSError."""
    digest, size = new_digest(), 0
    with path.open("rb") as file:
        while data := file.read(_READ_AT_ONCE):
            digest.update(data)
            size += len(data)
    return size, digest.hexdigest()


def write_durably(path: Path, data: bytes) -> None:
    """Write a small file, or replace it, at once and durably. Raises OSError."""
    draft = path.with_name(f"{path.name}{DRAFT}")
    draft.unlink(missing_ok=True)
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_directory(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def damaged_error(folder: Path, file: BackedUpFile) -> BackupError:
    """Return the error for a file of a backup that is missing or not as it was written."""
    return BackupError(
        f"the backup is damaged: {folder / 'files' / file.stored_name} is missing or not as it was "
        f"written; restore another backup with --backup NUMBER, and make a new one with "
        f"'searchd backup --verify', which copies damaged files again"
    )
