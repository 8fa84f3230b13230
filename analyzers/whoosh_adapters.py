"""Whoosh adapter: the analysis as an analyzer for any Whoosh schema.

    from whoosh.fields import ID, TEXT, Schema
    from analyzers.whoosh_adapters import ArabicAnalyzer

    schema = Schema(path=ID(stored=True), body=TEXT(analyzer=ArabicAnalyzer(), chars=True))

Character offsets are code points of the original text, and positions count the words that are
indexed, so Whoosh's phrases, highlights and proximity queries work on vocalised text. This is the
only module of `analyzers` that imports Whoosh.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Token, Tokenizer

from analyzers.analyzer import Analyzer
from analyzers.levels import INDEXED_LEVELS, Level
from analyzers.normalization.folding import fold
from analyzers.stemming.stopwords import is_stopword


class ArabicAnalyzer(Tokenizer):  # type: ignore[misc]  # Whoosh has no types
    """Analyses Arabic text for a Whoosh field, on one level.

    `level` is `"stem"` or `"surface"` (see `analyzers.levels.Level`); any other raises ValueError.
    With `stopwords=False` function words are left out and do not count in positions, as with
    Whoosh's own `StopFilter`, whose phrase queries do not allow gaps.
    Further Whoosh filters can follow: `ArabicAnalyzer() | SubstitutionFilter(...)`.
    """

    def __init__(
        self,
        level: Level | str = Level.STEM,
        *,
        stopwords: bool = True,
        protected_words: frozenset[str] = frozenset(),
    ) -> None:
        if level not in INDEXED_LEVELS:
            raise ValueError(f"level is {str(level)!r}; choose 'surface' or 'stem'")
        self.level = Level(level)
        self.stopwords = stopwords
        self.analyzer = Analyzer(protected_words)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ArabicAnalyzer)
            and (self.level, self.stopwords) == (other.level, other.stopwords)
            and self.analyzer.fingerprint == other.analyzer.fingerprint
        )

    def __hash__(self) -> int:
        return hash((self.level, self.stopwords, self.analyzer.fingerprint))

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        """Yield the tokens of a text. As everywhere in Whoosh, it is one object that is reused.

        With `tokenize=False` the whole value is one token, folded and not stemmed.
        """
        out = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        out.boost = 1.0
        if not tokenize:
            out.text = out.original = fold(value)
            out.stopped = False
            out.pos, out.startchar, out.endchar = start_pos, start_char, start_char + len(value)
            yield out
            return
        position = start_pos
        for token in self.analyzer.analyze(value):
            out.stopped = not self.stopwords and is_stopword(token.surface)
            if out.stopped and removestops:
                continue
            out.text = token.stem if self.level is Level.STEM else token.surface
            if keeporiginal:
                out.original = value[token.start : token.end]
            if positions:
                out.pos = position
            if chars:
                out.startchar = start_char + token.start
                out.endchar = start_char + token.end
            yield out
            position += 1
