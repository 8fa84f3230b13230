"""Explaining analysis: every word of a text with the cuts that led to its stem."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers import Analyzer, is_stopword
from analyzers.stemmer import explain


@dataclass(frozen=True, slots=True)
class AnalyzedToken:
    """One word of a text and what analysis made of it; `why` names every cut."""

    start: int
    end: int
    text: str
    surface: str
    stem: str
    stopword: bool
    why: str


def analyze_text(text: str, analyzer: Analyzer | None = None) -> list[AnalyzedToken]:
    """Return the words of a text in order; offsets are code points."""
    analyzer = analyzer or Analyzer()
    return [
        AnalyzedToken(
            start=token.start,
            end=token.end,
            text=text[token.start : token.end],
            surface=token.surface,
            stem=token.stem,
            stopword=is_stopword(token.surface),
            why=explain(token.surface, analyzer.protection).reasons(),
        )
        for token in analyzer.analyze(text)
    ]
