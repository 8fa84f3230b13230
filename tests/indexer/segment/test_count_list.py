"""Count lists: sums of counts, and the occurrences in some documents, of short and of long lists."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.segment.count_list import CountList


def counts(size: int, largest: int) -> np.ndarray:
    values = np.random.default_rng(size).integers(1, largest + 1, size)
    return values.astype(np.min_scalar_type(largest))


CASES = [
    pytest.param(counts(1, 3), id="one"),
    pytest.param(counts(1_024, 9), id="short"),
    pytest.param(counts(1_025, 9), id="long"),
    pytest.param(counts(2_048, 9), id="whole-blocks"),
    pytest.param(np.full(70_000, 255, np.uint8), id="as-large-as-a-byte-can-be"),
    pytest.param(counts(1_100, 3_000), id="two-bytes"),
]


@pytest.mark.parametrize("values", CASES)
class TestSums:
    def test_the_same_when_first_and_when_asked_again(self, values):
        found = CountList(values, int(values.sum()))
        expected = values.cumsum(dtype=np.int64).tolist()
        assert found.ends().tolist() == expected
        assert found.ends().tolist() == expected

    @pytest.mark.parametrize("summed", [False, True], ids=["first", "again"])
    def test_occurrences_in_documents(self, values, summed):
        found = CountList(values, int(values.sum()))
        if summed:
            found.ends()
        rows = np.unique(np.array([0, values.size // 3, values.size // 2, values.size - 1]))
        ends = values.cumsum(dtype=np.int64)
        occurrences, sizes = found.occurrences_in(rows)
        assert sizes.tolist() == values[rows].tolist()
        expected = [np.arange(ends[row] - values[row], ends[row]) for row in rows.tolist()]
        assert occurrences.tolist() == np.concatenate(expected).tolist()
        assert found.rows_of(occurrences).tolist() == rows.repeat(sizes).tolist()

    def test_the_document_of_each_occurrence(self, values):
        rows = CountList(values, int(values.sum())).repeat(np.arange(values.size))
        assert rows.tolist() == np.arange(values.size).repeat(values).tolist()


def test_none():
    found = CountList(np.empty(0, np.uint8), 0)
    assert found.ends().size == found.repeat(np.empty(0, np.int64)).size == 0


@pytest.mark.parametrize("size", [10, 3_000])
@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda found: found.ends(), id="ends"),
        pytest.param(lambda found: found.repeat(np.arange(found.size)), id="repeat"),
    ],
)
def test_another_sum_is_no_list(size, read):
    with pytest.raises(ValueError, match=rf"there are 7 positions, and {2 * size} are counted"):
        read(CountList(np.full(size, 2, np.uint8), 7))


def test_a_document_without_an_occurrence_is_no_list():
    with pytest.raises(ValueError, match="no occurrence"):
        CountList(np.array([0, 2, 2], np.uint8), 4).ends()


def test_long_lists_take_two_bytes_for_a_sum():
    assert CountList(np.ones(5_000, np.uint8), 5_000).nbytes == 10_000
    assert CountList(np.ones(1_000, np.uint8), 1_000).nbytes == 4_000
    assert CountList(np.ones(100_000, np.uint16), 100_000).nbytes == 800_000
