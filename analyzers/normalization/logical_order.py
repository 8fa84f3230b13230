"""Logical order: turns lines that are stored in visual order, so that their first letter comes first.

A line in visual order has the characters of a displayed line from left to right. To turn it:

- the whole line is reversed, character by character, so the letters of a ligature stay in order;
- numbers and the words of left-to-right scripts keep the order that they have in a display;
- brackets and quotation marks are mirrored, as the Unicode bidirectional algorithm displays them;
- combining marks follow their letter.

Some programs reverse lines otherwise: with numbers and Latin words, without mirroring, or with each
mark kept behind its letter. Which of these a text has is decided for all of its reversed lines
together, by its years, capitals, brackets and marks. What cannot be decided is turned as above.

The inverse of the algorithm is not unique: two numbers or Latin words with only punctuation between
them may change places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from analyzers.normalization.folding import MARKS
from analyzers.normalization.visual_order import may_be_reversed, reversed_lines

_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")

_LATIN = "L"
_NUMBER = "N"
_OTHER = "-"
_RIGHT = "R"
_CLASSES = {"L": _LATIN, "EN": _NUMBER, "AN": _NUMBER, "R": _RIGHT, "AL": _RIGHT}
_SEPARATORS = ".,:/\u066b\u066c\u060c"
_PLUS = "P"
_NUMBER_RUN = re.compile(r"N+(?:,N+)*")  # over classes; "," is a separator between two numbers
_PHONE_RUN = re.compile(
    r"PN{1,4}(?:-N{2,5}){1,5}"
)  # a plus before its number: all is from the left
_LATIN_RUN = re.compile(r"N*L(?:[^R]*[LN])?")
_LEFT_TO_RIGHT = re.compile(f"{_LATIN_RUN.pattern}|{_PHONE_RUN.pattern}|{_NUMBER_RUN.pattern}")

_PAIRS = "()[]{}<>«»‹›“”‘’⟨⟩⟪⟫「」『』﴾﴿"
_MIRRORED = {
    **{ord(_PAIRS[at]): _PAIRS[at + 1] for at in range(0, len(_PAIRS), 2)},
    **{ord(_PAIRS[at + 1]): _PAIRS[at] for at in range(0, len(_PAIRS), 2)},
}
_OPEN_FIRST = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|«[^«»]*»")
_CLOSE_FIRST = re.compile(r"\)[^()]*\(|\][^\[\]]*\[|»[^«»]*«")

_ASCII_DIGITS = {zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")
_TURNED_YEAR = re.compile(r"(?<!\d)\d\d(?:\d1|02)(?!\d)")
_ROUND = re.compile(r"(?<![\d.,])\d{1,3}0(?!\d)")
_TURNED_ROUND = re.compile(r"(?<!\d)0\d{1,3}(?![\d.,])")
_THOUSANDS = re.compile(r"(?<![\d,٬])[1-9]\d?(?:[,٬]\d{3})+(?![\d,٬])")
_TURNED_THOUSANDS = re.compile(r"(?<![\d,٬])(?:\d{3}[,٬])+\d?[1-9](?![\d,٬])")
_CAPITALISED = re.compile(r"(?<![A-Za-z])[A-Z][a-z]{2,}(?![A-Za-z])")
_TURNED_CAPITALISED = re.compile(r"(?<![A-Za-z])[a-z]{2,}[A-Z](?![A-Za-z])")
_WORDS = re.compile(
    r"(?<![A-Za-z])(?:the|of|and|for|in|with|www|http|https|com|org|net|pdf)(?![A-Za-z])"
)
_TURNED_WORDS = re.compile(
    r"(?<![A-Za-z])(?:eht|fo|dna|rof|ni|htiw|ptth|sptth|moc|gro|ten|fdp)(?![A-Za-z])"
)

_MARK = "[" + "".join(map(re.escape, MARKS)) + "]"
_MARKED_END = re.compile(rf"\w(?<!{_MARK}){_MARK}++(?=\s|$)")  # some marks are `\w`
_MARKED_START = re.compile(rf"(?:^|(?<=\s)){_MARK}+\w")
_CLUSTER = re.compile(rf".{_MARK}*", re.DOTALL)

_TURNED_ARTICLE = re.compile(r"(?<!\w)([وفبك]?)ا([أإآ])ل(?=\w)")


class _Style(NamedTuple):
    """How the lines of a text were put into visual order.

    `runs_kept`: numbers and Latin words are in their own order. `mirrored`: brackets are as a
    display shows them. `marks_behind`: marks are behind their letter, not before it.
    """

    runs_kept: bool
    mirrored: bool
    marks_behind: bool


def to_logical_order(text: str) -> str:
    """Return a text with its lines in visual order turned; the same text where there are none.

    >>> to_logical_order("2024 ماع يف ةيملعلا ةمظنملا تنلعأ")
    'أعلنت المنظمة العلمية في عام 2024'
    """
    return titled_to_logical_order("", text)[1] if may_be_reversed(text) else text


def titled_to_logical_order(title: str, text: str) -> tuple[str, str]:
    """Return a title and a text like `to_logical_order`; each helps to decide on the other.

    For those that `may_be_reversed`: every line is examined.
    """
    parts, breaks = _lines(text)
    lines = [title, *parts] if title else parts
    reversed_ = reversed_lines(lines, has_title=bool(title))
    if not any(reversed_):
        return title, text
    style = _style([line for line, turned in zip(lines, reversed_, strict=True) if turned])
    lines = [
        _turn_line(line, style) if turned else line
        for line, turned in zip(lines, reversed_, strict=True)
    ]
    if title:
        title, *lines = lines
    return title, "".join(part for pair in zip(lines, breaks, strict=True) for part in pair)


def _lines(text: str) -> tuple[list[str], list[str]]:
    """Return the lines of a text, and the break behind each of them."""
    return _LINE_BREAK.split(text), [*_LINE_BREAK.findall(text), ""]


def _turn_line(line: str, style: _Style) -> str:
    """Return a line in visual order from its first letter to its last."""
    characters = _CLUSTER.findall(line) if style.marks_behind else list(line)
    if style.runs_kept:
        characters = _reverse_runs(characters, mirrored=style.mirrored)
    elif style.mirrored:
        characters = [character.translate(_MIRRORED) for character in characters]
    return _TURNED_ARTICLE.sub(r"\1ال\2", "".join(reversed(characters)))


def from_visual_order(characters: Sequence[str]) -> list[str]:
    """Return characters that stand on a line from left to right in the order in which it is read.

    Each may be a letter with its marks, or a ligature: its own letters keep their order.

    >>> "".join(from_visual_order(list("2024 ماع يف")))
    'في عام 2024'
    """
    return _reverse_runs(characters, mirrored=True)[::-1]


def _reverse_runs(characters: Sequence[str], *, mirrored: bool) -> list[str]:
    """Return the characters with every left-to-right run reversed, and brackets outside mirrored."""
    classes = "".join(map(_class, characters))
    result: list[str] = []
    done = 0
    for run in _LEFT_TO_RIGHT.finditer(classes):
        start, end = run.start(), _with_closing_bracket(characters, run.start(), run.end())
        result += _mirror(characters[done:start], mirrored=mirrored)
        result += characters[start:end][::-1]
        done = end
    return result + _mirror(characters[done:], mirrored=mirrored)


@lru_cache(maxsize=1 << 12)
def _class(character: str) -> str:
    if character in _SEPARATORS:
        return ","
    if character == "+":
        return _PLUS
    return _CLASSES.get(unicodedata.bidirectional(character[0]), _OTHER)


def _with_closing_bracket(characters: Sequence[str], start: int, end: int) -> int:
    """Return the end of a run, with the bracket behind it that closes one in it."""
    if end < len(characters) and characters[end] in ")]}":
        opening = {")": "(", "]": "[", "}": "{"}[characters[end]]
        run = characters[start:end]
        if run.count(opening) > run.count(characters[end]):
            return end + 1
    return end


def _mirror(characters: Iterable[str], *, mirrored: bool) -> list[str]:
    if not mirrored:
        return list(characters)
    return list(map(_mirrored, characters))


@lru_cache(maxsize=1 << 12)
def _mirrored(character: str) -> str:
    """Return a bracket mirrored; those of a whole word are in its own order."""
    return character if any(map(str.isalnum, character)) else character.translate(_MIRRORED)


def _style(lines: Sequence[str]) -> _Style:
    text = "\n".join(lines).translate(_ASCII_DIGITS)
    kept, turned = (
        sum(len(pattern.findall(text)) for pattern in patterns)
        for patterns in (
            (_YEAR, _ROUND, _THOUSANDS, _CAPITALISED, _WORDS),
            (_TURNED_YEAR, _TURNED_ROUND, _TURNED_THOUSANDS, _TURNED_CAPITALISED, _TURNED_WORDS),
        )
    )
    return _Style(
        runs_kept=kept >= turned,
        mirrored=len(_OPEN_FIRST.findall(text)) >= len(_CLOSE_FIRST.findall(text)),
        marks_behind=len(_MARKED_END.findall(text)) > len(_MARKED_START.findall(text)),
    )
