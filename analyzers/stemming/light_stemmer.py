"""The light stemmer: clitics and common endings cut by rule, real words kept whole.

A surface form is read as `(و|ف) + (ب|ك|ل|س) + ال + word + ending + pronoun`, each part optional.
Rules alone take the و of وزارة and the ان of لبنان for clitics, so two lists keep words whole:
`protected_starts` (words whose first letters are their own) and `protected_ends` (words whose last
letters are). Both are found inside clitics as well: وبوزارتهم keeps the وزارة. A third list,
`prefixed`, says where a proclitic is cut all the same: بسبب is short, بلغة looks like بلغ + ه.

The stem is not a dictionary form: plurals by ending meet their singular, broken plurals do not.
The hamza seats are folded here (مسؤول, مسئول and مسوول meet), because surface forms keep them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pyarabic.araby_const import WAW, WAW_HAMZA, YEH, YEH_HAMZA

from analyzers.word_files import read_words

ARABIC_WORD = re.compile("[\u0621-\u064a]{3,}")
"""A surface form that the rules apply to."""

_CONJUNCTIONS = frozenset("وف")
PREPOSITIONS = "بلك"
_PROCLITIC_RULES = {
    "و": "conjunction",
    "ف": "conjunction",
    "ب": "preposition",
    "ل": "preposition",
    "ك": "preposition",
    "لل": "preposition and article",
    "ال": "article",
    "س": "future",
}
_INNER_LETTERS = frozenset("بكلاس")
"""The first letters of every proclitic that may stand behind a conjunction."""
PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "نا", "ه", "ك")
_ENDINGS = ("ات", "ون", "ين", "ان", "وا", "ا", "ت")
_DEFINITE_ENDINGS = ("ات", "ون", "ين", "ان", "ه")
_PRONOUN_SET = frozenset(PRONOUNS)
NEVER_DEFINITE = frozenset({*PRONOUNS, *_ENDINGS}.difference(_DEFINITE_ENDINGS))
"""Endings that a word with the article does not take (a final ه may be a teh marbuta)."""
_SHORTEST_BASE = {"ان": 4, "ت": 4, "ك": 4}
"""Letters that must be left before an ending; three for the others."""


class _EndingsByTail(dict[str, tuple[str, ...]]):
    """The endings of a list, in its order, that a word with these last three letters has.

    Found once for each tail: most words have no ending or one, and need not try them all.
    """

    def __init__(self, *endings: str) -> None:
        super().__init__()
        self._endings = endings

    def __missing__(self, tail: str) -> tuple[str, ...]:
        found = self[tail] = tuple(filter(tail.endswith, self._endings))
        return found


_INDEFINITE = _EndingsByTail(*PRONOUNS, *_ENDINGS)
_DEFINITE = _EndingsByTail(*_DEFINITE_ENDINGS)
_BEHIND_A_LISTED_WORD = _EndingsByTail(*PRONOUNS, *_ENDINGS, "ي")


class Cut(NamedTuple):
    """One clitic or ending that was cut from a word, and the rule that said so."""

    text: str
    rule: str


class Stem(NamedTuple):
    """A stem with the cuts that led to it, proclitics first, and what kept the rest whole."""

    text: str
    proclitics: tuple[Cut, ...] = ()
    endings: tuple[Cut, ...] = ()
    protected: str = ""

    def reasons(self) -> str:
        """Return every cut in words: `و- conjunction, ال- article, -ون ending`."""
        parts = [f"{cut.text}- {cut.rule}" for cut in self.proclitics]
        parts += [f"-{cut.text} {cut.rule}" for cut in self.endings]
        if self.protected:
            parts.append(f"{self.protected} is kept whole")
        return ", ".join(parts)


class Protection(NamedTuple):
    """Surface forms about which the rules alone would be wrong.

    No rule cuts the first letters of `starts` or the last letters of `ends`. A form in `prefixed`
    begins with a proclitic although it is short or looks like an inflected word of `starts`.
    """

    starts: frozenset[str]
    ends: frozenset[str]
    prefixed: frozenset[str] = frozenset()

    def with_own(self, words: frozenset[str]) -> Protection:
        """Return a protection that keeps these words whole too."""
        if not words:
            return self
        return Protection(self.starts | words, self.ends | words, self.prefixed - words)


SHIPPED_LISTS = (
    "protected_starts.txt",
    "protected_ends.txt",
    "prefixed.txt",
    "protected_words.txt",
)


@cache
def shipped_protection() -> Protection:
    """Load the word lists that come with the package."""
    starts, ends, prefixed, by_hand = SHIPPED_LISTS
    return Protection(
        read_words(starts, by_hand),
        read_words(ends, by_hand),
        read_words(prefixed) - read_words(by_hand),
    )


def stem(surface: str, protection: Protection | None = None) -> str:
    """Return the light stem of a surface form made by `analyzers.normalization.folding.fold`.

    Words of other scripts, numbers and words of fewer than three letters are their own stem.

    >>> [stem(word) for word in ("وبالكتاب", "كتابهم", "سيكتبون", "وزاره", "لبنان")]
    ['كتاب', 'كتاب', 'يكتب', 'وزاره', 'لبنان']
    """
    if not ARABIC_WORD.fullmatch(surface):
        return surface
    words = shipped_protection() if protection is None else protection
    base, _, proclitic = _cut_proclitics(surface, words)
    base, _, _, _ = _cut_endings(base, words, len(proclitic) > 1)
    return fold_hamza(base)


def explain(surface: str, protection: Protection | None = None) -> Stem:
    """Return the stem of a surface form with every cut that was made, for people to read."""
    if not ARABIC_WORD.fullmatch(surface):
        return Stem(surface)
    words = shipped_protection() if protection is None else protection
    base, conjunction, proclitic = _cut_proclitics(surface, words)
    base, pronoun, ending, protected = _cut_endings(base, words, len(proclitic) > 1)
    parts = (conjunction, *_parts(proclitic))
    return Stem(
        fold_hamza(base),
        tuple(Cut(part, _PROCLITIC_RULES[part]) for part in parts if part),
        tuple(Cut(*cut) for cut in ((pronoun, "pronoun"), (ending, "ending")) if cut[0]),
        protected,
    )


def _cut_proclitics(word: str, words: Protection) -> tuple[str, str, str]:
    """Return a word without its proclitics, its conjunction, and what stood behind that.

    The last is a preposition, the future س, or a proclitic of two or three letters, which holds
    the article.
    """
    conjunction = _conjunction(word)
    if conjunction:
        if _owns_start(word, words):
            return word, "", ""
        word = word[1:]
    # The rules are asked before the lists: half of the words have nothing that they would cut.
    if word[0] not in _INNER_LETTERS:
        return word, conjunction, ""
    prefixed = word in words.prefixed
    proclitic = _inner_proclitic(word, prefixed)
    lam = word.startswith("لل")
    if (proclitic or lam) and not prefixed:
        if owner_of_start(word, words):
            return word, conjunction, ""
        if lam and (whole := _behind_lam(word, words)):
            return whole, conjunction, "ل"
    if len(proclitic) == 3 and _owns_start(word[1:], words):
        proclitic = word[0]  # بالمانيا is ب + المانيا
    return word[len(proclitic) :], conjunction, proclitic


def first_proclitic(word: str, *, after_conjunction: bool = False, short: bool = False) -> str:
    """Return the outermost proclitic that the rules see in a surface form, or nothing.

    With `short` a preposition may leave three letters, else it must leave four.

    >>> [first_proclitic(word) for word in ("وبالكتاب", "بالكتاب", "بكتاب", "كتاب")]
    ['و', 'بال', 'ب', '']
    """
    conjunction = "" if after_conjunction else _conjunction(word)
    return conjunction or _inner_proclitic(word, short)


def _conjunction(word: str) -> str:
    return word[0] if word[0] in _CONJUNCTIONS and len(word) >= 4 else ""


def _inner_proclitic(word: str, short: bool) -> str:
    """Return the preposition, article or future at the start of a word, or nothing."""
    letter = word[0]
    length = len(word)
    if length >= 5 and word.startswith(("بال", "كال")):
        return word[:3]
    if length >= 4 and word.startswith(("ال", "لل")):
        return word[:2]
    if letter in PREPOSITIONS and length >= (4 if short else 5):
        return letter
    if letter == "س" and length >= 5 and word[1] in "يتنا":
        return letter
    return ""


def _parts(proclitic: str) -> tuple[str, ...]:
    return (proclitic[0], "ال") if len(proclitic) == 3 else (proclitic,)


def _behind_lam(word: str, words: Protection) -> str:
    """Return the listed word that لل hides, as the spelling joins three lams in two, or nothing."""
    if _owns_start(word[1:], words):
        return word[1:]  # للغة is ل + اللغة
    whole = "ا" + word
    return whole if whole in words.starts else ""  # لله is ل + الله


def _owns_start(word: str, words: Protection) -> bool:
    return word not in words.prefixed and owner_of_start(word, words) != ""


def owner_of_start(word: str, words: Protection) -> str:
    """Return the listed word whose start a surface form has: itself or itself without its ending.

    Nothing where no such word is in the list of starts.
    """
    if word in words.starts:
        return word
    for ending in _BEHIND_A_LISTED_WORD[word[-3:]]:
        base = word[: -len(ending)]
        if base in words.starts:
            return base
        if base.endswith("ت") and base[:-1] + "ه" in words.starts:
            return base[:-1] + "ه"
    return ""


def _cut_endings(word: str, words: Protection, definite: bool) -> tuple[str, str, str, str]:
    """Cut a pronoun, then an ending of gender, number or case.

    Return what is left, the pronoun, the ending, and the word that was kept whole.
    """
    ends = words.ends
    if word in ends:
        return word, "", "", word
    if not (_DEFINITE if definite else _INDEFINITE)[word[-3:]]:
        return word, "", "", ""
    if not definite and word[-1] == "ا" and word[-2:] != "ها" and word[:-1] in ends:
        return word[:-1], "", "ا", word[:-1]  # قانونا is not قانو + نا
    pronoun = ""
    base, ending = first_ending(word, definite)
    if ending in _PRONOUN_SET and (ending != "ه" or (not definite and _takes_heh(base))):
        pronoun = ending
        word = restore_before_pronoun(base, words)
        if word in ends:
            return word, pronoun, "", word
        base, ending = first_ending(word, definite=True)
    singular = _feminine_singular(word, words)
    if not singular:
        return base, pronoun, ending, ""
    ending = word[len(singular) - 1 :]
    if singular in ends:
        return singular, pronoun, ending, singular
    return singular if len(singular) == 3 else singular[:-1], pronoun, ending, ""


def first_ending(word: str, definite: bool = False) -> tuple[str, str]:
    """Return a word without its outermost ending, and that ending (nothing where there is none).

    A word with the article, or before a pronoun that was cut, takes fewer endings.

    >>> first_ending("كتابهم"), first_ending("مسلمون"), first_ending("فيلم")
    (('كتاب', 'هم'), ('مسلم', 'ون'), ('فيلم', ''))
    """
    for ending in (_DEFINITE if definite else _INDEFINITE)[word[-3:]]:
        if len(word) - len(ending) >= _SHORTEST_BASE.get(ending, 3):
            return word[: -len(ending)], ending
    return word, ""


def _takes_heh(base: str) -> bool:
    """Tell whether ه is a pronoun behind a base (كتبوه); it may be a teh marbuta (علاوه)."""
    if base.endswith("و"):
        return len(base) >= 4 and base[-2] != "ا"
    return base.endswith(("ت", "ؤ", "ئ", "ون"))


def restore_before_pronoun(base: str, words: Protection) -> str:
    """Undo the spelling that a pronoun brings.

    مدرست(هم) is مدرسه, ابناؤ(هم) is ابناء, مستوا(هم) is مستوي, كتبو(ها) is كتب.
    """
    if base in words.ends:
        return base
    if base.endswith("ت"):
        singular = base[:-1] + "ه"
        return base if base.endswith("ات") and singular not in words.ends else singular
    if base.endswith(("اؤ", "ائ")):
        return base[:-1] + "ء"
    if base.endswith("ا") and not base.endswith("يا"):
        return base[:-1] + "ي"
    if base.endswith("و") and len(base) >= 4:
        return base[:-1]
    return base


def _feminine_singular(word: str, words: Protection) -> str:
    """Return the singular in ه of a plural in ات that is listed, or of a dual in تان or تين."""
    if word.endswith("ات") and word[:-2] + "ه" in words.ends:
        return word[:-2] + "ه"  # وزارات is the plural of وزارة
    if word.endswith(("تان", "تين")) and len(word) >= 5 and word[:-2] not in words.ends:
        return word[:-3] + "ه"
    return ""


_HAMZA = re.compile("[ءؤئ]")
_HAMZA_SEATS = str.maketrans(WAW_HAMZA + YEH_HAMZA, WAW + YEH)


def fold_hamza(word: str) -> str:
    """Fold the seats of hamza, so that every spelling of a hamza inside a word meets.

    Also the spelling without any hamza meets: مومن and مؤمن, رييس and رئيس.

    >>> fold_hamza("مسئول") == fold_hamza("مسؤول") == fold_hamza("مسوول")
    True
    >>> fold_hamza("قرءان") == fold_hamza("قران")
    True
    """
    if not _HAMZA.search(word):
        return word
    word = word.replace("ئو", "وو").replace("ءو", "وو").translate(_HAMZA_SEATS)
    inner = word[:-1].replace("ءا", "ا")
    return inner + word[-1:]
