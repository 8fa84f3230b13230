"""Decipherment: finds the letters of glyphs whose font has no table for them, or a wrong one.

A glyph of a font is one letter wherever it stands. Where its letter is unknown, or where nearly all words
with it are unknown words, each letter and usual ligature is tried in all these words: the right one
makes words of the lexicon of nearly all of them. What is found for one glyph helps to find the next.

A glyph stays as it is where the words do not decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pyarabic.araby_const import TATWEEL

from analyzers.morphology.reading import shipped_morphology
from analyzers.normalization.folding import fold

GlyphKey = tuple[int, int]
"""A font of a document by its number, and the code of a glyph in it."""


class EncodedGlyph(NamedTuple):
    """A glyph of a word: its key, its text so far, and whether the font knows that text."""

    key: GlyphKey
    text: str
    is_known: bool


MAX_WORDS = 30_000
"""Of a document, distinct; more tell nothing new."""

_MAX_LOOKUPS = 60_000
"""In the lexicon, for a document: about 50 µs each."""

_SAMPLE = 30
"""Words that are tried for a letter of a glyph."""

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" + "ةىءئؤ"
_LIGATURES = (
    *("لا", "لم", "لح", "لج", "لخ", "لى", "له", "لي", "في", "ير", "ين", "ني", "مح", "مج", "مم"),
    *("تم", "نم", "يم", "بم", "تر", "بر", "نر", "كا", "كل", "لك", "ها", "هم", "لله", "الله"),
)
CANDIDATES = ("", *_LETTERS, *_LIGATURES)

_MIN_WORDS = 3
_MIN_LETTERS = 12
"""The least evidence: words with the glyph, and letters in them."""

_SHORT_EVIDENCE = 6
"""The letters in fewer words that decide where they leave one choice."""

_SOLVED = 0.6
"""The share of the letters, in words with a glyph, that the right letter must make known."""

_UNSOLVED = 0.35
"""Where no more of them are known as they are, the table of the font is suspected."""

_AHEAD = 1.25
"""How much better than the next the right letter must be."""

_MIN_WEIGHT = 15
_SHORTEST = 3


@lru_cache(maxsize=100_000)
def is_known(word: str) -> bool:
    """Return whether a word is in the lexicon, with or without clitics; very rare ones do not count.

    Raises LexiconError where the shipped lexicon cannot be read.
    """
    morphology = shipped_morphology()
    surface = fold(word)
    if not surface:
        return False
    reading = morphology.find_form(surface)
    if reading is None:
        return False
    entry = morphology.lexicon.find(reading.base)
    return entry is not None and entry.weight >= _MIN_WEIGHT


def is_arabic_letter(character: str) -> bool:
    """Return whether a character is a letter of the Arabic script, in its plain form."""
    return "\u0620" <= character <= "\u064a" or "\u066e" <= character <= "\u06d5"


class Decipherment:
    """The words of one document, as glyphs, and what they tell of the glyphs."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[GlyphKey, ...]] = Counter()
        self._texts: dict[GlyphKey, str] = {}
        self._unknown: set[GlyphKey] = set()
        self._lookups = 0

    def add(self, words: Iterable[Sequence[EncodedGlyph]]) -> None:
        """Add words, each with its glyphs from the first letter on."""
        for word in words:
            keys = tuple(key for key, _text, _known in word)
            if len(self._counts) >= MAX_WORDS and keys not in self._counts:
                continue
            self._counts[keys] += 1
            for key, text, known in word:
                self._texts[key] = text
                if not known:
                    self._unknown.add(key)

    def solve(self) -> dict[GlyphKey, str]:
        """Return the texts of glyphs that are unknown or wrong, as far as the words decide."""
        by_glyph: dict[GlyphKey, list[tuple[GlyphKey, ...]]] = defaultdict(list)
        for word in self._counts:
            for key in set(word):
                by_glyph[key].append(word)
        found: dict[GlyphKey, str] = {}
        open_keys = set(self._unknown)
        doubtful = [key for key in by_glyph if key not in open_keys and self._is_doubtful(key, by_glyph[key])]
        self._solve_all(open_keys, by_glyph, found)
        for key in sorted(doubtful):
            self._solve_one(key, by_glyph[key], open_keys, found)
        if doubtful and open_keys:
            self._solve_all(open_keys, by_glyph, found)
        return {key: text for key, text in found.items() if text != self._texts[key]}

    def unsolved(self, found: Mapping[GlyphKey, str]) -> set[GlyphKey]:
        """Return the unknown glyphs that stay unknown."""
        return self._unknown - set(found)

    def _is_doubtful(self, key: GlyphKey, words: list[tuple[GlyphKey, ...]]) -> bool:
        """Return whether a glyph with a text makes nearly all its words unknown ones."""
        text = self._texts[key]
        complete = [word for word in words if len(word) >= _SHORTEST and not self._unknown & set(word)]
        if len(complete) < 2 * _MIN_WORDS:
            return False  # several names would do
        if not any(is_arabic_letter(character) for character in text):
            inner = sum(key in word[1:-1] for word in complete)
            return inner >= max(_MIN_WORDS, 0.5 * len(complete)) and text not in ".-/:"
        total, known = self._score(key, text, complete[:_SAMPLE], {})
        return known <= _UNSOLVED * total

    def _solve_all(
        self,
        open_keys: set[GlyphKey],
        by_glyph: Mapping[GlyphKey, list[tuple[GlyphKey, ...]]],
        found: dict[GlyphKey, str],
    ) -> None:
        """Solve unknown glyphs as long as one that is found helps with another."""
        waiting = set(open_keys)
        while waiting and self._lookups < _MAX_LOOKUPS:
            solved = [
                key
                for key in sorted(waiting, key=lambda key: -len(by_glyph[key]))
                if self._solve_one(key, by_glyph[key], open_keys, found)
            ]
            waiting = {
                other
                for key in solved
                for word in by_glyph[key]
                for other in word
                if other in open_keys
            }

    def _solve_one(
        self,
        key: GlyphKey,
        words: list[tuple[GlyphKey, ...]],
        open_keys: set[GlyphKey],
        found: dict[GlyphKey, str],
    ) -> bool:
        """Find the text of one glyph by the words whose other glyphs are known."""
        complete = [word for word in words if not open_keys & (set(word) - {key})]
        complete.sort(key=lambda word: (-min(len(word), 8), -self._counts[word]))
        complete = complete[:_SAMPLE]
        if not complete:
            return False
        own = self._texts[key]
        letters = {} if key in open_keys else dict.fromkeys(own + a for a in _LETTERS)
        options = dict.fromkeys((*CANDIDATES, *letters))
        scores: list[tuple[float, str]] = []
        seen: set[str] = set()
        for option in options:
            folded = fold(option) if option else ""
            if folded in seen:
                continue
            seen.add(folded)
            total, known = self._score(key, option, complete, found)
            scores.append((known / total if total else 0.0, option))
        scores.sort(key=lambda score: (-score[0], len(score[1])))
        (best, text), (second, _other) = scores[:2]
        if best < _SOLVED or best < _AHEAD * second:
            return False
        if len(complete) < _MIN_WORDS or sum(map(len, complete)) < _MIN_LETTERS:
            # so few words decide where only one letter makes them all known
            if second > 0 or best < 1 or sum(map(len, complete)) < _SHORT_EVIDENCE:
                return False
        found[key] = _in_final_form(text, key, words)
        open_keys.discard(key)
        return True

    def _score(
        self,
        key: GlyphKey,
        text: str,
        words: Iterable[tuple[GlyphKey, ...]],
        found: Mapping[GlyphKey, str],
    ) -> tuple[float, float]:
        """Return the letters of the words with a glyph, and those of them that are known words."""
        total = known = 0.0
        for word in words:
            if not text and not self._may_be_stroke(key, word, found):
                total += len(word)
                continue
            letters = "".join(
                text if other == key else found.get(other, self._texts[other]) for other in word
            )
            letters = "".join(filter(is_arabic_letter, letters))
            total += len(word)
            if len(letters) >= _SHORTEST:
                self._lookups += 1
                if is_known(letters):
                    known += len(word)
        return total, known

    def _may_be_stroke(
        self, key: GlyphKey, word: tuple[GlyphKey, ...], found: Mapping[GlyphKey, str]
    ) -> bool:
        """Return whether a glyph stands in a word where a stroke may: behind a joining letter."""
        at = word.index(key)
        before = found.get(word[at - 1], self._texts[word[at - 1]]) if at else ""
        return before[-1:] in _JOINING and word[-1] != key


_JOINING = frozenset("بتثجحخسشصضطظعغفقكلمنهيئ" + TATWEEL)
"""Letters that join the next one."""


def _in_final_form(text: str, key: GlyphKey, words: Sequence[tuple[GlyphKey, ...]]) -> str:
    """Return heh as teh marbuta where a glyph only ends words, and nothing as the stroke it draws."""
    if not text:
        return TATWEEL
    if text == "ه" and all(word[-1] == key for word in words):
        return "ة"
    return text
