"""Spellings: what a surface form leaves out of a word as written, its marks and letter variants.

أحمد and احمد share a surface form, and so do عِلْم and عَلَم. The spelling of a word is the
difference between the word and its surface form: the hamza of an alef, ة for ه, ى for ي, and the
vowels, shadda and sukun of each letter. Tatweel, controls, presentation forms, the order of marks
and the letters of other keyboards make no difference, and neither does where a fathatan is written
(كتابًا, كتاباً).

A spelling is text: numbers of letters that are those of the surface form, then what follows the
last of them: marks, or a variant that replaces the next letter. It ends with the last difference,
so that of a word written like its surface form is empty. Many words have the same one.

Letters of the surface form that the word has no letter for, as in Quranic spelling, are unknown,
and so is the whole spelling of a word that has several surface forms (ﷺ). What is unknown agrees
with everything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pyarabic.araby_const import (
    ALEF,
    ALEF_HAMZA_ABOVE,
    ALEF_HAMZA_BELOW,
    ALEF_MADDA,
    ALEF_MAKSURA,
    ALEF_WASLA,
    DAMMA,
    DAMMATAN,
    FATHA,
    FATHATAN,
    HAMZA,
    HAMZA_ABOVE,
    HAMZA_BELOW,
    HEH,
    KASRA,
    KASRATAN,
    MADDA_ABOVE,
    SHADDA,
    SMALL_ALEF,
    SUKUN,
    TATWEEL,
    TEH_MARBUTA,
    YEH,
    YEH_HAMZA,
)

from analyzers.normalization.folding import MARKS

_EITHER = "*"
"""After a letter that is typed: a variant of it will do as well."""

UNKNOWN = "?"
"""The spelling of which nothing is known; within a spelling, a letter of which nothing is known."""

_FARSI_YEH = "ی"
_ALEFS_WITH_HAMZA = ALEF_HAMZA_ABOVE + ALEF_HAMZA_BELOW + ALEF_MADDA
_SURFACE_LETTERS = {
    **dict.fromkeys(_ALEFS_WITH_HAMZA + ALEF_WASLA, ALEF),
    ALEF_MAKSURA: YEH,
    _FARSI_YEH: YEH,
    TEH_MARBUTA: HEH,
}
"""The variants of letters that a spelling keeps, each with the letter of its surface form."""

_VARIANTS = _ALEFS_WITH_HAMZA + ALEF_WASLA + ALEF_MAKSURA + TEH_MARBUTA
_OTHER_LETTERS = "".join(
    letter
    for letter in map(chr, range(ord(HAMZA), ord(YEH) + 1))
    if letter not in _VARIANTS + TATWEEL
)
_ONE_VARIANT = re.compile(f"([{_OTHER_LETTERS}]*+)[{_VARIANTS}][{_OTHER_LETTERS}]*+")
_LETTERS = {
    "ٲ": ALEF_HAMZA_ABOVE,
    "ٵ": ALEF_HAMZA_ABOVE,
    "ٳ": ALEF_HAMZA_BELOW,
    **dict.fromkeys("ېےۍؽؾؿ", YEH),
    **dict.fromkeys("کڪګڬ", "ك"),
    **dict.fromkeys("ہھۀەۂۿ", HEH),
    "ۃ": TEH_MARBUTA,
    "ٶ": "ؤ",
    "ٸ": YEH_HAMZA,
    "ۓ": YEH_HAMZA,
}
"""Letters of other keyboards, and old composed ones, each with the letter that it is."""

_SMALL_MEEM = "\u06e2"
_TANWEEN: dict[str, str] = {FATHA: FATHATAN, DAMMA: DAMMATAN, KASRA: KASRATAN}
_VOWELS = FATHATAN + DAMMATAN + KASRATAN + FATHA + DAMMA + KASRA + SUKUN
_MARKS = {
    **{mark: mark for mark in _VOWELS + SHADDA + SMALL_ALEF + _SMALL_MEEM},
    "\u06e1": SUKUN,  # of the Quran
    "\u06ed": _SMALL_MEEM,
    "\u08f0": FATHATAN,  # open tanween
    "\u08f1": DAMMATAN,
    "\u08f2": KASRATAN,
}
"""The marks that a spelling keeps, or that decide what it keeps, each in its usual form."""

_DROPPED = frozenset(MARKS + TATWEEL)
_MARK = f"(?:{SHADDA}[{_VOWELS}]|[{_VOWELS}]{SHADDA}?|{SHADDA})"
_USUAL = re.compile(f"(?:[{_OTHER_LETTERS}{_VARIANTS}]{_MARK}?)+")
_VARIANT_OR_MARKS = re.compile(f"[{_VARIANTS}]{_MARK}?|{_MARK}")
_WITHOUT_MARKS = str.maketrans({**_SURFACE_LETTERS, **dict.fromkeys(_VOWELS + SHADDA)})
_SPELLING = re.compile(
    rf"(?:[1-9][0-9]{{0,2}}(?:{SHADDA}?[{_VOWELS}]|{SHADDA}|\?|(?=[{_VARIANTS}{_FARSI_YEH}]))"
    rf"|[{_VARIANTS}{_FARSI_YEH}](?:{SHADDA}?[{_VOWELS}]?|\?))*"
)
_COMPOSING = re.compile(f"[{MADDA_ABOVE}{HAMZA_ABOVE}{HAMZA_BELOW}]")
_PRESENTATION_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc\U0001ee00-\U0001eeef]")
_YEH_WITH_HAMZA = re.compile(f"[{ALEF_MAKSURA}{_FARSI_YEH}](?={HAMZA_ABOVE})")
_ARABIC_LETTER = re.compile(f"[{HAMZA}-{YEH}]")
_MARK_FORMS = {
    ord(form): unicodedata.normalize("NFKC", form).strip(" ـ")
    for form in MARKS
    if _PRESENTATION_FORM.match(form)
}
"""The presentation forms of marks, which stand on a space or a tatweel, each with its marks."""


def spelling(word: str, surface: str) -> str:
    """Return the spelling of a word as written, whose only surface form is `surface`.

    >>> spelling("احمد", "احمد"), spelling("أحْمد", "احمد"), spelling("مدرسة", "مدرسه")
    ('', 'أ1ْ', '4ة')
    """
    if word == surface:
        return ""
    if len(word) == len(surface):
        variant = _ONE_VARIANT.fullmatch(word)
        if variant is not None:  # most of the words that are not their surface form
            at = variant.end(1)
            letter = word[at]
            if surface[at] == _SURFACE_LETTERS[letter]:
                return f"{at}{letter}" if at else letter
    if not _ARABIC_LETTER.search(surface):
        return ""
    if _USUAL.fullmatch(word):
        found = _spelling_of_usual(word, surface)
        if found is not None:
            return found
    return _encode(_align(_units(word), surface), surface)


def _spelling_of_usual(word: str, surface: str) -> str | None:
    """Return the spelling of a word of usual letters and marks, None where it takes more to tell."""
    parts = []
    end = 0  # of the letters that are in `parts`
    marks = 0  # before this place
    for special in _VARIANT_OR_MARKS.finditer(word):
        found = special[0]
        at = special.start() - marks
        variant = found[0] if found[0] in _SURFACE_LETTERS else ""
        found = found[len(variant) :]
        if FATHATAN in found and word[special.end() - len(found) - 1] in ALEF + ALEF_MAKSURA:
            return None  # it may belong to the letter before
        marks += len(found)
        if found[1:] == SHADDA:
            found = found[::-1]
        if variant:
            if at >= len(surface) or surface[at] != _SURFACE_LETTERS[variant]:
                return None
            parts.append(f"{at - end or ''}{variant}{found}")
            end = at + 1
        else:
            parts.append(f"{at - end}{found}")
            end = at
    bare = word.translate(_WITHOUT_MARKS)
    return "".join(parts) if bare == surface else None


def respell(surface: str, spelling: str) -> str:
    """Return the word that a surface form and a spelling are, without the unknown.

    >>> respell("احمد", "أ1ْ"), respell("مدرسه", "4ة")
    ('أحْمد', 'مدرسة')
    """
    word = "".join(decode(surface, spelling)).replace(UNKNOWN, "").replace(_EITHER, "")
    return unicodedata.normalize("NFC", word)


def typed_spelling(word: str, surface: str, *, exact: bool) -> str | None:
    """Return what a word of a query asks for beside its surface form: its spelling.

    Only an `exact` word asks for ة or for ه: many writers leave out the dots, and do not mean another
    word. None where every spelling agrees with it, as with a word without hamzas and marks.

    >>> typed_spelling("احمد", "احمد", exact=True), typed_spelling("أحمد", "احمد", exact=True)
    (None, 'أ')
    >>> typed_spelling("مدرسة", "مدرسه", exact=True), typed_spelling("مدرسة", "مدرسه", exact=False)
    ('4ة', None)
    """
    found = spelling(word, surface)
    if exact or surface[-1] != HEH:
        return found if found or surface[-1] in HEH + YEH else None
    *letters, last = decode(surface, found)
    if last in HEH + TEH_MARBUTA and letters == list(surface[:-1]):
        return None
    return _encode([*letters, last[0] + _EITHER + last[1:]], surface)


def join_spellings(words: Sequence[tuple[str, str | None]]) -> str:
    """Return the spelling of words with spaces between, given as surface form and spelling.

    >>> join_spellings([("احمد", "أ"), ("في", None), ("مدرسه", "4ة")])
    'أ11ة'
    """
    letters: list[str] = []
    for surface, found in words:
        letters += (*decode(surface, found or ""), " ")
    return _encode(letters[:-1], " ".join(surface for surface, _spelling in words))


@lru_cache(maxsize=4096)
def agrees(typed: str, written: str, surface: str) -> bool:
    """Return whether a spelling in a document is what a typed one asks for.

    A typed hamza, ة, ه, ى or ي has to be there; a typed alef without a hamza is any alef. A typed
    mark must not be contradicted by another one on the same letter: a letter without marks agrees
    with every mark. Shadda and vowel are compared apart; sukun contradicts both.

    >>> agrees("أ", "", "احمد"), agrees("", "أ", "احمد"), agrees("1َ", "1ِ", "علم")
    (False, True, False)
    """
    if typed == written or UNKNOWN in (typed, written):
        return True
    pairs = zip(decode(surface, typed), decode(surface, written), strict=True)
    return all(_letter_agrees(*pair) and _marks_agree(*pair) for pair in pairs)


@lru_cache(maxsize=4096)
def word_agrees(typed: str, word: str, surface: str) -> bool:
    """Return whether a word as written, whose only surface form is `surface`, agrees.

    >>> word_agrees("أ", "احمد", "احمد"), word_agrees("1ِ1ْ", "عِلم", "علم")
    (False, True)
    """
    return agrees(typed, spelling(word, surface), surface)


def _letter_agrees(typed: str, written: str) -> bool:
    asked, found = typed[0], written[0]
    return (
        asked in (found, ALEF)
        or UNKNOWN in typed + written
        or _EITHER in typed
        or (asked == ALEF_WASLA and found == ALEF)
        or _FARSI_YEH in (asked, found)
    )


def _marks_agree(typed: str, written: str) -> bool:
    asked, found = typed[-1], written[-1]
    if asked in _VOWELS and found in _VOWELS:
        return asked == found
    # A letter with shadda has a vowel, so of sukun and shadda alone one contradicts the other.
    return {asked, found} != {SUKUN, SHADDA}


def decode(surface: str, spelling: str) -> list[str]:
    """Return each letter of a word with its marks: shadda, then a vowel or sukun.

    `UNKNOWN` after a letter says that nothing is known of it.

    >>> decode("علم", "1ِ1ْ")
    ['عِ', 'لْ', 'م']
    """
    if spelling == UNKNOWN:
        return [letter + UNKNOWN for letter in surface]
    letters: list[str] = []
    digits = ""
    for character in spelling:
        if character in "0123456789":
            digits += character
            continue
        if digits:
            letters += surface[len(letters) : len(letters) + int(digits)]
            digits = ""
        if character in _SURFACE_LETTERS:
            letters.append(character)
        else:
            letters[-1] += character
    return letters + list(surface[len(letters) :])


def spelled_letters(spelling: str) -> int:
    """Return how many letters a surface form of a spelling has at least, -1 for no spelling.

    >>> spelled_letters("2أ1ِ"), spelled_letters(""), spelled_letters("ِ2")
    (4, 0, -1)
    """
    if spelling == UNKNOWN:
        return 0
    if not _SPELLING.fullmatch(spelling):
        return -1
    variants = sum(character in _SURFACE_LETTERS for character in spelling)
    return variants + sum(map(int, re.findall("[0-9]+", spelling)))


def _encode(letters: str | list[str], surface: str) -> str:
    """Return the spelling of the letters with their marks, one for each of the surface form."""
    parts = []
    same = 0
    for found, letter in zip(letters, surface, strict=True):
        if found == letter:
            same += 1
            continue
        if found[0] == letter:
            parts.append(f"{same + 1}{found[1:]}")
        else:
            parts.append(f"{same or ''}{found}")
        same = 0
    return "".join(parts)


def _units(word: str) -> list[tuple[str, str]]:
    """Return the letters of a word in their usual forms, each with the marks on it."""
    if _PRESENTATION_FORM.search(word):
        word = unicodedata.normalize("NFKC", word.translate(_MARK_FORMS))
    if _COMPOSING.search(word):
        word = unicodedata.normalize("NFC", _YEH_WITH_HAMZA.sub(YEH, word))
    units: list[tuple[str, str]] = []
    for character in word:
        if character in _MARKS:
            if units:
                letter, marks = units[-1]
                units[-1] = letter, marks + _MARKS[character]
        elif character.isalnum() and character not in _DROPPED:
            if units and units[-1][0] == _FARSI_YEH:  # at the end alone it may be ي or ى
                units[-1] = YEH, units[-1][1]
            units.append((_LETTERS.get(character, character), ""))
    return units


def _align(units: list[tuple[str, str]], surface: str) -> list[str]:
    """Return the letters of a surface form with the variants and marks that a word gives them.

    Where the word has not the letters of its surface form, those at its beginning and at its end
    are compared; the ones between are unknown.
    """
    letters = [_SURFACE_LETTERS.get(letter, letter) for letter, _marks in units]
    if len(letters) > len(surface):
        units, letters = _join_hamza_and_alef(units, letters, surface)
    start = 0
    while start < min(len(letters), len(surface)) and letters[start] == surface[start]:
        start += 1
    end = 0
    while end < min(len(letters), len(surface)) - start and letters[-1 - end] == surface[-1 - end]:
        end += 1
    unknown = [letter + UNKNOWN for letter in surface[start : len(surface) - end]]
    found = _with_marks(units)
    return found[:start] + unknown + found[len(found) - end :]


def _join_hamza_and_alef(
    units: list[tuple[str, str]], letters: list[str], surface: str
) -> tuple[list[tuple[str, str]], list[str]]:
    """Write ءا as آ where the surface form has one letter for it (ءامن, القرءان).

    Before an alef with a hamza ء is the interrogative, which the surface form leaves out (ءأنتم).
    """
    text = "".join(letters)
    at = text.find(HAMZA + ALEF)
    if at < 0 or HAMZA + ALEF in surface or len(text) != len(letters):
        return units, letters
    letter, marks = units[at + 1]
    units = [*units[:at], (ALEF_MADDA if letter == ALEF else letter, marks), *units[at + 2 :]]
    return units, [*letters[:at], ALEF, *letters[at + 2 :]]


def _with_marks(units: list[tuple[str, str]]) -> list[str]:
    """Return each letter with its marks: shadda, then a vowel or sukun."""
    found = [[letter, _shadda(marks), _vowel(marks)] for letter, marks in units]
    if len(found) > 1:
        (_letter, _shadda_before, before), last = found[-2], found[-1]
        if last[0] in ALEF + ALEF_MAKSURA and last[2] == FATHATAN and before in ("", FATHA):
            found[-2][2], last[2] = FATHATAN, ""  # كتاباً is كتابًا
    return ["".join(parts) for parts in found]


def _shadda(marks: str) -> str:
    return next((mark for mark in marks if mark == SHADDA), "")


def _vowel(marks: str) -> str:
    vowel: str = next((mark for mark in marks if mark in _VOWELS), "")
    if not vowel and SMALL_ALEF in marks:
        vowel = FATHA  # a dagger alef is a long one
    return str(_TANWEEN.get(vowel, vowel) if _SMALL_MEEM in marks else vowel)
