"""Similar documents: those that share the words that tell most about a document.

Its stems are weighted as in a query of all of them, by frequency times inverse document frequency
with the saturation of BM25, and the best of them are searched (query by document: the "more like
this" of Lucene; Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import nlargest
from typing import NamedTuple

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.stemming.stopwords import is_function_word
from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.errors import DocumentNotFoundError
from searchd.filter_tree import Filter
from searchd.search.index_searcher import IndexSearcher, TopDocs
from searchd.search.plan import (
    BooleanQuery,
    BoostQuery,
    ColumnQuery,
    Query,
    QueryWord,
    TermQuery,
)
from searchd.similar_results import TellingTerm

MOST_TERMS = 25
"""Words of a document by which others are looked for."""

_READ = 100_000
"""Characters of a text that are read, from its beginning."""

_LEAST_DOCUMENTS, _FEW_DOCUMENTS = 5, 1_000
"""How many documents must have a word; of no more than a few documents two."""

_MOST_LOOKED_UP = 2_000
"""Stems of a document whose document frequency is asked for: its most frequent."""


class _Word(NamedTuple):
    """A stem of a document: as it is written first, its surface form there, and how often it occurs."""

    text: str
    surface: str
    stem: str
    frequency: float


def find_similar(
    searcher: IndexSearcher,
    analyzer: Analyzer,
    document_id: str,
    limit: int,
    offset: int,
    filters: Sequence[str | Filter],
) -> tuple[tuple[TellingTerm, ...], TopDocs]:
    """Return the words that tell most about a document, and the documents that have them.

    Raises DocumentNotFoundError for an unknown id, and FilterSyntaxError.
    """
    terms, plan = telling_terms(searcher, analyzer, document_id)
    return terms, searcher.search(plan, limit=limit, offset=offset, filters=filters)


def telling_terms(
    searcher: IndexSearcher, analyzer: Analyzer, document_id: str
) -> tuple[tuple[TellingTerm, ...], Query]:
    """Return the words that tell most about a document, and the plan that searches for them.

    Raises DocumentNotFoundError for an unknown id.
    """
    snapshot = searcher.snapshot
    segment, number = _find(snapshot, document_id)
    words = _words(segment, number, analyzer)
    least = _LEAST_DOCUMENTS if snapshot.document_count > _FEW_DOCUMENTS else 2
    weighed = [
        (searcher.term_weight(word.frequency, found), word)
        for word in words
        if (found := _frequency(snapshot, word.stem)) >= least
    ]
    best = nlargest(MOST_TERMS, weighed, key=lambda each: each[0])
    highest = best[0][0] if best else 1.0
    terms = tuple(
        TellingTerm(word.text, word.stem, _frequency(snapshot, word.stem), weight / highest)
        for weight, word in best
    )
    plan = BooleanQuery(
        should=tuple(
            BoostQuery(
                TermQuery(QueryWord(0, word.text, Terms(word.surface, word.stem)), DEFAULT_FIELD),
                word.frequency / (word.frequency + 1),  # the score has the rarity
            )
            for _weight, word in best
        ),
        must_not=(ColumnQuery("id", document_id),),
    )
    if not terms:
        plan = BooleanQuery(must=(ColumnQuery("id", document_id),), must_not=plan.must_not)
    return terms, plan


def _find(snapshot: Snapshot, document_id: str) -> tuple[Segment, int]:
    for segment in snapshot.segments:
        for number in segment.find_live(document_id.encode("utf-8", "surrogatepass")):
            return segment, number
    raise DocumentNotFoundError(document_id)


def _frequency(snapshot: Snapshot, stem: str) -> int:
    budget.check(stem)
    return snapshot.document_frequency(DEFAULT_FIELD, "stem", stem)


def _words(segment: Segment, number: int, analyzer: Analyzer) -> list[_Word]:
    """Return the stems of the title and the text without function words, the most frequent."""
    (stored,) = segment.documents.stored_fields([number])
    frequencies = Counter[str]()
    written: dict[str, tuple[str, str]] = {}
    for text, weight in (
        (stored.title, segment.title_weight),
        (_beginning(segment, number), 1),
    ):
        for word, surface, stem in _content_words(text, analyzer):
            frequencies[stem] += weight
            written.setdefault(stem, (word, surface))
    return [
        _Word(*written[stem], stem, frequency)
        for stem, frequency in frequencies.most_common(_MOST_LOOKED_UP)
    ]


def _beginning(segment: Segment, number: int) -> str:
    parts = segment.documents.text_parts(number)
    if parts is None:
        return segment.documents.text(number)[:_READ]
    last = int(parts.characters.searchsorted(_READ, "right"))
    return parts.read(0, max(last - 1, 1))


def _content_words(text: str, analyzer: Analyzer) -> Iterator[tuple[str, str, str]]:
    for token in analyzer.analyze(text):
        word = text[token.start : token.end]
        if len(token.stem) > 1 and not token.surface.isdigit() and not is_function_word(word):
            yield word, token.surface, token.stem
