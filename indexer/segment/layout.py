"""The layout of a segment: the types of its arrays, and their sizes for its number of documents.

Checked when a segment is opened, so that readers may rely on both, and so that no array is made for
documents that the file has no room for.
"""

from __future__ import annotations

from indexer.damage import damaged
from indexer.fields import FieldMap, FieldType
from indexer.segment.array_file import ArrayFile
from indexer.segment.document_store import HASH_BYTES
from indexer.segment.id_lists import id_type

_BYTES = {"|u1"}
_SMALL = {"|u1", "<u2", "<u4"}
_UNSIGNED = {*_SMALL, "<u8"}

_TYPES_BY_END = {
    "hashes": {"|u1", "<u8"},
    "bytes": _BYTES,
    "firsts": _BYTES,
    "dictionary": _BYTES,
    "next_term_hashes": _BYTES,
    "block_starts": {"<i8"},
    "block_sizes": _UNSIGNED,
    "offsets": _UNSIGNED,
    "posting_starts": _UNSIGNED,
    "id_chunks": {"<u4"},
    "id_chunk_starts": _UNSIGNED,
    "occurrence_starts": _UNSIGNED,
    "keys": _UNSIGNED,
    "starts": _UNSIGNED,
    "packed2": _BYTES,
    "packed4": _BYTES,
    "large_starts": _UNSIGNED,
}
"""The types of arrays by the last part of their names; all others are small integers."""

_SIZES_PER_DOCUMENT = {
    "hashes": HASH_BYTES,
    "lengths": 1,
    "ids.hashes": 1,
    "ids.documents": 1,
    "texts.offsets": 1,
}


def check_layout(array_file: ArrayFile, documents: int) -> None:
    """Check the types of all arrays, and the sizes of those with values for each document.

    Raises IndexDamagedError.
    """
    path, values = array_file.path, array_file.values
    found, fields = values.get("documents"), values.get("fields")
    if type(found) is not int or found != documents:
        raise damaged(path, f"it holds {str(found)[:20]} documents, not {documents}")
    if not isinstance(fields, list) or not all(isinstance(name, str) for name in fields):
        raise damaged(path, "its fields are no list of names")
    for name in array_file:
        if name.startswith("numbers.") and "numbers" not in fields:
            types = {"<f8"}
            size = documents if array_file.array(name).size else 0
        else:
            types = _TYPES_BY_END.get(name.rpartition(".")[2], _SMALL)
            size = _SIZES_PER_DOCUMENT.get(name, 0) * documents
        if array_file.dtype(name) not in types:
            raise damaged(path, f"{name}: of the type {array_file.dtype(name)}")
        if size and array_file.array(name).size != size:
            raise damaged(path, f"{name}: not of each document")
    for name in _SIZES_PER_DOCUMENT:
        if name not in array_file:
            raise damaged(path, f"it lacks the array {name!r}")
    for name in fields:
        ids = f"{name}.ids"
        item_size = array_file.array(ids).array.itemsize
        has_chunks = f"{name}.id_chunks" in array_file
        if item_size != 2 if has_chunks else item_size < id_type(documents).itemsize:
            raise damaged(path, f"{ids}: of a type that does not hold every document")
    if array_file.array("ids.hashes").array.dtype.itemsize != 8:
        raise damaged(path, "ids.hashes: of another type")
    if array_file.array("stored_fields.offsets").size != documents + 1:
        raise damaged(path, "stored_fields.offsets: not of each document")


def check_fields(array_file: ArrayFile, fields: FieldMap) -> None:
    """Check that a segment has the fields of its index. Raises IndexDamagedError."""
    types = {spec.name: spec.type for spec in fields.extra}
    texts = ["title", "text", *(name for name in types if types[name] is FieldType.TEXT)]
    if array_file.values["fields"] != texts:
        raise damaged(array_file.path, f"fields: not {', '.join(texts)}")
    keywords = {f"keywords.{name}.codes" for name in types if types[name] is FieldType.KEYWORD}
    dated = {name for name in types if types[name] in (FieldType.NUMBER, FieldType.DATE)}
    columns = {*keywords, "numbers.date", *(f"numbers.{name}" for name in dated)}
    found = {
        name
        for name in array_file
        if (name.startswith("numbers.") and "numbers" not in texts)
        or (name.startswith("keywords.") and name.endswith(".codes") and "keywords" not in texts)
    }
    if found - columns or not all(name in array_file for name in columns):
        raise damaged(array_file.path, "numbers, keywords: other fields than those of the index")
