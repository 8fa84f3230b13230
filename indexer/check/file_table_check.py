"""Verification of a table of files: its rows, documents and roots agree with each other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from indexer.damage import damaged
from indexer.errors import IndexDamagedError
from indexer.file_table import FileState, FileTable, order_key
from indexer.segment.array_file import AnyArray, ArrayFile
from indexer.segment.document_store import HASH_BYTES, id_hash

_TYPES = {
    "names.offsets": "<u8",
    "names.bytes": "|u1",
    "sizes": "<u8",
    "mtimes": "<i8",
    "inodes": "<u8",
    "states": "|u1",
    "digests": "|u1",
    "documents.first": "<u8",
    "ids.offsets": "<u8",
    "ids.bytes": "|u1",
    "ids.hashes": "<u8",
    "contents": "|u1",
    "named": "|u1",
}

_Fail = Callable[[str], IndexDamagedError]


def check_file_table(array_file: ArrayFile, table: FileTable) -> None:
    """Raise IndexDamagedError where the arrays of a table do not fit each other.

    Whether the documents are in the index is not checked: they may be deleted by other means, and
    the next run reads their files again. Data that do not fit may raise other errors, which
    `reporting_damage` turns into that one.
    """

    def fail(reason: str) -> IndexDamagedError:
        return damaged(array_file.path, reason)

    for name, dtype in _TYPES.items():
        array_file.array(name)  # raises where it is not there
        if array_file.dtype(name) != dtype:
            raise fail(f"{name}: of another type")
    files, documents = table.array("sizes").size, table.array("ids.hashes").size
    _check_offsets(table, "names.offsets", files, table.array("names.bytes").size, fail)
    _check_offsets(table, "documents.first", files, documents, fail)
    _check_offsets(table, "ids.offsets", documents, table.array("ids.bytes").size, fail)
    for name, size in (
        ("mtimes", files),
        ("inodes", files),
        ("states", files),
        ("digests", files * HASH_BYTES),
        ("contents", documents * HASH_BYTES),
        ("named", documents),
    ):
        if table.array(name).size != size:
            raise fail(f"{name}: it has {table.array(name).size} values, not {size}")
    if int(table.array("states").max(initial=0)) > max(FileState):
        raise fail("a file has an unknown state")
    _check_roots(table, files, fail)
    _check_ids(table, files, fail)


def _check_offsets(table: FileTable, name: str, count: int, end: int, fail: _Fail) -> None:
    offsets: AnyArray = table.array(name)
    if offsets.size != count + 1 or int(offsets[0]) or int(offsets[-1]) != end:
        raise fail(f"{name}: they do not begin and end where their values do")
    if np.any(offsets[1:] < offsets[:-1]):
        raise fail(f"{name}: they go back")


def _check_roots(table: FileTable, files: int, fail: _Fail) -> None:
    """Check that the rows of the roots follow each other, and the names within each."""
    bounds = [0, *(root.stop for root in table.roots)]
    if [root.start for root in table.roots] != bounds[:-1] or bounds[-1] != files:
        raise fail("the rows of its folders do not follow each other")
    if len({root.path for root in table.roots}) < len(table.roots):
        raise fail("a folder is there twice")
    for root in table.roots:
        keys = (order_key(row.name) for row in table.rows(root.start, root.stop))
        if any(first >= second for first, second in pairwise(keys)):
            raise fail(f"the files of {root.path!r} are not in order")


def _check_ids(table: FileTable, files: int, fail: _Fail) -> None:
    """Check the hash of each id, and that no two files have the same document."""
    hashes = table.array("ids.hashes")
    ids = (document.id.encode() for row in range(files) for document in table.documents(row))
    for number, document_id in enumerate(ids):
        if int(hashes[number]) != id_hash(document_id):
            raise fail(f"the hash of the id {document_id.decode()!r} is another one")
    seen = np.sort(hashes)
    for repeated in set(seen[1:][seen[1:] == seen[:-1]].tolist()):
        same = _with_hash(table, repeated)
        if len(set(same)) < len(same):
            raise fail(f"the document {same[0].decode()!r} is there twice")


def _with_hash(table: FileTable, wanted: int) -> list[bytes]:
    offsets = table.array("ids.offsets")
    return [
        table.array("ids.bytes")[int(offsets[number]) : int(offsets[number + 1])].tobytes()
        for number in np.flatnonzero(table.array("ids.hashes") == np.uint64(wanted)).tolist()
    ]
