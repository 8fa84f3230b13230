"""The light stemmer: clitics and common endings cut by rule, real words kept whole.

A surface form is read as `(و|ف) + (ب|ك|ل|س) + ال + word + ending + pronoun`, each part optional.
Rules alone take the و of وزارة and the ان of لبنان for clitics, so two lists keep words whole:
`protected_starts` (words whose first letters are their own) and `protected_ends` (words whose last
letters are). Both are found inside clitics as well: وبوزارتهم keeps the وزارة.

The stem is not a dictionary form: plurals by ending meet their singular, broken plurals do not.
The hamza seats are folded here (مسؤول, مسئول and مسوول meet), because surface forms keep them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from analyzers.wordlists import read_words

ARABIC_WORD = re.compile("[\u0621-\u064a]{3,}")
"""A surface form that the rules apply to."""

_CONJUNCTIONS = "وف"
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
PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "نا", "ه", "ك")
_ENDINGS = ("ات", "ون", "ين", "ان", "وا", "ا", "ت")
_DEFINITE_ENDINGS = ("ات", "ون", "ين", "ان", "ه")
NEVER_DEFINITE = frozenset({*PRONOUNS, "ا", "وا"} - {"ه"})
"""Endings that a word with the article does not take (a final ه may be a teh marbuta)."""
_SHORTEST_BASE = {"ان": 4, "ت": 4, "ك": 4}
"""Letters that must be left before an ending; three for the others."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One clitic or ending that was cut from a word, and the rule that said so."""

    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem with the cuts that led to it, proclitics first, and what kept the rest whole."""

    text: str
    proclitics: tuple[Cut, ...] = ()
    endings: tuple[Cut, ...] = ()
    protected: str = ""


@dataclass(frozen=True, slots=True)
class Protection:
    """Surface forms whose first (`starts`) or last (`ends`) letters no rule may cut."""

    starts: frozenset[str]
    ends: frozenset[str]


@cache
def shipped_protection() -> Protection:
    """Load the word lists that come with the package."""
    return Protection(
        starts=read_words("protected_starts.txt") | read_words("protected_words.txt"),
        ends=read_words("protected_ends.txt") | read_words("protected_words.txt"),
    )


def stem(surface: str, protection: Protection | None = None) -> str:
    """Return the light stem of a surface form made by `analyzers.characters.fold`.

    Words of other scripts, numbers and words of fewer than three letters are their own stem.

    >>> [stem(word) for word in ("وبالكتاب", "كتابهم", "سيكتبون", "وزاره", "لبنان")]
    ['كتاب', 'كتاب', 'يكتب', 'وزار', 'لبنان']
    """
    return explain(surface, protection).text


def explain(surface: str, protection: Protection | None = None) -> Stem:
    """Return the stem of a surface form with every cut that was made, for people to read."""
    if not ARABIC_WORD.fullmatch(surface):
        return Stem(surface)
    words = shipped_protection() if protection is None else protection
    base, proclitics, definite = _cut_proclitics(surface, words)
    base, endings, protected = _cut_endings(base, words, definite=definite)
    return Stem(fold_hamza(base), tuple(proclitics), tuple(endings), protected)


def _cut_proclitics(word: str, words: Protection) -> tuple[str, list[Cut], bool]:
    """Cut conjunction, preposition or future, and article; tell whether there was an article."""
    cuts: list[Cut] = []
    while not _owns_start(word, words):
        proclitic = first_proclitic(word, after_conjunction=bool(cuts))
        if len(proclitic) == 3 and _owns_start(word[1:], words):
            proclitic = word[0]  # بالمانيا is ب + المانيا
        if not proclitic:
            break
        cuts += [Cut(part, _PROCLITIC_RULES[part]) for part in _parts(proclitic)]
        if proclitic == "لل" and _owns_start(word[1:], words):
            return word[1:], cuts, True  # للغة is ل + اللغة, written with one lam less
        word = word[len(proclitic) :]
        if proclitic not in _CONJUNCTIONS:
            return word, cuts, len(proclitic) > 1
    return word, cuts, False


def first_proclitic(word: str, *, after_conjunction: bool = False) -> str:
    """Return the outermost proclitic that the rules see in a surface form, or nothing.

    >>> [first_proclitic(word) for word in ("وبالكتاب", "بالكتاب", "بكتاب", "كتاب")]
    ['و', 'بال', 'ب', '']
    """
    if word[0] in _CONJUNCTIONS and len(word) >= 4 and not after_conjunction:
        return word[0]
    if word.startswith(("بال", "كال")) and len(word) >= 6:
        return word[:3]
    if word.startswith(("ال", "لل")) and len(word) >= 4:
        return word[:2]
    if len(word) >= 5 and (word[0] in "بلك" or (word[0] == "س" and word[1] in "يتنا")):
        return word[0]
    return ""


def _parts(proclitic: str) -> list[str]:
    return [proclitic[0], "ال"] if len(proclitic) == 3 else [proclitic]


def _owns_start(word: str, words: Protection) -> bool:
    """Tell whether a word, or the word before its ending, is in the list of starts."""
    if word in words.starts:
        return True
    for ending in (*PRONOUNS, *_ENDINGS, "ي"):
        if word.endswith(ending):
            base = word[: -len(ending)]
            if base in words.starts or (base.endswith("ت") and base[:-1] + "ه" in words.starts):
                return True
    return False


def _cut_endings(word: str, words: Protection, *, definite: bool) -> tuple[str, list[Cut], str]:
    """Cut a pronoun, then an ending of gender, number or case; name the word kept whole."""
    cuts: list[Cut] = []
    if word in words.ends:
        return word, cuts, word
    base, ending = first_ending(word, definite=definite)
    if ending in PRONOUNS and (ending != "ه" or base.endswith(("ت", "ؤ", "ئ"))):
        cuts.append(Cut(ending, "pronoun"))
        word = restore_before_pronoun(base, words)
        if word in words.ends:
            return word, cuts, word
        base, ending = first_ending(word, definite=True)
    if ending:
        cuts.append(Cut(ending, "ending"))
        if ending == "ات" and base + "ه" in words.ends:
            return base + "ه", cuts, base + "ه"  # وزارات is the plural of وزارة
        return base, cuts, ""
    return word, cuts, ""


def first_ending(word: str, *, definite: bool = False) -> tuple[str, str]:
    """Return a word without its outermost ending, and that ending (nothing where there is none).

    A word with the article, or before a pronoun that was cut, takes fewer endings.

    >>> first_ending("كتابهم"), first_ending("مسلمون"), first_ending("فيلم")
    (('كتاب', 'هم'), ('مسلم', 'ون'), ('فيلم', ''))
    """
    for ending in _DEFINITE_ENDINGS if definite else (*PRONOUNS, *_ENDINGS):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_BASE.get(ending, 3):
            return word[: -len(ending)], ending
    return word, ""


def restore_before_pronoun(base: str, words: Protection) -> str:
    """Undo the spelling that a pronoun brings: مدرست(هم) to مدرسه, ابناؤ(هم) to ابناء."""
    if base.endswith("ت") and base not in words.ends and base not in words.starts:
        return base[:-1] + "ه"
    if base.endswith(("اؤ", "ائ")):
        return base[:-1] + "ء"
    return base


_HAMZA_SEATS = str.maketrans("ؤئ", "وي")


def fold_hamza(word: str) -> str:
    """Fold the seats of hamza, so that every spelling of a hamza inside a word meets.

    Also the spelling without any hamza meets: مومن and مؤمن, رييس and رئيس.

    >>> fold_hamza("مسئول") == fold_hamza("مسؤول") == fold_hamza("مسوول")
    True
    >>> fold_hamza("قرءان") == fold_hamza("قران")
    True
    """
    word = word.replace("ئو", "وو").replace("ءو", "وو").translate(_HAMZA_SEATS)
    inner = word[:-1].replace("ءا", "ا")
    return inner + word[-1:]
