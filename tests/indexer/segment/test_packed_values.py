from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import IndexDamagedError
from indexer.segment import packed_values
from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.code_list import CodeList, has_code
from indexer.segment.packed_values import BLOCK, ValueArray, unpack, write_values
from indexer.segment.split_values import SplitArray, write_split
from tests.indexer.check.contents import cut, put, rewrite

SMALL = [0] * 900 + [1] * 300 + [2] * 60


def values_of(distribution, count, seed=1):
    return np.random.default_rng(seed).choice(np.array(distribution, np.int64), count)


def written(directory: Path, values, write=write_values) -> ArrayFile:
    with ArrayFileWriter(directory / "a.segment") as writer:
        write(writer, "it", np.asarray(values))
        writer.finish({})
    return ArrayFile(directory / "a.segment")


FORMS = [
    pytest.param([], 0, id="empty"),
    pytest.param([5], 0, id="one"),
    pytest.param(values_of(SMALL, 100), 0, id="few"),
    pytest.param(values_of(range(256), 9000), 0, id="a-byte-each"),
    pytest.param(values_of([*SMALL, 3, 200, 70_000], 5000), 2, id="two-bits"),
    pytest.param(values_of([*range(15), 15, 400], 5001), 4, id="four-bits"),
    pytest.param(np.zeros(5003, np.int64), 2, id="all-zero"),
    pytest.param([*[0] * 5000, *[9] * 300], 2, id="a-block-of-large-ones"),
    pytest.param([9, *[0] * 5000, 9], 2, id="the-first-and-the-last"),
]


@pytest.mark.parametrize("step", [1 << 20, BLOCK], ids=["at-once", "in-steps"])
@pytest.mark.parametrize(("values", "bits"), FORMS)
def test_values_are_read_back(tmp_path, monkeypatch, values, bits, step):
    monkeypatch.setattr(packed_values, "_STEP", step)
    values = np.asarray(values, np.int64)
    array = ValueArray(written(tmp_path, values), "it", values.size)
    assert array.bits == bits
    assert array.check()
    chance = np.random.default_rng(2)
    for first in {0, min(1, values.size), values.size // 3, values.size}:
        for last in {first, (first + values.size) // 2, values.size}:
            found = array.slice(first, last)
            assert found.size == last - first
            assert found.all().tolist() == values[first:last].tolist()
            indexes = np.sort(chance.integers(0, max(last - first, 1), 40 * (last > first)))
            assert found.at(indexes).tolist() == values[first:last][indexes].tolist()
    assert [array.item(index) for index in range(values.size)] == values.tolist()
    for first, last in ((0, values.size + 1), (1, 0), (-1, 0)):
        with pytest.raises(ValueError, match="values, not those from"):
            array.slice(first, last)


@settings(deadline=None)
@given(st.lists(st.integers(0, 20), max_size=700), st.data())
def test_any_slice_of_any_values(values, data):
    with tempfile.TemporaryDirectory() as directory:
        array = ValueArray(written(Path(directory), np.array(values, np.uint8)), "it", len(values))
        first = data.draw(st.integers(0, len(values)))
        last = data.draw(st.integers(first, len(values)))
        assert array.slice(first, last).all().tolist() == values[first:last]
        codes = CodeList(array.slice(first, last))
        for wanted in [(), (0,), (1, 2), (0, 5, 15), (14,), (3, 15, 16)]:
            expected = [value in wanted for value in values[first:last]]
            assert codes.have(wanted).tolist() == expected
            assert codes.have_at(np.arange(last - first), wanted).tolist() == expected


def test_packed_bits():
    values = np.arange(512) % 256
    for bits in (2, 4):
        expected = [
            byte >> place & (1 << bits) - 1
            for byte in values.tolist()
            for place in range(0, 8, bits)
        ]
        assert unpack(values.astype(np.uint8), bits).tolist() == expected


@pytest.mark.parametrize(
    ("largest", "low"),
    [
        pytest.param(255, "u1", id="a-byte"),
        pytest.param(700, "u1", id="of-a-usual-text"),
        pytest.param(3800, "u1", id="of-a-long-text"),
        pytest.param(70_000, "u2", id="of-a-book"),
        pytest.param(1 << 25, "u2", id="one-that-is-far-larger"),
        pytest.param(60_000, "u2", id="that-do-not-pack"),
    ],
)
@pytest.mark.parametrize("most", [packed_values._MOST_UNPACKED, 10], ids=["unpacked", "packed"])
def test_split_values_are_read_back(tmp_path, monkeypatch, largest, low, most):
    monkeypatch.setattr(packed_values, "_MOST_UNPACKED", most)
    positions = np.random.default_rng(3).integers(0, min(largest + 1, 140_000), 5000, np.uint32)
    positions[-1] = largest
    array_file = written(tmp_path, positions, write_split)
    assert array_file.array("it").array.dtype == low
    array = SplitArray(array_file, "it")
    assert array.size == positions.size
    for first, last in ((0, 5000), (0, 0), (1, 4999), (4990, 5000)):
        found = array.slice(first, last)
        indexes = np.arange(0, last - first, 3)
        assert found.at(indexes).tolist() == positions[first:last][indexes].tolist()
        assert found.all().tolist() == positions[first:last].tolist()
        assert found.at(indexes).tolist() == positions[first:last][indexes].tolist()
    assert [array.item(index) for index in range(0, 5000, 7)] == positions[::7].tolist()
    assert array.item(4999) == largest
    expected = [*positions[7:20], *positions[3:3], *positions[4000:5000]]
    assert array.concatenated([(7, 20), (3, 3), (4000, 5000)]).tolist() == expected


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("it.packed2", put(0, 0xFF), id="a-mark-too-many"),
        pytest.param("it.packed2", lambda packed: packed & 0x55, id="no-marks"),
        pytest.param("it.large", put(3, 255), id="another-place"),
        pytest.param("it.large_values", put(3, 1), id="a-small-value"),
        pytest.param("it.large_starts", put(2, 0), id="a-start-too-small"),
        pytest.param("it.large_starts", put(0, 1), id="the-first-start"),
        pytest.param("it.large_starts", put(-1, 70), id="the-last-start"),
        pytest.param("it.large_starts", put(-1, 255), id="more-than-there-are"),
    ],
)
def test_other_arrays_than_are_written(tmp_path, name, change):
    """They are told, and reading them gives other values or an error that is reported."""
    values = values_of([*SMALL, *[70_000] * 20], 5000)
    written(tmp_path, values)
    rewrite(tmp_path / "a.segment", {name: change})
    array = ValueArray(ArrayFile(tmp_path / "a.segment"), "it", 5000)
    assert not array.check()
    try:
        array.slice(0, 5000).all()
        array.slice(0, 5000).at(np.arange(5000))
    except (ValueError, IndexError):
        pass


@pytest.mark.parametrize("part", ["packed2", "large", "large_values", "large_starts"])
def test_arrays_of_other_sizes(tmp_path, part):
    written(tmp_path, values_of([*SMALL, 70_000], 5000))
    rewrite(tmp_path / "a.segment", {f"it.{part}": cut})
    with pytest.raises(IndexDamagedError, match="it: of another number of values"):
        ValueArray(ArrayFile(tmp_path / "a.segment"), "it", 5000)


def test_wanted_codes():
    codes = np.array([0, 1, 2, 3, 9, 1], np.uint8)
    assert has_code(codes, (1,)).tolist() == [False, True, False, False, False, True]
    assert has_code(codes, (1, 2)).tolist() == [False, True, True, False, False, True]
    assert has_code(codes, (1, 9)).tolist() == [False, True, False, False, True, True]
    assert has_code(codes.astype(np.int64), (1, 9)).tolist() == has_code(codes, (1, 9)).tolist()
