"""Phrase search by term hashes and positions, compared with a plain search through the texts."""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document
from indexer.generation import SegmentEntry
from indexer.segment import positions as positions_module
from indexer.segment.array_file import ArrayFileWriter
from indexer.segment.next_word_filter import term_hash
from indexer.segment.phrase_search import PhraseMatches, unordered_spans
from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.segment import Segment
from tests.indexer.segment.test_text_field import segment_of
from tests.indexer.segment.texts import ANALYZER, texts


def stems_of(text: str) -> list[str]:
    return [terms.stem for terms in ANALYZER.terms(text)]


def phrases_in(documents: list[str], wanted: list[str]) -> list[tuple[int, int]]:
    """Return the document and position of each run of adjacent stems."""
    return [
        (number, position)
        for number, stems in enumerate(map(stems_of, documents))
        for position in range(len(stems) - len(wanted) + 1)
        if stems[position : position + len(wanted)] == wanted
    ]


def starts_of(segment: Segment, matches: PhraseMatches, stems: list[str]) -> list[tuple[int, int]]:
    """Return the document and position of each match; its other words must follow."""
    found = []
    for index, (stem, numbers) in enumerate(zip(stems, matches.occurrences, strict=True)):
        occurrences = segment.postings.occurrences("text", stem)
        if occurrences is None:
            assert not numbers.size
            return []
        assert occurrences.documents()[numbers].tolist() == matches.documents.tolist()
        found.append((occurrences.positions.at(numbers).astype(int) - index).tolist())
    assert all(starts == found[0] for starts in found)
    return list(zip(matches.documents.tolist(), found[0], strict=True))


@pytest.mark.parametrize("search_cost", [0, 2, 1000], ids=["search", "either", "table"])
@settings(deadline=None, max_examples=30)
@given(
    st.lists(texts, min_size=1, max_size=12),
    st.lists(
        st.sampled_from(["كتاب", "مدرسة", "في", "من", "بغداد", "2024", "غائب"]),
        min_size=2,
        max_size=4,
    ),
)
def test_like_a_plain_search(search_cost, documents, words):
    """With each way of finding documents and the documents of occurrences."""
    with tempfile.TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        patch.setattr(positions_module, "_SEARCH_COST", search_cost)
        segment = segment_of(
            Path(directory), [Document(str(n), text) for n, text in enumerate(documents)]
        )
        stems = stems_of(" ".join(words))
        found = starts_of(segment, segment.positions.match_phrase("text", stems), stems)
        assert found == phrases_in(documents, stems)


def test_many_documents(tmp_path):
    """Enough that hashes are compared eight at a time."""
    documents = [f"في بغداد {'كتاب ' * (number % 3)} في مدرسة {number}" for number in range(3000)]
    segment = segment_of(tmp_path, [Document(str(n), text) for n, text in enumerate(documents)])
    for text in ("في بغداد", "بغداد كتاب كتاب", "كتاب في مدرسة", "في مدرسة 2999", "في كتاب"):
        stems = stems_of(text)
        assert starts_of(
            segment, segment.positions.match_phrase("text", stems), stems
        ) == phrases_in(documents, stems)


def test_a_word_with_the_same_hash_is_no_match(tmp_path):
    by_hash: dict[int, str] = {}
    for number in range(1000):
        word = f"w{number}"
        other = by_hash.setdefault(term_hash(word.encode()), word)
        if other != word:
            break
    segment = segment_of(tmp_path, [Document("1", f"قبل {word}"), Document("2", f"قبل {other}")])
    assert segment.positions.match_phrase("text", stems_of(f"قبل {other}")).documents.tolist() == [
        1
    ]


def test_deleted_documents_are_left_out(tmp_path):
    documents = [Document(str(number), "في بغداد") for number in range(4)]
    segment_of(tmp_path, documents)
    with ArrayFileWriter(tmp_path / "a.deletions") as writer:
        writer.add("documents", np.array([1, 2], np.uint32))
        writer.finish({})
    segment = Segment(tmp_path, SegmentEntry("a.segment", 4, 2, "a.deletions"))
    matches = segment.positions.match_phrase("text", stems_of("في بغداد"))
    assert matches.documents.tolist() == [0, 3]
    assert [numbers.tolist() for numbers in matches.occurrences] == [[0, 3], [0, 3]]


def test_a_long_document_that_repeats_a_phrase(tmp_path):
    """Each of its occurrences is read once, not once for each position of another word."""
    count = 20_000
    segment = segment_of(tmp_path, [Document("1", "قال رسول الله " * count)])
    matches = segment.positions.match_phrase("text", stems_of("رسول الله قال"))
    assert matches.documents.size == count - 1
    for index, numbers in enumerate(matches.occurrences):
        assert numbers.tolist() == list(range(int(index == 2), count - 1 + int(index == 2)))


def test_documents_after_those_that_have_the_field(tmp_path):
    """Their numbers are more than a byte holds, those of the field are not."""
    documents = [Document(str(n), "كتاب بغداد") for n in range(200)]
    documents += [Document(str(n), "", title="كتاب بغداد") for n in range(200, 600)]
    segment = segment_of(tmp_path, documents)
    assert segment.postings.document_frequency("", "stem", "كتاب") == 600
    assert segment.positions.positions("text", "كتاب", np.arange(200, 600)).keys.size == 0
    assert segment.positions.intersect("text", ["كتاب", "بغداد"]).tolist() == list(range(200))


WORD = st.sampled_from("abc")


def windows_of(texts: list[str], wanted: str, slop: int) -> list[tuple[int, int]]:
    """Return the keys of the ends of each window that has all words and no smaller one in it."""

    def has_all(text: str, start: int, end: int) -> bool:
        return not Counter(wanted) - Counter(text[start : end + 1])

    return [
        (row * POSITION_STRIDE + start, row * POSITION_STRIDE + end)
        for row, text in enumerate(texts)
        for start in range(len(text))
        for end in range(start, min(start + len(wanted) + slop, len(text)))
        if has_all(text, start, end)
        and not has_all(text, start + 1, end)
        and not has_all(text, start, end - 1)
    ]


def spans_of(texts: list[str], wanted: str, slop: int) -> list[tuple[int, int]]:
    keys = [
        np.array(
            [
                row * POSITION_STRIDE + position
                for row, text in enumerate(texts)
                for position, found in enumerate(text)
                if found == word
            ],
            np.int64,
        )
        for word in wanted
    ]
    starts, ends = unordered_spans(keys, slop)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


@settings(deadline=None)
@given(
    st.lists(st.text(WORD, max_size=12), min_size=1, max_size=4),
    st.text(WORD, min_size=2, max_size=5),
    st.integers(0, 8),
)
def test_words_in_any_order_like_a_plain_search(texts, wanted, slop):
    found = spans_of(texts, wanted, slop)
    assert found == windows_of(texts, wanted, slop)
    assert all(spans_of(texts, "".join(p), slop) == found for p in set(permutations(wanted)))


def have_places(text: str, wanted: tuple[str, ...]) -> bool:
    """Return whether each of some words, written as the letters it may be, has its own place."""
    if not wanted:
        return True
    return any(
        letter in wanted[0] and have_places(text[:n] + text[n + 1 :], wanted[1:])
        for n, letter in enumerate(text)
    )


@settings(deadline=None)
@given(
    st.text(WORD, max_size=9),
    st.lists(st.sampled_from(["a", "b", "ab", "bc", "abc", "c"]), min_size=2, max_size=4).map(
        tuple
    ),
    st.integers(0, 6),
)
def test_words_that_may_stand_at_the_same_place_need_one_each(text, wanted, slop):
    """As two spellings of one word do, of which one is written with all its marks."""
    keys = [
        np.array([n for n, letter in enumerate(text) if letter in word], np.int64)
        for word in wanted
    ]
    starts, ends = unordered_spans(keys, slop)
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == [
        (start, end)
        for start in range(len(text))
        for end in range(start, min(start + len(wanted) + slop, len(text)))
        if have_places(text[start : end + 1], wanted)
        and not have_places(text[start + 1 : end + 1], wanted)
        and not have_places(text[start:end], wanted)
    ]


@pytest.mark.parametrize(
    ("text", "wanted", "slop", "spans"),
    [
        pytest.param("ab", "ba", 0, [(0, 1)], id="turned"),
        pytest.param("axb", "ba", 0, [], id="too-far"),
        pytest.param("axb", "ba", 1, [(0, 2)], id="just-near-enough"),
        pytest.param("aba", "ab", 0, [(0, 1), (1, 2)], id="one-word-in-two-windows"),
        pytest.param("aab", "ab", 9, [(1, 2)], id="the-smallest-window"),
        pytest.param("a", "aa", 9, [], id="a-repeated-word-needs-two-places"),
        pytest.param("axa", "aa", 1, [(0, 2)], id="a-repeated-word"),
        pytest.param("aaa", "aa", 0, [(0, 1), (1, 2)], id="a-repeated-word-three-times"),
        pytest.param("abab", "aab", 1, [(0, 2)], id="a-repeated-word-and-another"),
        pytest.param("bxaxa", "aab", 2, [(0, 4)], id="a-repeated-word-after-another"),
        pytest.param("cxbxa", "abc", 2, [(0, 4)], id="three-words-backwards"),
        pytest.param("", "ab", 3, [], id="no-text"),
    ],
)
def test_windows(text, wanted, slop, spans):
    assert spans_of([text], wanted, slop) == windows_of([text], wanted, slop) == spans


def test_no_window_runs_from_one_document_to_the_next():
    assert spans_of(["xa", "bx"], "ab", 99) == []
    assert spans_of(["aa", "b", "ba"], "ab", 99) == [(2 * POSITION_STRIDE, 2 * POSITION_STRIDE + 1)]
