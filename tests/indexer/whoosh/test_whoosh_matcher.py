"""The matcher by itself: every way to step through postings, against a plain list."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.formats import Existence
from whoosh.matching import NullMatcher, ReadTooFar
from whoosh.scoring import WeightScorer

from indexer.segment.postings import Postings
from indexer.whoosh.formats import PackedPositions
from indexer.whoosh.matcher import BLOCK, ArrayMatcher, block_bounds
from indexer.whoosh.term_source import TermPositions

TERM = ("stem", "كتاب".encode())


class Source:
    """A term source of postings in memory."""

    def __init__(self, weights: dict[int, float], lengths: list[int] | None = None) -> None:
        ids = np.array(sorted(weights), np.int64)
        values = np.array([weights[number] for number in ids.tolist()], np.float32)
        self._postings = Postings(ids, values)
        self.lengths = None if lengths is None else np.array(lengths, np.int64)

    def live_postings(self, _term: bytes) -> Postings:
        return self._postings

    def positions(self, _term: bytes) -> TermPositions:
        ids = self._postings.ids
        return TermPositions(ids, np.arange(ids.size + 1), ids + 1)


def matcher(weights: dict[int, float], scorer: Any = None, **options: Any) -> ArrayMatcher:
    return ArrayMatcher(Source(weights, **options), TERM, PackedPositions(), scorer)


postings = st.dictionaries(st.integers(0, 2000), st.integers(1, 9).map(float), max_size=700)
steps = st.lists(
    st.one_of(st.just(("next", 0)), st.tuples(st.just("skip_to"), st.integers(0, 2100))),
    max_size=60,
)


@given(postings, steps)
@settings(max_examples=150, deadline=None)
def test_steps_like_a_list(weights, taken):
    found = matcher(weights)
    rest = sorted(weights)
    for step, target in taken:
        assert found.is_active() == bool(rest)
        if not rest:
            with pytest.raises(ReadTooFar):
                getattr(found, step)(*([target] if step == "skip_to" else []))
            return
        if step == "next":
            found.next()
            rest = rest[1:]
        else:
            found.skip_to(target)
            rest = [number for number in rest if number >= max(target, rest[0])]
        if rest:
            assert (found.id(), found.weight()) == (rest[0], weights[rest[0]])
            assert found.value_as("positions") == [rest[0] + 1]
    assert list(found.all_ids()) == rest
    assert list(found.copy().all_items()) == [
        (number, PackedPositions().encode([number + 1], weights[number])) for number in rest
    ]


@given(postings, st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_skipping_by_quality_loses_no_good_posting(weights, least):
    found = matcher(weights, WeightScorer(9.0))
    seen = []
    while found.is_active():
        found.skip_to_quality(least)
        if found.is_active():
            seen.append(found.id())
            found.next()
    assert {number for number, weight in weights.items() if weight > least} <= set(seen)


def test_next_tells_of_a_new_block():
    found = matcher(dict.fromkeys(range(3 * BLOCK), 1.0))
    told = [found.next() for _ in range(3 * BLOCK)]
    assert [place for place, new in enumerate(told, start=1) if new] == [
        BLOCK,
        2 * BLOCK,
        3 * BLOCK,
    ]


def test_blocks_have_bounds():
    size = BLOCK + 5
    lengths = list(range(10, 10 + size))
    found = matcher({number: float(number % 7) for number in range(size)}, lengths=lengths)
    assert (found.block_min_id(), found.block_max_id()) == (0, BLOCK - 1)
    assert (found.block_min_length(), found.block_max_length()) == (10, 9 + BLOCK)
    assert found.block_max_weight() == 6.0
    found.skip_to(BLOCK)
    assert (found.block_min_id(), found.block_max_id()) == (BLOCK, size - 1)
    assert (found.block_min_length(), found.block_max_length()) == (10 + BLOCK, 9 + size)


@pytest.mark.parametrize("count", [0, 1, BLOCK])
def test_a_matcher_at_its_end_has_bounds(count):
    found = matcher(dict.fromkeys(range(count), 2.0), WeightScorer(2.0), lengths=[4] * count)
    while found.is_active():
        found.next()
    assert found.block_quality() == (2.0 if count else 0.0)
    assert found.skip_to_quality(1.0) == 0
    assert found.id() == count - 1


def test_no_postings_have_bounds():
    assert block_bounds(Postings(np.empty(0, np.int64), np.empty(0, np.float32)), None)


def test_a_copy_moves_by_itself():
    one = matcher(dict.fromkeys(range(0, 3000, 3), 1.0))
    one.skip_to(900)
    other = one.copy()
    other.skip_to(2000)
    assert (one.id(), other.id()) == (900, 2001)
    other.reset()
    assert (one.id(), other.id()) == (900, 0)


def test_replace():
    found = matcher({1: 2.0}, WeightScorer(2.0))
    assert found.replace() is found
    assert found.replace(2.0) is found
    assert found.replace(2.5) is NullMatcher()
    assert not matcher({}).replace().is_active()
    assert matcher({1: 2.0}).replace(9.0).is_active(), "nothing is known without a scorer"


def test_names_its_term():
    found = matcher({1: 2.0})
    assert found.term() == TERM
    assert list(found.matching_terms()) == [TERM]
    assert found.is_leaf()
    assert found.supports("positions")
    assert not found.supports("characters")


def test_a_whole_value_has_no_positions():
    found = ArrayMatcher(Source({4: 1.0}), ("id", b"4"), Existence())
    assert (found.value(), found.value_as("frequency")) == (b"", 1)
    assert not found.supports("positions")


@pytest.mark.parametrize(
    ("values", "positions", "weight"),
    [
        pytest.param([([1, 5], 2.0)], [1, 5], 2.0, id="one"),
        pytest.param([([1, 5], 6.0), ([2], 1.0)], [1, 2, 5], 7.0, id="two"),
        pytest.param([([], 0.0)], [], 0.0, id="none"),
    ],
)
def test_the_format_packs_and_combines(values, positions, weight):
    format_ = PackedPositions()
    value = format_.combine(format_.encode(*value) for value in values)
    assert format_.decode_positions(value) == positions
    assert format_.decode_frequency(value) == len(positions)
    assert format_.decode_weight(value) == weight
