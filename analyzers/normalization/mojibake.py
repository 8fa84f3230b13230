"""Mojibake: repairs text that was decoded with the wrong encoding and stored again.

Arabic in UTF-8 that was read as windows-1252 looks like Ø§Ù„ÙƒØªØ§Ø¨, read as windows-1256 like
ط§ظ„ظƒطھط§ط¨; both may have happened twice. Arabic in windows-1256 or ISO-8859-6 that was read as
windows-1252 looks like ÇáßÊÇÈ.

The wrong reading is undone where each of its characters gives back one byte, these bytes are valid in
the right encoding, and the result is clearly Arabic. A word that lost a byte (to `errors="ignore"`, or
to a program that deletes controls) stays as it is. Text in other languages is not repaired.

The library ftfy does this for many encodings, but not for windows-1256, which turns up most with
Arabic, and it takes a third of a microsecond for each character of a sound text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from analyzers.normalization.folding import MARKS
from analyzers.normalization.letter_pairs import plain_words, word_cost
from analyzers.normalization.mojibake_signs import may_be_mojibake

MAX_READINGS = 3
"""How often a text may have been read wrongly, one time after the other."""

MIN_ARABIC_SHARE = 0.65
"""The least share of Arabic characters among all that were read wrongly."""

MIN_WHOLE_SHARE = 0.8
"""The least share of a text that was read wrongly twice, among its characters that are not ASCII."""

COST_OF_LOSS = 5.0
"""How many nats a character costs that no code page explains."""

MAX_COST = 3.4
"""How many nats a pair of letters may cost on average in text that was read as another code page."""

MIN_LETTERS = 4
"""The least number of letters in text of a code page that was read wrongly."""

MIN_LETTER_SHARE = 0.1
"""Their least share among all letters of the text."""

_CORE = re.compile(
    "[\u060c\u061b\u061f-\u064a\u064b-\u0655\u0660-\u066d\u0670-\u06d3\ufb50-\ufdff\ufe70-\ufefc]"
)
_TWO_LETTERS = re.compile("[\u0621-\u064a][\u064b-\u0652]*[\u0621-\u064a]")
_ARABIC_LETTER = "[\u0620-\u06d3]"


class Undone(NamedTuple):
    """A text with wrong readings undone, and whether words are left whose bytes were lost."""

    text: str
    has_losses: bool = False


def undo_wrong_readings(text: str) -> Undone | None:
    """Return a text with wrong readings undone, None where it shows none.

    >>> undo_wrong_readings("كتاب جديد".encode().decode("latin-1")).text
    'كتاب جديد'
    """
    found = None
    while may_be_mojibake(text):
        undone = _undo_utf8(text, MAX_READINGS) or _undo_code_page(text)
        if undone is None:
            break
        found = Undone(undone.text, undone.has_losses or (found is not None and found.has_losses))
        if undone.text == text:
            break
        text = undone.text
    return found


@dataclass(frozen=True, slots=True)
class _WrongReading:
    """How UTF-8 looks that was read in an encoding.

    `run` matches characters whose bytes may be UTF-8, `sign` two of UTF-8 in a row, and `rest` a
    character that begins a letter whose other byte was lost. `has_arabic`: the encoding has Arabic
    letters, which may also be sound text.
    """

    byte_of: dict[str, int]
    run: re.Pattern[str]
    sign: re.Pattern[str]
    rest: re.Pattern[str]
    has_arabic: bool

    def decode(self, characters: str) -> str:
        """Return what the bytes of the characters are in UTF-8; the same where they are not valid."""
        try:
            return bytes(map(self.byte_of.__getitem__, characters)).decode()
        except UnicodeDecodeError:
            return characters


_ENCODINGS = ("cp1252", "cp1256", "mac_roman", "cp437", "cp850", "cp1251", "cp1250")


@cache
def _wrong_readings() -> tuple[_WrongReading, ...]:
    return tuple(map(_wrong_reading, _ENCODINGS))


def _wrong_reading(encoding: str) -> _WrongReading:
    by_byte = {}
    for byte in range(0x80, 0x100):
        try:
            by_byte[byte] = bytes((byte,)).decode(encoding)
        except UnicodeDecodeError:
            by_byte[byte] = chr(byte)  # what most programs do, as the web's standard says
    byte_of = {character: byte for byte, character in by_byte.items()}
    if encoding == "cp1252":
        byte_of |= {chr(byte): byte for byte in range(0x80, 0xA0)}  # Latin-1

    def characters(first: int, last: int) -> str:
        found = [each for each, byte in byte_of.items() if first <= byte <= last]
        return "[" + "".join(map(re.escape, found)) + "]"

    following = characters(0x80, 0xBF)
    sequence = (
        f"{characters(0xC2, 0xDF)}{following}|{characters(0xE0, 0xEF)}{following}{{2}}"
        f"|{characters(0xF0, 0xF4)}{following}{{3}}"
    )
    arabic = characters(0xD8, 0xD9)
    return _WrongReading(
        sign=re.compile(f"(?:{sequence})(?:{sequence})"),
        byte_of=byte_of,
        run=re.compile(f"(?:{sequence})+"),
        rest=re.compile(arabic),
        has_arabic=encoding == "cp1256",
    )


def _undo_utf8(text: str, readings: int) -> Undone | None:
    """Undo the reading in that encoding by which most letters are restored."""
    best, most = None, 0
    for wrong in _wrong_readings():
        if not wrong.sign.search(text):
            continue
        undone, restored = _undo(text, wrong)
        letters = len(_CORE.findall(restored))
        if letters > most and _is_arabic(restored, letters):
            best, most = undone, letters
        elif readings > 1 and _is_whole(text, wrong):
            again = _undo_utf8(undone.text, readings - 1)
            letters = len(_CORE.findall(again.text)) if again else 0
            if letters > most:
                best, most = again, letters
    return best


def _is_whole(text: str, wrong: _WrongReading) -> bool:
    """Tell whether nearly all of a text is a wrong reading, so that there may be one below it."""
    inside = sum(map(len, wrong.run.findall(text)))
    return inside >= MIN_WHOLE_SHARE * sum(not character.isascii() for character in text)


def _undo(text: str, wrong: _WrongReading) -> tuple[Undone, str]:
    """Undo a reading word by word; return the text, and all characters that were restored."""
    restored: list[str] = []
    has_losses = False
    words = re.split(r"([ \t\r\n]+)", text)
    for at in range(0, len(words), 2):
        word = words[at]
        if word.isascii():
            continue
        parts = list(_parts(word, wrong))
        changed = [after for before, after in parts if before != after]
        unchanged = "".join(before for before, after in parts if before == after)
        if changed and wrong.rest.search(unchanged) and not wrong.has_arabic:
            has_losses = True
            restored += changed
            continue
        has_losses = has_losses or bool(not changed and len(word) < 3 and wrong.rest.search(word))
        words[at] = "".join(after for _before, after in parts)
        restored += changed
    return Undone("".join(words), has_losses and bool(restored)), "".join(restored)


def _parts(word: str, wrong: _WrongReading) -> Iterator[tuple[str, str]]:
    """Yield the parts of a word before and after a reading is undone."""
    done = 0
    for run in wrong.run.finditer(word):
        yield word[done : run.start()], word[done : run.start()]
        before = run[0]
        after = wrong.decode(before)
        if wrong.has_arabic and len(after) == 1 and _touches_letters(word, run):
            after = before  # فقط، in sound text
        yield before, after
        done = run.end()
    yield word[done:], word[done:]


def _touches_letters(word: str, run: re.Match[str]) -> bool:
    around = word[max(run.start() - 1, 0) : run.start()] + word[run.end() : run.end() + 1]
    return re.search(_ARABIC_LETTER, around) is not None


def _is_arabic(restored: str, letters: int) -> bool:
    """Tell whether characters that were restored are Arabic, with two letters in a row."""
    if not _TWO_LETTERS.search(restored):
        return False
    return letters >= MIN_ARABIC_SHARE * sum(not each.isascii() for each in restored)


class _CodePage(NamedTuple):
    """What the characters of a code page are that were read as windows-1252."""

    letters: dict[int, str]
    punctuation: dict[int, str]


@cache
def _code_pages() -> tuple[_CodePage, ...]:
    byte_of = _wrong_reading("cp1252").byte_of
    pages = []
    for name in ("cp1256", "iso8859_6"):
        letters, punctuation = {}, {}
        for character, byte in byte_of.items():
            try:
                right = bytes((byte,)).decode(name)
            except UnicodeDecodeError:
                continue
            letters[ord(character)] = right
            if right in "،؛؟":
                punctuation[ord(character)] = right
        pages.append(_CodePage(letters, punctuation))
    return tuple(pages)


_WORD_WITHOUT_ASCII = re.compile(
    "(?<![A-Za-z\u0620-\u06d3])"
    "[\u00c0-\u00ff\u0152-\u0192\u02c6\u02dc\u0081\u008d\u008f\u0090\u2039\u203a\u00aa]+"
    "(?![A-Za-z\u0620-\u06d3])"
)


def _undo_code_page(text: str) -> Undone | None:
    """Undo the reading of a code page as windows-1252.

    Only words without any ASCII letter are changed: those of European languages have some.
    """
    needed = max(MIN_LETTERS, MIN_LETTER_SHARE * sum(map(str.isalpha, text)))
    words = _WORD_WITHOUT_ASCII.findall(text)
    if sum(map(len, words)) < needed:
        return None
    best, least = None, MAX_COST
    for page in _code_pages():
        right = "".join(words).translate(page.letters)
        plain = plain_words(" ".join(words).translate(page.letters))
        letters = sum(map(len, plain))
        if letters < needed:
            continue
        lost = len(right) - letters - sum(map(right.count, MARKS))
        cost = (sum(map(word_cost, plain)) + COST_OF_LOSS * lost) / (letters + len(plain))
        if cost < least:
            best, least = page, cost
    if best is None:
        return None
    table = best.letters
    right = _WORD_WITHOUT_ASCII.sub(lambda word: word[0].translate(table), text)
    return Undone(right.translate(best.punctuation))
