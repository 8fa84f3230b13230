"""Foreign letters: writes a word with letters such as ڤ and گ as most writers of Arabic do.

ڤيروس is فيروس and پاريس is باريس. Other letters have several readings: the گ of گهوة is ق, that of
أگادير is ك, and the چ of چاي is ش. `MorphologicalAnalyzer.arabic_spelling` lets the lexicon decide.
"""

from __future__ import annotations

import re
from itertools import islice, product

READINGS: dict[str, tuple[str, ...]] = {
    "پ": ("ب",),
    "چ": ("ج", "تش", "ش", "ك"),
    "ڤ": ("ف", "ق"),
    "ڨ": ("ق", "ك", "غ", "ف"),
    "گ": ("ك", "ق", "غ", "ج"),
    "ژ": ("ج", "ز"),
    # Maghrebi writing
    "ڢ": ("ف",),
    "ڧ": ("ق",),
    "ڥ": ("ف", "ب"),
    # Urdu, Pashto, Sindhi
    "ٹ": ("ت",),
    "ټ": ("ت",),
    "ٽ": ("ت",),
    "ڈ": ("د",),
    "ډ": ("د",),
    "ڊ": ("د",),
    "ڑ": ("ر",),
    "ړ": ("ر",),
    "ں": ("ن",),
    "ڼ": ("ن",),
    "ڻ": ("ن",),
    "ځ": ("ز", "ج"),
    "څ": ("س", "تس"),
    "ږ": ("ج", "ز"),
    "ښ": ("ش", "خ"),
    # Kurdish, Uyghur
    "ڕ": ("ر",),
    "ڵ": ("ل",),
    "ێ": ("ي",),
    "ۆ": ("و",),
    "ۇ": ("و",),
    "ۈ": ("و",),
    "ۋ": ("ف", "و"),
    # Malay
    "ڠ": ("نغ", "غ"),
    "ڽ": ("ني", "ن"),
    "ݽ": ("ني", "ن"),
    "ۏ": ("ف", "و"),
    "ڎ": ("د",),
    # without dots, as in old manuscripts
    "ٯ": ("ق", "ف"),
    "ڡ": ("ف", "ق"),
    "ٮ": ("ب", "ت", "ن", "ي", "ث"),
}
"""The Arabic letters that each foreign letter may stand for, the usual one first."""

MAX_READINGS = 16
"""How many spellings of one word are asked of the lexicon."""

FOREIGN_LETTER = re.compile(f"[{''.join(READINGS)}]")


def arabic_spellings(surface: str) -> list[str]:
    """Return the spellings of a surface form with Arabic letters for the foreign ones, usual first.

    >>> arabic_spellings("ڤيروس"), arabic_spellings("كتاب")
    (['فيروس', 'قيروس'], ['كتاب'])
    """
    letters = dict.fromkeys(FOREIGN_LETTER.findall(surface))
    if not letters:
        return [surface]
    readings = product(*(READINGS[letter] for letter in letters))
    return [
        surface.translate(str.maketrans(dict(zip(letters, reading, strict=True))))
        for reading in islice(readings, MAX_READINGS)
    ]
