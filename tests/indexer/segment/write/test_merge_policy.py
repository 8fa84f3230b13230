from __future__ import annotations

import doctest
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.segment.write import merge_policy as policy
from indexer.segment.write.merge_policy import (
    MAX_DELETED_SHARE,
    SIZE_RATIO,
    plan_merges,
    plan_merges_to,
)


def test_the_examples():
    assert doctest.testmod(policy) == doctest.TestResults(failed=0, attempted=4)


@pytest.mark.parametrize(
    ("live", "documents", "merges"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param([5], [5], [], id="one"),
        pytest.param([5, 5], [5, 5], [range(2)], id="equal"),
        pytest.param([10, 5], [10, 5], [], id="twice-as-large-stays"),
        pytest.param([9, 5], [9, 5], [range(2)], id="less-than-twice"),
        pytest.param([100, 9, 5, 4], [100, 9, 5, 4], [range(1, 4)], id="a-chain"),
        pytest.param([10, 9, 100, 5], [10, 9, 100, 5], [], id="only-the-newest-merge"),
        pytest.param([4, 1], [9, 1], [range(1)], id="mostly-deleted-is-written-again"),
        pytest.param([5, 1], [9, 1], [], id="less-than-half-deleted-stays"),
        pytest.param([40, 10, 9], [90, 10, 9], [range(1), range(1, 3)], id="both"),
        pytest.param([4], [9], [range(1)], id="one-alone-mostly-deleted"),
        pytest.param([99, 4], [99, 9], [range(1, 2)], id="the-newest-mostly-deleted"),
        pytest.param([5], [10], [], id="half-deleted-stays"),
    ],
)
def test_plans(live, documents, merges):
    assert plan_merges(live, documents) == merges


@given(
    st.lists(st.tuples(*[st.integers(1, 1000)] * 3), max_size=20),
    st.integers(0, 5000),
)
def test_no_more_bytes_are_merged_than_may_be(segments, most):
    live = [size for size, _more, _bytes in segments]
    documents = [size + more for size, more, _bytes in segments]
    sizes = [each for _size, _more, each in segments]
    merges = plan_merges(live, documents, sizes, most)
    assert sum(sum(sizes[merge.start : merge.stop]) for merge in merges) <= most
    assert all(before.stop <= after.start for before, after in pairwise(merges))
    if sum(sizes) <= most:
        assert merges == plan_merges(live, documents)


@given(
    st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 1000)), max_size=20),
    st.integers(1, 5),
)
def test_so_many_segments_are_left(pairs, most):
    live = [size for size, _deleted in pairs]
    documents = [size + deleted for size, deleted in pairs]
    merges = plan_merges_to(most, documents, live, documents)
    assert all(before.stop <= after.start for before, after in pairwise(merges))
    assert len(apply(merges, live)) == min(most, len(live))
    if most == 1 and len(live) == 1:
        assert bool(merges) == (live != documents)


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 1000)), max_size=20))
def test_ranges_are_in_order_apart_and_end_with_falling_sizes(pairs):
    live = [size for size, _deleted in pairs]
    documents = [size + deleted for size, deleted in pairs]
    merges = plan_merges(live, documents)
    assert all(merge.start < merge.stop <= len(live) for merge in merges)
    assert all(before.stop <= after.start for before, after in pairwise(merges))
    merged = apply(merges, live)
    if len(merged) > 1:
        assert merged[-2] >= SIZE_RATIO * merged[-1]
    for number, size in enumerate(live):
        if size < (1 - MAX_DELETED_SHARE) * documents[number]:
            assert any(number in merge for merge in merges)


def apply(merges, sizes):
    """Return the sizes of the segments after some merges."""
    merged = []
    number = 0
    while number < len(sizes):
        merge = next(
            (found for found in merges if found.start == number), range(number, number + 1)
        )
        merged.append(sum(sizes[merge.start : merge.stop]))
        number = merge.stop
    return merged


@given(st.integers(1, 400), st.randoms(use_true_random=False), st.sampled_from([1, 2, 7, 100]))
def test_segments_stay_few_and_documents_are_seldom_written_again(commits, chance, widest):
    """About log2 of the number of commits, however the sizes of the commits vary."""
    sizes: list[int] = []
    written = 0
    for _ in range(commits):
        sizes.append(chance.randint(1, widest))
        merges = plan_merges(sizes, sizes)
        written += sum(sum(sizes[merge.start : merge.stop]) for merge in merges)
        sizes = apply(merges, sizes)
        assert all(before >= SIZE_RATIO * after for before, after in pairwise(sizes))
    total = sum(sizes)
    assert len(sizes) <= math.log2(total) + 1
    assert written <= total * (math.log2(total) + 2)
