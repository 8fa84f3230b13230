"""Ordered glyphs: finds the letters of glyphs by their places among those that are known (`glyph_order`).

Between two known glyphs of a font there are few letters, so that few words tell which one it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, permutations, product

from analyzers.normalization.folding import fold
from indexer.sources.pdf.glyph_order import ALPHABET, bounds
from indexer.sources.pdf.glyph_words import GlyphKey, GlyphWords, Score, Word

_MAX_ROUNDS = 20
_MAX_LOOKUPS = 90_000
"""In the lexicon, for a document, with those before."""

_SAMPLE = 30
"""Words that are tried for a letter of a glyph."""

_FEW_LETTERS = 6
_EVIDENCE = 6
"""Where a glyph may be one of more letters, so many letters of words must tell which."""

_SOLVED = 0.6
_AHEAD_OF_MANY, _AHEAD_OF_FEW = 1.25, 1.05
"""How much better than the next the right letter must be."""

_TOGETHER = 3
_MAX_TOGETHER, _MAX_CHOICES = 12, 4000
"""Glyphs of one word that are solved together: how often that is tried, and with how many choices."""

_WORDS_TOGETHER = 6
_AHEAD_IN_WORDS, _AHEAD_IN_WORD = 1.02, 1.15
"""How much better than the next the right letters of several glyphs must be, in several words or one."""

_PLAIN = ("ا", "ه", "ي", "لا")
"""Of letters with one surface form, those that are taken."""


class OrderedGlyphs:
    """The glyphs of a document that are in the order of their fonts.

    `found` has the texts that were found for glyphs, and `open_keys` are those without one; both are changed.
    """

    def __init__(
        self, words: GlyphWords, found: dict[GlyphKey, str], open_keys: set[GlyphKey]
    ) -> None:
        self._words = words
        self._found = found
        self._open = open_keys
        self._by_glyph = words.by_glyph()
        self._tried: set[Word] = set()

    def solve(self) -> None:
        """Find texts as long as one that is found bounds others; those out of order are found anew."""
        for _ in range(_MAX_ROUNDS):
            if not self._open or self._words.lookups > _MAX_LOOKUPS:
                return
            choices = self._choices()
            waiting = sorted(
                self._open & choices.keys(), key=lambda key: (-len(self._by_glyph[key]), key)
            )
            solved = [key for key in waiting if self._solve_one(key, choices[key])]
            if not solved and not self._solve_together(choices):
                return

    def _choices(self) -> dict[GlyphKey, Sequence[str]]:
        """Return the letters that glyphs may be by their places, and open those that are others."""
        ranks = self._words.ranks
        solved = {
            ranks[key]: self._found.get(key, self._words.texts[key])
            for key in self._by_glyph
            if key not in self._open
        }
        letters, wrong = bounds(solved, [ranks[key] for key in self._open])
        choices = {key: letters[rank] for key, rank in ranks.items() if rank in letters}
        for key in sorted(self._found.keys() & choices.keys()):
            surface = fold(self._found[key])
            same = [text for text in choices[key] if fold(text) == surface]
            if ranks[key] in wrong or not same:
                del self._found[key]
                self._open.add(key)
            elif len(same) == 1:
                self._found[key] = same[0]
        return choices

    def _solve_one(self, key: GlyphKey, choices: Sequence[str]) -> bool:
        """Find the text of a glyph by the words whose other glyphs are known."""
        letters = {fold(text): text for text in choices}
        letters |= {fold(text): text for text in choices if text in _PLAIN}
        words = [word for word in self._by_glyph[key] if not self._open & (set(word) - {key})]
        words = sorted(words, key=lambda word: (-len(word), word))[:_SAMPLE]
        scores = [self._words.score(key, text, words, self._found, 2) for text in letters.values()]
        scores.sort(key=lambda score: -score.frequency)
        if not _is_clear(scores, words):
            return False
        self._found[key] = scores[0].text
        self._open.discard(key)
        return True

    def _solve_together(self, choices: Mapping[GlyphKey, Sequence[str]]) -> bool:
        """Find the texts of the two or three unknown glyphs of a word, by all words with no other."""
        for word in sorted(self._words.counts, key=len, reverse=True):
            keys = tuple(sorted(self._open.intersection(word)))
            is_bounded = 2 <= len(keys) <= _TOGETHER and choices.keys() >= set(keys)
            if not is_bounded or len(word) < len(keys) + 2 or keys in self._tried:
                continue
            if len(self._tried) >= _MAX_TOGETHER:
                return False
            self._tried.add(keys)
            texts = self._best_together(keys, choices)
            if texts:
                self._found |= dict(zip(keys, texts, strict=True))
                self._open.difference_update(keys)
                return True
        return False

    def _best_together(
        self, keys: Word, choices: Mapping[GlyphKey, Sequence[str]]
    ) -> tuple[str, ...]:
        """Return the texts of glyphs that make all words with them known; () where several do."""
        others = self._open.difference(keys)
        words = [
            word
            for word in self._words.counts
            if not others.intersection(word) and not set(keys).isdisjoint(word)
        ]
        known: dict[str, tuple[float, tuple[str, ...]]] = {}
        for texts in islice(self._in_order(keys, choices), _MAX_CHOICES):
            found = {**self._found, **dict(zip(keys, texts, strict=True))}
            score = self._words.score(keys[-1], texts[-1], words[:_WORDS_TOGETHER], found, 2)
            if score.known == 1:
                known.setdefault(fold(" ".join(texts)), (score.frequency, texts))
        ranking = sorted(known.values(), reverse=True)
        if not ranking:
            return ()
        ahead = _AHEAD_IN_WORDS if len(words) > 1 else _AHEAD_IN_WORD
        is_clear = len(ranking) == 1 or ranking[0][0] >= ahead * ranking[1][0]
        return ranking[0][1] if is_clear else ()

    def _in_order(
        self, keys: Word, choices: Mapping[GlyphKey, Sequence[str]]
    ) -> Iterator[tuple[str, ...]]:
        """Yield the letters that glyphs may be together: those of one font are in order."""
        ranks = [self._words.ranks[key] for key in keys]
        pairs = [
            (first, second)
            for first, second in permutations(range(len(keys)), 2)
            if ranks[first][:2] == ranks[second][:2] and ranks[first] < ranks[second]
        ]
        for texts in product(*(choices[key] for key in keys)):
            if all(ALPHABET.index(texts[a]) <= ALPHABET.index(texts[b]) for a, b in pairs):
                yield texts


def _is_clear(scores: Sequence[Score], words: Sequence[Word]) -> bool:
    """Return whether the first of several scores is enough better than the second."""
    if not words or scores[0].known < _SOLVED:
        return False
    if len(scores) == 1:
        return True
    if len(scores) <= _FEW_LETTERS:
        return scores[0].frequency >= _AHEAD_OF_FEW * scores[1].frequency
    is_told = sum(map(len, words)) >= _EVIDENCE
    return is_told and scores[0].frequency >= _AHEAD_OF_MANY * scores[1].frequency
