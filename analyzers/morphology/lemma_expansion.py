"""Lemma expansion: the lemma of a query word, the related stems, and how rare the word is.

An index has terms for surface forms and stems alone. A search for a lemma is a search for the stems
of its forms, found when a query is planned, so the lexicon may change without a rebuilt index.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from analyzers.morphology.lexicon import USER_WEIGHT, Lexicon, LexiconEntry
from analyzers.morphology.reading import MorphologicalAnalyzer, Reading
from analyzers.normalization.quranic import OPEN_TEH, OPEN_TEH_TODAY
from analyzers.stemming.light_stemmer import stem
from analyzers.stemming.protected_words import ProtectedWords
from analyzers.stemming.stopwords import is_stopword

MIN_STEM_SHARE = 2
"""A stem is searched for a lemma if at least this many tenths of the words with it belong there."""

PROCLITIC_LETTERS = "وفبلك"
"""Conjunctions and prepositions that are written together with any noun."""

_CACHE_SIZE = 20_000
"""How many readings are cached."""

_STOPWORD_PROBABILITY = 0.01
"""The share of a stop word in running text; the lexicon caps their weights."""

_CORPUS_SIZE = 1e9
"""The number of words of text in which `LexiconEntry.weight` counts a form."""


@cache
def _stems_of_open_teh() -> dict[str, str]:
    """Return the stems of nouns by those of their spelling with an open teh: كلمه by كلمت."""
    stems = {stem(noun[:-1] + "ت"): stem(noun) for noun in OPEN_TEH}
    return stems | {stem(noun): stem(noun[:-1] + "ت") for noun in OPEN_TEH_TODAY}


class LemmaExpander:
    """Finds lemmas and related stems of surface forms. Threads may share one.

    `reading(surface)` is `MorphologicalAnalyzer.analyze` with a cache. Every method raises
    LexiconError where it meets a damaged bucket of the lexicon.
    """

    def __init__(self, lexicon: Lexicon, protected: ProtectedWords) -> None:
        self.morphology = MorphologicalAnalyzer(lexicon, protected)
        self._lexicon = lexicon
        self._protected = protected
        self.reading = lru_cache(_CACHE_SIZE)(self.morphology.analyze)

    def related_stems(self, surface: str, own_stem: str) -> tuple[str, ...]:
        """Return the stems of other forms of the word's lemma, sorted, without `own_stem`.

        كتاب has كتب, and كتب has كتاب. Stems with a share below `MIN_STEM_SHARE` are left out, except
        that of the lemma of a noun: شواحن has شاحن, although most words with that stem are شاحنة.
        """
        reading = self.reading(surface)
        lemma = reading.lemma
        entry = self._lexicon.find(reading.base)
        others = () if entry is None else entry.others
        stems = {
            found
            for each in (lemma, *others)
            for found, share in self._lexicon.stem_shares_of(each)
            if share >= MIN_STEM_SHARE
        }
        if entry is not None and not entry.verb and not is_stopword(lemma):
            stems.update(stem(each, self._protected) for each in (lemma, *others))
        added = [form for form in self._lexicon.user_entries if self._lexicon.lemma(form) == lemma]
        if added:
            spellings = map(self.morphology.arabic_spelling, (*added, lemma))
            stems.update(stem(form, self._protected) for form in spellings)
        stems.update(self._stems_with_preposition(reading, entry))
        stems.update(self._stems_without_preposition(reading, surface))
        stems.add(_stems_of_open_teh().get(own_stem, own_stem))
        return tuple(sorted(stems - {own_stem}))

    def stems_with_kept_clitics(self, surface: str) -> list[str]:
        """Return the stems of a known word with a proclitic, where it stays in the stem: وأبي, بمصر.

        The stemmer cuts a letter only where it can hardly be of a root; the lexicon tells more.
        """
        reading = self.reading(surface)
        if reading.rule != "lexicon":
            return []
        found = self._stems_with_preposition(reading, self._lexicon.find(reading.base))
        for clitic in PROCLITIC_LETTERS:
            joined = clitic + surface
            if stem(joined, self._protected) == joined:
                read = self.reading(joined)
                if read.proclitics == (clitic,) and read.base == reading.base:
                    found.append(joined)
        return found

    def _stems_with_preposition(self, reading: Reading, entry: LexiconEntry | None) -> list[str]:
        """Return the stem of بمصر for مصر: ب stays before three letters that may be of a root.

        The lexicon has the most frequent reading of a word, which for many a name or noun of three
        letters is the verb (مصر, حلب, عدم), and ب comes before no verb. So what the lexicon does
        not know with ب is the word with the preposition. Names that are a preposition and a noun as
        well are listed: باسم.
        """
        word = reading.base
        if entry is None or reading.rule != "lexicon" or entry.lemma != word:
            return []
        names = [letter + word for letter in "بلك"]
        found = [name for name in names if name in self._protected.prefixed_names]
        if entry.verb:
            joined = "ب" + word
            unknown = self.reading(joined).rule == "light stem"
            if unknown and stem(joined, self._protected) == joined:
                found.append(joined)
        return found

    def _stems_without_preposition(self, reading: Reading, surface: str) -> list[str]:
        """Return the stem of مصر for بمصر: the reverse of `_stems_with_preposition`."""
        if reading.rule != "light stem" or surface[0] != "ب" or reading.base != surface:
            return []
        word = self.reading(surface[1:])
        joined = self._stems_with_preposition(word, self._lexicon.find(word.base))
        return [stem(word.base, self._protected)] if surface in joined else []

    def rarity(self, surface: str) -> float:
        """Return how rare a word is in the language: -ln(p) / 10, about 0.3 to 1.8.

        p is the probability of its form in running text by the lexicon, at least 1e-8. It comes
        from a large corpus, where the idf of a word in a small collection is a poor estimate.
        """
        entry = self._lexicon.find(self.reading(surface).base)
        probability = _STOPWORD_PROBABILITY if is_stopword(surface) else 0.0
        if not probability and entry is not None and entry.weight < USER_WEIGHT:
            probability = 10 ** (entry.weight / 10) / _CORPUS_SIZE
        return -math.log(probability + 1e-8) / 10
