"""Decipherment: finds the letters of glyphs whose font has no table for them, or a wrong one.

A glyph of a font is one letter wherever it stands. Where its letter is unknown, or where nearly all words
with it are unknown words, each letter and usual ligature is tried in all these words: the right one
makes words of the lexicon of nearly all of them. What is found for one glyph helps to find the next.

A glyph stays as it is where the words do not decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from pyarabic.araby_const import TATWEEL

from analyzers.normalization.folding import fold
from indexer.sources.pdf.glyph_words import (
    SHORTEST,
    EncodedWord,
    GlyphKey,
    GlyphWords,
    Score,
    Word,
)
from indexer.sources.pdf.known_words import is_arabic_letter
from indexer.sources.pdf.ordered_glyphs import OrderedGlyphs

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

_FAR_AHEAD = 1.35
"""The same where few words have the glyph."""

_MIN_WORDS = 3
_MIN_LETTERS = 12
"""The least evidence: words with the glyph, and letters in them."""

_SHORT_EVIDENCE = 6
"""The letters in fewer words that decide where they leave one choice."""

_SOLVED = 0.6
"""The share of the letters, in words with a glyph, that the right letter must make known."""

_SOLVED_ANEW = 0.75
"""The same for a glyph of which the font says something else."""

_UNSOLVED = 0.35
"""Where no more of them are known as they are, the table of the font is suspected."""

_AHEAD = 1.25
"""How much better than the next the right letter must be."""

_PAIR_WORDS = 2
_PAIR_SAMPLE = 6
_MAX_PAIRS = 5
"""Pairs of unknown glyphs that are tried at once: each takes 5,000 lookups at most."""

_PAIR_SOLVED = 0.99
_PAIR_AHEAD = 1.02

_BETWEEN_WORDS = TATWEEL + '.,-/:_+&*|،؛<>()[]{}«»"'
"""Signs that people write between the letters of two words."""


class Decipherment:
    """The words of one document, as glyphs, and what they tell of the glyphs.

    `guessed` are those of which they do not tell much.
    """

    def __init__(self, family: Callable[[int], int] = int) -> None:
        """`family` gives for a font the first one of its name: such are parts of one."""
        self._words = GlyphWords(family)
        self.guessed: set[GlyphKey] = set()

    def add(self, words: Mapping[EncodedWord, int]) -> None:
        """Add words with how often each occurs."""
        self._words.add(words)

    def solve(self) -> dict[GlyphKey, str]:
        """Return the texts of glyphs that are unknown or wrong, as far as the words decide."""
        by_glyph = self._words.by_glyph()
        found: dict[GlyphKey, str] = {}
        open_keys = set(self._words.unknown)
        self._solve_all(open_keys, by_glyph, found)
        for key in self._doubtful(by_glyph, open_keys):
            # one that is found may be what made the words with the next unknown
            if self._is_doubtful(key, by_glyph[key], found):
                self._solve_one(key, by_glyph[key], open_keys, found)
        self._solve_all(open_keys, by_glyph, found)
        OrderedGlyphs(self._words, found, open_keys).solve()
        for key in sorted(open_keys - self._words.signs):  # to leave it out would be a guess too
            self._solve_one(key, by_glyph[key], set(open_keys), found, is_last=True)
        for key, words in by_glyph.items():
            if key not in found and self._is_sign_for_stroke(key, words, found):
                found[key] = TATWEEL
        return {key: text for key, text in found.items() if text != self._words.texts[key]}

    def _is_sign_for_stroke(
        self, key: GlyphKey, words: list[Word], found: Mapping[GlyphKey, str]
    ) -> bool:
        """Return whether a glyph that is stated to be a sign stands for a stroke within its words."""
        if not _is_odd_sign(self._words.texts[key]):
            return False
        if key in self._words.unknown or sum(map(len, words)) < _SHORT_EVIDENCE:
            return False
        return self._words.score(key, "", words[:_SAMPLE], found).known == 1

    def _doubtful(
        self, by_glyph: Mapping[GlyphKey, list[Word]], open_keys: set[GlyphKey]
    ) -> list[GlyphKey]:
        """Return the glyphs whose texts are doubted, those with the fewest known words first."""
        doubtful = [
            key
            for key in by_glyph
            if key not in open_keys and self._is_doubtful(key, by_glyph[key], {})
        ]
        shares = {
            key: self._words.score(key, self._words.texts[key], by_glyph[key][:_SAMPLE], {}).known
            for key in doubtful
        }
        return sorted(doubtful, key=lambda key: (shares[key], -len(by_glyph[key]), key))

    def _is_doubtful(
        self,
        key: GlyphKey,
        words: list[Word],
        found: Mapping[GlyphKey, str],
    ) -> bool:
        """Return whether a glyph with a text makes nearly all its words unknown ones."""
        text = self._words.texts[key]
        unknown = self._words.unknown - found.keys()
        complete = [word for word in words if len(word) >= SHORTEST and not unknown & set(word)]
        if len(complete) < 2 * _MIN_WORDS:
            return False  # several names would do
        if not any(is_arabic_letter(character) for character in text):
            inner = sum(key in word[1:-1] for word in complete)
            return inner >= max(_MIN_WORDS, 0.5 * len(complete)) and text not in ".-/:"
        return self._words.score(key, text, complete[:_SAMPLE], found).known <= _UNSOLVED

    def _solve_all(
        self,
        open_keys: set[GlyphKey],
        by_glyph: Mapping[GlyphKey, list[Word]],
        found: dict[GlyphKey, str],
    ) -> None:
        """Solve unknown glyphs as long as one that is found helps with another."""
        waiting = set(open_keys)
        tried: set[Word] = set()
        while self._words.lookups < _MAX_LOOKUPS:
            if not waiting:
                waiting = self._solve_pair(open_keys, found, tried)
                if not waiting:
                    return
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

    def _solve_pair(
        self,
        open_keys: set[GlyphKey],
        found: dict[GlyphKey, str],
        tried: set[Word],
    ) -> set[GlyphKey]:
        """Find the texts of two unknown glyphs that are together in most words.

        Returns the unknown glyphs that are with them in a word.
        """
        pairs: dict[Word, list[Word]] = defaultdict(list)
        for word in self._words.counts:
            pair = tuple(sorted((open_keys - self._words.signs).intersection(word)))
            if len(pair) == 2 and len(word) > SHORTEST and pair not in tried:
                pairs[pair].append(word)
        usual = [pair for pair in pairs if len(pairs[pair]) >= _PAIR_WORDS]
        usual.sort(key=lambda pair: (-len(pairs[pair]), pair))
        for first, second in usual[:_MAX_PAIRS]:
            tried.add((first, second))
            words = sorted(pairs[first, second], key=len)[-_PAIR_SAMPLE:]
            scores = [
                (self._words.score(second, b, words, {**found, first: a}), a)
                for a in _LETTERS
                for b in _LETTERS
            ]
            scores.sort(key=lambda score: -score[0].frequency)
            (best, letter), (other, _letter) = scores[:2]
            if best.known >= _PAIR_SOLVED and best.frequency >= _PAIR_AHEAD * other.frequency:
                found |= {first: letter, second: best.text}
                open_keys -= {first, second}
                near = {
                    key
                    for word in self._words.counts
                    if {first, second} & set(word)
                    for key in word
                }
                return near & open_keys
        return set()

    def _solve_one(
        self,
        key: GlyphKey,
        words: list[Word],
        open_keys: set[GlyphKey],
        found: dict[GlyphKey, str],
        *,
        is_last: bool = False,
    ) -> bool:
        """Find the text of one glyph by the words whose other glyphs are known.

        `is_last` is whether the best text is taken even where another is nearly as good.
        """
        complete = [word for word in words if not open_keys & (set(word) - {key})]
        complete.sort(key=lambda word: (-min(len(word), 8), -self._words.counts[word]))
        complete = complete[:_SAMPLE]
        if not complete or (key in self._words.signs and len(complete) < _MIN_WORDS):
            return False
        own = self._words.texts[key]
        shortest = 2 if is_last else SHORTEST
        letters = {} if key in open_keys else dict.fromkeys(own + a for a in _LETTERS)
        options = dict.fromkeys((*CANDIDATES, *letters))
        scores: list[Score] = []
        if key in self._words.signs or is_last:  # it may be a sign before or behind words
            ending = [word for word in complete if key not in word[1:-1]]
            share = len(ending) / len(complete)
            kept = self._words.score(key, own, ending, found, shortest)
            scores.append(Score(own, share * kept.known, share * kept.frequency))
        seen: set[str] = set()
        for option in options:
            folded = fold(option) if option else ""
            if folded in seen:
                continue
            seen.add(folded)
            scores.append(self._words.score(key, option, complete, found, shortest))
        scores.sort(key=lambda score: (-score.frequency, len(score.text)))
        best, second = scores[:2]
        least = _SOLVED if key in self._words.unknown else _SOLVED_ANEW
        if best.known < least or best.frequency <= second.frequency:
            return False
        if is_last:
            found[key] = _in_final_form(best.text, key, words)
            self.guessed.add(key)
            return True
        if best.frequency < _AHEAD * second.frequency:
            return False
        letters_seen = sum(map(len, complete))
        if len(complete) < _MIN_WORDS or letters_seen < _MIN_LETTERS:
            # so few words decide where one letter makes them all known, and others rare ones
            clear = best.frequency >= _FAR_AHEAD * second.frequency and key in open_keys
            if not clear or best.known < 1 or letters_seen < _SHORT_EVIDENCE:
                return False
        found[key] = _in_final_form(best.text, key, words)
        open_keys.discard(key)
        return True


def _is_odd_sign(text: str) -> bool:
    """Return whether a text is a character that nobody writes within a word of Arabic.

    >>> [_is_odd_sign(text) for text in "@Ž/x4"]
    [True, True, False, False, False]
    """
    is_latin_or_digit = text.isdecimal() or (text.isascii() and text.isalpha())
    is_usual = text.isspace() or text in _BETWEEN_WORDS or "\u0600" <= text <= "\u06ff"
    return len(text) == 1 and not is_latin_or_digit and not is_usual


def _in_final_form(text: str, key: GlyphKey, words: Sequence[Word]) -> str:
    """Return heh as teh marbuta where a glyph only ends words, and nothing as the stroke it draws."""
    if not text:
        return str(TATWEEL)
    if text == "ه" and all(word[-1] == key for word in words):
        return "ة"
    return text
