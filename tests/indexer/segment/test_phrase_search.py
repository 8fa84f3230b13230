"""Rows of words, by signatures and places, beside a plain search through the texts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document
from indexer.generation import SegmentEntry
from indexer.segment import positions as places
from indexer.segment.array_file import ArrayFileWriter
from indexer.segment.next_word_filter import term_hash
from indexer.segment.phrase_search import PhraseMatches
from indexer.segment.segment import Segment
from tests.indexer.segment.test_text_field import segment_of
from tests.indexer.segment.texts import ANALYZER, texts


def stems_of(text: str) -> list[str]:
    return [terms.stem for terms in ANALYZER.terms(text)]


def rows_in(documents: list[str], wanted: list[str]) -> list[tuple[int, int]]:
    """Return each document and place where some stems stand in a row."""
    return [
        (number, place)
        for number, stems in enumerate(map(stems_of, documents))
        for place in range(len(stems) - len(wanted) + 1)
        if stems[place : place + len(wanted)] == wanted
    ]


def places_of(segment: Segment, row: PhraseMatches, stems: list[str]) -> list[tuple[int, int]]:
    """Return the documents and first places of a row; its other words must stand behind."""
    found = []
    for index, (stem, numbers) in enumerate(zip(stems, row.occurrences, strict=True)):
        occurrences = segment.postings.occurrences("text", stem)
        if occurrences is None:
            assert not numbers.size
            return []
        assert occurrences.documents()[numbers].tolist() == row.documents.tolist()
        found.append((occurrences.positions[numbers].astype(int) - index).tolist())
    assert all(places == found[0] for places in found)
    return list(zip(row.documents.tolist(), found[0], strict=True))


@pytest.mark.parametrize("much_more", [0, 2, 1000], ids=["search", "either", "table"])
@settings(deadline=None, max_examples=60)
@given(
    st.lists(texts, min_size=1, max_size=12),
    st.lists(
        st.sampled_from(["كتاب", "مدرسة", "في", "من", "بغداد", "2024", "غائب"]),
        min_size=2,
        max_size=4,
    ),
)
def test_like_a_plain_search(much_more, documents, words):
    """With each way of finding documents and the owners of occurrences."""
    with tempfile.TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "_SEARCH_COST", much_more)
        segment = segment_of(
            Path(directory), [Document(str(n), text) for n, text in enumerate(documents)]
        )
        stems = stems_of(" ".join(words))
        found = places_of(segment, segment.positions.match_phrase("text", stems), stems)
        assert found == rows_in(documents, stems)


def test_many_documents(tmp_path):
    """So many that signatures are looked at in eights."""
    documents = [f"في بغداد {'كتاب ' * (number % 3)} في مدرسة {number}" for number in range(3000)]
    segment = segment_of(tmp_path, [Document(str(n), text) for n, text in enumerate(documents)])
    for text in ("في بغداد", "بغداد كتاب كتاب", "كتاب في مدرسة", "في مدرسة 2999", "في كتاب"):
        stems = stems_of(text)
        assert places_of(segment, segment.positions.match_phrase("text", stems), stems) == rows_in(
            documents, stems
        )


def test_a_word_with_the_same_signature_is_no_match(tmp_path):
    by_signature: dict[int, str] = {}
    for number in range(1000):
        word = f"w{number}"
        other = by_signature.setdefault(term_hash(word.encode()), word)
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
    row = segment.positions.match_phrase("text", stems_of("في بغداد"))
    assert row.documents.tolist() == [0, 3]
    assert [numbers.tolist() for numbers in row.occurrences] == [[0, 3], [0, 3]]


def test_a_long_document_that_repeats_a_phrase(tmp_path):
    """Each of its occurrences is read once, not once for each place of another word."""
    count = 20_000
    segment = segment_of(tmp_path, [Document("1", "قال رسول الله " * count)])
    row = segment.positions.match_phrase("text", stems_of("رسول الله قال"))
    assert row.documents.size == count - 1
    for index, numbers in enumerate(row.occurrences):
        assert numbers.tolist() == list(range(int(index == 2), count - 1 + int(index == 2)))


def test_documents_behind_those_that_have_the_field(tmp_path):
    """Their numbers are more than a byte holds, those of the field are not."""
    documents = [Document(str(n), "كتاب بغداد") for n in range(200)]
    documents += [Document(str(n), "", title="كتاب بغداد") for n in range(200, 600)]
    segment = segment_of(tmp_path, documents)
    assert segment.postings.document_frequency("", "stem", "كتاب") == 600
    assert segment.positions.positions("text", "كتاب", np.arange(200, 600)).keys.size == 0
    assert segment.positions.intersect("text", ["كتاب", "بغداد"]).tolist() == list(range(200))
