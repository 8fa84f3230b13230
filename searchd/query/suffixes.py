"""Numbers after words, quotations and groups: a boost `^2`, a slop `~2` or `~~2`, a distance `~2`."""

from __future__ import annotations

import re
from typing import NamedTuple

from searchd.errors import QuerySyntaxError
from searchd.query.nodes import MAX_BOOST, MIN_BOOST

MAX_EDIT_DISTANCE = 2
MAX_SLOP = 99

_BOUNDS = f"from {MIN_BOOST} to {MAX_BOOST}"


class Slop(NamedTuple):
    """How many other words may stand between those of a phrase, and whether their order counts."""

    words: int
    ordered: bool = True


_INVISIBLE = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_STOPS = ".,،;؛:!?؟…"
_END = rf"(?=[{_INVISIBLE}{_STOPS}]*(?:[\s()|]|&&|\Z))"
_BOOST = re.compile(rf"\^(\d+(?:[.٫]\d+)?|[.٫]\d+){_END}")
_SMILEY = re.compile(r"\^[_.\-oO]*\^+(?!\w)")
_SLOP = re.compile(rf"~(~?)(\d*)(?:(?=\^)|{_END})")
_TILDE_AFTER = re.compile(r"\^[\d.٫]+(~)")
_SECOND = re.compile(r"\^[\d.٫]+(\^)")
_NUMBER = re.compile(r"[+\-−]?[.,٫]?\d[\d.,٫]*")


def read_boost(query: str, start: int, *, glued: bool) -> tuple[float | None, int]:
    """Return the factor of the boost that begins with the `^` at `start`, and the offset after it.

    The factor is None where the `^` is punctuation: alone, or part of a smiley. `glued` is whether
    it follows a word, a quotation or a group without a space. Raises QuerySyntaxError.
    """
    if smiley := _SMILEY.match(query, start):
        return None, smiley.end()
    if not glued:
        after = query[start + 1 : start + 2]
        if after.isalnum() or after in tuple(".+-"):
            raise QuerySyntaxError(
                query, start, "^ needs a word, quotation or group right before it"
            )
        return None, start + 1
    match = _BOOST.match(query, start)
    if match is None:
        reason = f"^ needs a number {_BOUNDS} after it, such as ^2 or ^0.5"
        if tilde := _TILDE_AFTER.match(query, start):
            start, reason = tilde.start(1), "~ goes before ^: word~^2"
        elif second := _SECOND.match(query, start):
            start, reason = second.start(1), "one ^ with one number is enough"
        raise QuerySyntaxError(
            query, start, f"{reason}; text with a ^ in it goes in quotation marks"
        )
    factor = float(match[1].replace("٫", "."))
    if not MIN_BOOST <= factor <= MAX_BOOST:
        raise QuerySyntaxError(query, start, f"the number after ^ may be {_BOUNDS}")
    return factor, match.end()


def read_slop(query: str, end: int) -> tuple[Slop, int]:
    """Return the slop of a quotation that ends at `end`, and the offset after it.

    Raises QuerySyntaxError for a `~` without a whole number up to `MAX_SLOP`.
    """
    if query[end : end + 1] != "~":
        return Slop(0), end
    match = _SLOP.match(query, end)
    if match is None:
        raise QuerySyntaxError(
            query,
            end,
            '~ after a quotation needs a whole number: "one other"~2 in this order, '
            '"one other"~~2 in any order',
        )
    words = _whole(match[2])
    if words > MAX_SLOP:
        raise QuerySyntaxError(
            query, end, f"at most {MAX_SLOP} words may stand between those of a phrase"
        )
    return Slop(words, ordered=not match[1]), match.end()


def read_distance(query: str, text: str, start: int) -> tuple[str, int | None]:
    """Return a word without its `~` and number, and that number; None for a word without them.

    `text` begins at `start`. Raises QuerySyntaxError for another number than 0 to
    `MAX_EDIT_DISTANCE`.
    """
    body, tilde, digits = text.rpartition("~")
    digits = digits.rstrip(_STOPS)
    if not tilde or not body or not (not digits or _NUMBER.fullmatch(digits)):
        return text, None
    position = start + len(body)
    if body.endswith("~"):
        raise QuerySyntaxError(
            query, position - 1, '~~ goes after a quotation of several words: "one other"~~2'
        )
    if not (not digits or digits.isdecimal()):
        raise QuerySyntaxError(
            query, position, f"~ needs a whole number up to {MAX_EDIT_DISTANCE} after it, or none"
        )
    distance = _whole(digits)
    if distance > MAX_EDIT_DISTANCE:
        raise QuerySyntaxError(
            query, position, f"a word may differ by {MAX_EDIT_DISTANCE} letters at most"
        )
    return body, distance


def _whole(digits: str) -> int:
    """Return the number after a tilde, 1 where there is none; only four digits are read."""
    return int(digits[:4] or 1)
