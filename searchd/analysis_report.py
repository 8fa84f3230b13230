"""Analysis reports: each token of a text with its terms, how they were derived, and synonyms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from analyzers import Analyzer, is_function_word
from analyzers.stemming.light_stemmer import explain
from analyzers.synonyms import Synonyms, shipped_synonyms
from searchd.query.synonym_expansion import expand_synonyms


@dataclass(frozen=True, slots=True)
class AnalyzedToken:
    """A token of a text with the result of each step of the analysis.

    `start` and `end` are code point offsets, `text` the slice of the source between them.
    `written` is `surface` with the hamzas, marks and dots of the token: what `=token` asks for.
    `why` names each affix that the stemmer cut from `surface` to get `stem`. Morphology reads the
    token as `proclitics`, `base` and `enclitic` and finds the `lemma` of `base` by `rule`, a key of
    `analyzers.morphology.reading.RULES`; `reading` describes that in words. A search for the token
    also matches `related_stems`, the stems of other forms of its lemma, and `synonyms`, those of the
    token or of a phrase that begins with it ("=" marks one that matches in this form alone).
    """

    start: int
    end: int
    text: str
    surface: str
    written: str
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
    """Return the tokens of a text in order.

    `analyzer` and `synonyms` default to the ones that searchd ships.
    """
    analyzer = analyzer or Analyzer()
    rules = shipped_synonyms() if synonyms is None else synonyms
    tokens = analyzer.query_terms(text, exact=True)
    synonyms_at = {
        expansion.start: tuple(
            ("=" if alternative.exact else "")
            + " ".join(terms.surface for terms in alternative.words)
            for alternative in expansion.alternatives
        )
        for expansion in expand_synonyms(analyzer.terms(text), rules, analyzer)
    }
    starts = Counter(token.start for token, _terms in tokens)
    analyzed = []
    for token, terms in tokens:
        reading = analyzer.lemma_expander.reading(token.surface)
        analyzed.append(
            AnalyzedToken(
                start=token.start,
                end=token.end,
                text=text[token.start : token.end],
                surface=token.surface,
                written=terms.written,
                stem=token.stem,
                why=explain(token.surface, analyzer.protected_words).describe(),
                lemma=reading.lemma,
                proclitics=reading.proclitics,
                base=reading.base,
                enclitic=reading.enclitic,
                rule=reading.rule,
                reading=reading.describe(),
                related_stems=analyzer.lemma_expander.related_stems(token.surface, token.stem),
                synonyms=synonyms_at.get(token.position, ()),
                stopword=is_function_word(
                    token.surface if starts[token.start] > 1 else text[token.start : token.end]
                ),
            )
        )
    return analyzed
