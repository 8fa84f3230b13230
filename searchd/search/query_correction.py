"""Query correction: the query that was most likely meant, with its operators as typed.

The words of a query that stand beside each other are corrected together
(`searchd.search.word_correction`): those of a quotation, and words without an operator between. Left
alone are patterns, fuzzy words, values of fields, and what must not match.

A query whose letters were changed as a whole (`searchd.search.garbled_queries`) is replaced as a
whole, where that is likelier than any other correction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from analyzers import Analyzer
from indexer.fields import FieldType
from indexer.segment.postings_reader import DEFAULT_FIELD
from searchd.errors import QuerySyntaxError
from searchd.query import (
    And,
    Boost,
    Clauses,
    Exact,
    Field,
    FreeText,
    Node,
    Occur,
    Or,
    Phrase,
)
from searchd.results import CorrectedWords, Correction
from searchd.search.encoded_queries import decoded_query
from searchd.search.garbled_queries import other_readings
from searchd.search.word_correction import MARGIN, TypedWord, WordCorrector
from searchd.search.word_statistics import WordStatistics

_LONGEST_RUN = 64
"""Words that are corrected together; of a longer text each part by itself."""

_LOG_OF_GARBLING = log(1e-4)
"""The log of the probability that a query was garbled in one way."""

_LEAST_LETTERS = 3
"""Letters of a query on another keyboard or in visual order, at least."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words beside each other: their texts with positions, in one field.

    Where one word of them becomes two, these are put between `opening` and `closing`.
    """

    texts: tuple[FreeText | Phrase | Exact, ...]
    field: str
    opening: str = ""
    closing: str = ""


def correct_query(
    query: str,
    parse: Callable[[str], Node],
    analyzer: Analyzer,
    field_type: Callable[[str], FieldType | None],
    statistics: WordStatistics,
) -> Correction | None:
    """Return the correction of a query; None where none is likelier.

    `parse` returns the syntax tree of a query. Raises QuerySyntaxError where it does.
    """
    runs = _typed_runs(query, parse(query), analyzer, field_type, statistics)
    found: list[CorrectedWords] = []
    gained = 0.0
    for run, corrector, words in runs:
        changes, gain = _changes(query, run, words, corrector)
        found += changes
        gained += gain

    def typed_runs(text: str) -> list[_TypedRun]:
        try:
            return _typed_runs(text, parse(text), analyzer, field_type, statistics)
        except QuerySyntaxError:
            return []  # what the letters may have been is no query

    reading = _likelier_reading(query, runs, typed_runs, max(gained, MARGIN))
    if reading is not None:
        start = len(query) - len(query.lstrip())
        end = start + len(query.strip())
        found = [CorrectedWords(start, end, query[start:end], reading)]
    if not found:
        return None
    text = query
    for change in reversed(found):
        text = text[: change.start] + change.corrected + text[change.end :]
    return Correction(text, tuple(found))


class _TypedRun(NamedTuple):
    """Words of a run that are corrected together, with what corrects them."""

    run: _Run
    corrector: WordCorrector
    words: list[TypedWord]


def _typed_runs(
    query: str,
    tree: Node,
    analyzer: Analyzer,
    field_type: Callable[[str], FieldType | None],
    statistics: WordStatistics,
) -> list[_TypedRun]:
    found = []
    for run in _runs(tree, DEFAULT_FIELD, field_type):
        words = _typed_words(query, run, analyzer)
        for first in range(0, len(words), _LONGEST_RUN):
            part = words[first : first + _LONGEST_RUN]
            found.append(_TypedRun(run, WordCorrector(statistics, run.field), part))
    return found


def _likelier_reading(
    query: str,
    typed: Sequence[_TypedRun],
    typed_runs: Callable[[str], list[_TypedRun]],
    least: float,
) -> str | None:
    """Return what the letters of a garbled query were; None where it is likelier as typed.

    What a query is the code of is certain, and documents have a word of it. In other readings, which
    are likelier by more than `least`, they have every word, and lack half of those typed or more.
    """
    query = query.strip()
    decoded = decoded_query(query)
    if decoded != query:
        runs = typed_runs(decoded)
        return decoded if any(run.corrector.knows([w]) for run in runs for w in run.words) else None
    known = [run.corrector.knows([word]) for run in typed for word in run.words]
    if 2 * sum(known) > len(known) or sum(map(str.isalpha, query)) < _LEAST_LETTERS:
        return None
    before = sum(run.corrector.log_probability(run.words) for run in typed)
    best = None
    for reading in other_readings(query):
        runs = typed_runs(reading)
        if runs and all(run.corrector.knows(run.words) for run in runs):
            after = sum(run.corrector.log_probability(run.words) for run in runs)
            gain = after - before + _LOG_OF_GARBLING
            if gain > least:
                best, least = reading, gain
    return best


def _changes(
    query: str, run: _Run, words: Sequence[TypedWord], corrector: WordCorrector
) -> tuple[list[CorrectedWords], float]:
    """Return what the correction of a run changes, in the order of the query, and its gain."""
    typed = set(words)
    corrected, gain = corrector.correct(words)
    changes, before = [], ""
    for word in corrected:
        if word not in typed:
            written = corrector.statistics.written_words(corrector.field, word.surfaces, before)
            if len(word.surfaces) > 1:
                written = run.opening + written + run.closing
            changes.append(
                CorrectedWords(word.start, word.end, query[word.start : word.end], written)
            )
        before = word.surfaces[-1]
    return changes, gain


def _runs(node: Node, field: str, field_type: Callable[[str], FieldType | None]) -> Iterator[_Run]:
    """Yield the runs of words in the order of the query, without those that must not match."""
    match node:
        case _ if field and field_type(field) is not FieldType.TEXT:
            return
        case Clauses():
            yield from _runs_of_clauses(node, field, field_type)
        case And(nodes) | Or(nodes):
            for each in nodes:
                yield from _runs(each, field, field_type)
        case Boost(inner):
            yield from _runs(inner, field, field_type)
        case Field(name, inner):
            yield from _runs(inner, name, field_type)
        case FreeText():
            yield _Run((node,), field, "(", ")")
        case Phrase():
            yield _Run((node,), field)
        case Exact():
            yield _Run((node,), field)


def _runs_of_clauses(
    node: Clauses, field: str, field_type: Callable[[str], FieldType | None]
) -> Iterator[_Run]:
    words: list[FreeText] = []
    for clause in node.clauses:
        if clause.occur is Occur.SHOULD and isinstance(clause.node, FreeText):
            words.append(clause.node)
            continue
        if words:
            yield _Run(tuple(words), field)
            words = []
        if clause.occur is not Occur.MUST_NOT:
            yield from _runs(clause.node, field, field_type)
    if words:
        yield _Run(tuple(words), field)


def _typed_words(query: str, run: _Run, analyzer: Analyzer) -> list[TypedWord]:
    """Return the written words of a run, each with its surface forms."""
    words: list[TypedWord] = []
    for text in run.texts:
        for token in analyzer.analyze(text.text):
            start, end = text.position + token.start, text.position + token.end
            if words and words[-1].start == start:
                parts = (*words[-1].surfaces, token.surface)
                words[-1] = words[-1]._replace(surfaces=parts)
            else:
                between = query[words[-1].end : start] if words else ""
                words.append(TypedWord(start, end, (token.surface,), after_space=between.isspace()))
    return words
