"""The time that the lexer takes for long runs of signs."""

from __future__ import annotations

import time

import pytest

from searchd.query.lexer import tokenize
from searchd.query.tokens import TokenKind


@pytest.mark.parametrize("sign", ["?", "*", "?*", "*?", "?a", "*\u064b"])
def test_a_long_pattern_is_read_in_linear_time(sign: str) -> None:
    """In quadratic time each takes minutes; a deadline of processor time would not end it."""
    query = sign * 40_000 + "x"
    started = time.process_time()
    tokens = list(tokenize(query, {}))
    assert time.process_time() - started < 5
    assert [token.kind for token in tokens] == [TokenKind.WILDCARD, TokenKind.END]
