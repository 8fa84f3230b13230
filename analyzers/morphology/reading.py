"""Morphology: a word of a text read as clitics and a form that the lexicon knows.

A word is read as `(و|ف) + (ب|ك|ل|س) + ال + form + pronoun`, each part optional, where the form is in
the lexicon; a form keeps its own inflection (كتب is an entry and leads to كتاب). Several readings
may fit: ولد is a child, or و before لد. The word as a whole is preferred, then the reading with
the most frequent form, at a price for every letter that is cut. A word that no reading fits is
read by the light stemmer: its lemma is that of its stem, or the stem itself.
"""

from __future__ import annotations

from typing import NamedTuple

from analyzers.morphology.lexicon import Entry, Lexicon
from analyzers.stemming.light_stemmer import ARABIC_WORD, PRONOUNS, Protection, fold_hamza, stem
from analyzers.stemming.stopwords import is_stopword

PRICE_OF_A_LETTER = 4
"""What a cut letter costs, in the unit of `Entry.weight`: a factor of 2.5 in frequency."""

PRICE_OF_A_RARE_CUT = 6

LEAST_SHORT_WEIGHT = 35
"""What a form of two letters must weigh to be believed beside clitics: كين is not ك + ين."""


class Reading(NamedTuple):
    """A word of a text, read.

    `base` is the form that the lexicon knows, or what is left where it knows none; `rule` is the
    code of what decided, a key of `RULES`.
    """

    proclitics: tuple[str, ...]
    base: str
    enclitic: str
    lemma: str
    rule: str

    def reasons(self) -> str:
        """Return the reading in words: `و- + ال- + مدن -> مدينه (clitics)`."""
        parts = [f"{proclitic}-" for proclitic in self.proclitics]
        parts.append(self.base)
        if self.enclitic:
            parts.append(f"-{self.enclitic}")
        return f"{' + '.join(parts)} -> {self.lemma} ({RULES[self.rule]})"


RULES = {
    "other": "not an Arabic word",
    "lexicon": "in the lexicon",
    "clitics": "in the lexicon without its clitics",
    "stem": "its light stem is in the lexicon",
    "light stem": "not in the lexicon: light stem",
}

_NOUN, _DEFINITE, _ANY, _VERB, _DIALECT = range(5)
"""What may stand behind proclitics: an indefinite or a definite noun, anything, or a verb."""


def _proclitics() -> dict[str, list[tuple[str, tuple[str, ...], int]]]:
    """Return every stack of proclitics by its first letter, with its parts and what may follow."""
    stacks: list[tuple[str, tuple[str, ...], int]] = []
    for conjunction in ("", "و", "ف"):
        first = (conjunction,) if conjunction else ()
        if conjunction:
            stacks.append((conjunction, first, _ANY))
        stacks += [
            (conjunction + "ال", (*first, "ال"), _DEFINITE),
            (conjunction + "لل", (*first, "ل", "ال"), _DEFINITE),
            (conjunction + "ل", (*first, "ل"), _ANY),
            (conjunction + "س", (*first, "س"), _VERB),
        ]
        # Present and future of the dialects: بيكتب, هيكتب, حيكتب.
        stacks += [(conjunction + letter, (*first, letter), _DIALECT) for letter in "بهح"]
        for preposition in "بك":
            stacks += [
                (conjunction + preposition, (*first, preposition), _NOUN),
                (conjunction + preposition + "ال", (*first, preposition, "ال"), _DEFINITE),
            ]
    by_letter: dict[str, list[tuple[str, tuple[str, ...], int]]] = {}
    for stack in stacks:
        by_letter.setdefault(stack[0][0], []).append(stack)
    return by_letter


_PROCLITICS = _proclitics()
_ENCLITICS = (*PRONOUNS, "ني", "ي")
_BY_LAST = {
    last: tuple(enclitic for enclitic in _ENCLITICS if enclitic[-1] == last)
    for last in {enclitic[-1] for enclitic in _ENCLITICS}
}
_PERSONS = frozenset("يتان")
_SHORTEST_FORM = 2


class Morphology:
    """Reads words with a lexicon. One instance may be shared by threads.

    >>> from analyzers.morphology.lexicon import shipped_lexicon
    >>> morphology = Morphology(shipped_lexicon())
    >>> [morphology.lemma(word) for word in ("والمدن", "بمدارسهم", "سيقولون", "لبنان")]
    ['مدينه', 'مدرسه', 'قال', 'لبنان']
    """

    def __init__(self, lexicon: Lexicon, protection: Protection | None = None) -> None:
        self.lexicon = lexicon
        self.protection = protection

    def lemma(self, surface: str) -> str:
        """Return the lemma of a surface form."""
        return self.analyze(surface).lemma

    def analyze(self, surface: str) -> Reading:
        """Return the best reading of a surface form made by `analyzers.normalization.folding.fold`."""
        if not ARABIC_WORD.fullmatch(surface):
            entry = self.lexicon.find(surface)
            if entry is not None:
                return Reading((), surface, "", entry.lemma, "lexicon")
            return Reading((), surface, "", surface, "other")
        word = fold_hamza(surface)
        entry = self.lexicon.find(word)
        if entry is not None:
            return Reading((), word, "", entry.lemma, "lexicon")
        return self._by_clitics(word) or self._by_stem(surface)

    def _by_clitics(self, word: str) -> Reading | None:
        """Return the best reading with clitics whose form is in the lexicon."""
        best = -1_000_000
        found: tuple[tuple[str, ...], str, str, Entry] | None = None
        for rest, parts, follows, cut in self._rests(word):
            for form, enclitic, price in _forms(rest, follows):
                entry = self.lexicon.find(form)
                if entry is None or (len(form) < 3 and entry.weight < LEAST_SHORT_WEIGHT):
                    continue
                if not _agrees(form, entry, follows, enclitic):
                    continue
                score = entry.weight - PRICE_OF_A_LETTER * (cut + len(enclitic)) - price
                if follows == _DEFINITE:
                    score += PRICE_OF_A_RARE_CUT  # the article is not rare
                if follows == _DIALECT:
                    score -= PRICE_OF_A_RARE_CUT
                if score > best:
                    best, found = score, (parts, form, enclitic, entry)
        if found is None:
            return None
        parts, form, enclitic, entry = found
        return Reading(parts, form, enclitic, entry.lemma, "clitics")

    def _rests(self, word: str) -> list[tuple[str, tuple[str, ...], int, int]]:
        """Return what may be left of a word without proclitics, and how many letters were cut."""
        rests: list[tuple[str, tuple[str, ...], int, int]] = [(word, (), _ANY, 0)]
        for proclitic, parts, follows in _PROCLITICS.get(word[0], ()):
            if not word.startswith(proclitic):
                continue
            rest = word[len(proclitic) :]
            if proclitic.endswith("لل"):  # للغة is ل + اللغة, لله is ل + الله
                rests.append(("ل" + rest, parts, follows, len(proclitic)))
                rests.append(("الل" + rest, parts[:-1], follows, len(proclitic) - 1))
                rests.append(("ال" + rest, parts[:-1], follows, len(proclitic) - 1))
            if len(rest) < _SHORTEST_FORM or (follows >= _VERB and rest[0] not in _PERSONS):
                continue
            rests.append((rest, parts, follows, len(proclitic)))
        return rests

    def _by_stem(self, surface: str) -> Reading:
        """Read a word by its light stem."""
        base = stem(surface, self.protection)
        entry = None if base == surface else self.lexicon.find(base)
        if entry is not None and not is_stopword(base):
            return Reading((), base, "", entry.lemma, "stem")
        return Reading((), base, "", base, "light stem")


def _agrees(form: str, entry: Entry, follows: int, enclitic: str) -> bool:
    """Tell whether a form may stand between clitics: verbs and nouns take different ones."""
    if not entry.verb:
        return follows < _VERB and enclitic != "ني"
    if len(form) < 3 or follows in (_NOUN, _DEFINITE) or enclitic == "ي":
        return False
    return follows != _DIALECT or (not enclitic and len(form) > 3 and form[0] != "ا")


def _forms(rest: str, follows: int) -> list[tuple[str, str, int]]:
    """Return the forms that may stand before an enclitic, that enclitic, and what it costs."""
    forms = [(rest, "", 0)]
    if follows == _DEFINITE:
        return forms
    for enclitic in _BY_LAST.get(rest[-1], ()):
        if not rest.endswith(enclitic):
            continue
        base = rest[: -len(enclitic)]
        if len(base) < _SHORTEST_FORM:
            continue
        forms.append((base, enclitic, 0))
        last = base[-1]
        if last == "ت":
            forms.append((base[:-1] + "ه", enclitic, 0))  # مدرست(هم)
        elif last == "ا":
            forms.append((base[:-1] + "ي", enclitic, 0))  # مستوا(هم)
            forms.append((base + "ن", enclitic, PRICE_OF_A_RARE_CUT))  # والدا(ه)
        elif last == "و":
            if base[-2] == "ا":
                forms.append((base[:-1] + "ء", enclitic, 0))  # ابناو(هم)
            else:
                forms.append((base + "ا", enclitic, 0))  # كتبو(ه)
                forms.append((base + "ن", enclitic, 0))  # معلمو(هم)
        elif last == "ي":
            if base[-2] == "ا":
                forms.append((base[:-1] + "ء", enclitic, 0))  # ابناي(هم)
            else:
                forms.append((base + "ن", enclitic, 0))  # معلمي(هم)
    return forms
