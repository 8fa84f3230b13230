"""Analysis: a text to tokens, each with its offsets and the levels on which it can match.

A token's levels are functions of the word as written, so every distinct word is analysed once and
remembered. Running text repeats itself: 12 million words hold a few hundred thousand forms.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from analyzers.normalization.folding import fold
from analyzers.stemming.light_stemmer import SHIPPED_LISTS, Protection, shipped_protection, stem
from analyzers.tokenized_text import TokenizedText
from analyzers.tokenizer import WORD
from analyzers.word_files import read_data

if TYPE_CHECKING:
    from analyzers.morphology.lemma_expansion import LemmaExpander
    from analyzers.morphology.lexicon import Lexicon

ANALYSIS_VERSION = 2
"""Raise it with every change of code that changes a term, so that old indexes are refused."""

LONGEST_SURFACE = 128
"""Longer surface forms are cut to this many characters; no word of a language is longer."""

_MEMO_LIMIT = 1_000_000
_WRITTEN = re.Match.group


class Terms(NamedTuple):
    """The terms of one word: what an index holds of it on each level."""

    surface: str
    stem: str


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: `text[start:end]` in code points, and its terms.

    `position` counts words from 0. The words of a phrase ligature (ﷺ) share their range and
    have a position each.
    """

    start: int
    end: int
    position: int
    surface: str
    stem: str


def surface_forms(word: str) -> list[str]:
    """Return the surface forms of one word as written, a match of `WORD`.

    None for a word that folds to nothing, several for a phrase ligature.

    >>> surface_forms("الْكِتَابُ"), surface_forms("ﷺ")
    (['الكتاب'], ['صلي', 'الله', 'عليه', 'وسلم'])
    """
    folded = fold(word)
    if len(folded) <= LONGEST_SURFACE:
        return folded.split()
    return [part[:LONGEST_SURFACE] for part in folded.split()]


class _Memo(dict[str, tuple[Terms, ...]]):
    """Remembers the terms of every distinct word as written."""

    def __init__(self, protection: Protection) -> None:
        super().__init__()
        self._protection = protection

    def __missing__(self, word: str) -> tuple[Terms, ...]:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        terms = self[word] = self.make(word)
        return terms

    def make(self, word: str) -> tuple[Terms, ...]:
        """Return the terms of a word as written."""
        return tuple(map(self._terms_of, surface_forms(word)))

    def _terms_of(self, surface: str) -> Terms:
        """Return the terms of one surface form."""
        base = stem(surface, self._protection)
        # One word in five is its own stem: one string serves both levels.
        return Terms(surface, surface if base == surface else base)


class _Stems(dict[str, str]):
    """Remembers the stem of every distinct word as written; "" for what is not one word.

    Where a text is searched for matches, most of its words are asked for nothing else.
    """

    def __init__(self, memo: _Memo) -> None:
        super().__init__()
        self._memo = memo

    def __missing__(self, word: str) -> str:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        terms = self._memo.make(word)
        stem = self[word] = terms[0].stem if len(terms) == 1 else ""
        return stem


class Analyzer:
    """Turns texts into tokens. One analyzer may be shared by threads.

    `protected_words` are kept whole by the stemmer, beside the lists that ship; they may be
    written in any spelling. `lexicon` is the shipped one, or that with entries added.

    >>> [(token.surface, token.stem) for token in Analyzer().analyze("وَبِالكِتَابِ")]
    [('وبالكتاب', 'كتاب')]
    """

    def __init__(
        self, protected_words: frozenset[str] = frozenset(), lexicon: Lexicon | None = None
    ) -> None:
        self._own_words = frozenset(map(fold, protected_words))
        self._lexicon = lexicon
        self.protection = shipped_protection().with_own(self._own_words)
        self._memo = _Memo(self.protection)
        self._stems = _Stems(self._memo)

    def __reduce__(self) -> tuple[type[Analyzer], tuple[frozenset[str], Lexicon | None]]:
        return Analyzer, (self._own_words, self._lexicon)  # what it remembers is made again

    def stem(self, surface: str) -> str:
        """Return the stem of a surface form."""
        return stem(surface, self.protection)

    @cached_property
    def lemma_expander(self) -> LemmaExpander:
        """The lemmas of words; the lexicon is opened when they are first asked for."""
        from analyzers.morphology.lemma_expansion import LemmaExpander
        from analyzers.morphology.lexicon import shipped_lexicon

        return LemmaExpander(self._lexicon or shipped_lexicon(), self.protection)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of a text, in order, with their ranges in it."""
        memo = self._memo
        tokens: list[Token] = []
        for match in WORD.finditer(text):
            start, end = match.span()
            for terms in memo[match[0]]:
                tokens.append(Token(start, end, len(tokens), terms.surface, terms.stem))
        return tokens

    def read(self, text: str) -> TokenizedText:
        """Return the words of a text as parallel lists: `analyze` for whole documents."""
        matches = list(WORD.finditer(text))
        stems = list(map(self._stems.__getitem__, map(_WRITTEN, matches)))
        if "" not in stems:  # as ever, each is one word
            return TokenizedText(matches, stems, self._surface_forms)
        pairs = [(match, terms.stem) for match in matches for terms in self._memo[match[0]]]
        return TokenizedText(
            [match for match, _stem in pairs], [stem for _match, stem in pairs], self._surface_forms
        )

    def _surface_forms(self, word: str) -> list[str]:
        return [terms.surface for terms in self._memo[word]]

    def terms(self, text: str) -> list[Terms]:
        """Return the terms of every word of a text, in order: `analyze` without offsets."""
        memo = self._memo
        return [terms for word in WORD.findall(text) for terms in memo[word]]

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that differ whenever an index would hold other terms."""
        digest = hashlib.blake2b(digest_size=8)
        digest.update(f"analysis {ANALYSIS_VERSION}, surface {LONGEST_SURFACE}".encode())
        for name in SHIPPED_LISTS:
            digest.update(read_data(name) + b"\0")
        digest.update("\n".join(sorted(self._own_words)).encode())
        return digest.hexdigest()
