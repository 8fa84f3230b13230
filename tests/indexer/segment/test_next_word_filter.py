from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.segment.next_word_filter import find_term_hash, next_term_hashes, term_hash

STEMS = sorted({"كتاب".encode(), "مدرس".encode(), b"2024", "في".encode()})


class TestTermHash:
    @given(st.binary(max_size=12))
    def test_never_that_of_the_end_of_a_text(self, stem):
        assert 1 <= term_hash(stem) <= 255

    def test_it_never_changes(self):
        """Indexes store hashes, so another function needs another format of the index."""
        assert [term_hash(stem) for stem in (b"", "كتاب".encode(), b"covid")] == [1, 255, 85]

    def test_stems_spread_evenly(self):
        found = np.array([term_hash(f"كلمة{number}".encode()) for number in range(25_500)])
        assert np.bincount(found, minlength=256)[1:].max() < 160  # 100 on average


@given(st.lists(st.lists(st.integers(0, len(STEMS) - 1), max_size=6), min_size=1, max_size=6))
def test_each_word_has_the_hash_of_the_next_in_its_text(texts):
    words = np.array([word for text in texts for word in text], np.uint32)
    lengths = np.array(list(map(len, texts)), np.int64)
    wanted = [
        term_hash(STEMS[text[position + 1]]) if position + 1 < len(text) else 0
        for text in texts
        for position in range(len(text))
    ]
    assert next_term_hashes(STEMS, words, lengths).tolist() == wanted


@pytest.mark.parametrize("size", [0, 1, 7, 2047, 2048, 2049, 2055, 5000])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 1.0])
def test_find_term_hash_like_a_plain_search(size, share):
    random = np.random.default_rng(size)
    hashes = np.where(random.random(size) < share, 7, random.integers(8, 256, size))
    found = find_term_hash(hashes.astype(np.uint8), 7)
    assert found.tolist() == [position for position, value in enumerate(hashes) if value == 7]
