"""Query correction: the query that was most likely meant, with its operators as typed.

The words of a query that stand beside each other are corrected together
(`searchd.search.word_correction`): those of a quotation, and words without an operator between. Left
alone are patterns, fuzzy words, values of fields, and what must not match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analyzers import Analyzer
from indexer.fields import FieldType
from indexer.segment.postings_reader import DEFAULT_FIELD
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
from searchd.search.word_correction import TypedWord, WordCorrector
from searchd.search.word_statistics import WordStatistics

_LONGEST_RUN = 64
"""Words that are corrected together; of a longer text each part by itself."""


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
    tree: Node,
    analyzer: Analyzer,
    field_type: Callable[[str], FieldType | None],
    statistics: WordStatistics,
) -> Correction | None:
    """Return the correction of a query whose syntax tree is `tree`; None where none is likelier."""
    found: list[CorrectedWords] = []
    for run in _runs(tree, DEFAULT_FIELD, field_type):
        words = _typed_words(query, run, analyzer)
        for first in range(0, len(words), _LONGEST_RUN):
            part = words[first : first + _LONGEST_RUN]
            corrector = WordCorrector(statistics, run.field)
            found += _changes(query, run, part, corrector)
    if not found:
        return None
    text = query
    for change in reversed(found):
        text = text[: change.start] + change.corrected + text[change.end :]
    return Correction(text, tuple(found))


def _changes(
    query: str, run: _Run, words: Sequence[TypedWord], corrector: WordCorrector
) -> Iterator[CorrectedWords]:
    """Yield what the correction of a run changes, in the order of the query."""
    typed = set(words)
    for word in corrector.correct(words):
        if word not in typed:
            statistics, field = corrector.statistics, corrector.field
            written = " ".join(statistics.written(field, surface) for surface in word.surfaces)
            if len(word.surfaces) > 1:
                written = run.opening + written + run.closing
            yield CorrectedWords(word.start, word.end, query[word.start : word.end], written)


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
