"""Glyph words: the words of a document as glyphs, and how well a text for a glyph fits them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from pyarabic.araby_const import TATWEEL

from indexer.sources.pdf.glyph_order import Rank
from indexer.sources.pdf.known_words import is_arabic_letter, word_weight

GlyphKey = tuple[int, int]
"""A font of a document by its number, and the code of a glyph in it."""


class EncodedGlyph(NamedTuple):
    """A glyph of a word: its key, its text so far, and whether the font knows that text."""

    key: GlyphKey
    text: str
    is_known: bool


EncodedWord = tuple[EncodedGlyph, ...]
"""The glyphs of a word from its first letter on."""

Word = tuple[GlyphKey, ...]

MAX_WORDS = 30_000
"""Of a document, distinct; more tell nothing new."""

_BESIDE_WORDS = frozenset(".,:;!?()[]{}«»\"'-–…،؛؟")
"""Signs that people write before or behind words."""

_JOINING = frozenset("بتثجحخسشصضطظعغفقكلمنهيئ" + TATWEEL)
"""Letters that join the next one."""

SHORTEST = 3
"""The letters of words that tell something."""


class Score(NamedTuple):
    """How good a text is for a glyph: the share of letters in known words, and their weight."""

    text: str
    known: float
    frequency: float


class GlyphWords:
    """The words of one document.

    `counts` has how often each occurs, `texts` what the fonts say of glyphs, `unknown` the glyphs of which they
    say nothing or what is doubted, `signs` those among them that may be signs beside words, `ranks` the places of
    glyphs in their fonts, and `lookups` how many words were looked up in the lexicon.
    """

    def __init__(self, family: Callable[[int], int]) -> None:
        """`family` gives for a font the first one of its name: such are parts of one."""
        self.counts: Counter[Word] = Counter()
        self.texts: dict[GlyphKey, str] = {}
        self.unknown: set[GlyphKey] = set()
        self.signs: set[GlyphKey] = set()
        self.ranks: dict[GlyphKey, Rank] = {}
        self.lookups = 0
        self._family = family

    def add(self, words: Mapping[EncodedWord, int]) -> None:
        """Add words with how often each occurs."""
        for word, count in words.items():
            keys = tuple([key for key, _text, _known in word])
            if len(self.counts) >= MAX_WORDS and keys not in self.counts:
                continue
            self.counts[keys] += count
            for key, text, known in word:
                self.texts[key] = text
                self.ranks[key] = self._rank(key, text)
                if not known:
                    self.unknown.add(key)
                    if text in _BESIDE_WORDS:
                        self.signs.add(key)

    def _rank(self, key: GlyphKey, text: str) -> Rank:
        if len(text) == 1 and "\ue000" <= text <= "\uf8ff":
            return Rank(self._family(key[0]), True, ord(text))
        return Rank(key[0], False, key[1])

    def by_glyph(self) -> dict[GlyphKey, list[Word]]:
        """Return for each glyph the words with it."""
        words: dict[GlyphKey, list[Word]] = defaultdict(list)
        for word in self.counts:
            for key in set(word):
                words[key].append(word)
        return words

    def score(
        self,
        key: GlyphKey,
        text: str,
        words: Iterable[Word],
        found: Mapping[GlyphKey, str],
        shortest: int = SHORTEST,
    ) -> Score:
        """Return how many letters of the words with a glyph are in known words with a text for it."""
        total, known, frequency = 0, 0, 0.0
        for word in words:
            if not text and not self._may_be_stroke(key, word, found):
                total += len(word)
                continue
            letters = "".join(
                text if other == key else found.get(other, self.texts[other]) for other in word
            )
            letters = "".join(filter(is_arabic_letter, letters))
            total += len(word)
            # more letters for one glyph are not to make long words of short ones
            if len(letters) - max(len(text) - 1, 0) >= shortest:
                self.lookups += 1
                weight = word_weight(letters)
                known += len(word) if weight else 0
                frequency += len(word) * weight
        return Score(text, known / total, frequency / total) if total else Score(text, 0.0, 0.0)

    def _may_be_stroke(self, key: GlyphKey, word: Word, found: Mapping[GlyphKey, str]) -> bool:
        """Return whether a glyph stands in a word where a stroke may: behind a joining letter.

        Where every letter has one, LibreOffice spaces letters with it.
        """
        if word.count(key) > 1 and 2 * word.count(key) >= len(word) - 1:
            return True
        at = word.index(key)
        before = found.get(word[at - 1], self.texts[word[at - 1]]) if at else ""
        return before[-1:] in _JOINING and word[-1] != key
