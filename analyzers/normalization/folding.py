"""Folding: maps every spelling of a word to one surface form.

Arabic text has marks that are optional, letters that keyboards write with different code points, and
whole words in presentation forms. `fold` removes these differences from one word at a time, after
tokenization, so offsets into the original stay exact.

Deleted are combining marks, tatweel, bidirectional and joining controls. Replaced are the variants of
alef, yeh, kaf and heh, teh marbuta, and the digits of every script; Latin letters lose case and
accents. The hamza seats (ؤ ئ ء) stay: the stemmer folds them, so a search for an exact surface form
still tells them apart.

Letters and signs have the names that PyArabic gives them. Its functions are not used, as tests show:
`strip_tashkeel` leaves half of the marks, `normalize_alef` takes ى for an alef, `normalize_hamza`
separates إسلام from اسلام, and none of them covers the keyboards of Iran and Pakistan.
"""

from __future__ import annotations

import re
import unicodedata

from pyarabic.araby_const import (
    ALEF,
    ALEF_HAMZA_ABOVE,
    ALEF_HAMZA_BELOW,
    ALEF_MADDA,
    ALEF_MAKSURA,
    ALEF_WASLA,
    BYTE_ORDER_MARK,
    DECIMAL,
    FATHATAN,
    HAMZA,
    HAMZA_ABOVE,
    HAMZA_BELOW,
    HEH,
    KAF,
    MADDA_ABOVE,
    SMALL_ALEF,
    TATWEEL,
    TEH_MARBUTA,
    THOUSANDS,
    WAW_HAMZA,
    YEH,
    YEH_HAMZA,
)

from analyzers.normalization.honorifics import HONORIFICS
from analyzers.normalization.quranic import (
    DOUBLE_HAMZA,
    DOUBLE_HAMZA_AS_WRITTEN,
    DOUBLE_HAMZA_STARTS,
    HAMZA_BEFORE_ALEF,
    MARKED_SPELLINGS,
    MODERN_SPELLINGS,
    QURANIC_SIGNS,
    SMALL_LETTERS,
    modern_spelling,
)
from analyzers.normalization.quranic_letters import QURANIC_LETTERS, restore_letters


def _between(*ranges: tuple[int, int]) -> str:
    """Return the characters of inclusive ranges of code points as one string."""
    return "".join(chr(code) for low, high in ranges for code in range(low, high + 1))


MARKS = _between(
    (0x0610, 0x061A),  # honorifics and Quranic signs above
    (ord(FATHATAN), 0x065F),  # harakat, shadda, sukun, maddah, hamza above and below
    (ord(SMALL_ALEF), ord(SMALL_ALEF)),
    (0x06D6, 0x06DC),  # Quranic annotation
    (0x06DF, 0x06E8),  # with the small letters waw (06E5) and yeh (06E6)
    (0x06EA, 0x06ED),
    (0x0897, 0x089F),
    (0x08CA, 0x08E1),
    (0x08E3, 0x08FF),
    (0xFC5E, 0xFC63),  # presentation forms of marks, on a space or on a tatweel
    (0xFCF2, 0xFCF4),
    (0xFE70, 0xFE7F),
    (0x10ECB, 0x10ECF),  # Arabic Extended-C
    (0x10EF0, 0x10EFF),
)
"""The combining marks on or under Arabic letters, and the small high letters of the Quran."""

CONTROLS = f"\u00ad\u034f\u061c\u180e{BYTE_ORDER_MARK}" + _between(
    (0x0001, 0x0008),  # what some converters leave of a glyph; white space and NUL separate words
    (0x000E, 0x001B),
    (0x007F, 0x0084),
    (0x0086, 0x009F),
    (0x200C, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFE00, 0xFE0F),
)
"""Invisible characters: joiners, directions, the byte order mark, soft hyphen, selectors, and the
control characters that are no white space."""

SPACES = "\u0020\u00a0\u1680\u200b\u202f\u205f\u3000" + _between((0x2000, 0x200A))
"""The spaces that a line of text has, of any width. Some texts have one before a combining mark."""

PHRASE_LIGATURES = "".join(HONORIFICS)
"""Single code points for a phrase of several words: ﷺ, ﷻ, ﷽ and their like."""

_PHRASES = {ord(ligature): phrase for ligature, phrase in HONORIFICS.items()}

_HIGH_HAMZA = "\u0674"
_GAF = "گ"

_VARIANTS = {
    ALEF: ALEF_MADDA + ALEF_HAMZA_ABOVE + ALEF_HAMZA_BELOW + ALEF_WASLA + "ٲٳٵ",
    YEH: ALEF_MAKSURA + "یېےۍؽؾؿ",
    KAF: "کڪګ",
    _GAF: "ڬݢڭݣ",  # of Malay and Morocco
    HEH: TEH_MARBUTA + "ہھۀەۂۿۃ",
    WAW_HAMZA: "ٶ",
    YEH_HAMZA: "ٸۓ",
}

_IGNORED = dict.fromkeys(map(ord, MARKS + TATWEEL + CONTROLS))
_VARIANT_OF = {variant: letter for letter, variants in _VARIANTS.items() for variant in variants}
_FOLD: dict[int, str | None] = {
    **_IGNORED,
    **{ord(variant): letter for variant, letter in _VARIANT_OF.items()},
    **{zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
    ord(DECIMAL): ".",
    ord(THOUSANDS): ",",
}

_PRESENTATION_FORM = re.compile(
    "[\ufb50-\ufdff\ufe70-\ufefc\U00010ed1-\U00010ed8\U0001ee00-\U0001eeff]"
)
_COMPOSING = MADDA_ABOVE + HAMZA_ABOVE + HAMZA_BELOW
_COMPOSING_MARK = re.compile(f"[{_COMPOSING}]")
_SIGNS = SMALL_ALEF + SMALL_LETTERS
_BEFORE_COMPATIBILITY = {
    **{code: None for code in _IGNORED if chr(code) not in _COMPOSING + _SIGNS + TATWEEL},
    **_PHRASES,
    **{ord(letter): _VARIANT_OF[letter] for letter in "ٵٶٸ"},
}
_BEFORE_COMPOSITION = {code: None for code in _IGNORED if chr(code) not in _COMPOSING}
_WITHOUT_CONTROLS = dict.fromkeys(map(ord, CONTROLS))
_FOLD_COMMON = {
    code: folded
    for code, folded in _FOLD.items()
    if chr(code) not in _COMPOSING + _SIGNS and not _PRESENTATION_FORM.match(chr(code))
}
"""The part of `_FOLD` that does not depend on the other characters of the word."""

_ARABIC_LETTERS = map(chr, range(ord(HAMZA), ord(YEH) + 1))
_FOLDED = re.compile(f"[{''.join(char for char in _ARABIC_LETTERS if ord(char) not in _FOLD)}0-9]+")
_YEH_WITH_HAMZA = re.compile(f"[{ALEF_MAKSURA}ی](?={HAMZA_ABOVE})")  # no composed form exists
_HEBREW_POINTS = _between((0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C7))
_ACCENTS = dict.fromkeys(map(ord, _between((0x0300, 0x036F)) + _HEBREW_POINTS))
_THOUSANDS_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_INNER_PUNCTUATION = dict.fromkeys(
    map(ord, "-\u2010\u2011'`\u2018\u2019" + _between((0x02B9, 0x02BF)))  # with ʿ and ʾ
)
_GAP = f"[{SPACES}{CONTROLS}]"
_GAP_BEFORE_MARK = re.compile(f"(?<!{_GAP}){_GAP}++(?=[{MARKS}])")
_WAW_WITH_HAMZA = re.compile(f"و{_HIGH_HAMZA}(?=.)")
_HUNDRED = re.compile(
    "^([وف]?[بلك]?(?:ال)?|[وف]?[بل]?(?:ال)?(?:ثلاث|ثلث|اربع|خمس|ست|سبع|ثمان|ثماني|تسع))ماء(ه|ت[اي]ن?)$"
)
_HUNDRED_ENDINGS = ("ماءه", "ماءتان", "ماءتين", "ماءتا", "ماءتي")
_MARKED = re.compile(f"[{FATHATAN}-\u0652\u06e1]")
_REPEATED = re.compile(r"(.)\1\1")
_LENGTHENED = re.compile(rf"([{HAMZA}-{YEH}])\1\1+")
_BEFORE_DOUBLE_LAM = frozenset({"", *(clitic + ALEF for clitic in ("", "و", "ف", "ب", "ك"))})
_AFTER_DOUBLE_MEEM = ("كن", "تاز", "تع", "نوع", "نون")  # ممكن, ممتاز, ممتع, ممنوع, ممنون
RESPELLED_WORDS = frozenset({*MODERN_SPELLINGS, *MARKED_SPELLINGS})
"""The folded words that `fold` may write in another way."""

_ALLAH = "\ufdf2"
_ALLAH_WITH_LETTERS = (
    (f"[{ALEF}\ufe8d\ufe8e]{_ALLAH}", _ALLAH),
    (f"[ل\ufedd-\ufee0]{_ALLAH}", "لله"),
)


def fold(word: str) -> str:
    """Return the surface form of one word, which all its spellings share.

    The word is a match of `analyzers.tokenizer.WORD`. A phrase ligature becomes its words with spaces
    between them; a word of marks alone becomes the empty string. Lossy: apply it at index and query
    time alike. Idempotent: folding a surface form changes nothing.

    >>> fold("الْمَدْرَسَةُ"), fold("إيـــران"), fold("٢٠٠٣"), fold("COVID-19")
    ('المدرسه', 'ايران', '2003', 'covid19')
    """
    if word.isascii() and word.isalnum():
        return word.lower()
    # The tests come first because few words need more: of ten distinct ones seven are folded as they
    # are written, nine after the common variants; one in a thousand repeats a letter.
    folded = word
    if not _FOLDED.fullmatch(word):
        folded = word.translate(_FOLD_COMMON)
        if not _FOLDED.fullmatch(folded) or QURANIC_LETTERS.search(word):
            folded = _fold_uncommon(word)
    if _REPEATED.search(folded):
        folded = _LENGTHENED.sub(_shorten, folded)
    if "ءا" in folded:
        folded = HAMZA_BEFORE_ALEF.sub(r"\1ا", folded)
    if folded.startswith(DOUBLE_HAMZA_STARTS) and DOUBLE_HAMZA_AS_WRITTEN.match(word):
        folded = DOUBLE_HAMZA.sub(r"\1ا", folded)
    if folded.endswith(_HUNDRED_ENDINGS) and not word.endswith("ه"):  # ماءه is a word of its own
        folded = _HUNDRED.sub(r"\1مئ\2", folded)
    if folded in MARKED_SPELLINGS and _MARKED.search(word):
        return MARKED_SPELLINGS[folded]
    return MODERN_SPELLINGS.get(folded, folded)


def _shorten(run: re.Match[str]) -> str:
    """Return the replacement of a letter that is written three times or more in a row.

    Nearly always that is one letter. Three are kept where they are regular: ت in تتتابع and شتتت, و
    before ووكر, ي in بهاييين (بهائيين without its hamza). Two are kept of the ل of الله and للكتاب,
    and of the م of some words with a double one that writers often lengthen.
    """
    word, letter, (start, end) = run.string, run[1], run.span()
    match letter:
        case "ت" if end - start == 3:
            return run[0]
        case "و" if end - start == 3 and start == 0 and len(word) > 4:
            return run[0]
        case "ي" if end - start == 3 and word.endswith("اييين"):
            return run[0]
        case "ل" if word[:start] in _BEFORE_DOUBLE_LAM and end < len(word):
            return letter * 2
        case "م" if word.startswith(_AFTER_DOUBLE_MEEM, end):
            return letter * 2
    return letter


def _fold_uncommon(word: str) -> str:
    """Fold a word with spaces, presentation forms, composed letters, or of another script."""
    word = _GAP_BEFORE_MARK.sub("", word)
    if _PRESENTATION_FORM.search(word):
        for letters, whole in _ALLAH_WITH_LETTERS:
            word = re.sub(letters, whole, word)
        word = unicodedata.normalize("NFKC", word.translate(_BEFORE_COMPATIBILITY))
    if QURANIC_LETTERS.search(word):
        word = restore_letters(word.translate(_WITHOUT_CONTROLS))
    if QURANIC_SIGNS.search(word):
        word = modern_spelling(word)
    if _COMPOSING_MARK.search(word):
        word = _YEH_WITH_HAMZA.sub(YEH, word.translate(_BEFORE_COMPOSITION))
        word = unicodedata.normalize("NFC", word)
    if _HIGH_HAMZA in word:
        word = _WAW_WITH_HAMZA.sub(WAW_HAMZA, word).replace(_HIGH_HAMZA, HAMZA)
    word = word.translate(_FOLD)
    return word if _FOLDED.fullmatch(word) else _fold_other_scripts(word)


def _fold_other_scripts(word: str) -> str:
    """Fold case, accents, foreign digits, thousands separators and hyphens inside a word."""
    if word.isascii():
        word = word.lower()
    else:
        word = "".join(map(_fold_character, word.casefold())).casefold()
    return _THOUSANDS_SEPARATOR.sub("", word).translate(_INNER_PUNCTUATION)


def _fold_character(character: str) -> str:
    """Return one non-ASCII character without accent and compatibility form; digits become ASCII."""
    if "\u0600" <= character <= "\u06ff":
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKD", character).translate(_ACCENTS)
    return unicodedata.normalize("NFC", plain)
