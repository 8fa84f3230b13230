"""The files of one generation of an index, held open while they are copied.

A writer may remove files of older generations at any time; what is open can be read on.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from indexer import generation as generations
from indexer.damage import damaged, regular_file_size
from indexer.errors import IndexAccessError
from indexer.generation import GENERATION_FILE, Generation

COPIED_AT_ONCE = 1 << 20
"""Bytes that are read and written at once."""

Written = Callable[[bytes], object]
"""Takes the bytes of a file, part by part."""


class HeldFiles:
    """The current generation of an index and its open files. To be closed, or used in a `with`.

    `content` is what its `searchd.json` holds. Raises IndexMissingError, IndexMismatchError,
    IndexDamagedError and IndexAccessError.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.content = b""
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        try:
            self.generation = self._open()
        except BaseException:
            self.close()
            raise

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""
        return os.fstat(self._files[name].fileno()).st_size

    def copy(self, name: str, write: Written) -> None:
        """Give the bytes of a file to `write`, which raises its own errors.

        Raises IndexAccessError where the file cannot be read.
        """
        file = self._files[name]
        file.seek(0)
        while data := self._read(name, file):
            write(data)

    def close(self) -> None:
        """Close all files."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> Generation:
        while True:
            content = generations.content(self.directory)
            if content is None:
                return generations.read(self.directory)  # which says that there is no index
            generation = generations.parse(self.directory, content)
            check_names(generation, self.directory / GENERATION_FILE)
            try:
                self._files = {name: self._open_file(name) for name in generation.file_names}
            except FileNotFoundError as error:
                if generations.content(self.directory) == content:
                    raise generations.missing_file_error(self.directory, error) from error
                self._stack.close()  # a writer has replaced the generation meanwhile
                continue
            self.content = content
            return generation

    def _open_file(self, name: str) -> BinaryIO:
        path = self.directory / name
        try:
            regular_file_size(path)
            return self._stack.enter_context(path.open("rb"))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise IndexAccessError(f"{path} cannot be read ({error})") from error

    def _read(self, name: str, file: BinaryIO) -> bytes:
        try:
            return file.read(COPIED_AT_ONCE)
        except OSError as error:
            raise IndexAccessError(
                f"{self.directory / name} cannot be read ({error}); check the disk"
            ) from error


def check_names(generation: Generation, path: Path) -> None:
    """Raise IndexDamagedError where a generation names files that no writer made.

    Copies have these names, and must not take the place of other files.
    """
    for name in generation.file_names:
        if not generations.is_segment_file(name):
            raise damaged(path, f"it names {name!r}, which is no file of a segment")
