from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import ANALYZER, LEVELS, invert_plainly, read_back, texts

from analyzers.analysis import Terms
from indexer.document import Document
from indexer.generation import SegmentEntry
from indexer.segment.building import SegmentBuilder
from indexer.segment.inversion import Vocabulary
from indexer.segment.segment import Segment
from indexer.segment.text import run_starts
from indexer.segment.values import TITLE_WEIGHT


def segment_of(directory: Path, documents: list[Document]) -> Segment:
    builder = SegmentBuilder(Vocabulary(ANALYZER), ())
    try:
        for document in documents:
            builder.add(document, document.content_hash())
        builder.write(directory / "a.segment")
    finally:
        builder.close()
    return Segment(directory, SegmentEntry("a.segment", len(documents)))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=12))
def test_like_a_plain_inverted_index(pairs):
    documents = [
        Document(str(number), text, title=title) for number, (title, text) in enumerate(pairs)
    ]
    with tempfile.TemporaryDirectory() as directory:
        segment = segment_of(Path(directory), documents)
        for level in LEVELS:
            wanted = {
                name: invert_plainly([getattr(document, name) for document in documents], level)
                for name in ("title", "text")
            }
            for name, places in wanted.items():
                assert read_back(segment.field(name), level) == places
            check_segment_level(segment, level, wanted["title"], wanted["text"])
        check_places(segment, "title", [document.title for document in documents])
        check_places(segment, "text", [document.text for document in documents])
        sizes = [[len(ANALYZER.terms(part)) for part in pair] for pair in pairs]
        assert segment.lengths.tolist() == [TITLE_WEIGHT * title + text for title, text in sizes]


def check_segment_level(segment, level, title, text):
    """Check what a search sees of a level: title and text together."""
    every = sorted({*title, *text})
    assert segment.terms("", level) == every
    for term in [*every, "غائب"]:
        weights = dict.fromkeys((*title.get(term, ()), *text.get(term, ())), 0)
        for weight, places in ((TITLE_WEIGHT, title.get(term, {})), (1, text.get(term, {}))):
            for document, found in places.items():
                weights[document] += weight * len(found)
        postings = segment.postings("", level, term)
        assert postings.ids.tolist() == sorted(weights)
        assert postings.weights.tolist() == [weights[number] for number in sorted(weights)]


def check_places(segment, name, documents):
    """Check where each word stands, by stem and by form, as phrases see it."""
    words = {terms for text in documents for terms in ANALYZER.terms(text)}
    stems, surfaces = (invert_plainly(documents, level) for level in LEVELS)
    for terms in words:
        word = segment.word(name, terms)
        (places,) = segment.places(name, [word])
        keys = places.keys.astype(np.int64)
        assert (np.diff(keys) > 0).all()
        found = segment.documents_at(name, places.keys)
        firsts = dict(zip(found.tolist()[::-1], keys.tolist()[::-1], strict=True))
        wanted = sorted(stems[terms.stem].items())
        assert found.tolist() == [number for number, found in wanted for _place in found]
        assert [key - firsts[number] for key, number in zip(keys, found, strict=True)] == [
            place - found[0] for _number, found in wanted for place in found
        ]
        exact = segment.documents_at(name, places.keys[places.codes == word.code])
        assert exact.tolist() == [
            number for number, found in sorted(surfaces[terms.surface].items()) for _place in found
        ]
    assert segment.word(name, Terms("غائب", "غائب")) is None


def test_forms_of_one_stem_are_told_apart(tmp_path):
    segment = segment_of(
        tmp_path,
        [Document("1", "كتاب والكتاب كتاب"), Document("2", "الكتاب"), Document("3", "كتاب")],
    )
    field = segment.field("text")
    assert field.stems.size == 1
    assert read_back(field, "stem") == {"كتاب": {0: [0, 1, 2], 1: [0], 2: [0]}}
    assert read_back(field, "surface") == {
        "كتاب": {0: [0, 2], 2: [0]},
        "والكتاب": {0: [1]},
        "الكتاب": {1: [0]},
    }
    starts, table = field.variants()
    assert starts.tolist() == [0]
    surfaces = [term.decode() for term in field.surfaces.all()]
    assert [surfaces[number] for number in table.tolist()] == ["الكتاب", "كتاب", "والكتاب"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_term_that_is_not_there(tmp_path, level):
    field = segment_of(tmp_path, [Document("1", "كتاب")]).field("text")
    assert field.occurrences(level, "غائب").ids.size == 0
    assert field.postings(level, "غائب")[0].size == 0


def test_a_segment_without_words(tmp_path):
    segment = segment_of(tmp_path, [Document("1", ""), Document("2", " ؟ ")])
    assert segment.terms("", "stem") == []
    assert segment.postings("", "surface", "كتاب").ids.size == 0
    assert segment.lengths.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "starts"),
    [([], []), ([5], [0]), ([5, 5], [0]), ([5, 6, 6, 5], [0, 1, 3]), ([0, 0, 1], [0, 2])],
)
def test_run_starts(values, starts):
    assert run_starts(np.array(values)).tolist() == starts
