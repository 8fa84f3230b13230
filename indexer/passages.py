"""Passages: a long document cut into documents of about a page, grouped by a field of their book."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import replace
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from indexer import generation as generations
from indexer.cluster.address import ClusterAddress, Location
from indexer.document import Document
from indexer.errors import FieldOptionError, IndexerError, IndexMismatchError
from indexer.fields import STANDARD_FIELDS, FieldMap, FieldSpec, FieldType
from indexer.places import places_within

DEFAULT_BOOK_FIELD = "book"
"""The keyword field that has the id of the book of a passage, where no other is named."""

TARGET_WORDS = 300
"""About how many words the passages of a long text have."""

LONGEST_PAGE = TARGET_WORDS * 3 // 2
"""A page, chapter or sheet of more words is cut."""

SHORTEST_PAGE = TARGET_WORDS // 2
"""One of fewer words is joined to what comes after it, or before it at the end."""

_PASSAGE_ID = re.compile(r"(.+)#p[0-9]+", re.DOTALL)
_WORD = re.compile(r"\S+")
_SENTENCE_ENDS = (".", "!", "?", "؟", "؛", "۔", "…", ":")
_CLOSING = "»”\"')]}’"


class _Break(IntEnum):
    """What comes between two words, the best place for a cut first."""

    EMPTY_LINE = 0
    PARAGRAPH = 1
    SENTENCE = 2
    WORD = 3


class _Words(NamedTuple):
    """Where the words of a part of a text start and end."""

    starts: array[int]
    ends: array[int]


class _Span(NamedTuple):
    """A part of a text, `[start, end)`, and how many words it has."""

    start: int
    end: int
    words: int


def passages(document: Document, book_field: str = DEFAULT_BOOK_FIELD) -> Iterator[Document]:
    """Yield the passages of a document: documents `id#p1`, `id#p2` and so on.

    Each has the title, url, date, fields and origin of its book, whose id is in `book_field`, and
    the places of its part of the text. Where the text has places, each is a passage: one of more
    than LONGEST_PAGE words is cut, and those of fewer than SHORTEST_PAGE are joined. A text without
    places is cut into parts of about TARGET_WORDS words. Cuts are at the end of a paragraph, or else
    of a sentence, or else of a word. A document of a title alone is one passage.
    """
    fields = {**document.fields, book_field: document.id}
    for number, span in enumerate(_spans(document) or [_Span(0, 0, 0)], 1):
        yield replace(
            document,
            id=passage_id(document.id, number),
            text=document.text[span.start : span.end],
            fields=fields,
            places=tuple(
                replace(place, start=max(place.start - span.start, 0))
                for place in places_within(document.places, span.start, span.end)
            ),
        )


def passage_id(book_id: str, number: int) -> str:
    """Return the id of a passage; they are numbered from 1.

    >>> passage_id("shelf/book.epub", 12)
    'shelf/book.epub#p12'
    """
    return f"{book_id}#p{number}"


def book_id(document_id: str) -> str:
    """Return the id of the book of a passage, and of any other document its own.

    >>> book_id("shelf/book.epub#p12"), book_id("letter.txt")
    ('shelf/book.epub', 'letter.txt')
    """
    found = _PASSAGE_ID.fullmatch(document_id)
    return found[1] if found else document_id


def fields_with_book(
    fields: FieldMap | None, book_field: str, directory: Location, *, rebuild: bool = False
) -> FieldMap | None:
    """Return the fields to open an index with, of which one is for the book of a passage.

    A new index, or one that is rebuilt, gets the field in addition to those that are given. Raises
    IndexMismatchError for an index that has no such field, and FieldOptionError for a field that
    holds no keywords.
    """
    if book_field in STANDARD_FIELDS:
        raise FieldOptionError(
            f"the field {book_field!r} cannot name the book of a passage, because every document has "
            f"it already; name another one with --book-field"
        )
    if fields is None and _exists(directory):
        found = _existing_fields(directory, rebuild=rebuild)
        if _has_keywords(found, book_field):
            return None
        if not rebuild:
            raise IndexMismatchError(
                f"the index at {directory} has no field {book_field!r} for the book of each passage; "
                f"name one of its keyword fields with --book-field, or build it again with "
                f"'searchd index --rebuild --passages'"
            )
        fields = found
    fields = fields or FieldMap()
    if _has_keywords(fields, book_field):
        return fields
    return replace(fields, extra=(*fields.extra, FieldSpec(book_field)))


def _exists(location: Location) -> bool:
    if isinstance(location, ClusterAddress):
        from indexer.cluster.state import exists_on_cluster

        return exists_on_cluster(location)
    return generations.exists(location)


def _existing_fields(location: Location, *, rebuild: bool) -> FieldMap:
    try:
        if isinstance(location, ClusterAddress):
            from indexer.cluster.state import fields_on_cluster

            return fields_on_cluster(location)
        return generations.read(location).fields
    except IndexerError:
        if rebuild:  # it is the way out of this very error
            return FieldMap()
        raise


def _has_keywords(fields: FieldMap, name: str) -> bool:
    """Return whether there is a keyword field of a name. Raises FieldOptionError for another type."""
    spec = next((spec for spec in fields.extra if spec.name == name), None)
    if spec is not None and spec.type is not FieldType.KEYWORD:
        raise FieldOptionError(
            f"the field {name!r} is of type {spec.type}, and the book of a passage is a keyword; "
            f"name another field with --book-field"
        )
    return spec is not None


def _spans(document: Document) -> list[_Span]:
    """Return the parts of the text that become passages, in order; none for an empty text."""
    text = document.text
    starts = sorted({0, *(place.start for place in document.places), len(text)})
    spans: list[_Span] = []
    for start, end in pairwise(starts):
        words = _words(text, start, end)
        if not words.ends:
            continue
        page = _Span(words.starts[0], words.ends[-1], len(words.ends))
        if spans and _belong_together(spans[-1], page):
            spans[-1] = _joined(spans[-1], page)
        elif page.words > LONGEST_PAGE:
            spans += _cut(text, words)
        else:
            spans.append(page)
    if len(spans) > 1 and spans[-1].words < SHORTEST_PAGE and _fits(*spans[-2:]):
        spans[-2:] = [_joined(*spans[-2:])]
    return spans


def _belong_together(before: _Span, page: _Span) -> bool:
    return before.words < SHORTEST_PAGE and page.words <= LONGEST_PAGE and _fits(before, page)


def _fits(before: _Span, page: _Span) -> bool:
    return before.words + page.words <= LONGEST_PAGE + SHORTEST_PAGE


def _joined(before: _Span, page: _Span) -> _Span:
    return _Span(before.start, page.end, before.words + page.words)


def _words(text: str, start: int, end: int) -> _Words:
    """Return the words of a part of a text."""
    words = _Words(array("Q"), array("Q"))
    for word in _WORD.finditer(text, start, end):
        words.starts.append(word.start())
        words.ends.append(word.end())
    return words


def _cut(text: str, words: _Words) -> Iterator[_Span]:
    """Yield parts of about TARGET_WORDS words of a long page."""
    count = len(words.ends)
    parts = round(count / TARGET_WORDS)
    reach = count // parts // 3
    cuts = [0]
    cuts += [_best_cut(text, words, count * part // parts, reach) for part in range(1, parts)]
    for first, last in pairwise([*cuts, count]):
        yield _Span(words.starts[first], words.ends[last - 1], last - first)


def _best_cut(text: str, words: _Words, target: int, reach: int) -> int:
    """Return before which word the best cut is, near the one with the number `target`."""
    return min(
        range(target - reach, target + reach + 1),
        key=lambda number: (_break_before(text, words, number), abs(number - target)),
    )


def _break_before(text: str, words: _Words, number: int) -> _Break:
    """Return what comes before a word, given by its number, which is not the first."""
    end = words.ends[number - 1]
    lines = text.count("\n", end, words.starts[number])
    if lines > 1:
        return _Break.EMPTY_LINE
    is_sentence = text[max(end - 3, 0) : end].rstrip(_CLOSING).endswith(_SENTENCE_ENDS)
    if lines and is_sentence:
        return _Break.PARAGRAPH
    return _Break.SENTENCE if lines or is_sentence else _Break.WORD
