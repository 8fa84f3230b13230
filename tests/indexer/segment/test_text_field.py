from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.analyzer import Terms
from indexer.document import Document
from indexer.fields import DEFAULT_TITLE_WEIGHT as TITLE_WEIGHT
from indexer.generation import SegmentEntry
from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import run_starts
from indexer.segment.term_scan import TermShape
from indexer.segment.write.segment_writer import SegmentWriter
from indexer.segment.write.term_ids import TermIds
from indexer.segment.written_forms import expand_spellings, form_table
from tests.indexer.segment.texts import ANALYZER, LEVELS, invert_plainly, read_back, texts


def segment_of(directory: Path, documents: list[Document]) -> Segment:
    builder = SegmentWriter(TermIds(ANALYZER), ())
    try:
        for document in documents:
            builder.add(document, document.content_hash())
        builder.write(directory / "a.segment")
    finally:
        builder.close()
    return Segment(directory, SegmentEntry("a.segment", len(documents)))


@settings(deadline=None, max_examples=50)
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
            for name, positions in wanted.items():
                assert read_back(segment.postings.text_field(name), level) == positions
            check_segment_level(segment, level, wanted["title"], wanted["text"])
        check_positions(segment, "title", [document.title for document in documents])
        check_positions(segment, "text", [document.text for document in documents])
        check_frequencies(segment, pairs)
        lengths = [[len(ANALYZER.terms(part)) for part in pair] for pair in pairs]
        assert segment.lengths.tolist() == [TITLE_WEIGHT * title + text for title, text in lengths]


def check_segment_level(segment, level, title, text):
    """Check what a search sees of a level: title and text together."""
    every = sorted({*title, *text})
    assert set(segment.postings.terms_of_shape("", level, TermShape(), int)) == set(every)
    for term in [*every, "غائب"]:
        weights = dict.fromkeys((*title.get(term, ()), *text.get(term, ())), 0)
        for weight, positions in ((TITLE_WEIGHT, title.get(term, {})), (1, text.get(term, {}))):
            for document, found in positions.items():
                weights[document] += weight * len(found)
        postings = segment.postings.postings_of("", level, term)
        assert postings.ids.tolist() == sorted(weights)
        assert postings.frequencies.tolist() == [weights[number] for number in sorted(weights)]


def check_positions(segment, name, documents):
    """Check the positions of each word in all documents and in some, by stem and by form."""
    stems, surfaces = (invert_plainly(documents, level) for level in LEVELS)
    words = {terms for text in documents for terms in ANALYZER.terms(text)}
    every, odd = np.arange(len(documents)), np.arange(1, len(documents), 2)
    for chosen in (every, odd, every[:0]):
        for terms in (*words, Terms("غائب", "غائب")):
            positions = segment.positions.positions(name, terms.stem, chosen)
            assert pairs_of(positions.keys, chosen) == pairs_in(stems[terms.stem], chosen)
            exact = positions.keys[
                segment.positions.has_surface(name, terms, positions.occurrences)
            ]
            assert pairs_of(exact, chosen) == pairs_in(surfaces[terms.surface], chosen)
    for first in words:
        assert segment.positions.intersect(name, [first.stem, "غائب"]).size == 0
        for second in words:
            both = sorted(stems[first.stem].keys() & stems[second.stem].keys())
            assert segment.positions.intersect(name, [first.stem, second.stem]).tolist() == both


def pairs_of(keys, chosen):
    """Return the document and position of each position key."""
    return [(int(chosen[key // POSITION_STRIDE]), key % POSITION_STRIDE) for key in keys.tolist()]


def pairs_in(positions, chosen):
    return [
        (number, position) for number in chosen.tolist() for position in positions.get(number, ())
    ]


def check_frequencies(segment, documents):
    """Check the frequency of each word in title and text together, by stem and by form."""
    for terms in {terms for pair in documents for text in pair for terms in ANALYZER.terms(text)}:
        wanted = {}
        for number, pair in enumerate(documents):
            row = [0, 0]
            for weight, text in zip((TITLE_WEIGHT, 1), pair, strict=True):
                for found in ANALYZER.terms(text):
                    row[0] += weight * (found.stem == terms.stem)
                    row[1] += weight * (found.surface == terms.surface)
            if row[0]:
                wanted[number] = row
        counts = segment.postings.word_frequencies("", terms.stem, terms.surface)
        rows = zip(*(column.tolist() for column in counts.frequencies), strict=True)
        assert dict(zip(counts.ids.tolist(), map(list, rows), strict=True)) == wanted
        check_word_lists(segment, terms, wanted)
        (column,) = segment.postings.word_frequencies("", terms.stem).frequencies
        assert column.tolist() == [row[0] for row in wanted.values()]
        assert segment.postings.document_frequency("", "stem", terms.stem) == len(wanted)
        assert segment.postings.postings_of("", "stem", terms.stem).ids.tolist() == list(wanted)
    assert segment.postings.word_frequencies("", "غائب", "غائب").ids.size == 0


def check_word_lists(segment, terms, wanted):
    """Check that the lists of text and title add up to the frequencies of a word."""
    lists = segment.postings.word_lists("", terms.stem, terms.surface)
    for column, row in zip(lists.frequencies, zip(*wanted.values(), strict=True), strict=True):
        sums = np.bincount(lists.ids, column, max(wanted) + 1)
        assert sums[list(wanted)].tolist() == list(row)
        assert sums.sum() == sum(row)


def test_the_lists_of_stems_come_in_their_order(tmp_path):
    documents = [
        Document("1", "قلم كتاب كتاب", title="كتاب"),
        Document("2", "كتاب", title="بيت"),
        Document("3", "قلم"),
    ]
    postings = segment_of(tmp_path, documents).postings
    lists = postings.stem_lists("", ["كتاب", "غائب", "بيت", "قلم"])
    assert lists.sizes == [2, 1, 1, 2]
    assert lists.owners == [0, 0, 2, 3]
    assert lists.ids.tolist() == [0, 1, 0, 1, 0, 2]
    assert lists.frequencies.tolist() == [2, 1, *[TITLE_WEIGHT] * 2, 1, 1]
    assert postings.stem_lists("title", ["كتاب"]).frequencies.tolist() == [TITLE_WEIGHT]
    assert postings.stem_lists("text", ["غائب"]).sizes == []


def test_lists_are_cut_to_some_documents(tmp_path):
    texts = ["كتاب كتاب" if number % 20 else "كتاب قلم" for number in range(100)]
    documents = [Document(str(number), text) for number, text in enumerate(texts)]
    postings = segment_of(tmp_path, documents).postings
    lists = postings.stem_lists("", ["كتاب", "قلم"], among=np.array([4, 60, 99]))
    assert (lists.sizes, lists.owners) == ([3, 1], [0, 1])
    assert lists.ids.tolist() == [4, 60, 99, 60]
    assert lists.frequencies.tolist() == [2, 1, 2, 1]
    lists = postings.stem_lists("", ["قلم"], among=np.array([1, 2]))
    assert (lists.sizes, lists.ids.size) == ([0], 0)


def test_forms_of_one_stem_are_told_apart(tmp_path):
    segment = segment_of(
        tmp_path,
        [Document("1", "كتاب والكتاب كِتاب"), Document("2", "الكتاب"), Document("3", "كتاب")],
    )
    field = segment.postings.text_field("text")
    assert field.stems.size == 1
    assert read_back(field, "stem") == {"كتاب": {0: [0, 1, 2], 1: [0], 2: [0]}}
    assert read_back(field, "surface") == {
        "كتاب": {0: [0, 2], 2: [0]},
        "والكتاب": {0: [1]},
        "الكتاب": {1: [0]},
    }
    surface = field.surface("كتاب")
    assert surface == (0, 0, ("", "1ِ")), "the most frequent surface form comes first"
    assert surface.codes == (0, 1)
    assert [field.surface(word).codes for word in ("الكتاب", "والكتاب")] == [(2,), (3,)]
    forms = expand_spellings(*field.spelling_sets())
    starts, table = form_table(field, forms)
    assert starts.tolist() == [0]
    surfaces = [term.decode() for term in field.surfaces.all()]
    assert [
        (surfaces[forms.surfaces[number]], forms.names[forms.spellings[number]])
        for number in table.tolist()
    ] == [("كتاب", ""), ("كتاب", "1ِ"), ("الكتاب", ""), ("والكتاب", "")]


@pytest.mark.parametrize("level", LEVELS)
def test_a_term_that_is_not_there(tmp_path, level):
    field = segment_of(tmp_path, [Document("1", "كتاب")]).postings.text_field("text")
    assert field.occurrences(level, "غائب").ids.size == 0
    assert field.postings(level, "غائب")[0].size == 0


def test_cached_values_of_one_term_are_kept_apart(tmp_path):
    """Postings, positions and codes of one term are read in any order."""
    segment = segment_of(tmp_path, [Document("1", "كتاب والكتاب"), Document("2", "قلم كتاب")])
    every = np.arange(2)
    for _again in range(2):
        assert segment.positions.positions("text", "كتاب", every).keys.size == 3
        assert segment.postings.surface_codes("text", "كتاب") == (0,)
        assert segment.postings.postings_of("text", "stem", "كتاب").frequencies.tolist() == [2, 1]
        assert segment.postings.postings_of("text", "surface", "كتاب").frequencies.tolist() == [
            1,
            1,
        ]
        assert segment.postings.word_frequencies("text", "كتاب", "كتاب").frequencies[
            1
        ].tolist() == [1, 1]


def test_a_segment_without_words(tmp_path):
    segment = segment_of(tmp_path, [Document("1", ""), Document("2", " ؟ ")])
    assert not list(segment.postings.terms_of_shape("", "stem", TermShape(), int))
    assert segment.postings.postings_of("", "surface", "كتاب").ids.size == 0
    assert segment.lengths.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "starts"),
    [([], []), ([5], [0]), ([5, 5], [0]), ([5, 6, 6, 5], [0, 1, 3]), ([0, 0, 1], [0, 2])],
)
def test_run_starts(values, starts):
    assert run_starts(np.array(values)).tolist() == starts
