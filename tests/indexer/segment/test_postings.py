from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.segment.postings import LevelFrequencies, add_frequencies
from indexer.segment.sorted_arrays import contains

Rows = Mapping[int, tuple[int, int]]

ROWS = st.dictionaries(st.integers(0, 30), st.tuples(st.integers(0, 9), st.integers(0, 9)))


def frequencies_of(rows: Rows) -> LevelFrequencies:
    ids = sorted(rows)
    columns = [np.array([rows[number][level] for number in ids], np.float32) for level in (0, 1)]
    return LevelFrequencies(np.array(ids, np.int64), tuple(columns))


def rows_of(counts: LevelFrequencies) -> Rows:
    assert counts.ids.dtype == np.int64
    assert {column.dtype for column in counts.frequencies} == {np.dtype(np.float32)}
    assert (np.diff(counts.ids) > 0).all()
    columns = [column.tolist() for column in counts.frequencies]
    return dict(zip(counts.ids.tolist(), zip(*columns, strict=True), strict=True))


@given(ROWS, ROWS)
def test_frequencies_are_added(first, second):
    large, small = frequencies_of(first), frequencies_of(second)
    expected = {
        number: tuple(map(sum, zip(first.get(number, (0, 0)), second.get(number, (0, 0)))))  # noqa: B905
        for number in first.keys() | second.keys()
    }
    assert rows_of(add_frequencies(large, small)) == expected
    assert rows_of(add_frequencies(small, large)) == expected
    assert (rows_of(large), rows_of(small)) == (first, second), "neither was changed"


def test_nothing_is_added():
    counts = frequencies_of({3: (1, 0)})
    assert rows_of(add_frequencies(counts, LevelFrequencies.empty(2))) == {3: (1, 0)}
    assert rows_of(add_frequencies(LevelFrequencies.empty(2), counts)) == {3: (1, 0)}
    assert rows_of(add_frequencies(LevelFrequencies.empty(2), LevelFrequencies.empty(2))) == {}


@given(ROWS, st.integers(0, 31))
def test_filter_and_of_document(rows, number):
    counts = frequencies_of(rows)
    assert rows_of(counts.of_document(number)) == {key: rows[key] for key in rows if key == number}
    even = counts.filter(counts.ids % 2 == 0)
    assert rows_of(even) == {key: rows[key] for key in rows if key % 2 == 0}


IDS = st.sets(st.integers(0, 250)).map(sorted)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.int64])
@pytest.mark.parametrize("asked_dtype", [np.uint8, np.int32, np.int64])
@given(ids=IDS, asked=st.lists(st.integers(0, 250)))
def test_contains(dtype, asked_dtype, ids, asked):
    found = contains(np.array(ids, dtype), np.array(asked, asked_dtype))
    assert found.tolist() == [number in ids for number in asked]
