"""The analyzer: turns a text into tokens with their offsets and terms.

The terms of a word depend on nothing but the word as written, so each distinct word is analysed once
and cached. Running text repeats itself: 12 million words contain a few hundred thousand distinct ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from analyzers.morphology.foreign_letters import FOREIGN_LETTER
from analyzers.normalization.folding import MARKS, fold
from analyzers.normalization.letters_and_digits import split_letters_and_digits
from analyzers.normalization.turned_ligatures import may_be_turned, repair_candidate
from analyzers.normalization.turned_text import is_turned, mend_turned_text, turn_ligatures
from analyzers.stemming.joined_words import JOINED_WORD_FILE, may_be_joined, split_joined_word
from analyzers.stemming.light_stemmer import ARABIC_WORD, are_arabic, stem, stem_all, stem_arabic
from analyzers.stemming.protected_words import (
    PROTECTED_WORD_FILES,
    ProtectedWords,
    shipped_protected_words,
)
from analyzers.tokenizer import WORD
from analyzers.word_files import LEXICON_FILE, read_data

if TYPE_CHECKING:
    from analyzers.morphology.lemma_expansion import LemmaExpander
    from analyzers.morphology.lexicon import Lexicon
    from analyzers.tokenized_text import TextTokenizer, TokenizedText

ANALYSIS_VERSION = 5
"""Raise it with every change of code that changes a term, so that old indexes are refused."""

MAX_SURFACE_LENGTH = 128
"""Surface forms are truncated to this many characters. No real word is longer."""

MAX_CACHED_WORDS = 1_000_000
MAX_CACHED_CHARACTERS = 16_000_000
"""A cache that has as many words, or words of as many characters, is emptied: 350 MB of terms."""

MAX_CACHED_QUERY_WORDS = 100_000
"""A cache of words of queries that has this many is emptied."""

LONGEST_CACHED_WORD = 64
"""The terms of longer words, in characters, are not cached: they are rare, and need much memory."""

_LEXICON_HEADER_SIZE = 46
"""The magic bytes and the header of the lexicon, with its checksums."""


_FIRST_ARABIC, _AFTER_ARABIC = "\u0600", "\u0700"
"""Strings between which every surface form in Arabic letters is."""

_INNER_TEH_MARBUTA = re.compile(f"(?<=..ة)[{MARKS}]*+(?=[\u0621-\u0628\u062a-\u064a]{{2}})")
"""The place of a missing space: ة is always the last letter of a word."""


class Terms(NamedTuple):
    """The terms of one word: what an index has of it on each level.

    `spelling` is what a word of a query asks for beside its surface form: its hamzas and marks
    (`analyzers.normalization.spelling`). None lets every spelling pass.
    """

    surface: str
    stem: str
    spelling: str | None = None

    @property
    def written(self) -> str:
        """The surface form with the hamzas and marks that are asked for."""
        if self.spelling is None:
            return self.surface
        from analyzers.normalization.spelling import respell

        return respell(self.surface, self.spelling)

    @classmethod
    def joined(cls, words: Sequence[Terms]) -> Terms:
        """Return the terms of several words as one, with spaces between."""
        spelling = None
        if any(word.spelling is not None for word in words):
            from analyzers.normalization.spelling import join_spellings

            spelling = join_spellings([(word.surface, word.spelling) for word in words])
        surfaces = " ".join(word.surface for word in words)
        return cls(surfaces, " ".join(word.stem for word in words), spelling)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: its half-open range `start` to `end` in code points, and its terms.

    `position` counts words from 0. The words of a phrase ligature (ﷺ), of letters with digits (F16) and
    of joined words (أبوبكر) share one range and have a position each.
    """

    start: int
    end: int
    position: int
    surface: str
    stem: str


def surface_forms(word: str, protected_words: ProtectedWords | None = None) -> list[str]:
    """Return the surface forms of one word as written, which is a match of `WORD`.

    The list is empty for a word that folds to nothing. It has several items for a phrase ligature, for
    letters with digits, and for a word that is written together with the next.

    >>> surface_forms("الْكِتَابُ"), surface_forms("ﷺ")
    (['الكتاب'], ['صلي', 'الله', 'عليه', 'وسلم'])
    >>> surface_forms("أبوبكر"), surface_forms("F-16")
    (['ابو', 'بكر'], ['f', '16'])
    """
    if word.find("ة", 2, -2) > 0 and _INNER_TEH_MARBUTA.search(word):
        parts = _INNER_TEH_MARBUTA.split(word)
        return [form for part in parts for form in surface_forms(part, protected_words)]
    folded = fold(word)
    if not folded.isascii() and may_be_turned(word, folded):
        repaired = repair_candidate(word, folded)
        if repaired != word:
            folded = fold(repaired)
    if not _FIRST_ARABIC <= folded <= _AFTER_ARABIC:
        forms = split_letters_and_digits(word, folded) if folded else []
        if not folded.isalnum():  # what ½ and ⒋ stand for has signs, which are in no word
            forms = [part for form in forms for part in _words_in(form)]
    elif may_be_joined(folded):
        written = folded.split()
        forms = [form for part in written for form in split_joined_word(part, protected_words)]
    else:
        forms = folded.split()
    if len(folded) <= MAX_SURFACE_LENGTH:
        return forms
    return [form[:MAX_SURFACE_LENGTH] for form in forms]


def _words_in(form: str) -> list[str]:
    return [form] if WORD.fullmatch(form) else [fold(word) for word in WORD.findall(form)]


def _typed_spelling(word: str, surface: str, *, exact: bool) -> str | None:
    if word == surface and surface[-1] not in "هي":
        return None  # without loading the module
    from analyzers.normalization.spelling import typed_spelling

    return typed_spelling(word, surface, exact=exact)


def _stem(surface: str, protected: ProtectedWords) -> str:
    if FOREIGN_LETTER.search(surface):
        from analyzers.morphology.reading import shipped_morphology  # few texts need the lexicon

        surface = shipped_morphology().arabic_spelling(surface)
    return stem(surface, protected)


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _WordCache(dict[_Key, _Value]):
    """A cache of words that is bounded in words and in characters."""

    characters = 0

    def keep(self, key: _Key, value: _Value, characters: int, max_words: int) -> _Value:
        """Return a value, cached unless its word is too long; `characters` are those of the word."""
        if characters <= LONGEST_CACHED_WORD:
            if len(self) >= max_words or self.characters >= MAX_CACHED_CHARACTERS:
                self.clear()
                self.characters = 0
            self[key] = value
            self.characters += characters
        return value


class _TermsCache(_WordCache[str, tuple[Terms, ...]]):
    """Maps a word as written to its terms, computed on the first lookup."""

    def __init__(self, protected_words: ProtectedWords) -> None:
        super().__init__()
        self._protected_words = protected_words

    def __missing__(self, word: str) -> tuple[Terms, ...]:
        return self.keep(word, self.compute(word), len(word), MAX_CACHED_WORDS)

    def compute(self, word: str) -> tuple[Terms, ...]:
        """Return the terms of a word without caching them."""
        return tuple(map(self._terms_of, surface_forms(word, self._protected_words)))

    def _terms_of(self, surface: str) -> Terms:
        base = _stem(surface, self._protected_words)
        # One word in five is its own stem: one string then serves both levels.
        return Terms(surface, surface if base == surface else base)


class _AskedSpellings(_WordCache[tuple[str, str], str | None]):
    """Maps a word of a query as typed, and its surface form, to the spelling that it asks for."""

    def __init__(self, *, exact: bool) -> None:
        super().__init__()
        self._exact = exact

    def __missing__(self, word: tuple[str, str]) -> str | None:
        typed, surface = word
        spelling = _typed_spelling(typed, surface, exact=self._exact)
        return self.keep(word, spelling, len(typed), MAX_CACHED_QUERY_WORDS)


class Analyzer:
    """Turns texts into tokens. Threads may share an analyzer.

    The stemmer does not change the words in `protected_words`, which may have any spelling, nor
    those of the lists that ship. `lexicon` replaces the shipped one, to add entries to it.

    Raises DataFileError where a list that ships cannot be read. The lexicon is opened when a lemma is
    first needed, which raises LexiconError where it is damaged.

    >>> [(token.surface, token.stem) for token in Analyzer().analyze("وَبِالكِتَابِ")]
    [('وبالكتاب', 'كتاب')]
    """

    def __init__(
        self, protected_words: frozenset[str] = frozenset(), lexicon: Lexicon | None = None
    ) -> None:
        self._user_words = frozenset(map(fold, protected_words))
        self._lexicon = lexicon
        self.protected_words = shipped_protected_words().with_user_words(self._user_words)
        self._terms = _TermsCache(self.protected_words)
        self._asked = {exact: _AskedSpellings(exact=exact) for exact in (False, True)}

    def __reduce__(self) -> tuple[type[Analyzer], tuple[frozenset[str], Lexicon | None]]:
        return Analyzer, (self._user_words, self._lexicon)  # without the caches

    def surface_forms(self, word: str) -> list[str]:
        """Return the surface forms of one word as written."""
        return surface_forms(word, self.protected_words)

    def stem(self, surface: str) -> str:
        """Return the stem of a surface form."""
        if ARABIC_WORD.fullmatch(surface):
            return stem_arabic(surface, self.protected_words)
        return _stem(surface, self.protected_words)

    def stems(self, surfaces: Sequence[str]) -> list[str]:
        """Return the stem of each of many surface forms: faster than `stem` for each."""
        if type(self).stem is Analyzer.stem and are_arabic(surfaces):
            return stem_all(surfaces, self.protected_words)
        return list(map(self.stem, surfaces))

    @cached_property
    def lemma_expander(self) -> LemmaExpander:
        """Finds lemmas and related stems; the lexicon is opened on the first use.

        Raises LexiconError where the lexicon cannot be opened.
        """
        from analyzers.morphology.lemma_expansion import LemmaExpander
        from analyzers.morphology.lexicon import shipped_lexicon

        return LemmaExpander(self._lexicon or shipped_lexicon(), self.protected_words)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of a text in order."""
        cache = self._terms
        tokens: list[Token] = []
        for match in WORD.finditer(mend_turned_text(text)):
            start, end = match.span()
            for terms in cache[match[0]]:
                tokens.append(Token(start, end, len(tokens), terms.surface, terms.stem))
        return tokens

    def query_terms(self, text: str, *, exact: bool) -> list[tuple[Token, Terms]]:
        """Return the tokens of the text of a query, each with its terms and what it asks for.

        `exact` is whether the text is to be found as it is typed, or may be found so. Nothing is
        asked of the spelling of the words of a phrase ligature.
        """
        spellings = self._asked[exact]
        tokens = self.analyze(text)
        starts = [-1, *(token.start for token in tokens), -1]
        found = []
        for number, token in enumerate(tokens, start=1):
            spelling = None
            if starts[number - 1] != token.start != starts[number + 1]:
                spelling = spellings[text[token.start : token.end], token.surface]
            found.append((token, Terms(token.surface, token.stem, spelling)))
        return found

    def tokenize(self, text: str, *, beginning: str | None = None) -> TokenizedText:
        """Return the words of a text as arrays: faster than `analyze` for a document.

        Of a part of a text (`analyzers.tokenizer.split_text`) `beginning` is the first part: it tells
        whether the ligatures of the text are turned.
        """
        if beginning is None:
            (words,) = self.tokenize_all([text])
        else:
            mended = turn_ligatures(text) if is_turned(beginning) else text
            (words,) = self._tokenizer.tokenize([mended])
        return words

    def tokenize_all(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Return the words of each text: faster than one by one."""
        return self._tokenizer.tokenize(list(map(mend_turned_text, texts)))

    @cached_property
    def _tokenizer(self) -> TextTokenizer:
        from analyzers.tokenized_text import TextTokenizer, WordRules

        rules = WordRules(self._cached_forms, self.stems, self.protected_words)
        return TextTokenizer(rules)

    def _cached_forms(self, word: str) -> list[str]:
        return [terms.surface for terms in self._terms[word]]

    def terms(self, text: str) -> list[Terms]:
        """Return the terms of every word of a text in order: `analyze` without offsets."""
        cache = self._terms
        return [terms for word in WORD.findall(mend_turned_text(text)) for terms in cache[word]]

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that identify the terms that this analyzer makes.

        An index stores the fingerprint of its analyzer and is refused by any other. It covers the
        version of the code, the words that the stemmer protects and the shipped lexicon, which knows
        turned ligatures and foreign letters; not entries of users or synonyms, which change queries
        alone. Raises DataFileError where a file cannot be read.
        """
        digest = hashlib.blake2b(digest_size=8)
        digest.update(f"analysis {ANALYSIS_VERSION}, surface {MAX_SURFACE_LENGTH}".encode())
        for name in (*PROTECTED_WORD_FILES, JOINED_WORD_FILE):
            digest.update(read_data(name) + b"\0")
        # The header has checksums of the checksums of all buckets, so it stands for the whole file.
        digest.update(read_data(LEXICON_FILE, _LEXICON_HEADER_SIZE))
        digest.update("\n".join(sorted(self._user_words)).encode())
        return digest.hexdigest()
