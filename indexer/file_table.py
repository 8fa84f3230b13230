"""The table of files: what an index remembers of the files of the folders that are kept in step.

One array file, named by the generation. For each root (a folder that was named) it has a row for
each file, and for each row the documents that were made of it. Rows of a root are in the order of
their names, compared part by part, which is the order of `indexer.sync.folder_walk`.

    names.bytes, names.offsets          names below the root with `/`, as the system encodes them
    sizes, mtimes, inodes, states       uint64 bytes, int64 ns, uint64, uint8 FileState [files]
    digests                             hash of the content; 16 bytes for each file
    documents.first                     where the documents of each file begin; uint64 [files + 1]
    ids.bytes, ids.offsets, ids.hashes  ids in UTF-8, and the 64-bit hash of each [documents]
    contents                            content hash of each document; 16 bytes for each
    named                               uint8 [documents], 1 where the id begins with the name
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.damage import reporting_damage
from indexer.segment.array_file import AnyArray, ArrayFile, ArrayFileWriter
from indexer.segment.document_store import HASH_BYTES, id_hash
from indexer.sources.discovery import displayed

FILES_SUFFIX = ".files"

UNKNOWN_DIGEST = bytes(HASH_BYTES)
"""The digest of a file whose content is not known."""

_ROWS_AT_ONCE = 1 << 14


class FileState(IntEnum):
    """What a run made of a file.

    READ: its documents are those of its content, and size, time and inode tell a change.
    UNSETTLED: the same, but it was written so shortly before that a change may not show in its
    time: the content is compared. FAILED: it, or a part of it, could not be read, or it changed
    meanwhile: it is read again. SKIPPED: it is of no kind that can be read.
    """

    READ = 0
    UNSETTLED = 1
    FAILED = 2
    SKIPPED = 3


class FileRow(NamedTuple):
    """One file: its name below the root, what the system says of it, and a hash of its content.

    `mtime_ns` is the time of its last change in nanoseconds since 1970.
    """

    name: bytes
    size: int
    mtime_ns: int
    inode: int
    state: FileState
    digest: bytes


class FileDocument(NamedTuple):
    """A document of a file. `is_named` is true where its id begins with the name of the file."""

    id: str
    content_hash: bytes
    is_named: bool


class Root(NamedTuple):
    """A folder: its absolute path, how its files were read, and its rows in the table.

    `settings` is a text that changes with every option that changes the documents; `kinds` are the
    kinds of file that were known.
    """

    path: str
    settings: str
    kinds: str
    start: int = 0
    stop: int = 0


def _root(path: str, settings: str, kinds: str, start: int, stop: int) -> Root:
    """Return a root as it was read. Raises TypeError for what is none."""
    if not all(isinstance(value, str) for value in (path, settings, kinds)):
        raise TypeError("a folder is no text")
    if not (type(start) is type(stop) is int and 0 <= start <= stop):
        raise TypeError("a folder has no rows")
    return Root(path, settings, kinds, start, stop)


def order_key(name: bytes) -> bytes:
    """Return the key by which the names of files are ordered: part by part."""
    return name.replace(b"/", b"\0")


def file_digest(path: Path) -> bytes:
    """Return the hash of the content of a file; 16 bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=HASH_BYTES)).digest()


class FileTable:
    """Reads a table of files. Without a file it is an empty one."""

    def __init__(self, file: ArrayFile | None = None) -> None:
        """Read the table in an array file. Raises IndexDamagedError."""
        self._file = file
        self.roots: tuple[Root, ...] = ()
        if self._file is not None:
            with reporting_damage(self._file.path):
                self.roots = tuple(_root(**values) for values in self._file.values["roots"])
        self.file_count = self.roots[-1].stop if self.roots else 0

    def array(self, name: str) -> AnyArray:
        """Return a whole array of the file."""
        if self._file is None:
            return np.zeros(1 if name.endswith(("offsets", "first")) else 0, np.int64)
        return self._file.array(name).all()

    def root(self, path: str) -> Root | None:
        """Return the root of a path, None where there is none."""
        return next((root for root in self.roots if root.path == path), None)

    def rows(self, start: int, stop: int) -> Iterator[FileRow]:
        """Yield the rows from `start` to before `stop`."""
        for first in range(start, stop, _ROWS_AT_ONCE):
            yield from self._some_rows(first, min(first + _ROWS_AT_ONCE, stop))

    def _some_rows(self, start: int, stop: int) -> Iterator[FileRow]:
        offsets = self.array("names.offsets")[start : stop + 1].tolist()
        names = self.array("names.bytes")[offsets[0] : offsets[-1]].tobytes()
        digests = self.array("digests")[start * HASH_BYTES : stop * HASH_BYTES].tobytes()
        numbers = [
            self.array(name)[start:stop].tolist()
            for name in ("sizes", "mtimes", "inodes", "states")
        ]
        for row, (size, mtime_ns, inode, state) in enumerate(zip(*numbers, strict=True)):
            yield FileRow(
                names[offsets[row] - offsets[0] : offsets[row + 1] - offsets[0]],
                size,
                mtime_ns,
                inode,
                FileState(state),
                digests[row * HASH_BYTES : (row + 1) * HASH_BYTES],
            )

    def row(self, number: int) -> FileRow:
        """Return one row."""
        return next(self._some_rows(number, number + 1))

    def displayed(self, number: int) -> str:
        """Return the path of a file as messages show it."""
        root = next(root for root in self.roots if root.start <= number < root.stop)
        return displayed(Path(root.path) / os.fsdecode(self.row(number).name))

    def document_range(self, start: int, stop: int) -> tuple[int, int]:
        """Return the first document of the rows from `start` to before `stop`, and the one after."""
        first = self.array("documents.first")
        return int(first[start]), int(first[stop])

    def documents(self, row: int) -> list[FileDocument]:
        """Return the documents of a file."""
        start, stop = self.document_range(row, row + 1)
        offsets = self.array("ids.offsets")[start : stop + 1].tolist()
        ids, contents, named = (self.array(name) for name in ("ids.bytes", "contents", "named"))
        return [
            FileDocument(
                ids[offsets[number] : offsets[number + 1]].tobytes().decode(),
                contents[
                    (start + number) * HASH_BYTES : (start + number + 1) * HASH_BYTES
                ].tobytes(),
                bool(named[start + number]),
            )
            for number in range(stop - start)
        ]

    def owner(self, document_id: str) -> int | None:
        """Return the row of the file that a document was made of, None where there is none."""
        key = document_id.encode()
        hashes, order = self._sorted_hashes
        place = int(np.searchsorted(hashes, np.uint64(id_hash(key))))
        while place < hashes.size and int(hashes[place]) == id_hash(key):
            number = int(order[place])
            start, stop = self.array("ids.offsets")[number : number + 2].tolist()
            if self.array("ids.bytes")[start:stop].tobytes() == key:
                first = self.array("documents.first")
                return int(np.searchsorted(first, number, side="right")) - 1
            place += 1
        return None

    @cached_property
    def _sorted_hashes(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        hashes = self.array("ids.hashes").astype(np.uint64)
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order


class FileTableWriter:
    """Collects the rows of a new table, root by root in any order and name by name in each."""

    def __init__(self) -> None:
        self._roots: list[Root] = []
        self._names, self._ids = bytearray(), bytearray()
        self._digests, self._contents = bytearray(), bytearray()
        self._name_ends, self._id_ends, self._document_ends = array("Q"), array("Q"), array("Q")
        self._sizes, self._mtimes, self._inodes = array("Q"), array("q"), array("Q")
        self._states, self._named = bytearray(), bytearray()
        self._hashes = array("Q")

    def begin_root(self, root: Root) -> None:
        """Begin the rows of a root; its range of rows is that of this table."""
        self.end_root()
        self._roots.append(root._replace(start=len(self._sizes)))

    def end_root(self) -> None:
        """Note that the last root has all of its rows."""
        if self._roots:
            self._roots[-1] = self._roots[-1]._replace(stop=len(self._sizes))

    def add(self, row: FileRow, documents: Sequence[FileDocument]) -> None:
        """Add the row of a file, and its documents."""
        self._names += row.name
        self._name_ends.append(len(self._names))
        self._sizes.append(row.size)
        self._mtimes.append(row.mtime_ns)
        self._inodes.append(row.inode)
        self._states.append(row.state)
        self._digests += row.digest
        for document in documents:
            key = document.id.encode()
            self._ids += key
            self._id_ends.append(len(self._ids))
            self._hashes.append(id_hash(key))
            self._contents += document.content_hash
            self._named.append(document.is_named)
        self._document_ends.append(len(self._id_ends))

    def copy(self, table: FileTable, start: int, stop: int) -> None:
        """Add the rows of another table from `start` to before `stop`, as they are."""
        first, last = table.document_range(start, stop)
        documents = len(self._id_ends)
        _copy_texts(table, "names", self._names, self._name_ends, start, stop)
        _copy_texts(table, "ids", self._ids, self._id_ends, first, last)
        for name, column in (
            ("sizes", self._sizes),
            ("mtimes", self._mtimes),
            ("inodes", self._inodes),
        ):
            column.frombytes(table.array(name)[start:stop].tobytes())
        self._hashes.frombytes(table.array("ids.hashes")[first:last].tobytes())
        ends = table.array("documents.first")[start + 1 : stop + 1]
        self._document_ends.frombytes((ends - np.uint64(first) + np.uint64(documents)).tobytes())
        self._states += table.array("states")[start:stop].tobytes()
        self._named += table.array("named")[first:last].tobytes()
        self._digests += table.array("digests")[start * HASH_BYTES : stop * HASH_BYTES].tobytes()
        self._contents += table.array("contents")[first * HASH_BYTES : last * HASH_BYTES].tobytes()

    def write(self, path: Path) -> None:
        """Write the table to a file, durably."""
        self.end_root()
        with ArrayFileWriter(path) as writer:
            for name, ends in (("names.offsets", self._name_ends), ("ids.offsets", self._id_ends)):
                writer.add(name, _offsets(ends))
            writer.add("documents.first", _offsets(self._document_ends))
            for name, numbers in (
                ("sizes", self._sizes),
                ("mtimes", self._mtimes),
                ("inodes", self._inodes),
                ("ids.hashes", self._hashes),
            ):
                writer.add(name, np.array(numbers))
            for name, data in (
                ("names.bytes", self._names),
                ("ids.bytes", self._ids),
                ("states", self._states),
                ("named", self._named),
                ("digests", self._digests),
                ("contents", self._contents),
            ):
                writer.add(name, np.frombuffer(data, np.uint8))
            writer.finish({"roots": [root._asdict() for root in self._roots]})


def _offsets(ends: array[int]) -> npt.NDArray[np.uint64]:
    return np.concatenate((np.zeros(1, np.uint64), np.array(ends, np.uint64)))


def _copy_texts(
    table: FileTable, name: str, data: bytearray, ends: array[int], start: int, stop: int
) -> None:
    offsets = table.array(f"{name}.offsets")[start : stop + 1]
    shift = len(data)
    data += table.array(f"{name}.bytes")[int(offsets[0]) : int(offsets[-1])].tobytes()
    ends.frombytes((offsets[1:] - offsets[0] + np.uint64(shift)).tobytes())


def root_path(folder: Path) -> str:
    """Return the path by which the table knows a folder: absolute, without links."""
    return os.path.realpath(folder)
