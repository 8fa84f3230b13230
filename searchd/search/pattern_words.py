"""Patterns of several words: F-1* and عبدالعز* can match no word, since an index has their parts."""

from __future__ import annotations

import re
from itertools import groupby

from analyzers import Analyzer
from analyzers.normalization.folding import CONTROLS, MARKS

_PIECE = re.compile(r"[*?]+|[^*?]+")
_INSIDE_WORDS = frozenset(MARKS) | frozenset(CONTROLS) | {"\u0640"}


def words_of_pattern(pattern: str, analyzer: Analyzer) -> list[str]:
    """Return the words into which the analysis splits a pattern, those with wildcards as patterns.

    A pattern of one word is returned as it is.

    >>> words_of_pattern("كتا*", Analyzer()), words_of_pattern("QLED-55*", Analyzer())
    (['كتا*'], ['qled', '55*'])
    """
    words = [""]
    is_split = False
    for piece in _PIECE.findall(pattern):
        if piece[0] in "*?":
            words[-1] += piece
            continue
        end = 0
        for start, tokens in groupby(analyzer.analyze(piece), lambda token: token.start):
            parts = list(tokens)
            between, end_before = piece[end:start], end
            end = parts[0].end
            texts = [part.surface for part in parts] if len(parts) > 1 else [piece[start:end]]
            if end_before or not _INSIDE_WORDS.issuperset(between):
                words.append("")
            words[-1] += texts[0]
            words += texts[1:]
        if not _INSIDE_WORDS.issuperset(piece[end:]):
            words.append("")
            is_split = True
    words = [word for word in words if word.strip("*?")]
    return words if is_split or len(words) > 1 else [pattern]
