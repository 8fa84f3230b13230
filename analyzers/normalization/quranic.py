"""Quranic orthography: rewrites words as the Quran spells them in modern spelling.

The Quran keeps the letters of the seventh century. Sounds that these leave out were added later as
small signs, where modern spelling has a letter: a dagger alef (ٱلْكِتَٰبُ is الكتاب),
a small waw, yeh or noon, a hamza without a seat. Some letters are silent: the و of
ٱلصَّلَوٰةُ, the ى of هَدَىٰهُمْ. Modern vocalised text has the dagger alef too, in the few words that
are written without their alef to this day (هٰذا, لٰكن, الرحمٰن); there it stays a mark.

A word is rewritten only because of its signs. Without them it is left alone, except for the few
frequent words in `MODERN_SPELLINGS`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pyarabic.araby_const import DAMMA, FATHA, FATHATAN, HAMZA_ABOVE, KASRA, SMALL_ALEF, TATWEEL

_SMALL_WAW, _SMALL_YEH, _SMALL_HIGH_YEH, _SMALL_NOON = "\u06e5", "\u06e6", "\u06e7", "\u06e8"
SMALL_LETTERS = _SMALL_WAW + _SMALL_YEH + _SMALL_HIGH_YEH + _SMALL_NOON

_VOWELS = "\u064b-\u0650\u0656\u0657\u065a\u065d\u065e\u08f0-\u08f2"
_LETTER = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3"
_SIGN = SMALL_ALEF + SMALL_LETTERS + HAMZA_ABOVE

QURANIC_SIGNS = re.compile(
    rf"[{SMALL_ALEF}{SMALL_LETTERS}]|{TATWEEL}[^{_LETTER}{SMALL_ALEF}{TATWEEL}]*{HAMZA_ABOVE}"
)
"""Matches a sign that may replace a letter: dagger alef, a small letter, or a hamza on a tatweel."""

_OTHER_SIGNS = re.compile(f"[^{_LETTER}{_VOWELS}{_SIGN}{TATWEEL}]+")
_EVERY_VOWEL = re.compile(f"[{_VOWELS}]+")
_ALEFS = str.maketrans("أإآٱ", "اااا")

_LONE_HAMZA = re.compile(
    f"(?P<before>[{_LETTER}{SMALL_ALEF}{SMALL_LETTERS}])(?P<vowels>[{_VOWELS}]*)"
    f"{TATWEEL}+(?P<above>[{_VOWELS}]*){HAMZA_ABOVE}"
    f"(?P<below>[{_VOWELS}]*)(?P<alef>ا?)"
)


def _seat_hamza(match: re.Match[str]) -> str:
    """Return a hamza on a tatweel as a letter: on the seat that modern spelling gives it."""
    before, vowels = match["before"], match["vowels"]
    own = match["above"] + match["below"]
    if match.string.startswith("و", match.end()) and before in "او\u0670\u06e5" and DAMMA in own:
        return before + vowels + "ء"  # أسـُٔوا is أساءوا
    if not own and FATHA in vowels and KASRA not in vowels:
        return before + vowels + "ا" + match["alef"]  # يستـٔذن is يستأذن
    on_yeh = before in "يىی" or not {KASRA, DAMMA, FATHATAN}.isdisjoint(own)
    if match["alef"]:
        seat = "ئا" if on_yeh else "ا"  # سيـَٔات is سيئات, الـَٔاخرة is الآخرة
    else:
        seat = "ئ" if on_yeh or FATHA not in own else "ا"  # مسـُٔول is مسئول, يسـَٔل is يسأل
    return before + vowels + seat


_D = SMALL_ALEF
_STEPS_WITH_VOWELS = (
    # A letter without a vowel under or after a dagger alef is silent.
    (f"و{_D}(?=ة)|{_D}و(?=ة)|و{_D}(?=ا$)|{_D}و(?=ا$)", _D),  # الصلوٰة, الربوٰا
    (f"ى{_D}(?=[{_LETTER}])|{_D}ى(?=[{_LETTER}])", _D),  # هدىٰهم
    (f"{_D}(?=[ىیي]$)", ""),  # علٰى
)
_STEPS = (
    (f"^ه{_D}(?=انتم$)", "ها "),  # هٰأنتم
    # Modern spelling has no alef here either.
    (f"ه{_D}(?=ذ|ؤلا|كذا)", "ه"),
    (f"ذ{_D}(?=لك)", "ذ"),
    (f"^([وفا]?)ل{_D}(?=كن)", r"\1ل"),
    (f"(اول|لل|ال|ءل){_D}(?=ئك|ه)", r"\1"),  # أولٰئك, اللٰه, إلٰه
    (f"رحم{_D}(?=ن)", "رحم"),
    (f"^ط{_D}(?=ه$)", "ط"),
    # The vocative يا is a word of its own; the lam of the relative pronoun is double.
    (f"^([وف]?)ي{_D}(?!سي?ن?$)(?=[{_LETTER}{_D}]{{2}})", r"\1يا "),
    ("^يا بنؤم$", "يا ابن ام"),
    (f"^([وف]?)ال{_D}(?=تي|ئي|تى|ئى)", r"\1اللا"),
    (f"{_D}ؤا$", "اء"),  # العلمٰؤا
    (f"(?<=ا){_D}++|(?<!{_D}){_D}++(?=ا|$)|^{_D}++", ""),
    (f"{_D}+", "ا"),
    ("(?<=ا)ءي(?!ن?$)", "ئي"),  # إسرٰءيل
)
_SMALL_LETTER_STEPS = (
    (f"(?<=دا)و{_SMALL_WAW}(?=د$)", "و"),
    (f"{_SMALL_WAW}(?=[{_LETTER}])", "و"),  # يلوۥن
    (f"{_SMALL_YEH}(?=[{_LETTER}])|(?<=[يى]){_SMALL_YEH}$|{_SMALL_HIGH_YEH}", "ي"),
    (_SMALL_NOON, "ن"),
    (f"{_SMALL_WAW}|{_SMALL_YEH}", ""),  # له and به end in a long vowel
)


@cache
def _compiled(steps: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compile the patterns of steps on the first use: few texts need them."""
    return tuple((re.compile(pattern), letters) for pattern, letters in steps)


def modern_spelling(word: str) -> str:
    """Return the modern spelling of a word that `QURANIC_SIGNS` matches, without any marks.

    Every alef loses its hamza. A vocative becomes two words with a space between them.

    >>> modern_spelling("ٱلصَّلَوٰةَ"), modern_spelling("هَٰذَا"), modern_spelling("يَٰقَوْمِ")
    ('الصلاة', 'هذا', 'يا قوم')
    """
    word = unicodedata.normalize("NFC", _OTHER_SIGNS.sub("", word)).replace("ی", "ي")
    word = _LONE_HAMZA.sub(_seat_hamza, word).replace(TATWEEL, "")
    for pattern, letters in _compiled(_STEPS_WITH_VOWELS):
        word = pattern.sub(letters, word)
    word = _EVERY_VOWEL.sub("", word).translate(_ALEFS)
    for pattern, letters in _compiled(_SMALL_LETTER_STEPS):
        word = pattern.sub(letters, word)
    for pattern, letters in _compiled(_STEPS):
        word = pattern.sub(letters, word)
    return word


def _with_clitics(spellings: dict[str, str]) -> dict[str, str]:
    """Return spellings of words, and of the same words with each of the usual clitics."""
    found = {}
    for old, new in spellings.items():
        for clitic in ("", "و", "ف", "ب", "ك", "وب") + (() if old.startswith("ال") else ("ل",)):
            found[clitic + old] = clitic + new
        if old.startswith("ال"):
            found["لل" + old[2:]] = "لل" + new[2:]
    return found


MODERN_SPELLINGS = {
    **_with_clitics(
        {
            "الرحمان": "الرحمن",
            "سموات": "سماوات",
            "السموات": "السماوات",
            "الصلوه": "الصلاه",
            "الزكوه": "الزكاه",
            "الحيوه": "الحياه",
            "الربوا": "الربا",
            "مشكوه": "مشكاه",
            "ابرهيم": "ابراهيم",
            "اسمعيل": "اسماعيل",
            "اسحق": "اسحاق",
            "داوود": "داود",
            "مصيطر": "مسيطر",
            "المصيطرون": "المسيطرون",
        }
    ),
    **{clitic + "اليل": clitic + "الليل" for clitic in ("", "و", "ف", "ب", "وب")},
    "يايها": "يا ايها",
    "ياايها": "يا ايها",
}
"""Folded words in Quranic spelling without its signs, each with its modern spelling."""

MARKED_SPELLINGS = {
    **_with_clitics(
        {
            "اقصا": "اقصي",
            "الاقصا": "الاقصي",
            "رءا": "راي",
            "الذان": "اللذان",
            # Verbs and plurals that have a silent alef after a final waw.
            "اولوا": "اولو",
            "مهلكوا": "مهلكو",
            "باسطوا": "باسطو",
            "ذائقوا": "ذائقو",
            "اشكوا": "اشكو",
            "اندعوا": "اندعو",
            "تبلوا": "تبلو",
        }
    ),
    "تترا": "تتري",
    "طغا": "طغي",
    "سعو": "سعوا",
    "وعتو": "وعتوا",
    "لتخذت": "لاتخذت",
    "لايكه": "الايكه",
    "والو": "وان لو",
    "افاين": "افان",
    "يبنؤم": "يا ابن ام",
    "ليسئوا": "ليسوءوا",
    "لشايء": "لشيء",
    "وجايء": "وجيء",
    "ساوريكم": "ساريكم",
    "لاوصلبنكم": "لاصلبنكم",
    "ولاوصلبنكم": "ولاصلبنكم",
}
"""Folded words in Quranic spelling that may be other words today: replaced where they have marks."""

OPEN_TEH = (
    *("نعمه", "رحمه", "سنه", "كلمه", "امراه", "لعنه", "شجره", "قره", "جنه", "فطره", "بقيه"),
    *("ابنه", "معصيه", "بينه", "غيابه"),
)
"""Folded nouns that the Quran writes with a final ت in some verses."""

OPEN_TEH_TODAY = ("نعمه", "رحمه")
"""Those that are no other word when they are written so, or hardly ever."""

DOUBLE_HAMZA = re.compile("^([وف]?)ا(?:ا|ء(?=.)|ئ(?=(?:ذا|ن[اهك]?|نكم|نهم|له)$))")
"""Matches the interrogative before another hamza: أأنتم, أءذا, أئنك. It is left out."""

DOUBLE_HAMZA_STARTS = tuple(f"{before}ا{hamza}" for before in ("", "و", "ف") for hamza in "اءئ")
"""The starts of folded words that `DOUBLE_HAMZA` may match."""

DOUBLE_HAMZA_AS_WRITTEN = re.compile(
    "[وف]?[\u064b-\u0652]*(?:أ|ا(?=[\u064b-\u0652]+ء))[\u064b-\u0652\u06e1\u06e4]*[أإآءئىی\u066e]"
)
"""Matches the start of such a word as it is written: not that of االكتاب, which has a typing error."""

HAMZA_BEFORE_ALEF = re.compile("^((?:[وف]?[بكل]?(?:ال)?)|.*ر)ءا(?=.)")
"""Matches آ spelled as two letters: ءامن, القرءان. The modern word جزءان keeps its hamza."""
