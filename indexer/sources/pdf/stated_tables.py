"""Stated tables: what a font's table in the PDF (ToUnicode) says of its codes, and what of it is doubted.

Ghostscript (seen in 9.56 and 10.00) writes some entries with the high byte of a character in the wrong
place. Of one character it keeps `high | low`, which for Arabic is another sign below U+0110; codes behind
it count on from there. Of a ligature the second high byte is the low one before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import pikepdf

from indexer.sources.pdf.cmaps import parse_cmap

_BY_GHOSTSCRIPT = re.compile(rb"/CMapType 2 def\s*/CMapName/R\d+ def")
"""Matches the head of its tables."""

_FORMS = ("\u00fd", "\u0110")
"""Between these are `high | low` of presentation forms (U+FE70 to U+FEFF), and those counted on from it."""


class StatedTable(NamedTuple):
    """The texts of codes, and the codes whose texts may be wrong."""

    texts: Mapping[int, str]
    doubted: frozenset[int] = frozenset()


def stated_table(font: pikepdf.Object) -> StatedTable:
    """Return what the table of a font says; of no font without one."""
    stream = font.get("/ToUnicode")
    if not isinstance(stream, pikepdf.Stream):
        return StatedTable({})
    data = stream.read_bytes()
    texts = {
        code: with_high_bytes(text) if len(text) > 1 and text > "\u0620" else text
        for code, text in parse_cmap(data).texts.items()
    }
    return without_wrong_bytes(texts) if _BY_GHOSTSCRIPT.search(data) else StatedTable(texts)


def without_wrong_bytes(texts: Mapping[int, str]) -> StatedTable:
    """Return a table of Ghostscript without the entries that are wrong, as far as they can be told.

    >>> without_wrong_bytes({1: "ب", 2: "ÿ", 3: "ÿ"}).texts
    {1: 'ب'}
    """
    signs = {
        code: text for code, text in texts.items() if "!" <= text < "\u0110" and len(text) == 1
    }
    forms = {code for code, text in signs.items() if _FORMS[0] < text < _FORMS[1]}
    counts = Counter(signs.values())
    is_arabic = any(
        "\u0620" <= text[:1] <= "\u064a" or text[:1] > "\ufe70" for text in texts.values()
    )
    if not any(count > 1 for count in counts.values()) or not (is_arabic or _are_repeated(counts)):
        return StatedTable(texts)
    # fonts that are not cut down number signs as ASCII does, from the space on
    blocks = {code - ord(" ") for code, text in texts.items() if text == " "}
    return StatedTable(
        {code: text for code, text in texts.items() if code not in forms},
        frozenset(
            code
            for code, text in signs.items()
            if code not in forms and code - ord(text) not in blocks
        ),
    )


def told_by_widths(table: StatedTable, width: Callable[[int], float]) -> StatedTable:
    """Return a table with those doubted codes that their widths tell: digits and marks.

    Ghostscript writes f to o for Arabic digits. Most fonts draw these in one width, and letters not; and
    text that has f, g and h has e. Glyphs without a width are marks; which ones is lost, and so is their
    text. `width` gives that of a code.
    """
    texts, doubted = dict(table.texts), set(table.doubted)
    for run in _runs(table):
        widths = {round(width(code), 3) for code in run}
        if widths == {0}:
            texts |= dict.fromkeys(run, "")
        elif (
            texts[run[0]] < "f"
            or texts[run[-1]] > "o"
            or len(run) < 2
            or (len(widths) > 1 and (texts[run[0]] != "f" or len(run) < 3))
        ):
            continue
        else:
            texts |= {code: chr(ord("\u0660") + ord(texts[code]) - ord("f")) for code in run}
        doubted.difference_update(run)
    return StatedTable(texts, frozenset(doubted))


def _runs(table: StatedTable) -> list[list[int]]:
    """Return the doubted codes in runs of which the texts follow each other too."""
    runs: list[list[int]] = []
    for code in sorted(table.doubted):
        if runs and code - runs[-1][-1] == 1 == ord(table.texts[code]) - ord(table.texts[code - 1]):
            runs[-1].append(code)
        else:
            runs.append([code])
    return runs


def _are_repeated(counts: Mapping[str, int]) -> bool:
    """Return whether most signs are what `high | low` gives for presentation forms."""
    forms = sum(count for text, count in counts.items() if _FORMS[0] < text < _FORMS[1])
    return 2 * forms > sum(counts.values())


def with_high_bytes(text: str) -> str:
    """Return the letters of a ligature that Ghostscript wrote with wrong high bytes.

    It writes 0644 0623 (lam, alef with hamza) as 0644 4423: the high byte is the low one before it.
    """
    letters = text[0]
    for letter in text[1:]:
        code = ord(letter)
        is_wrong = code >> 8 == ord(letters[-1]) & 0xFF and chr(0x600 | code & 0xFF) >= "\u0620"
        letters += chr(0x600 | code & 0xFF) if is_wrong else letter
    return letters
