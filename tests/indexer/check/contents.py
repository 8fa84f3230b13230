"""An index to check, and changes of its arrays that keep the checksums right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.segment.array_file import ArrayFile, ArrayFileWriter

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
        FieldSpec("author", FieldType.TEXT),
    )
)


def document(number: int) -> Document:
    return Document(
        f"id{number}",
        f"كتاب رقم {number} والكتاب الكتاب في المدرسة ﷺ " * (1 + number % 3),
        title=f"عنوان {number}" if number % 2 else "",
        date=datetime(2024, 1, 1 + number % 28, tzinfo=UTC),
        fields={"section": ("أ", "ب"), "price": number, "author": "علي"} if number % 3 else {},
    )


Array = npt.NDArray[Any]
Change = Callable[[Array], Array]


def rewrite(
    path: Path,
    changes: dict[str, Change],
    values: dict[str, Any] | None = None,
    without: Collection[str] = (),
) -> None:
    """Write a container again with other arrays or without some, and the checksums that they need."""
    array_file = ArrayFile(path)
    names = [name for name in array_file if name not in without]
    arrays = {name: np.array(array_file.array(name).all()) for name in names}
    for name, change in changes.items():
        arrays[name] = change(arrays[name])
    with ArrayFileWriter(path.with_suffix(".draft")) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        writer.finish({**array_file.values, **(values or {})})
    path.with_suffix(".draft").replace(path)


def put(place: int, value: float) -> Change:
    def change(array: Array) -> Array:
        array[place] = value
        return array

    return change


def swap(first: int, second: int) -> Change:
    def change(array: Array) -> Array:
        array[[first, second]] = array[[second, first]]
        return array

    return change


def cut(array: Array) -> Array:
    return array[:-1]
