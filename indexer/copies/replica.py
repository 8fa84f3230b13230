"""Replicas: a copy of an index that follows it, generation by generation, and is only read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from indexer import generation as generations
from indexer.access_errors import reporting_access_errors
from indexer.copies.held_files import HeldFiles, Written
from indexer.copies.installing import (
    GenerationSource,
    Installed,
    Progress,
    install_generation,
)
from indexer.copies.repository import write_durably
from indexer.durable_directories import make_directory
from indexer.errors import ReplicaError
from indexer.replica_mark import MARK_FILE, source_of


class PrimarySource(GenerationSource, Protocol):
    """The files of a primary, held as long as it is open."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Primary:
    """What a replica follows: its name in messages, and how it is opened.

    `open` takes the content of the generation that the replica has, None for none, and returns None
    where that is the newest one.
    """

    name: str
    open: Callable[[bytes | None], PrimarySource | None]


def replicate(
    primary: Primary,
    directory: Path,
    *,
    verify: bool = False,
    progress: Progress | None = None,
) -> Installed | None:
    """Make a replica what its primary is now; return None where it is that already.

    New files are copied and checked before the generation that names them; older files are removed
    after it, and stay readable for engines that have them open. The first time marks the
    directory as a replica: `IndexWriter` refuses it from then on. With `verify` the files are compared
    with each other too. On every error the replica is as it was.

    Raises ReplicaError where the directory has an index of its own or a replica of something else,
    and where the primary does not answer, and like `install_generation` and `HeldFiles`.
    """
    _check(primary, directory)
    source = primary.open(generations.content(directory))
    if source is None:
        return None
    with source:
        _mark(primary, directory)
        return install_generation(directory, source, verify=verify, progress=progress)


def directory_primary(path: Path) -> Primary:
    """Return the primary in a directory of this machine, or of a network file system."""
    name = os.path.realpath(path)

    def open_source(known: bytes | None) -> PrimarySource | None:
        if known is not None and generations.content(path) == known:
            return None
        return _DirectorySource(path)

    return Primary(name, open_source)


class _DirectorySource:
    """The files of an index in a directory, as `install_generation` takes them."""

    def __init__(self, directory: Path) -> None:
        self._held = HeldFiles(directory)
        self.content = self._held.content

    def size(self, name: str) -> int:
        return self._held.size(name)

    def copy(self, name: str, write: Written) -> None:
        self._held.copy(name, write)

    def refresh(self) -> None:
        """What is held open is never gone."""

    def is_copy(self, name: str, path: Path, *, is_named: bool) -> bool:
        return is_copy_of_size(path, self.size(name), is_named=is_named)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._held.close()


def is_copy_of_size(path: Path, size: int, *, is_named: bool) -> bool:
    """Whether a replica has a file already: one that its generation names, so it was checked."""
    try:
        return is_named and path.stat().st_size == size
    except OSError:
        return False


def _check(primary: Primary, directory: Path) -> None:
    followed = source_of(directory)
    if followed is None and generations.exists(directory):
        raise ReplicaError(
            f"the index at {directory} is no replica, and would be replaced; name a new directory "
            f"with --index"
        )
    if followed not in (None, primary.name):
        raise ReplicaError(
            f"the index at {directory} is a replica of {followed}, not of {primary.name}; name another "
            f"directory with --index, or remove {directory / MARK_FILE} and the index"
        )
    if os.path.realpath(directory) == primary.name:
        raise ReplicaError(f"{directory} cannot follow itself; name another directory with --index")


def _mark(primary: Primary, directory: Path) -> None:
    if source_of(directory) is None:
        with reporting_access_errors(directory):
            make_directory(directory)
            write_durably(directory / MARK_FILE, json.dumps({"source": primary.name}).encode())
