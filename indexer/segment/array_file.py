"""The file of a segment: named arrays in one memory-mapped file, with checksums.

Layout, little-endian:

    magic            8 bytes
    arrays           each begins at a multiple of 64 bytes
    directory        JSON: name -> [offset, dtype, length]; values that describe the segment
    checksums        XXH3 (64 bits) of each page of 64 KiB from the start of the file to its end
    footer           offset and length of the directory, offset and number of checksums, XXH3 of
                     directory and checksums, magic

The directory is checked when the file is opened, a page when it is first read. So damage raises an
error before the damaged bytes are used, and never gives a wrong answer.
"""

from __future__ import annotations

import json
import mmap
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

import numpy as np
import numpy.typing as npt

from indexer.damage import UNFIT, damaged, regular_file_size
from indexer.errors import IndexAccessError
from indexer.segment.page_checksums import PAGE, XXH3, PageChecksums

MAGIC = XXH3.magic
_ALIGNMENT = 64
_NUMBERS = re.compile(r"\|[biu]1|<[iu][248]|<f[248]")

AnyArray = npt.NDArray[Any]


class ArrayFileWriter:
    """Writes an array file, one array at a time. The file is durable when `finish` returns.

    Used as a context manager, it deletes a file that was not finished. A file that is not `durable` may
    be lost with the machine.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self._path = path
        self._durable = durable
        self._file: BinaryIO = path.open("wb")
        self._arrays: dict[str, tuple[int, str, int]] = {}
        self._checksums: list[int] = []
        self._page = bytearray()
        self._offset = 0
        self._write(MAGIC)

    def add(self, name: str, array: AnyArray) -> None:
        """Write a one-dimensional array. Raises ValueError for a name that was used before."""
        self.add_parts(name, array.dtype, (array,))

    def add_parts(self, name: str, dtype: npt.DTypeLike, parts: Iterable[AnyArray]) -> None:
        """Write an array of `dtype` in consecutive parts. Raises ValueError like `add`."""
        if name in self._arrays:
            raise ValueError(f"the array {name!r} is there already")
        self._align()
        offset, little = self._offset, np.dtype(dtype).newbyteorder("<")
        for part in parts:
            if part.size:
                self._write(np.ascontiguousarray(part, little).view(np.uint8).data)
        self._arrays[name] = (offset, little.str, (self._offset - offset) // little.itemsize)

    def add_file(self, name: str, file: IO[bytes], dtype: npt.DTypeLike) -> None:
        """Write an array of `dtype` from a temporary file, which is positioned at its end."""
        self.add(name, map_file(file, dtype))

    def finish(self, values: dict[str, Any]) -> int:
        """Write the directory with `values`, sync the file to disk, return its size in bytes."""
        self._align()
        directory = json.dumps({"arrays": self._arrays, "values": values}).encode()
        if self._page:
            self._checksums.append(XXH3.of(self._page))
        checksums = np.array(self._checksums, XXH3.dtype).tobytes()
        footer = XXH3.footer.pack(
            self._offset,
            len(directory),
            self._offset + len(directory),
            len(self._checksums),
            XXH3.of(directory + checksums),
            MAGIC,
        )
        self._file.write(self._page)
        self._file.write(directory + checksums + footer)
        self._file.flush()
        if self._durable:
            os.fsync(self._file.fileno())
        self._file.close()
        return self._offset + len(directory) + len(checksums) + len(footer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._file.closed:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def _align(self) -> None:
        self._write(bytes(-self._offset % _ALIGNMENT))

    def _write(self, data: bytes | memoryview) -> None:
        self._offset += len(data)
        view = memoryview(data)
        while len(view):
            taken = view[: PAGE - len(self._page)]
            self._page += taken
            view = view[len(taken) :]
            if len(self._page) == PAGE:
                self._checksums.append(XXH3.of(self._page))
                self._file.write(self._page)
                self._page.clear()


def map_file(file: IO[bytes], dtype: npt.DTypeLike) -> AnyArray:
    """Return the array of `dtype` in a temporary file, which is positioned at its end."""
    size = file.tell()
    file.flush()
    if not size:  # an empty file cannot be mapped
        return np.empty(0, dtype)
    return np.asarray(np.memmap(file, dtype, "r", shape=(size // np.dtype(dtype).itemsize,)))


def narrow(array: AnyArray) -> AnyArray:
    """Return an array of non-negative integers in the smallest unsigned dtype that holds them."""
    largest = int(array.max()) if array.size else 0
    return array.astype(np.min_scalar_type(largest), copy=False)


class MappedArray:
    """One array of an array file: slices are views of the map, with their pages checked."""

    __slots__ = ("_check", "_item_size", "_map", "_offset", "_pages", "_unchecked", "array", "size")

    def __init__(self, pages: PageChecksums, offset: int, array: AnyArray) -> None:
        self._check = pages.check
        self._map = pages.data
        self._pages = offset >> 16, (offset + array.nbytes + PAGE - 1) >> 16
        self._unchecked = pages.checked.find
        self._offset = offset
        self._item_size = array.itemsize
        self.array = array
        self.size = int(array.size)

    def slice(self, start: int, stop: int) -> AnyArray:
        """Return `array[start:stop]`. Raises IndexDamagedError."""
        first = (self._offset + start * self._item_size) >> 16  # divided by PAGE
        last = (self._offset + stop * self._item_size + PAGE - 1) >> 16
        if self._unchecked(0, first, last) >= 0:
            self._check(first, last)
        return self.array[start:stop]

    def read(self, start: int, stop: int) -> bytes:
        """Return `array[start:stop]` of an array of bytes, as bytes. Raises IndexDamagedError."""
        start += self._offset
        stop += self._offset
        first, last = start >> 16, (stop + PAGE - 1) >> 16
        if self._unchecked(0, first, last) >= 0:
            self._check(first, last)
        return self._map[start:stop]

    def slices(self, bounds: Iterable[tuple[int, int]]) -> list[AnyArray]:
        """Return `array[start:stop]` for each of some bounds. Raises IndexDamagedError."""
        offset, size, unchecked, array = self._offset, self._item_size, self._unchecked, self.array
        found = []
        for start, stop in bounds:
            first = (offset + start * size) >> 16
            last = (offset + stop * size + PAGE - 1) >> 16
            if unchecked(0, first, last) >= 0:
                self._check(first, last)
            found.append(array[start:stop])
        return found

    def reads(self, bounds: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """Yield `array[start:stop]` of an array of bytes for each of some bounds, as bytes.

        Raises IndexDamagedError.
        """
        offset, unchecked, data = self._offset, self._unchecked, self._map
        for start, stop in bounds:
            first, last = (offset + start) >> 16, (offset + stop + PAGE - 1) >> 16
            if unchecked(0, first, last) >= 0:
                self._check(first, last)
            yield data[offset + start : offset + stop]

    def take(self, indexes: npt.NDArray[np.intp]) -> AnyArray:
        """Return `array[indexes]`. Raises IndexDamagedError."""
        if self._unchecked(0, *self._pages) >= 0:
            # No value reaches into a second page, because arrays begin at multiples of 64 bytes.
            pages = (self._offset + indexes * self._item_size) >> 16
            for page in set(pages.tolist()):
                self._check(page, page + 1)
        return self.array[indexes]

    def item(self, index: int) -> int:
        """Return one value as an int. Raises IndexDamagedError."""
        page = (self._offset + index * self._item_size) >> 16
        if self._unchecked(0, page, page + 1) >= 0:
            self._check(page, page + 1)
        return int(self.array.item(index))

    def all(self) -> AnyArray:
        """Return the whole array. Raises IndexDamagedError."""
        return self.slice(0, self.size)


class ArrayFile:
    """An array file opened for reading, mapped into memory. Threads may share it.

    Iterating yields the names of its arrays; `values` is what `ArrayFileWriter.finish` was given.
    Raises FileNotFoundError where there is no file, IndexDamagedError where it is truncated, not
    an array file or no file of that kind at all, IndexAccessError where the system refuses to read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            regular_file_size(path)
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise
        except ValueError as error:  # an empty file cannot be mapped
            raise damaged(path, "it is empty") from error
        except OSError as error:
            raise IndexAccessError(f"{path} cannot be read ({error})") from error
        if self._map[: len(MAGIC)] != MAGIC or len(self._map) < len(MAGIC) + XXH3.footer.size:
            raise damaged(path, "it is not a segment of searchd")
        directory, checksums, self.size = self._read_directory()
        self.values: dict[str, Any] = directory["values"]
        self._arrays: dict[str, list[Any]] = directory["arrays"]
        for name, entry in self._arrays.items():
            if not _is_entry(entry, self.size):
                raise damaged(path, f"its directory has no place for the array {name!r}")
        # Arrays refer to the pages and not to this object: in a reference cycle a deleted file
        # would stay open, and take up disk space, until the next garbage collection.
        self._pages = PageChecksums(path, self._map, self.size, checksums)
        self._mapped: dict[str, MappedArray] = {}

    def _read_directory(self) -> tuple[dict[str, Any], list[int], int]:
        data, footer = self._map, XXH3.footer
        offset, length, checksums_at, count, checksum, magic = footer.unpack(
            data[len(data) - footer.size :]
        )
        end = checksums_at + np.dtype(XXH3.dtype).itemsize * count
        whole = end + footer.size == len(data) and offset + length == checksums_at
        if magic != MAGIC or not whole:
            raise damaged(self.path, "it is truncated, or bytes were added to it")
        if XXH3.of(data[offset:end]) != checksum or -(-offset // PAGE) != count:
            raise damaged(self.path, "its directory is damaged")
        try:
            directory = json.loads(data[offset : offset + length])
            fits = isinstance(directory["values"], dict) and isinstance(directory["arrays"], dict)
        except UNFIT as error:
            raise damaged(self.path, f"its directory cannot be read: {error}") from error
        if not fits:
            raise damaged(self.path, "its directory is none of arrays and values")
        return directory, np.frombuffer(data, XXH3.dtype, count, checksums_at).tolist(), offset

    def dtype(self, name: str) -> str:
        """Return the type of an array as numpy writes it: `<u4`."""
        return str(self._arrays[name][1])

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each array."""
        return {
            name: length * np.dtype(dtype).itemsize
            for name, (_offset, dtype, length) in self._arrays.items()
        }

    def array(self, name: str) -> MappedArray:
        """Return an array by name. Raises IndexDamagedError where there is none of that name."""
        found = self._mapped.get(name)
        if found is None:
            if name not in self._arrays:
                raise damaged(self.path, f"it lacks the array {name!r}")
            offset, dtype, length = self._arrays[name]
            view = np.frombuffer(self._map, dtype, length, offset)
            found = self._mapped[name] = MappedArray(self._pages, offset, view)
        return found

    def release(self) -> None:
        """Free the memory of the pages read so far; they are read from disk again when needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def verify(self, file: BinaryIO, progress: Callable[[int], None] | None = None) -> None:
        """Compare the checksum of every page, read from `file`: this file, opened once more.

        `progress` is called after each page with its size in bytes. Raises IndexDamagedError.
        """
        self._pages.verify(file, progress)


def _is_entry(entry: object, size: int) -> bool:
    """Return whether a directory may have an entry: an array of numbers in the first `size` bytes."""
    match entry:
        case [int(offset), str(dtype), int(length)] if _NUMBERS.fullmatch(dtype):
            return 0 <= offset <= offset + length * int(dtype[2:]) <= size and length >= 0
    return False
