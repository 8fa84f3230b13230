"""Explaining analysis: every word of a text with its stem and its lemma, and what led to them."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers import Analyzer, is_stopword
from analyzers.stemming.light_stemmer import explain
from analyzers.synonyms import Synonyms, shipped_synonyms
from searchd.query.synonym_expansion import expand_synonyms


@dataclass(frozen=True, slots=True)
class AnalyzedToken:
    """One word of a text and what analysis made of it.

    `why` names every cut of the stemmer. The word is read as `proclitics`, `base` and `enclitic`,
    and `base` leads to the `lemma`: by `rule`, a key of `analyzers.morphology.reading.RULES`; `reading`
    says that in words. A search for the word also covers `related_stems`, the stems of other forms of
    its lemma, and `synonyms`, what it, or it and the words behind it, may be called.
    """

    start: int
    end: int
    text: str
    surface: str
    stem: str
    why: str
    lemma: str
    proclitics: tuple[str, ...]
    base: str
    enclitic: str
    rule: str
    reading: str
    related_stems: tuple[str, ...]
    synonyms: tuple[str, ...]
    stopword: bool


def analyze_text(
    text: str, analyzer: Analyzer | None = None, synonyms: Synonyms | None = None
) -> list[AnalyzedToken]:
    """Return the words of a text in order; offsets are code points.

    Without `synonyms` those that ship are meant.
    """
    analyzer = analyzer or Analyzer()
    rules = shipped_synonyms() if synonyms is None else synonyms
    tokens = analyzer.analyze(text)
    called = {
        expansion.start: tuple(
            ("=" if other.exact else "") + " ".join(terms.surface for terms in other.words)
            for other in expansion.alternatives
        )
        for expansion in expand_synonyms(analyzer.terms(text), rules, analyzer)
    }
    analyzed = []
    for token in tokens:
        reading = analyzer.lemma_expander.reading(token.surface)
        analyzed.append(
            AnalyzedToken(
                start=token.start,
                end=token.end,
                text=text[token.start : token.end],
                surface=token.surface,
                stem=token.stem,
                why=explain(token.surface, analyzer.protected_words).describe(),
                lemma=reading.lemma,
                proclitics=reading.proclitics,
                base=reading.base,
                enclitic=reading.enclitic,
                rule=reading.rule,
                reading=reading.describe(),
                related_stems=analyzer.lemma_expander.related_stems(token.surface, token.stem),
                synonyms=called.get(token.position, ()),
                stopword=is_stopword(token.surface),
            )
        )
    return analyzed
