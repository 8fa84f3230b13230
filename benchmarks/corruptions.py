"""Corruptions: the noise that keyboards, converters and writers add to Arabic text, one at a time.

Each function takes a text and a random generator and returns the corrupted text. The noise is
stronger than in practice: a form that one letter in ten has in a real collection, all letters have
here. `corrupt` seeds the generator with the text, so results are reproducible.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from random import Random

Corruption = Callable[[str, Random], str]

_LETTER = "[\u0621-\u063a\u0641-\u064a\u0671-\u06d3]"
_MARK = "[\u064b-\u0655\u0670]"
_WORD = re.compile(f"{_LETTER}(?:{_LETTER}|{_MARK})+")
_WORD_OR_NUMBER = re.compile(rf"{_WORD.pattern}|(?<![\d.,])\d+(?![.,]?\d)")
_LETTERS = re.compile(_LETTER)

_NEVER_JOINED_AFTER = frozenset("اأإآٱدذرزوؤةىء")

_INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u061c\ufeff\u00ad\u2060"  # joiners, marks of direction
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # embeddings and isolates
)
_HARAKAT = (
    "\u064e", "\u064f", "\u0650", "\u0652",
    "\u0651\u064e", "\u0651\u064f", "\u0651\u0650",
)  # fmt: skip
_TANWEEN = ("\u064b", "\u064c", "\u064d")


def _forms() -> dict[str, dict[str, str]]:
    """Return the presentation form of each letter and pair of letters, by its letters and shape."""
    forms: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for code in (*range(0xFB50, 0xFDC8), *range(0xFE80, 0xFEFD)):
        shape, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        text = "".join(chr(int(letter, 16)) for letter in letters)
        if shape.startswith("<") and text.isalpha() and len(text) <= 2:
            forms[text].setdefault(shape.strip("<>"), chr(code))
    return forms


_FORMS = _forms()
_SHAPES = {(False, False): "isolated", (False, True): "initial"}
_SHAPES |= {(True, True): "medial", (True, False): "final"}
_SHARE_OF_LIGATURES = 0.2


def presentation_forms(text: str, random: Random) -> str:
    """Replace every letter by its presentation form: lam-alef and some other ligatures, ﷲ for الله."""
    return _WORD.sub(lambda match: _shaped(match[0], random), text)


def _shaped(word: str, random: Random) -> str:
    if word.endswith("الله"):
        return "".join((_shaped(word[:-4], random) if word[:-4] else "", "\ufe8d\ufdf2"))
    letters = _LETTERS.findall(word)
    marks = _LETTERS.split(word)[1:]
    shaped = ""
    joined = False
    at = 0
    while at < len(letters):
        shaping = ""
        for width in (2, 1):
            part = "".join(letters[at : at + width])
            last, following = part[-1], letters[at + width : at + width + 1]
            joins = (
                "initial" in _FORMS[last] and bool(following) and "final" in _FORMS[following[0]]
            )
            shaping = _FORMS[part].get(_SHAPES[joined, joins], "")
            lam_alef = part[0] == "ل" and last in "اأإآ"
            if shaping and (width == 1 or lam_alef or random.random() < _SHARE_OF_LIGATURES):
                break
        at += width
        shaped += (shaping or part) + "".join(marks[at - width : at])
        joined = joins
    return shaped


def tatweel(text: str, random: Random) -> str:
    """Insert tatweel into one word in three, at one or two places where letters join."""

    def stretch(word: str) -> str:
        places = [
            end for end in range(1, len(word))
            if word[end - 1] not in _NEVER_JOINED_AFTER
            and _LETTERS.match(word[end - 1]) and _LETTERS.match(word[end])
        ]  # fmt: skip
        for place in sorted(random.sample(places, min(len(places), 2)), reverse=True):
            word = word[:place] + "\u0640" * random.randint(1, 5) + word[place:]
        return word

    return _change_one_in_three(text, random, stretch)


def invisible_controls(text: str, random: Random) -> str:
    """Insert joiners, direction marks and isolates in and around one word in three.

    Numbers without a separator count as words.
    """

    def insert(word: str) -> str:
        for _ in range(random.randint(1, 3)):
            place = random.randint(0, len(word))
            word = word[:place] + random.choice(_INVISIBLE) + word[place:]
        return word

    return _change_one_in_three(text, random, insert, _WORD_OR_NUMBER)


def _change_one_in_three(
    text: str, random: Random, change: Callable[[str], str], pattern: re.Pattern[str] = _WORD
) -> str:
    return pattern.sub(
        lambda match: match[0] if random.random() >= 1 / 3 else change(match[0]), text
    )


def decomposition(text: str, _random: Random) -> str:
    """Decompose hamza and madda into combining marks (NFD), as macOS and some converters do."""
    return unicodedata.normalize("NFD", text)


_ANYWHERE = {"ك": "ک", "ي": "ی", "ى": "ی"}
_HEHS, _FINAL_HEHS, _FINAL_TEHS = "هہھ", "هہەۀ", "ةۃہە"


def persian_letters(text: str, random: Random) -> str:
    """Replace every kaf, yeh and heh by the letters of Persian, Urdu and Kurdish keyboards."""

    def retype(word: str) -> str:
        letters = [
            random.choice(_HEHS) if letter == "ه" else _ANYWHERE.get(letter, letter)
            for letter in word
        ]
        if word[-1] in "هة":
            letters[-1] = random.choice(_FINAL_HEHS if word[-1] == "ه" else _FINAL_TEHS)
        return "".join(letters)

    return _WORD.sub(lambda match: retype(match[0]), text)


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def digits(text: str, random: Random) -> str:
    """Write every number in Arabic-Indic or Persian digits, with their separators."""

    def retype(number: str) -> str:
        zero = random.choice((0x0660, 0x06F0))
        number = _THOUSANDS.sub("\u066c", number)
        number = re.sub(r"(?<=\d)\.(?=\d)", "\u066b", number) if number.count(".") == 1 else number
        return "".join(chr(zero + int(char)) if char.isdecimal() else char for char in number)

    return _NUMBER.sub(lambda match: retype(match[0]), text)


def lengthened_letters(text: str, random: Random) -> str:
    """Repeat one letter of one word in ten, three to seven times; long vowels three times as often."""

    def lengthen(word: str) -> str:
        places = [place for place, letter in enumerate(word) if _LETTERS.match(letter)]
        weights = [3 if word[place] in "اويى" else 1 for place in places]
        (place,) = random.choices(places, weights)
        return word[:place] + word[place] * random.randint(3, 7) + word[place + 1 :]

    return _WORD.sub(lambda match: lengthen(match[0]) if random.random() < 0.1 else match[0], text)


_BARE = str.maketrans({**dict.fromkeys("أإآ", "ا"), "ؤ": "و", "ئ": "ي", "ء": None})
_HAMZA_SEAT_AND_VOWEL = re.compile("(?:ؤو|وؤ|ئي|يئ|ئو)")
_FINAL_SEAT = re.compile("(?<=.)ئ$")


def missing_hamzas(text: str, random: Random) -> str:
    """Omit every hamza, as in hasty writing.

    أ إ آ become ا, ؤ becomes و, ئ becomes ي (ى at the end of a word), and ء is removed. Of ؤ next to
    و, ئ next to ي and ئ before و, half become one letter: مسؤول is مسوول or مسول, رئيس is رييس or
    ريس, مسئول is مسيول or مسول.
    """

    def retype(word: str) -> str:
        word = _HAMZA_SEAT_AND_VOWEL.sub(
            lambda pair: ("و" if "و" in pair[0] else "ي") if random.random() < 0.5 else pair[0],
            word,
        )
        return _FINAL_SEAT.sub("ى", word).translate(_BARE)

    return _WORD.sub(lambda match: retype(match[0]), text)


def heh_and_teh_marbuta(text: str, random: Random) -> str:
    """Replace every final ه and ة by one of the two at random."""
    return re.sub(rf"(?<={_LETTER})[هة](?!{_LETTER}|{_MARK})", _random_one_of("هة", random), text)


def yeh_and_alef_maksura(text: str, random: Random) -> str:
    """Replace every final ي and ى by one of the two at random."""
    return re.sub(rf"(?<={_LETTER})[يى](?!{_LETTER}|{_MARK})", _random_one_of("يى", random), text)


def _random_one_of(letters: str, random: Random) -> Callable[[re.Match[str]], str]:
    return lambda _match: random.choice(letters)


def random_marks(text: str, random: Random) -> str:
    """Add a random vowel, shadda or sukun to every letter, and a tanween to some last letters."""

    def vocalise(word: str) -> str:
        marked = "".join(
            letter + (random.choice(_HARAKAT) if _LETTERS.match(letter) else "") for letter in word
        )
        return marked if random.random() < 0.7 else marked + random.choice(_TANWEEN)

    return _WORD.sub(lambda match: vocalise(match[0]), text)


_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_LEFT_TO_RIGHT = re.compile(
    r"[A-Za-z\u00c0-\u024f](?:[^\u0590-\u08ff\n]*[A-Za-z0-9\u00c0-\u024f])?|\d+(?:[.,:/٫٬]\d+)*"
)


def visual_order(text: str, random: Random) -> str:
    """Store every line from its last letter to its first, as it is displayed from left to right.

    Numbers and Latin words keep their order, and brackets are mirrored; in half of the texts marks
    come after their letter, in the others before it.
    """
    characters = re.compile("." if random.random() < 0.5 else f".{_MARK}*")

    def reverse(part: str) -> str:
        return "".join(reversed(characters.findall(part.translate(_MIRRORED))))

    def reverse_line(line: str) -> str:
        parts: list[str] = []
        done = 0
        for run in _LEFT_TO_RIGHT.finditer(line):
            parts += (reverse(line[done : run.start()]), run[0])
            done = run.end()
        return "".join(reversed([*parts, reverse(line[done:])]))

    return "\n".join(map(reverse_line, text.split("\n")))


_ALLAH = re.compile(f"(?<!{_LETTER})([وف]?[بت]?(?:عبد)?)الله(?!{_LETTER})")
_LAM_ALEF = re.compile("ل[اأإآ]")
_LAM_WITH_MEEM = re.compile(
    rf"(?:(?<=[اأإآدذرزوؤةىء])|(?<!{_LETTER}))ل[مجحخ](?={_LETTER})|{_LAM_ALEF.pattern}"
)


def turned_ligatures(text: str, random: Random) -> str:
    """Store the letters of ligatures with lam from the last to the first.

    In every text لا لأ لإ لآ and لله in الله; in half of the texts, as their font has it, لم لج لح لخ
    where no letter joins the lam from before.
    """
    ligature = _LAM_WITH_MEEM if random.random() < 0.5 else _LAM_ALEF
    text = ligature.sub(lambda letters: letters[0][::-1], text)
    # Last, because the second form of the name has لا in it, which is not turned again.
    return _ALLAH.sub(lambda word: random.choice((f"{word[1]}اهلل", f"{word[1]}هللا")), text)


CORRUPTIONS: dict[str, Corruption] = {
    "presentation forms": presentation_forms,
    "tatweel": tatweel,
    "invisible controls": invisible_controls,
    "decomposition": decomposition,
    "persian letters": persian_letters,
    "digits": digits,
    "lengthened letters": lengthened_letters,
    "missing hamzas": missing_hamzas,
    "heh and teh marbuta": heh_and_teh_marbuta,
    "yeh and alef maksura": yeh_and_alef_maksura,
    "random marks": random_marks,
    "visual order": visual_order,
    "turned ligatures": turned_ligatures,
}


def corrupt(name: str, text: str, seed: int = 0) -> str:
    """Return a text with the corruption of a name; the same text and seed give the same result."""
    return CORRUPTIONS[name](text, Random(f"{name} {seed} {text}"))
