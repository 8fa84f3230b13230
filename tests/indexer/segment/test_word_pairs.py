"""The stored pairs of words are those of the documents, when a segment is written or merged."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analyzers import Analyzer
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.indexing import delete_documents
from indexer.segment import word_pairs
from indexer.segment.word_pairs import count_pairs
from indexer.snapshot import Snapshot
from tests.searchd.conftest import write_index

TEXTS = ["نهر كبير نهر كبير", "الكتاب القديم " * 300, "نهر", "أحمد كبير نهر كبير احمد كبير"]


def stored(directory: Path) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for segment in Snapshot(directory).segments:
        surfaces = segment.postings.text_field("text").surfaces
        pairs = segment.postings.word_pairs("text")
        terms = [term.decode() for term in surfaces.all()]
        for number, term in enumerate(terms):
            nexts, counts = pairs.after(number)
            assert np.all(np.diff(nexts.astype(np.int64)) > 0)
            for following, count in zip(nexts.tolist(), counts.tolist(), strict=True):
                found[term, terms[following]] += count
    return found


def expected(texts: list[str]) -> Counter[tuple[str, str]]:
    analyzer = Analyzer()
    return Counter(
        pair for text in texts for pair in pairwise(terms.surface for terms in analyzer.terms(text))
    )


@pytest.mark.parametrize("optimize", [False, True], ids=["several-segments", "merged"])
def test_they_are_those_of_the_texts(tmp_path, optimize):
    for number, text in enumerate(TEXTS):
        write_index(tmp_path, [Document(str(number), text)], optimize=optimize)
    assert stored(tmp_path) == expected(TEXTS)
    verify_index(tmp_path)


def test_a_merge_counts_without_deleted_documents(tmp_path):
    for number, text in enumerate(TEXTS):
        write_index(tmp_path, [Document(str(number), text)])
    delete_documents(tmp_path, ["1"])
    write_index(tmp_path, [Document("new", "نهر صغير")], optimize=True)
    assert stored(tmp_path) == expected([TEXTS[0], *TEXTS[2:], "نهر صغير"])
    verify_index(tmp_path)


def test_of_many_words_the_most_frequent_pairs_are_kept(monkeypatch):
    monkeypatch.setattr(word_pairs, "FEW_PAIRS", 2)
    monkeypatch.setattr(word_pairs, "WORDS_PER_PAIR", 100)
    words = np.array([0, 1, 2] * 3 + [0, 1, 3, 1, 3, 2], np.int32)
    pairs = count_pairs(words, np.array([words.size]), np.arange(4), 4)
    # 0-1 comes four times; 1-2 and 2-0 three times each, for which there is no room.
    assert pairs.keys.tolist() == [0 * 4 + 1]
    assert pairs.counts.tolist() == [4]


def test_parts_of_the_words_are_counted_together(monkeypatch):
    words = np.tile(np.arange(5), 4000)
    lengths = np.full(100, 200)
    whole = count_pairs(words, lengths, np.arange(5), 5)
    monkeypatch.setattr(word_pairs, "WORDS_PER_STEP", 1999)
    parts = count_pairs(words, lengths, np.arange(5), 5)
    assert parts.keys.tolist() == whole.keys.tolist() == [1, 7, 13, 19, 20]
    assert parts.counts.tolist() == whole.counts.tolist() == [4000] * 4 + [3900]
