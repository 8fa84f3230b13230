"""Quranic letters: unites the encodings of Quranic text, and writes letters that vowels imply.

The same page of the Quran is encoded in several ways. A yeh is ي, ی or ٮ, a hamza on it a letter or a
mark above or below it, a madda is one of two marks; the zero above a silent letter is U+06DF, or the
sukun of other texts. Its spelling differs from today's too: a hamza that has no seat, silent letters
that have a sign, an alef for a final ى.

Each rule needs a sign of the Quran, or vowels at a hamza that modern spelling does not have there, so
words without marks are never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from pyarabic.araby_const import (
    ALEF,
    ALEF_MADDA,
    DAMMA,
    DAMMATAN,
    FATHA,
    FATHATAN,
    HAMZA_ABOVE,
    HAMZA_BELOW,
    KASRA,
    MADDA_ABOVE,
    SHADDA,
    SMALL_ALEF,
    SUKUN,
    TATWEEL,
)

_ZERO = "\u06df"
"""Above a silent letter."""

_QURANIC_SUKUN, _QURANIC_MADDA = "\u06e1", "\u06e4"
_SMALL_SEEN_ABOVE, _SMALL_SEEN_BELOW = "\u06dc", "\u06e3"
_DOTLESS_BEH = "\u066e"

_LONG_I, _LONG_U = "\u0656", "\u0657"
"""Of Indian prints; tanween in older fonts of the King Fahd Complex, where no letter follows."""

_VOWELS = "\u064b-\u0650\u0656\u0657\u065a\u065d\u065e\u08f0-\u08f2"
_V = f"[{_VOWELS}{SHADDA}{SUKUN}{_QURANIC_SUKUN}{MADDA_ABOVE}]*"
_SUKUN = f"[{SUKUN}{_QURANIC_SUKUN}]?"
_ANY_DAMMA = f"[{DAMMA}{DAMMATAN}]"
_LETTER = "[\u0621-\u063a\u0641-\u064a\u0671-\u06d3]"
_CONSONANT = "[\u0628-\u063a\u0641-\u0647]"  # neither a long vowel nor a seat of hamza

QURANIC_LETTERS = re.compile(
    f"[{_ZERO}{HAMZA_BELOW}{_SMALL_SEEN_BELOW}{_QURANIC_MADDA}{_DOTLESS_BEH}{_LONG_I}{_LONG_U}]"
    f"|ا[{SUKUN}{_QURANIC_SUKUN}]|ص{_V}{_SMALL_SEEN_ABOVE}|[ءؤئ][{_VOWELS}{SUKUN}{_QURANIC_SUKUN}]|و{_SUKUN}{MADDA_ABOVE}|ت[{_VOWELS}]$|ا{SMALL_ALEF}"
    f"|{FATHA}إ{KASRA}|[وي]{SUKUN}|{DAMMA}ح|ذ{FATHA}ي|^ل{FATHA}د{FATHA}ا|{TATWEEL}{_V}{HAMZA_ABOVE}"
)
"""Matches a sign without which no rule of `restore_letters` applies. Plain words have none."""


def _seat(found: re.Match[str]) -> str:
    """Return a hamza without a seat on the one that its vowels give it; without vowels as it is."""
    before, own = found.groups()
    vowels = before + own
    if KASRA not in vowels and DAMMA in own and found.string[found.end()] == "و":
        return found[0]  # يدرءون
    for vowel, seat in ((KASRA, "ئ"), (DAMMA, "ؤ"), (FATHA, "أ")):
        if vowel in vowels:
            return f"{before}{seat}{own}"
    return found[0]


# The nouns that end in an open teh in some verses. Verbs that have the same letters have other vowels.
_OPEN_TEH = "|".join(
    f"{noun}{FATHA}"
    for noun in (
        *(
            f"ن{KASRA}ع{_SUKUN}م",
            f"ر{FATHA}ح{_SUKUN}م",
            f"ك{FATHA}ل{KASRA}م",
            f"ل{FATHA}ع{_SUKUN}ن",
        ),
        *(f"م{_SUKUN}ر{FATHA}[أا]", f"ش{FATHA}ج{FATHA}ر", f"ف{KASRA}ط{_SUKUN}ر", f"ٱب{_SUKUN}ن"),
        *(f"م{FATHA}ع{_SUKUN}ص{KASRA}ي", f"غ{FATHA}ي{FATHA}{SMALL_ALEF}ب"),
        *(f"{noun}(?={FATHA}{SHADDA})" for noun in (f"س{DAMMA}ن", f"ق{DAMMA}ر", f"ج{FATHA}ن")),
        *(f"{noun}(?={FATHA}{SHADDA})" for noun in (f"ب{FATHA}ق{KASRA}ي",)),
    )
)

_Replacement = str | Callable[[re.Match[str]], str]

_ENCODED = {
    ord(ALEF_MADDA): ALEF + MADDA_ABOVE,
    ord(_QURANIC_MADDA): MADDA_ABOVE,
    ord("ی"): "ي",
    0x08F0: FATHATAN,
    0x08F1: DAMMATAN,
    0x08F2: "\u064d",
}
_SUKUN_FOR_ZERO = re.compile(f"([ويى]){SUKUN}")
_TATWEELS = re.compile(f"{TATWEEL}+")
_PAUSES = "\u0615\u0617\u06d6-\u06db\u06e2\u06ed"
_ENCODINGS: tuple[tuple[str, _Replacement], ...] = (
    (f"[{_PAUSES}]|(?<!ص)(?<!ص[{_VOWELS}{SUKUN}{_QURANIC_SUKUN}]){_SMALL_SEEN_ABOVE}", ""),
    (f"([ىي{_DOTLESS_BEH}])({_V})[{HAMZA_BELOW}{HAMZA_ABOVE}]", r"ئ\2"),
    (f"({TATWEEL}{_V}){HAMZA_BELOW}", rf"\1{HAMZA_ABOVE}"),
    (_DOTLESS_BEH, "ى"),
    # Textbooks write sukun above every long vowel, so it counts only beside the letters that stand
    # next to a silent alef in the Quran.
    (
        f"(?:(?<=مِ)ا(?=.ئ)|(?<=أَ)ا(?=.[وذ])|(?<=.)ا(?=.(?:ى|ي{_SUKUN}{TATWEEL}|$)))"
        f"[{SUKUN}{_QURANIC_SUKUN}]",
        f"ا{_ZERO}",
    ),
)
_SPELLINGS: tuple[tuple[str, _Replacement], ...] = (
    (f"ص({_V})[{_SMALL_SEEN_ABOVE}{_SMALL_SEEN_BELOW}]", r"س\1"),  # بصۜطة
    # Long vowels without a letter.
    (f"{_LONG_I}(?={_LETTER})", "ي"),  # إبرٰهٖم
    (f"(ح{_SUKUN})[ىي]{_LONG_I}", r"\1يي"),  # يحىٖ
    (f"{_LONG_U}(?={_LETTER})(?![اى]$)", "و"),  # يلوٗن
    (f"^((?:[وف]{FATHA})?ر{FATHA})ا{SMALL_ALEF}$", r"\1أى"),  # راٰ
    (f"(س{FATHA}ي{KASRA}{SHADDA})ا{SMALL_ALEF}(?=ت)", r"\1ئا"),  # سياٰت
    # Silent letters.
    (f"و{FATHA}ا{_ZERO}$", "و"),  # نبلوا
    (f"(?<={FATHA})ؤ{_ANY_DAMMA}ا{_ZERO}?$", "أ"),  # نبؤا
    (f"(?<={FATHA}{SHADDA})ؤ{_ANY_DAMMA}ا{_ZERO}?$", "أ"),  # أتوكؤا
    (f"(?<={_LETTER}{FATHA})إ{KASRA}[يى][{_ZERO}{SUKUN}](?=ه)", "ئ"),  # ملإيه
    (f"(?<={_LETTER}{FATHA})إ{KASRA}[يى][{_ZERO}{SUKUN}]", "إ"),  # نبإي
    (
        f"و{_ZERO}(?=[^ل])(?=[^\u0621-\u063a\u0641-\u064a\u0671-\u06d3]*+{_LETTER})",
        "",
    ),  # سأوريكم, not أولئك
    (
        f"[اىي]{_ZERO}(?=[^ئ])(?=[^\u0621-\u063a\u0641-\u064a\u0671-\u06d3]*+{_LETTER})",
        "",
    ),  # لشايء, not مائة
    (f"(?<=[يى]{_SUKUN[:-1]})ى(?={_LETTER})", ""),  # بأيىد
    (f"(?<={FATHA})ا{_ZERO}(?=ئ)", ""),  # ملائه
    # A hamza without a seat.
    (f"(?<={_CONSONANT})({_V})ء({_V})(?={_LETTER}(?<!ا))", _seat),
    (f"(?<=[ا{SMALL_ALEF}])({MADDA_ABOVE}?)ء{KASRA}(?={_LETTER})", rf"\1ئ{KASRA}"),  # شركاءي
    (f"(?<=[ا{SMALL_ALEF}])({MADDA_ABOVE}?)ئ{KASRA}$", rf"\1ء{KASRA}"),  # تلقائ
    (f"{SMALL_ALEF}ء[{SUKUN}{_QURANIC_SUKUN}](?={_LETTER})", "أ"),  # ادارٰءتم
    (f"ء{DAMMA}و{_V}$", "ءوا"),  # جاءو
    (f"و{FATHA}{SHADDA}ء{FATHA}ا$", "وآ"),  # تبوءا
    (f"و{_SUKUN}ء{FATHA}{SMALL_ALEF}", "وآ"),  # سوءٰت
    (f"و{_SUKUN}{MADDA_ABOVE}[{SUKUN}{_QURANIC_SUKUN}]?أ({_V})$", "وء"),  # تبوأ
    # A hamza on a tatweel.
    (f"^([وف]{FATHA})س({_SUKUN})(?={TATWEEL}{FATHA}{HAMZA_ABOVE}ل)", r"\1اس\2"),  # وسـٔلوا
    (f"ي{_SUKUN}{TATWEEL}{FATHA}{HAMZA_ABOVE}(?=س)", "يأ"),  # استيـٔس
    (f"^((?:[وف]{FATHA})?ن{FATHA}){TATWEEL}{FATHA}{HAMZA_ABOVE}ا$", r"\1أى"),  # نـٔا
    (f"(?<={_CONSONANT}{FATHA}){TATWEEL}{FATHATAN}{HAMZA_ABOVE}ا?$", "أ"),  # خطـٔا
    (f"^ل{FATHA}د{FATHA}ا$", "لدى"),
    (f"((?:{_OPEN_TEH}){SHADDA}?)ت[{_VOWELS}]$", r"\1ة"),
    # Letters that are double today.
    (f"({DAMMA}ح){_SUKUN}[ىي]{KASRA}$", r"\1يي"),  # يحي
    (f"^(ٱ)(ل{FATHA}{SHADDA}ذ{FATHA}ي{_SUKUN}ن{KASRA})$", r"\1ل\2"),  # الذين of two
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], _Replacement], ...]:
    """Compile the rules on the first use: few texts need them."""
    return tuple((re.compile(pattern), letters) for pattern, letters in _ENCODINGS + _SPELLINGS)


def restore_letters(word: str) -> str:
    """Return a word that `QURANIC_LETTERS` matches with the letters of modern spelling.

    Dagger alefs, small letters and other hamzas on a tatweel are left to `modern_spelling`.
    """
    word = unicodedata.normalize("NFC", word).translate(_ENCODED)
    if _QURANIC_SUKUN in word:  # then the other one is a zero
        word = _SUKUN_FOR_ZERO.sub(rf"\1{_ZERO}", word)
    word = _TATWEELS.sub(TATWEEL, word)
    for pattern, letters in _rules():
        word = pattern.sub(letters, word)
    return word
