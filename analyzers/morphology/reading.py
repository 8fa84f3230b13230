"""Morphological analysis: reads a word as clitics around a form that the lexicon has.

A word is read as `(و|ف) + (ب|ك|ل|س) + ال + form + pronoun`, each part optional, where the form is in
the lexicon; inflection belongs to the form (كتب is an entry with the lemma كتاب). Several readings
may fit: ولد is a child, or و before لد. The word as a whole comes first, then the reading with the
highest score: the weight of the form minus a penalty for each letter of its clitics. A word that no
reading fits goes to the light stemmer: its lemma is that of its stem, or the stem itself.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from analyzers.morphology.foreign_letters import FOREIGN_LETTER, arabic_spellings
from analyzers.morphology.lexicon import Lexicon, LexiconEntry, shipped_lexicon
from analyzers.stemming.affixes import PRONOUNS
from analyzers.stemming.hamza import fold_hamza
from analyzers.stemming.light_stemmer import ARABIC_WORD, rare_affixes, stem
from analyzers.stemming.protected_words import ProtectedWords, shipped_protected_words
from analyzers.stemming.stopwords import is_stopword

LETTER_PENALTY = 4
"""The penalty for each letter of the clitics, in the unit of `LexiconEntry.weight`: a factor of 2.5."""

RARE_AFFIX_PENALTY = 6
"""The further penalty for rare affixes and changes of spelling; the article is favoured by as much."""

MIN_SHORT_FORM_WEIGHT = 35
"""The least weight of a form of two letters that may have clitics: كين is not ك + ين."""


class Reading(NamedTuple):
    """One word, read as clitics and a base with a lemma.

    `base` is the form in the lexicon, or the rest of a word where the lexicon has none of it; `rule`
    is the key in `RULES` of how the lemma was found.
    """

    proclitics: tuple[str, ...]
    base: str
    enclitic: str
    lemma: str
    rule: str

    def describe(self) -> str:
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

_NOUN, _DEFINITE, _ANY, _VERB, _DIALECT_VERB = range(5)
"""What can follow proclitics: a noun without or with the article, any word, or a verb."""


_Proclitics = tuple[str, tuple[str, ...], int]
"""Proclitics as they are written together, their parts, and what can follow them."""


def _proclitics_by_letter() -> dict[str, list[_Proclitics]]:
    """Return every sequence of proclitics, by its first letter."""
    sequences: list[_Proclitics] = []
    for conjunction in ("", "و", "ف"):
        first = (conjunction,) if conjunction else ()
        if conjunction:
            sequences.append((conjunction, first, _ANY))
        sequences += [
            (conjunction + "ال", (*first, "ال"), _DEFINITE),
            (conjunction + "لل", (*first, "ل", "ال"), _DEFINITE),
            (conjunction + "ل", (*first, "ل"), _ANY),
            (conjunction + "س", (*first, "س"), _VERB),
        ]
        # The present and future of dialects: بيكتب, هيكتب, حيكتب.
        sequences += [(conjunction + letter, (*first, letter), _DIALECT_VERB) for letter in "بهح"]
        for preposition in "بك":
            sequences += [
                (conjunction + preposition, (*first, preposition), _NOUN),
                (conjunction + preposition + "ال", (*first, preposition, "ال"), _DEFINITE),
            ]
    by_letter: dict[str, list[_Proclitics]] = {}
    for sequence in sequences:
        by_letter.setdefault(sequence[0][0], []).append(sequence)
    return by_letter


_PROCLITICS = _proclitics_by_letter()
_ENCLITICS = (*PRONOUNS, "ني", "ي")
_ENCLITICS_BY_LAST_LETTER = {
    last: tuple(enclitic for enclitic in _ENCLITICS if enclitic[-1] == last)
    for last in {enclitic[-1] for enclitic in _ENCLITICS}
}
_PERSON_PREFIXES = frozenset("يتان")
_MIN_FORM_LENGTH = 2


class MorphologicalAnalyzer:
    """Reads words by a lexicon. Threads may share one.

    `protected` are the exceptions of the light stemmer, without which the shipped ones apply.
    Its methods raise LexiconError where they meet a damaged bucket of the lexicon.

    >>> from analyzers.morphology.lexicon import shipped_lexicon
    >>> morphology = MorphologicalAnalyzer(shipped_lexicon())
    >>> [morphology.lemma(word) for word in ("والمدن", "بمدارسهم", "سيقولون", "لبنان")]
    ['مدينه', 'مدرسه', 'قال', 'لبنان']
    """

    def __init__(self, lexicon: Lexicon, protected: ProtectedWords | None = None) -> None:
        self.lexicon = lexicon
        self.protected = protected
        self._words = shipped_protected_words() if protected is None else protected

    def lemma(self, surface: str) -> str:
        """Return the lemma of a surface form."""
        return self.analyze(surface).lemma

    def analyze(self, surface: str) -> Reading:
        """Return the best reading of a surface form, which `fold` makes."""
        if not ARABIC_WORD.fullmatch(surface):
            entry = self.lexicon.find(surface)
            if entry is not None:
                return Reading((), surface, "", entry.lemma, "lexicon")
            if FOREIGN_LETTER.search(surface):
                return self.analyze(self.arabic_spelling(surface))
            return Reading((), surface, "", surface, "other")
        whole = self._find_whole(surface)
        if whole is not None:
            return whole
        rare = rare_affixes(surface, self._words)
        if rare is not None:
            reading = self.analyze(rare.word)
            outer = tuple(text for text, _rule in rare.proclitics)
            last = "".join(text for text, _rule in rare.endings)
            return reading._replace(
                proclitics=outer + reading.proclitics, enclitic=reading.enclitic + last
            )
        return self._read_by_clitics(fold_hamza(surface)) or self._read_by_stem(surface)

    def find_form(self, surface: str) -> Reading | None:
        """Return the best reading of an Arabic surface form whose form is in the lexicon, or None."""
        return self._find_whole(surface) or self._read_by_clitics(fold_hamza(surface))

    def _find_whole(self, surface: str) -> Reading | None:
        """Return the reading without clitics of a surface form that is in the lexicon, or None."""
        word = fold_hamza(surface)
        entry = self.lexicon.find(word)
        return None if entry is None else Reading((), word, "", entry.lemma, "lexicon")

    def arabic_spelling(self, surface: str) -> str:
        """Return a surface form with Arabic letters for foreign ones: the most frequent known word.

        Where no reading is known, the usual one. Without a choice the lexicon is not read.
        """
        spellings = arabic_spellings(surface)
        if len(spellings) == 1:
            return spellings[0]
        foreign_start = FOREIGN_LETTER.match(surface) is not None

        def score(spelling: str) -> int:
            """Return the weight of the form, less for one with clitics; -1 if it is unknown."""
            reading = self.analyze(spelling)
            entry = self.lexicon.find(reading.base)
            if entry is None or reading.rule not in {"lexicon", "clitics"}:
                return -1
            if foreign_start and reading.proclitics:
                return -1  # a foreign letter is no proclitic
            cut = len(spelling) - len(reading.base)
            return entry.weight - LETTER_PENALTY * cut - (RARE_AFFIX_PENALTY if cut else 0)

        return max(spellings, key=score)

    def _read_by_clitics(self, word: str) -> Reading | None:
        """Return the reading with the highest score of those whose form is in the lexicon."""
        best = -1_000_000
        found: tuple[tuple[str, ...], str, str, LexiconEntry] | None = None
        for rest, proclitics, follows, cut in _strip_proclitics(word):
            if follows == _DEFINITE and "ال" + rest in self._words.dropped_hamza:
                rest += "ء"
            for form, enclitic, penalty in _strip_enclitic(rest, follows):
                entry = self.lexicon.find(form)
                if entry is None or (len(form) < 3 and entry.weight < MIN_SHORT_FORM_WEIGHT):
                    continue
                if not _is_compatible(form, entry, follows, enclitic):
                    continue
                score = entry.weight - LETTER_PENALTY * (cut + len(enclitic)) - penalty
                if follows == _DEFINITE:
                    score += RARE_AFFIX_PENALTY  # the article is frequent
                if follows == _DIALECT_VERB:
                    score -= RARE_AFFIX_PENALTY
                if score > best:
                    best, found = score, (proclitics, form, enclitic, entry)
        if found is None:
            return None
        proclitics, form, enclitic, entry = found
        return Reading(proclitics, form, enclitic, entry.lemma, "clitics")

    def _read_by_stem(self, surface: str) -> Reading:
        """Read a word by its light stem."""
        base = stem(surface, self.protected)
        entry = None if base == surface else self.lexicon.find(base)
        if entry is not None and not is_stopword(base):
            return Reading((), base, "", entry.lemma, "stem")
        return Reading((), base, "", base, "light stem")


@cache
def shipped_morphology() -> MorphologicalAnalyzer:
    """Return an analyzer over the shipped files, on which terms of an index may depend.

    Raises LexiconError where the lexicon is missing or damaged.
    """
    return MorphologicalAnalyzer(shipped_lexicon())


def _strip_proclitics(word: str) -> list[tuple[str, tuple[str, ...], int, int]]:
    """Return the ways to strip proclitics: the rest, the parts, what follows, the letters stripped."""
    rests: list[tuple[str, tuple[str, ...], int, int]] = [(word, (), _ANY, 0)]
    for proclitic, parts, follows in _PROCLITICS.get(word[0], ()):
        if not word.startswith(proclitic):
            continue
        rest = word[len(proclitic) :]
        if proclitic.endswith("لل"):  # للغة is ل + اللغة, لله is ل + الله
            rests.append(("ل" + rest, parts, follows, len(proclitic)))
            rests.append(("الل" + rest, parts[:-1], follows, len(proclitic) - 1))
            rests.append(("ال" + rest, parts[:-1], follows, len(proclitic) - 1))
        if len(rest) < _MIN_FORM_LENGTH or (follows >= _VERB and rest[0] not in _PERSON_PREFIXES):
            continue
        rests.append((rest, parts, follows, len(proclitic)))
    return rests


def _is_compatible(form: str, entry: LexiconEntry, follows: int, enclitic: str) -> bool:
    """Tell whether a form can have these clitics: verbs and nouns take different ones."""
    if not entry.verb:
        return follows < _VERB and enclitic != "ني"
    if len(form) < 3 or follows in (_NOUN, _DEFINITE) or enclitic == "ي":
        return False
    return follows != _DIALECT_VERB or (not enclitic and len(form) > 3 and form[0] != "ا")


def _strip_enclitic(rest: str, follows: int) -> list[tuple[str, str, int]]:
    """Return the ways to strip a pronoun: the form, the pronoun ("" for none), and a penalty.

    A form changes its spelling before a pronoun; each form that may have led to it is returned.
    """
    forms = [(rest, "", 0)]
    if follows == _DEFINITE:
        return forms
    for enclitic in _ENCLITICS_BY_LAST_LETTER.get(rest[-1], ()):
        if not rest.endswith(enclitic):
            continue
        base = rest[: -len(enclitic)]
        if len(base) < _MIN_FORM_LENGTH:
            continue
        forms.append((base, enclitic, 0))
        last = base[-1]
        if last == "ت":
            forms.append((base[:-1] + "ه", enclitic, 0))  # مدرست(هم)
        elif last == "ا":
            forms.append((base[:-1] + "ي", enclitic, 0))  # مستوا(هم)
            forms.append((base + "ن", enclitic, RARE_AFFIX_PENALTY))  # والدا(ه)
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
