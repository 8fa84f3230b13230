"""Texts, and an inverted index of them in plain Python, to compare the arrays of a segment with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from analyzers import Analyzer
from indexer.segment.text_field import TextField

DocPositions = Mapping[str, Mapping[int, list[int]]]
"""For each term its positions, by document."""

ANALYZER = Analyzer()
LEVELS = ("stem", "surface")

WORDS = [
    "كتاب",
    "والكتاب",
    "الكتاب",
    "كتابه",
    "وكتابهم",
    "مدرسة",
    "المدرسة",
    "مدارس",
    "في",
    "من",
    "بغداد",
    "وبغداد",
    "covid",
    "2024",
    "٢٠٢٤",
    "كِتاب",
    "كِتَابٌ",
    "إلى",
    "الى",
    "ﷺ",
    "ﷲ",
    "؟",
    "،",
    "ـ",
    "َ",
]
"""Several forms of a stem, some with marks and hamzas, phrase ligatures, and signs that are no words."""

texts = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


def invert_plainly(documents: Sequence[str], level: str) -> DocPositions:
    """Return the positions of each term of some texts."""
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, text in enumerate(documents):
        for position, terms in enumerate(ANALYZER.terms(text)):
            found[getattr(terms, level)][number].append(position)
    return found


def read_back(field: TextField, level: str) -> DocPositions:
    """Return the positions of each term of a text field."""
    found: dict[str, dict[int, list[int]]] = {}
    for term in (data.decode() for data in field.dictionary(level).all()):
        occurrences = field.occurrences(level, term)
        ids, counts = field.postings(level, term)
        assert ids.all().tolist() == occurrences.ids.all().tolist()
        assert counts.tolist() == occurrences.counts.values.tolist()
        assert occurrences.positions.size == counts.sum()
        positions = iter(occurrences.positions.all().tolist())
        found[term] = {
            document: [next(positions) for _ in range(count)]
            for document, count in zip(ids.all().tolist(), counts.tolist(), strict=True)
        }
    return found
