"""Assertions that the tests of the analyzers share, and what their tables are made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pytest

from analyzers import Analyzer, Token, fold, stem
from analyzers.analyzer import Terms

ANALYZER = Analyzer()


def stem_of(word: str) -> str:
    """Return the light stem of a word as it is written."""
    return stem(fold(word))


def xfail(reason: str) -> pytest.MarkDecorator:
    """Mark a row that is beyond the rules: it has to fail."""
    return pytest.mark.xfail(strict=True, reason=reason)


def assert_analyzes_to(
    text: str,
    *,
    surfaces: Sequence[str] | None = None,
    stems: Sequence[str] | None = None,
    analyzer: Analyzer = ANALYZER,
) -> None:
    """Check the terms of a text on the levels given, and the invariants of every analysis."""
    tokens = analyzer.analyze(text)
    if surfaces is not None:
        assert [token.surface for token in tokens] == list(surfaces)
    if stems is not None:
        assert [token.stem for token in tokens] == list(stems)
    assert_invariants(text, tokens, analyzer)


def assert_invariants(text: str, tokens: Sequence[Token], analyzer: Analyzer = ANALYZER) -> None:
    """Check what holds for the tokens of every text."""
    assert [token.position for token in tokens] == list(range(len(tokens)))
    assert analyzer.terms(text) == [_terms(token) for token in tokens], "query and index differ"
    end_before = 0
    for (start, end), group in groupby(tokens, lambda token: (token.start, token.end)):
        assert end_before <= start < end <= len(text), "offsets leave the text or go backwards"
        end_before = end
        again = analyzer.analyze(text[start:end])
        assert [_terms(token) for token in again] == [_terms(token) for token in group], (
            f"{text[start:end]!r} has other terms alone than in its text"
        )


def _terms(token: Token) -> Terms:
    return Terms(token.surface, token.stem)
