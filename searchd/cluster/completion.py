"""Completion on a cluster: the words of the index that begin with the last word that was typed."""

from __future__ import annotations

from analyzers.analyzer import Terms
from analyzers.normalization.folding import fold
from indexer.lookups import WordLookup
from searchd.cluster.requests import escaped
from searchd.cluster.statistics import Answers, WordsQuestion
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
    pattern = f"{escaped(beginning)}.*"
    found = answers.words(WordsQuestion(field, "surface", "like", pattern))
    # The shortest first: they are in the most documents, and not all can be counted.
    forms = sorted({word.surface for word in found}, key=lambda form: (len(form), form))
    counts = {
        form: answers.count(WordLookup(field, (), (Terms(form, ""),)))
        for form in forms[:_MOST_READ]
    }
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    start = f"{before} " if before else ""
    return [Suggestion(f"{start}{word}", number) for word, number in ranked[:limit] if number]
