"""What an engine caches and borrows is bounded, and freed with it."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

import searchd
from indexer.document import Document
from indexer.segment.buffer_pool import ZeroedBufferPool
from indexer.segment.cache import SizedCache
from indexer.segment.segment import Segment
from indexer.snapshot import Snapshot
from searchd.errors import SearchArgumentError

DOCUMENTS = [Document(str(n), f"كتاب المدرسة {n} مدينة" + " بيت" * (n % 7)) for n in range(300)]


@pytest.fixture
def engine(make_engine):
    return make_engine(DOCUMENTS[:200], DOCUMENTS[200:])


def test_buffers_are_those_of_one_engine(engine, monkeypatch):
    """No array of zeros, as long as a segment, may stay when the engine is gone."""
    pools: list[weakref.ref[ZeroedBufferPool]] = []
    made = ZeroedBufferPool.__init__

    def make(self, dtype):
        pools.append(weakref.ref(self))
        made(self, dtype)

    monkeypatch.setattr(ZeroedBufferPool, "__init__", make)
    gc.collect()
    gc.disable()
    try:
        with searchd.open(engine.info().path) as other:
            assert other.search('كتاب مدرسة "المدرسة 7" مدينه', limit=5).total == 300
            assert [pool() for pool in pools] != [None] * len(pools)
        del other
        assert pools
        assert [pool() for pool in pools] == [None] * len(pools)
    finally:
        gc.enable()


def test_segments_are_freed_with_their_engine(engine, monkeypatch):
    segments: list[weakref.ref[Segment]] = []
    opened = Segment.__init__

    def open_segment(self, *arguments, **options):
        segments.append(weakref.ref(self))
        opened(self, *arguments, **options)

    monkeypatch.setattr(Segment, "__init__", open_segment)
    gc.collect()
    gc.disable()
    try:
        with searchd.open(engine.info().path) as other:
            other.search("كتاب مدرسة مدينة")
            other.search('"المدرسة 7"')
        del other
        assert len(segments) >= 1
        assert [segment() for segment in segments] == [None] * len(segments)
    finally:
        gc.enable()


def word(*numbers: int) -> str:
    """Return a word of Latin letters alone for some numbers."""
    letters = ("".join(chr(ord("a") + int(digit)) for digit in str(number)) for number in numbers)
    return "x".join(letters)


def test_what_is_known_of_all_terms_counts_against_the_bound(tmp_path):
    with searchd.IndexWriter(tmp_path) as writer:
        for number in range(50):
            writer.upsert(Document(str(number), " ".join(word(number, n) for n in range(400))))
        writer.commit()
    snapshot = Snapshot(Path(tmp_path))
    cache = snapshot.memory.cache
    before = cache.size

    def near() -> set[str]:
        return set(snapshot.terms_near("text", "surface", word(1, 1), 1))

    found = near()
    assert word(1, 1) in found
    assert cache.size - before >= 20_000 * 14  # an offset, a length and a set for each
    cache.capacity = 1000
    for number in range(30):
        snapshot.document_frequency("text", "surface", word(1, number))
    assert cache.size <= 1000 + 500
    assert near() == found


def test_a_limit_bounds_what_is_cached(tmp_path, monkeypatch):
    with searchd.IndexWriter(tmp_path) as writer:
        for number in range(2000):
            writer.upsert(Document(str(number), " ".join(word(n) for n in range(number % 50))))
        writer.commit()
    caches: list[SizedCache] = []
    made = SizedCache.__init__

    def make(self, capacity):
        caches.append(self)
        made(self, capacity)

    monkeypatch.setattr(SizedCache, "__init__", make)
    answers, sizes = [], []
    for limit in (None, 40_000):
        with searchd.open(tmp_path, memory_limit=limit) as engine:
            answers.append([engine.search(f"{word(n)} {word(n + 1)}").total for n in range(48)])
            sizes.append(caches[-1].size)
    assert sizes[0] > 4 * 40_000
    assert sizes[1] <= 40_000
    assert answers[0] == answers[1] == [40 * (49 - n) for n in range(48)]


@pytest.mark.parametrize("limit", [0, -1, 2.5, "1GB", True])
def test_a_limit_that_is_none_is_refused(engine, limit):
    with pytest.raises(SearchArgumentError, match="memory_limit"):
        searchd.open(engine.info().path, memory_limit=limit)


def test_what_is_cached_is_not_what_a_caller_changes(engine):
    first = engine.search("كتاب مدرسة")
    scores = np.array([hit.score for hit in first])
    for _ in range(3):
        engine.search("كتاب مدرسة")
    assert np.array_equal(scores, [hit.score for hit in engine.search("كتاب مدرسة")])
