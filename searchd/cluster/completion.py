"""Completion on a cluster: the words of the index that begin with the last word that was typed."""

from __future__ import annotations

from collections import Counter

from analyzers.normalization.folding import fold
from indexer.cluster.encoding import SEPARATOR
from searchd.cluster.requests import escaped
from searchd.cluster.statistics import Answers, WordsLike
from searchd.results import Suggestion

_MOST_READ = 200


def complete_word(text: str, field: str, limit: int, answers: Answers) -> list[Suggestion]:
    """Return the texts that the last word may become, those in most documents first.

    The words before it stay as they are and choose nothing: a cluster does not count pairs of words.
    """
    before, _, last = text.rpartition(" ")
    beginning = fold(last)
    if not beginning.isalnum():
        return []
    counts = Counter[str]()
    pattern = f"{escaped(beginning)}[^/]*/.*"
    for entry, documents in answers.words(WordsLike(field, pattern, _MOST_READ)):
        counts[entry.partition(SEPARATOR)[0]] += documents
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    start = f"{before} " if before else ""
    return [Suggestion(f"{start}{word}", documents) for word, documents in ranked[:limit]]
