"""Arithmetic on sorted arrays of document ids: membership, and runs of equal values."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

IdArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
AnyIds = npt.NDArray[np.integer[Any]]
UnsignedArray = npt.NDArray[np.unsignedinteger[Any]]
AnyArray = npt.NDArray[Any]


def contains(sorted_ids: AnyIds, ids: AnyIds) -> BoolArray:
    """Return which of some ids are in an ascending array; bool [ids].

    `ids` must fit into the type of `sorted_ids`.
    """
    if not sorted_ids.size:
        return np.zeros(ids.size, np.bool_)
    ids = ids.astype(sorted_ids.dtype, copy=False)  # else the larger array would be cast
    rows = sorted_ids.searchsorted(ids)
    found: BoolArray = sorted_ids.take(rows, mode="clip") == ids  # what is past the end is larger
    return found


def distinct_values(values: AnyArray) -> AnyArray:
    """Return the distinct values of an array, ascending.

    `np.unique` looks them up in a hash table, which takes many times as long where most differ.
    """
    ordered = np.sort(values)
    is_new = np.ones(ordered.size, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]


def run_starts(values: AnyArray) -> npt.NDArray[np.intp]:
    """Return the index of the first value of each run of equal values; intp [runs]."""
    if not values.size:
        return np.empty(0, np.intp)
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))
