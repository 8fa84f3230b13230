"""The best documents of summed scores, beside sorting all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.segment.buffer_pool import ZeroedBufferPool
from searchd.search.top_k import Matches, distinct_ids, top_k_indices, top_k_union


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 1000, 64 * 120, 64 * 120 + 37])
@pytest.mark.parametrize("count", [0, 1, 10, 100])
@pytest.mark.parametrize("kind", ["distinct", "ties", "few", "none"])
def test_top_k_indices(size, count, kind):
    random = np.random.default_rng(size + count)
    values = random.permutation(size).astype(np.float32)
    if kind == "ties":
        values = values // 50
    elif kind == "few":
        values[random.random(size) < 0.99] = 0
    elif kind == "none":
        values[:] = 0
    found = top_k_indices(values, count)
    assert found.tolist() == sorted(set(found.tolist()))
    best = sorted(values[values > 0].tolist(), reverse=True)[:count]
    assert sorted(values[found].tolist(), reverse=True)[: len(best)] == best
    if best:  # all that tie with the last of them are there
        assert np.count_nonzero(values[found] == best[-1]) == np.count_nonzero(values == best[-1])


SIZE = 3000


@st.composite
def matches(draw: st.DrawFn) -> Matches:
    count = draw(st.sampled_from([0, 1, 20, 400, SIZE]))
    random = np.random.default_rng(draw(st.integers(0, 1000)))
    ids = np.sort(random.choice(SIZE, count, replace=False)).astype(np.int32)
    return Matches(ids, random.integers(1, 9, count).astype(np.float32) / 8)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(matches(), max_size=4),
    st.sampled_from([1, 10, 100]),
    st.sampled_from([0.0, 0.25, 1.0]),
    st.booleans(),
)
def test_top_k_union(words, count, coordination, filtered):
    if len(words) != 2:
        coordination = 0.0
    allowed = np.arange(SIZE) % 3 > 0 if filtered else None
    totals: dict[int, tuple[float, int]] = {}
    for found in words:
        for number, score in zip(found.ids.tolist(), found.scores.tolist(), strict=True):
            if allowed is None or allowed[number]:
                total, held = totals.get(number, (0.0, 0))
                totals[number] = (total + score, held + 1)
    wanted = {
        number: total * (held / len(words)) ** coordination
        for number, (total, held) in totals.items()
    }
    sums = ZeroedBufferPool(np.float32)
    for _ in range(2):  # what was borrowed is given back as it was
        best, total = top_k_union(words, SIZE, count, coordination, allowed, sums)
        assert total == len(wanted)
        found = dict(zip(best.ids.tolist(), best.scores.tolist(), strict=True))
        assert found == pytest.approx({number: wanted[number] for number in found})
        highest = sorted(wanted.values(), reverse=True)[:count]
        assert sorted(found.values(), reverse=True)[:count] == pytest.approx(highest)


@pytest.mark.parametrize("size", [100, 10_000])
def test_distinct_ids(size):
    lists = [np.array([3, 7, 99]), np.array([7], np.uint32), np.array([], np.int32)]
    sums = np.zeros(size, np.float32)
    sums[[3, 7, 99]] = 1
    found = distinct_ids(lists, sums)
    assert found.tolist() == [3, 7, 99]
    assert found.dtype == np.int64
