"""A document to read: a part of its text in paragraphs, with its matches in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from searchd.document_highlights import DocumentMatch, HighlightedDocument
from searchd.service.page.addresses import DocumentAddress
from searchd.service.page.rendering import Range, Words, marked

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

PART_LENGTH = 40_000
"""Code points of a part of a long text: some twenty pages of a book."""

_MARGIN = 1_000
"""How far before its usual end a part may end with a line."""

_BLANK_LINES = re.compile(r"\n\s*\n")
_LINES = re.compile(r"\n")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part `[start, end)` of a document's text, with the matches that begin in it.

    `previous_match` and `next_match` are where the matches before and after the part begin, None for
    none. `number` counts the parts from 1.
    """

    document: HighlightedDocument
    number: int
    start: int
    end: int
    text: str
    matches: tuple[DocumentMatch, ...]
    previous_match: int | None
    next_match: int | None

    @property
    def count(self) -> int:
        """The number of parts of the document."""
        return max(-(-self.document.length // PART_LENGTH), 1)


def read_part(engine: SearchEngine, address: DocumentAddress, seconds: float) -> TextPart:
    """Return the part that the place of the address is in. Raises like `Engine.highlight`."""
    at = address.at or 0
    part = _part(engine, address, at // PART_LENGTH, seconds)
    if part.end <= at < part.document.length:
        part = _part(engine, address, part.number, seconds)
    if at > part.document.length:
        return _part(engine, address, part.count - 1, seconds)
    return part


def _part(engine: SearchEngine, address: DocumentAddress, index: int, seconds: float) -> TextPart:
    usual = index * PART_LENGTH
    first = max(usual - _MARGIN, 0)
    found = engine.highlight(
        address.id,
        address.query or None,
        start=first,
        length=usual + PART_LENGTH - first,
        timeout=seconds,
    )
    start = first + _cut(found.text[: usual - first]) if index else 0
    end = found.end
    if end < found.length:
        end += _cut(found.text[-_MARGIN:]) - _MARGIN
    before = [match.start for match in found.matches if match.start < start]
    after = [match.start for match in found.matches if match.start >= end]
    return TextPart(
        document=found,
        number=index + 1,
        start=start,
        end=end,
        text=found.text[start - found.start : end - found.start],
        matches=tuple(match for match in found.matches if start <= match.start < end),
        previous_match=before[-1] if before else found.previous_match,
        next_match=after[0] if after else found.next_match,
    )


def _cut(text: str) -> int:
    """Return where a text is best cut: after its last line, else after its last word."""
    return text.rfind("\n") + 1 or text.rfind(" ") + 1 or len(text)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the page shows of a part: paragraphs, and the way to the other matches and parts.

    `current` is the number of the match at the place of the reader, from 1, 0 for none.
    """

    part: TextPart
    paragraphs: tuple[Markup, ...]
    current: int
    previous_match: str | None
    next_match: str | None
    previous_part: str | None
    next_part: str | None


def reading_of(part: TextPart, address: DocumentAddress, words: Words) -> Reading:
    """Return what the page shows of a part of a document."""
    starts = [match.start for match in part.matches]
    current = starts.index(address.at) + 1 if address.at in starts else 0
    earlier, later = _neighbours(part, starts, current)

    def link(place: int | None) -> str | None:
        return None if place is None else address.moved_to(place).url()

    return Reading(
        part=part,
        paragraphs=tuple(_paragraphs(part, address.at, words)),
        current=current,
        previous_match=link(earlier),
        next_match=link(later),
        previous_part=link(max(part.start - 1, 0)) if part.start else None,
        next_part=link(part.end) if part.end < part.document.length else None,
    )


def _neighbours(
    part: TextPart, starts: Sequence[int], current: int
) -> tuple[int | None, int | None]:
    """Return where the match before that of the reader begins, and the one after it."""
    if not current:
        return part.previous_match, starts[0] if starts else part.next_match
    earlier = starts[current - 2] if current > 1 else part.previous_match
    later = starts[current] if current < len(starts) else part.next_match
    return earlier, later


def _paragraphs(part: TextPart, at: int | None, words: Words) -> Iterator[Markup]:
    """Yield the paragraphs of a part, with the matches in `<mark id="m...">`, by their places."""
    separator = _BLANK_LINES if _BLANK_LINES.search(part.text) else _LINES
    matches = list(part.matches)
    for start, end in _pieces(part.text, separator):
        place, beyond = part.start + start, part.start + end
        inside = []
        while matches and matches[0].start < beyond:
            inside.append(matches[0])
            if matches[0].end > beyond:
                break  # goes on in the next paragraph
            del matches[0]

        def attributes(found: Range, place: int = place) -> Markup:
            if found.start < place:
                return Markup("")
            here = Markup(' aria-current="true"') if found.start == at else Markup("")
            return Markup(' id="m{}"').format(found.start) + here

        yield marked(part.text[start:end], inside, words, offset=place, attributes=attributes)


def _pieces(text: str, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the ranges between separators that hold more than space."""
    start = 0
    for found in separator.finditer(text):
        if text[start : found.start()].strip():
            yield start, found.start()
        start = found.end()
    if text[start:].strip():
        yield start, len(text)
