"""Spellings of hamza: its seats (مسؤول, مسئول), and a final one (مبادىء for مبادئ, شئ for شيء).

Writers put ء after the letter that is its seat (مبادىء, تباطوء), and leave out the long vowel before it
(شئ, بطئ). Surface forms keep all of that; the stemmer writes each of these words in one way.
"""

from __future__ import annotations

import re

from pyarabic.araby_const import WAW, WAW_HAMZA, YEH, YEH_HAMZA

ANY_PROCLITICS = "[وف]?(?:[بك]?ال|لل|[بكل])?"
"""A pattern of the proclitics that a noun may have."""

_LONG_YEH = re.compile(f"{ANY_PROCLITICS}(?:[^ا][^ا]?|لاش)يء|(?:[وف]?س)?ا[^ا]يء|[وف]?س[يتن][^ا]يء")
"""The words in which ي before ء is a long vowel: شيء, بطيء. In longer ones it is a seat: مبادىء."""

_SHORT_YEH = re.compile(f"{ANY_PROCLITICS}(?:[سشن]|بر|بط|جر|مل|رد|دن|مج|مض|مس|هن|[يتن][سضج])يء")
"""Those of them that are also written without the vowel."""

_SEAT_WAW = re.compile("(.*ت[^ا]ا[^ا])وء")


def final_hamza(word: str) -> str:
    """Write a final hamza as most texts do. Other words are returned as they are.

    >>> [final_hamza(word) for word in ("مباديء", "تباطوء", "شئ", "سيئ", "بريء", "هدوء")]
    ['مبادئ', 'تباطؤ', 'شيء', 'سيء', 'بريء', 'هدوء']
    """
    if word.endswith(("ييء", "ئء")):  # سيىء
        word = word[:-2] + "ئ"
    if word.endswith("ئ"):
        vowel = word.removesuffix("ئ").removesuffix("ي") + "يء"
        long = _LONG_YEH if word.endswith("يئ") else _SHORT_YEH
        return vowel if long.fullmatch(vowel) else word
    if word.endswith("يء"):
        return word if _LONG_YEH.fullmatch(word) else word[:-2] + "ئ"
    if word.endswith("وء") and (waw := _SEAT_WAW.fullmatch(word)):
        return waw[1] + "ؤ"
    return word


_HAMZA_SEATS = str.maketrans(WAW_HAMZA + YEH_HAMZA, WAW + YEH)
_RECIPROCAL = re.compile(f"({ANY_PROCLITICS}[يتنا]?ت(?:[^اوي]ا(?=ء)|[سشضف]ا(?=ئ))).(?=[^اوي])")
"""The beginning of تساءل and of تسائل, forms and misspellings of تساؤل."""


def fold_hamza(word: str) -> str:
    """Fold the seats of hamza (ؤ and ئ) to their letters, so that every spelling becomes one.

    This includes spelling without any hamza: مومن for مؤمن, رييس for رئيس. A final ء is kept, but for
    one that stands after its seat (`final_hamza`).

    >>> fold_hamza("مسئول") == fold_hamza("مسؤول") == fold_hamza("مسوول")
    True
    >>> fold_hamza("قرءان") == fold_hamza("قران"), fold_hamza("مباديء") == fold_hamza("مبادئ")
    (True, True)
    """
    if "ء" not in word and "ئ" not in word and "ؤ" not in word:
        return word
    if word[-1] in "ءئ":
        word = final_hamza(word)
    word = word.replace("ئو", "وو").replace("ءو", "وو")
    if "سئل" in word and "اسئل" not in word:
        word = word.replace("سئل", "سال")  # مسئلة, not أسئلة
    if "ت" in word and (reciprocal := _RECIPROCAL.match(word)):
        word = reciprocal[1] + "ؤ" + word[reciprocal.end() :]
    word = word.translate(_HAMZA_SEATS)
    inner = word[:-1].replace("ءا", "ا")
    return inner + word[-1:]
