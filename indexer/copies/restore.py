"""Restoring an index from a folder of backups."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from indexer import generation as generations
from indexer.copies.held_files import COPIED_AT_ONCE, Written
from indexer.copies.installing import Installed, Progress, install_generation
from indexer.copies.manifest import BackedUpFile, Backup, new_digest
from indexer.copies.repository import BackupFolder, damaged_error, digest_of
from indexer.durable_directories import make_directory, sync_directory
from indexer.errors import BackupError
from indexer.replica_mark import check_no_replica

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def restore(
    target: Path,
    directory: Path,
    *,
    number: int | None = None,
    force: bool = False,
    verify: bool = True,
    saved_to: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Backup, Installed]:
    """Make the index in a directory what a backup has: the one of a number, or the newest.

    An existing index is replaced only with `force`, by one rename, as by a commit: who has it open
    reads on, and sees the restored one with the next search. Its number is then above both, so that
    nobody takes it for an older state. Files that the directory has already are not copied. Every
    file is compared with its hash, and with `verify` the whole index is checked. Files beside the
    index are written to the folder `saved_to`, none of which may be there yet.

    Raises BackupError, and like `install_generation`.
    """
    folder = BackupFolder(target)
    backup = folder.find(number)
    check_no_replica(directory)
    if generations.exists(directory) and not force:
        raise BackupError(
            f"there is an index at {directory} already; add --force to replace it with backup "
            f"{backup.number} of {backup.created}, or name another directory with --index"
        )
    for file in backup.saved if saved_to is not None else ():
        folder.check(file)
    source = _BackupSource(folder, backup)
    installed = install_generation(
        directory, source, verify=verify, renumber=True, progress=progress
    )
    if saved_to is not None:
        _write_saved(folder, backup.saved, saved_to)
    return backup, installed


def verify_backup(target: Path, number: int | None = None) -> Backup:
    """Read every file of a backup and compare it with its hash. Raises BackupError."""
    folder = BackupFolder(target)
    backup = folder.find(number)
    for file in (*backup.files, *backup.saved):
        folder.check(file)
    return backup


class _BackupSource:
    """The files of a backup, as `install_generation` takes them."""

    def __init__(self, folder: BackupFolder, backup: Backup) -> None:
        self.content = backup.content.encode()
        self._folder = folder
        self._files = {file.name: file for file in backup.files}

    def size(self, name: str) -> int:
        return self._file(name).size

    def copy(self, name: str, write: Written) -> None:
        file, digest = self._file(name), new_digest()
        path = self._folder.files / file.stored_name
        try:
            stream = path.open("rb")
        except FileNotFoundError as error:
            raise damaged_error(self._folder.path, file) from error
        except OSError as error:
            raise BackupError(f"{path} cannot be read ({error}); check its permissions") from error
        with stream:
            while data := _read(stream, path):
                digest.update(data)
                write(data)
        if digest.hexdigest() != file.digest:
            raise damaged_error(self._folder.path, file)

    def refresh(self) -> None:
        """A backup never changes."""

    def is_copy(self, name: str, path: Path, *, is_named: bool) -> bool:  # noqa: ARG002 - of the protocol
        file = self._file(name)
        try:
            return path.stat().st_size == file.size and digest_of(path)[1] == file.digest
        except OSError:
            return False

    def _file(self, name: str) -> BackedUpFile:
        try:
            return self._files[name]
        except KeyError:
            raise BackupError(
                f"the backup in {self._folder.path} lacks the file {name}; restore another with "
                f"--backup NUMBER"
            ) from None


def _read(stream: BinaryIO, path: Path) -> bytes:
    try:
        return stream.read(COPIED_AT_ONCE)
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error}); check the disk") from error


def _write_saved(folder: BackupFolder, files: Sequence[BackedUpFile], saved_to: Path) -> None:
    try:
        make_directory(saved_to)
        for file in files:
            data = (folder.files / file.stored_name).read_bytes()
            descriptor = os.open(saved_to / file.name, _NEW_FILE, file.mode)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        sync_directory(saved_to)
    except FileExistsError as error:
        raise BackupError(
            f"the index was restored, but {error.filename} is there already and was left as it is; "
            f"name an empty folder with --saved-to"
        ) from error
    except OSError as error:
        raise BackupError(
            f"the index was restored, but the files beside it cannot be written to {saved_to} "
            f"({error}); name another folder with --saved-to"
        ) from error
