"""Installing a generation: its files are copied into a directory, and then named by one rename."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from indexer import generation as generations
from indexer.access_errors import reporting_access_errors
from indexer.check.index_check import verify_index
from indexer.copies.held_files import Written
from indexer.durable_directories import make_directory
from indexer.errors import IndexDamagedError, IndexerError
from indexer.generation import Generation
from indexer.run_files import RunFiles
from indexer.segment.array_file import ArrayFile
from indexer.write_lock import WriteLock

Progress = Callable[[int, int], object]
"""Takes the bytes that were copied, and those that are to be copied."""


class FileGoneError(Exception):
    """The source has a newer generation, and no longer a file of the one that is copied."""


class GenerationSource(Protocol):
    """Where a generation is copied from. `content` is what its `searchd.json` holds."""

    content: bytes

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""

    def copy(self, name: str, write: Written) -> None:
        """Give the bytes of a file to `write`. Raises FileGoneError."""

    def refresh(self) -> None:
        """Go on with the newest generation. Raises IndexerError where there is no newer one."""

    def is_copy(self, name: str, path: Path, *, is_named: bool) -> bool:
        """Whether a path already has the file of a name; `is_named` where the index has it."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What was installed: files that were copied, their bytes, files that were there already."""

    generation: Generation
    copied: int
    bytes: int
    kept: int


class _Installation:
    def __init__(
        self, directory: Path, source: GenerationSource, files: RunFiles, progress: Progress | None
    ) -> None:
        self._directory = directory
        self._source = source
        self._files = files
        self._progress = progress
        self._named = _named_files(directory)
        self._kept = set[str]()
        self._copied: dict[str, int] = {}

    def copy_files(self) -> Generation:
        """Copy the files that are missing; return the generation that names them."""
        while True:
            generation = generations.parse(self._directory, self._source.content)
            try:
                self._copy_missing(generation)
            except FileGoneError:
                self._source.refresh()
                continue
            return generation

    def _copy_missing(self, generation: Generation) -> None:
        missing = [name for name in generation.file_names if not self._has(name)]
        self._done, self._total = 0, sum(map(self._source.size, missing))
        for name in missing:
            self._copy(name)

    def _has(self, name: str) -> bool:
        if name in self._copied:
            return True
        path = self._directory / name
        if self._source.is_copy(name, path, is_named=name in self._named):
            self._kept.add(name)
            return True
        return False

    def _copy(self, name: str) -> None:
        draft = self._files.new_path(Path(name).suffix)
        with draft.open("xb") as file:

            def write(data: bytes) -> None:
                file.write(data)
                self._done += len(data)
                if self._progress is not None:
                    self._progress(self._done, self._total)

            self._source.copy(name, write)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        check_pages(draft)
        draft.replace(self._files.add(name))
        self._copied[name] = size

    def result(self, generation: Generation) -> Installed:
        """Return what was installed."""
        named = set(generation.file_names)
        copied = [size for name, size in self._copied.items() if name in named]
        return Installed(generation, len(copied), sum(copied), len(self._kept & named))


def install_generation(
    directory: Path,
    source: GenerationSource,
    *,
    verify: bool = False,
    renumber: bool = False,
    progress: Progress | None = None,
) -> Installed:
    """Make the generation of a source the current one of the index in a directory, atomically.

    Files that are there already are not copied. Every other one is made durable and checked before
    the generation names it; a file of an older generation that is replaced stays readable for those who have
    it open. With `verify` the files are compared with each other too (`verify_index`). With
    `renumber` the number is above that of the generation that is replaced, so that numbers never
    come again. On every error the index is as it was.

    Raises IndexBusyError while a writer is at work, IndexAccessError, IndexDamagedError for files
    that are not as written, and what `source` raises.
    """
    with reporting_access_errors(directory):
        make_directory(directory)
        lock = WriteLock(directory)
        try:
            files = RunFiles(directory, lock)
            try:
                installation = _Installation(directory, source, files, progress)
                generation = installation.copy_files()
                if verify:
                    verify_index(directory, content=source.content)
                if generations.content(directory) != source.content:
                    generation = _commit(directory, source.content, files, generation, renumber)
            finally:
                files.end()
        finally:
            lock.release()
    return installation.result(generation)


def _commit(
    directory: Path, content: bytes, files: RunFiles, generation: Generation, renumber: bool
) -> Generation:
    files.prepare_commit()
    if renumber and generations.exists(directory):
        before = 0
        with suppress(IndexerError):
            before = generations.read(directory).number
        generation = replace(generation, number=max(before + 1, generation.number))
        files.finish_commit(generations.write(directory, generation))
    else:
        generations.install(directory, content)
        files.finish_commit(content)
    return generation


def check_pages(path: Path) -> None:
    """Compare every page of a file of a segment with its checksum. Raises IndexDamagedError."""
    try:
        with path.open("rb") as file:
            ArrayFile(path).verify(file)
    except FileNotFoundError as error:
        raise IndexDamagedError(f"{path} was removed while it was checked; try again") from error


def _named_files(directory: Path) -> set[str]:
    """Return the files of the current generation, none where it cannot be read."""
    with suppress(IndexerError):
        return set(generations.read(directory).file_names)
    return set()
