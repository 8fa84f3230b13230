"""Places: where in its file a part of a text stands: a page, a sheet, a slide, a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a place is."""

    PAGE = "page"
    CHAPTER = "chapter"
    SHEET = "sheet"
    SLIDE = "slide"
    CUE = "cue"
    MESSAGE = "message"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a text: it begins at the code point `start` and ends where the next begins.

    `label` is what a reader calls it: the number on a page or of it, the title of a chapter, the
    time of a cue (`00:01:02`).
    """

    start: int
    kind: PlaceKind
    label: str


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
