"""Places: where in its file a part of a text stands: a page, a sheet, a slide, a message."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

_START = attrgetter("start")


class PlaceKind(StrEnum):
    """What a place is."""

    PAGE = "page"
    CHAPTER = "chapter"
    SHEET = "sheet"
    SLIDE = "slide"
    CUE = "cue"
    MESSAGE = "message"
    ATTACHMENT = "attachment"


FLOWING = frozenset({PlaceKind.PAGE})
"""The kinds of places over whose beginning a sentence may run on."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a text: it begins at the code point `start` and ends where the next begins.

    `label` is what a reader calls it: the number on a page or of it, the title of a chapter, the
    time of a cue (`00:01:02`).
    """

    start: int
    kind: PlaceKind
    label: str


def place_of(places: Sequence[Place], offset: int) -> Place | None:
    """Return the place in which an offset of the text is, None before the first of them.

    >>> place_of([Place(0, PlaceKind.PAGE, "1"), Place(90, PlaceKind.PAGE, "2")], 89).label
    '1'
    """
    found = bisect_right(places, offset, key=_START)
    return places[found - 1] if found else None


def check_places(places: Sequence[Place]) -> None:
    """Raise ValueError where a place has a wrong type, or begins before the one before it."""
    last = 0
    for place in places:
        if not isinstance(place, Place):
            raise ValueError(f"a place is of type {type(place).__name__}; give a Place")  # noqa: TRY004
        if type(place.start) is not int or place.start < last:
            raise ValueError(
                f"the place {place.label!r} starts at {place.start!r}; give code points that do not "
                f"decrease, from 0"
            )
        if not isinstance(place.kind, PlaceKind) or not isinstance(place.label, str):
            raise ValueError(f"the place at {place.start} has a kind or a label of a wrong type")  # noqa: TRY004
        last = place.start


def joined(
    parts: Sequence[tuple[PlaceKind, str, str]], separator: str = "\n\n"
) -> tuple[str, tuple[Place, ...]]:
    """Return one text of parts, each given as kind, label and text, and the places of them.

    Parts without text have no place.

    >>> text, places = joined([(PlaceKind.PAGE, "1", "one"), (PlaceKind.PAGE, "2", "two")])
    >>> text, [(place.start, place.label) for place in places]
    ('one\\n\\ntwo', [(0, '1'), (5, '2')])
    """
    texts: list[str] = []
    places: list[Place] = []
    length = 0
    for kind, label, text in parts:
        if not text or text.isspace():
            continue
        if texts:
            length += len(separator)
        places.append(Place(length, kind, label))
        texts.append(text)
        length += len(text)
    return separator.join(texts), tuple(places)
