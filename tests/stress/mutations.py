"""Structured damage: an array or a value of an index is changed, and the checksums made right again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer import generation as generations
from indexer.segment.array_file import ArrayFile, ArrayFileWriter

Array = npt.NDArray[Any]


def _limits(array: Array) -> tuple[float, float]:
    if array.dtype.kind == "f":
        return float("-inf"), float("inf")
    info = np.iinfo(array.dtype)
    return info.min, info.max


def put(array: Array, chance: random.Random) -> Array:
    """Replace one value: by the largest or smallest, a neighbour of itself, another one."""
    if array.size:
        place = chance.randrange(array.size)
        low, high = _limits(array)
        new = chance.choice([low, high, array[place] + 1.0, array[place] - 1.0, 0, array[-1]])
        array[place] = min(max(new, low), high) if array.dtype.kind == "f" else int(new) % 2**8
        if chance.random() < 0.5:
            array[place] = high
    return array


def zero(array: Array, chance: random.Random) -> Array:
    return np.zeros_like(array)


def fill(array: Array, chance: random.Random) -> Array:
    return np.full_like(array, _limits(array)[1])


def reverse(array: Array, chance: random.Random) -> Array:
    return array[::-1]


def shuffle(array: Array, chance: random.Random) -> Array:
    return array[np.random.default_rng(chance.randrange(1 << 30)).permutation(array.size)]


def cut(array: Array, chance: random.Random) -> Array:
    return array[: chance.randrange(array.size)] if array.size else array


def lengthen(array: Array, chance: random.Random) -> Array:
    return np.concatenate((array, array[: 1 + chance.randrange(9)], array[-1:]))


def empty(array: Array, chance: random.Random) -> Array:
    return array[:0]


def widen(array: Array, chance: random.Random) -> Array:
    return np.nan_to_num(array).clip(0).astype(np.uint64)


def as_floats(array: Array, chance: random.Random) -> Array:
    return array.astype(np.float64)


def as_signed(array: Array, chance: random.Random) -> Array:
    return -np.nan_to_num(array).astype(np.int64)


CHANGES: tuple[Callable[[Array, random.Random], Array], ...] = (
    put,
    put,
    put,
    zero,
    fill,
    reverse,
    shuffle,
    cut,
    lengthen,
    empty,
    widen,
    as_floats,
    as_signed,
)

ODD_VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2.5,
    3_000_000_000,
    1 << 70,
    "",
    "x",
    "\ud800",
    "../x",
    [],
    [[]],
    {},
    {"x": 1},
    float("nan"),
)


def change_array(path: Path, name: str, change: int, chance: random.Random) -> None:
    """Change one array of a file, with a change of `CHANGES`."""
    array_file = ArrayFile(path)
    arrays = {each: np.array(array_file.array(each).all()) for each in array_file}
    arrays[name] = CHANGES[change](arrays[name], chance)
    _write(path, arrays, array_file.values)


def _write(path: Path, arrays: dict[str, Array], values: dict[str, Any]) -> None:
    draft = path.with_suffix(".draft")
    with ArrayFileWriter(draft) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        writer.finish(values)
    draft.replace(path)


def change_values(path: Path, chance: random.Random) -> str:
    """Change one value of the JSON in a segment; return what was done."""
    array_file = ArrayFile(path)
    arrays = {each: np.array(array_file.array(each).all()) for each in array_file}
    values = json.loads(json.dumps(array_file.values))
    done = _change_json(values, chance)
    _write(path, arrays, values)
    return done


def change_directory(path: Path, chance: random.Random) -> str:
    """Change the place, type or length of one array in the directory of a segment."""
    plain = ArrayFileWriter.finish
    done = []

    def finish(writer: ArrayFileWriter, values: dict[str, Any]) -> int:
        entries = {name: list(entry) for name, entry in writer._arrays.items()}
        done.append(_change_json(entries, chance))
        writer._arrays = entries  # type: ignore[assignment]
        return plain(writer, values)

    array_file = ArrayFile(path)
    arrays = {each: np.array(array_file.array(each).all()) for each in array_file}
    ArrayFileWriter.finish = finish  # type: ignore[method-assign]
    try:
        _write(path, arrays, array_file.values)
    finally:
        ArrayFileWriter.finish = plain  # type: ignore[method-assign]
    return done[0]


def change_generation(directory: Path, chance: random.Random) -> str:
    """Change one value of `searchd.json`; return what was done."""
    path = directory / generations.GENERATION_FILE
    values = json.loads(path.read_text("utf-8"))
    del values["checksum"]
    done = _change_json(values, chance)
    values["checksum"] = generations._checksum(values)
    path.write_text(json.dumps(values), "utf-8")
    return done


def _change_json(values: Any, chance: random.Random) -> str:
    """Replace, remove or repeat a value somewhere in JSON, in place."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            places.append((node, key))
            if isinstance(value, dict | list):
                walk(value)

    walk(values)
    node, key = chance.choice(places)
    kind = chance.randrange(6)
    if kind == 0 and isinstance(node, dict):  # an index without one of its segments is another
        del node[key]
        return f"removed {key}"
    if kind == 1 and isinstance(node, list):
        node.append(node[key])
        return f"repeated {key}"
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    odd = [value for value in ODD_VALUES if key != "segments" or value != []]  # that is no damage
    node[key] = deep if kind == 2 else chance.choice(odd)
    return f"{key} = {str(node[key])[:30]}"
