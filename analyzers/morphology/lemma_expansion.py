"""What the lexicon knows of a word of a query: its lemma, the stems it may have, how rare it is.

An index holds stems and surface forms. The level of lemmas is made of stems when a query is
planned, so the lexicon may change without an index being built again.
"""

from __future__ import annotations

import math
from functools import lru_cache

from analyzers.morphology.lexicon import USER_WEIGHT, Lexicon
from analyzers.morphology.reading import Morphology
from analyzers.stemming.light_stemmer import Protection, stem
from analyzers.stemming.stopwords import is_stopword

LEAST_SHARE = 2
"""Tenths of what has a stem that must belong to a lemma, for the stem to stand for the lemma."""

_REMEMBERED = 20_000
_SHARE_OF_A_STOP_WORD = 0.01  # the lexicon leaves them out
_OCCURRENCES = 1e9  # of which an entry's weight counts those of its form


class LemmaExpander:
    """Answers for surface forms. One object may be shared by threads."""

    def __init__(self, lexicon: Lexicon, protection: Protection) -> None:
        self.morphology = Morphology(lexicon, protection)
        self._lexicon = lexicon
        self._protection = protection
        self.reading = lru_cache(_REMEMBERED)(self.morphology.analyze)

    def related_stems(self, surface: str, own_stem: str) -> tuple[str, ...]:
        """Return the other stems that forms of the word's lemma have, in a fixed order.

        كتاب has كتب, and كتب has كتاب. Stems of which little belongs to the lemma are left out.
        """
        lemma = self.reading(surface).lemma
        stems = {
            found for found, share in self._lexicon.stem_shares_of(lemma) if share >= LEAST_SHARE
        }
        own = [form for form in self._lexicon.own_entries if self._lexicon.lemma(form) == lemma]
        if own:
            stems.update(stem(form, self._protection) for form in (*own, lemma))
        return tuple(sorted(stems - {own_stem}))

    def rarity(self, surface: str) -> float:
        """Return how rare a word is in the language, whatever the collection: about 0.3 to 1.8.

        It is -ln p / 10 with the share p of its form in all words, by the lexicon. The idf of a
        word in a small collection is a poor estimate; this one is of a large corpus.
        """
        entry = self._lexicon.find(self.reading(surface).base)
        share = _SHARE_OF_A_STOP_WORD if is_stopword(surface) else 0.0
        if not share and entry is not None and entry.weight < USER_WEIGHT:
            share = 10 ** (entry.weight / 10) / _OCCURRENCES
        return -math.log(share + 1e-8) / 10
