"""Term vectors: the terms of one document with their weights and positions.

They are not stored: the stored text is analysed again, by the analyzer of the index.
"""

from __future__ import annotations

from collections.abc import Iterable

from whoosh.matching import ListMatcher

from analyzers import Analyzer
from indexer.whoosh.formats import PackedPositions


def term_vector(
    texts: Iterable[tuple[str, int, int]], level: str, analyzer: Analyzer, format_: PackedPositions
) -> ListMatcher:
    """Return the terms of some texts, in order.

    `texts`: each text, the weight of its words, and the position of its first word.
    """
    weights: dict[str, float] = {}
    positions: dict[str, list[int]] = {}
    for text, weight, start in texts:
        for token in analyzer.analyze(text):
            term = getattr(token, level)
            weights[term] = weights.get(term, 0.0) + weight
            positions.setdefault(term, []).append(start + token.position)
    # Whoosh's vectors are ordered by the bytes of terms, which is the order of code points.
    terms = sorted(weights)
    return ListMatcher(
        terms,
        [weights[term] for term in terms],
        [format_.encode(positions[term], weights[term]) for term in terms],
        format_,
    )
