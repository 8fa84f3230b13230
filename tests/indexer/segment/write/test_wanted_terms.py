"""A segment in which some terms alone can be looked up: of these it says what one of all terms says."""

from __future__ import annotations

import random

import numpy as np
import pytest

from analyzers import Analyzer
from indexer.document import Document
from indexer.generation import SegmentEntry
from indexer.segment.segment import Segment
from indexer.segment.write.segment_writer import SegmentWriterFactory
from indexer.segment.write.term_ids import WantedTerms

WORDS = ["كتاب", "الكتاب", "كتابهم", "أحمد", "احمد", "مدينة", "المدينة", "في", "F-16", "قلم"]


@pytest.fixture
def segments(tmp_path):
    """Write the same documents with all terms, and with those of a stem and of a surface form."""
    rng = random.Random(1)
    documents = [
        Document(
            str(number), " ".join(rng.choices(WORDS, k=rng.randint(0, 30))), title=rng.choice(WORDS)
        )
        for number in range(40)
    ]
    factory = SegmentWriterFactory(Analyzer(), (), title_weight=3)
    made = []
    for wanted in (None, WantedTerms({"كتاب", "غيرموجود"}, {"المدينه", "لاشيء"})):
        writer = factory.new()
        for document in documents:
            writer.add(document, document.content_hash())
        name = f"{len(made)}.segment"
        writer.write(tmp_path / name, wanted=wanted)
        writer.close()
        made.append(Segment(tmp_path, SegmentEntry(name, len(documents)), title_weight=3))
    return made


@pytest.mark.parametrize("field", ["", "title", "text"])
@pytest.mark.parametrize(
    ("level", "term"),
    [("stem", "كتاب"), ("surface", "كتابهم"), ("stem", "مدين"), ("surface", "مدينه")],
)
def test_postings_and_positions_of_wanted_terms(segments, field, level, term):
    whole, part = segments
    expected, found = (each.postings.postings_of(field, level, term) for each in segments)
    assert found.ids.tolist() == expected.ids.tolist()
    assert found.frequencies.tolist() == expected.frequencies.tolist()
    if level == "stem" and field:
        ids = np.arange(40)
        places = (each.positions.positions(field, term, ids).keys for each in (whole, part))
        assert next(places).tolist() == next(places).tolist()


def test_lengths_are_those_of_all_words(segments):
    for name in ("title", "text"):
        whole, part = (each.postings.text_field(name).lengths().tolist() for each in segments)
        assert part == whole


def test_other_terms_are_not_there(segments):
    whole, part = segments
    assert whole.postings.document_frequency("", "surface", "قلم")
    assert not part.postings.document_frequency("", "surface", "قلم")
