"""Long texts: the windows in which the best passages are, found without reading the whole text.

The index knows at which words of a document a query matches. Passages are first compared by these
word positions alone; only the parts of the text around the best of them are read and tokenized. So a
book costs as much as a few pages, whatever its length.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer
from analyzers.analyzer import Terms
from indexer.segment.document_store import TextParts
from indexer.segment.phrase_search import phrase_spans, unordered_spans
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import IdArray, distinct_values
from searchd.budget import check
from searchd.highlighting.highlights import find_matches
from searchd.highlighting.match_counter import REPEATED_MATCH
from searchd.highlighting.matchers import Matcher, PhraseMatcher, SurfaceMatcher
from searchd.highlighting.passages import TextWindow
from searchd.search.collector import ScoredDoc

_Scores = npt.NDArray[np.floating[Any]]

_FIELDS = ("", "text")

_FURTHER_WINDOWS = 2
"""Windows that are read beside one for each snippet: only their text tells which one is content."""

_CHARACTERS_PER_WORD = 6
"""About how many characters a word and the space after it have."""

_FEWEST_CHARACTERS_PER_WORD = 2

_ENOUGH_POSITIONS = 1000
"""Of the many forms that match a pattern so many positions are read, from the first on."""


def read_windows(
    document: ScoredDoc,
    matchers: Sequence[Matcher],
    analyzer: Analyzer,
    count: int,
    length: int,
    breaks: Sequence[int] = (),
) -> list[TextWindow]:
    """Return the windows of a text that is stored in parts, in which the `count` best passages may be, in order.

    They are disjoint, and have `length` characters before and after each passage where the text has
    so many. Where nothing matches in the text, the window is its beginning. `breaks` are offsets into
    the text over which no passage goes on, ascending.
    """
    parts = document.segment.documents.text_parts(document.number)
    assert parts is not None
    length = min(length, int(parts.characters[-1]))
    beginning = parts.read(0, 1)
    windows = []
    for first, last in _ranges(document, parts, matchers, count, length):
        check("snippets")
        text = beginning if (first, last) == (0, 1) else parts.read(first, last)
        words = analyzer.tokenize(text, beginning=beginning)
        start, end = parts.characters[[first, last]].tolist()
        inside = breaks[bisect_right(breaks, start) : bisect_left(breaks, end)]
        windows.append(
            TextWindow(
                text,
                words,
                find_matches(words, matchers, _FIELDS),
                start=start,
                before=first > 0,
                after=last < len(parts),
                breaks=[offset - start for offset in inside],
            )
        )
    return windows


def _ranges(
    document: ScoredDoc, parts: TextParts, matchers: Sequence[Matcher], count: int, length: int
) -> list[tuple[int, int]]:
    """Return the parts of each window, half-open; disjoint and ascending."""
    margin = length // _FEWEST_CHARACTERS_PER_WORD
    passage = max(length // _CHARACTERS_PER_WORD, 2)
    ranges: list[tuple[int, int]] = []
    places = _MatchedPlaces(document, [each for each in matchers if each.field in _FIELDS], passage)
    for start, end in places.best(parts.words, count + _FURTHER_WINDOWS):
        first = _part_of(parts, max(start - margin, 0))
        ranges.append((first, _part_of(parts, end + margin) + 1))
    if not ranges:
        first = _part_of(parts, 0)  # the first that has a word
        ranges.append((first, _part_of(parts, int(parts.words[first]) + 2 * margin) + 1))
    return list(_merged(ranges))


def _part_of(parts: TextParts, position: int) -> int:
    """Return the part that contains the word at a position, the last for one behind the end."""
    found = int(parts.words.searchsorted(position, side="right")) - 1
    return min(found, len(parts) - 1)


def _merged(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ranges in order, those that touch as one: their text is continuous."""
    start, end = min(ranges)
    for first, last in sorted(ranges):
        if first > end:
            yield start, end
            start, end = first, last
        end = max(end, last)
    yield start, end


class _MatchedPlaces:
    """The places of a document where the matchers match, compared by word positions.

    The words are divided into cells of half a passage. A place is two cells, one after the other; it
    scores like a passage, by its distinct matchers and a little by further matches.
    """

    def __init__(self, document: ScoredDoc, matchers: Sequence[Matcher], passage: int) -> None:
        self._half = max(passage // 2, 1)
        places: list[IdArray] = [np.empty(0, np.int64)]
        numbers: list[IdArray] = [np.empty(0, np.int64)]
        scores: list[_Scores] = [np.empty(0, np.float64)]
        self._lasts: list[tuple[IdArray, IdArray]] = []
        for number, matcher in enumerate(matchers):
            check("snippets")
            starts, ends = word_ranges(document, matcher)
            cells = starts // self._half
            found, counts = np.unique(
                np.concatenate((cells, cells[cells > 0] - 1)), return_counts=True
            )
            places.append(found)
            numbers.append(np.full(found.size, number))
            scores.append(matcher.weight * (1 + REPEATED_MATCH * (counts - 1.0)))
            self._lasts.append((starts, ends))
        self._places, self._of_entries = np.unique(np.concatenate(places), return_inverse=True)
        self._matchers = np.concatenate(numbers)
        self._scores = np.bincount(self._of_entries, np.concatenate(scores), self._places.size)

    def best(self, words: IdArray, count: int) -> Iterator[tuple[int, int]]:
        """Yield the word positions, half-open, of the best places, the best first.

        `words` are the words before each part of the text. The places begin in different parts, and
        count more for each matcher that those before them have not.
        """
        parts = words.searchsorted(self._places * self._half, side="right")
        left = np.ones(self._places.size, np.bool_)
        new = np.ones(self._matchers.size, np.bool_)
        while count and left.any():
            unseen = np.bincount(self._of_entries[new], minlength=self._places.size)
            best = int(np.where(left, self._scores * (1 + unseen), -1.0).argmax())
            shown = self._matchers[self._of_entries == best]
            new &= ~np.isin(self._matchers, shown)
            left &= parts != parts[best]
            start = int(self._places[best]) * self._half
            yield start, self._end(start, shown.tolist())
            count -= 1

    def _end(self, start: int, matchers: Sequence[int]) -> int:
        """Return the end of a place, that of a phrase which begins in it at least."""
        end = start + 2 * self._half
        for number in matchers:
            starts, ends = self._lasts[number]
            inside = ends[starts.searchsorted(start) : starts.searchsorted(start + 2 * self._half)]
            end = max(end, int(inside.max(initial=0)) + 1)
        return end


def word_ranges(
    document: ScoredDoc, matcher: Matcher, *, every: bool = False
) -> tuple[IdArray, IdArray]:
    """Return the positions of the first and of the last word of each match; int64, ascending.

    Of the forms that match a pattern only the first ones are read, unless `every` match is wanted.
    """
    segment, documents = document.segment, np.array([document.number])
    if isinstance(matcher, PhraseMatcher):
        keys = {terms: _phrase_word(segment, matcher, terms, documents) for terms in matcher.words}
        words = [keys[terms] for terms in matcher.words]
        return (phrase_spans if matcher.ordered else unordered_spans)(words, matcher.slop)
    positions: list[IdArray] = [np.empty(0, np.int64)]
    if isinstance(matcher, SurfaceMatcher):
        left = _ENOUGH_POSITIONS
        for surface in matcher.surfaces:
            check(surface)
            terms = Terms(surface, "", matcher.spelling)
            positions.append(segment.positions.surface_positions("text", terms, documents).keys)
            left -= positions[-1].size
            if left <= 0 and len(positions) > 2 and not every:
                break
    else:
        positions += [
            segment.positions.positions("text", stem, documents).keys for stem in matcher.stems
        ]
    found = distinct_values(np.concatenate(positions))
    return found, found


def _phrase_word(
    segment: Segment, matcher: PhraseMatcher, terms: Terms, documents: IdArray
) -> IdArray:
    found = segment.positions.positions("text", terms.stem, documents)
    if not matcher.exact:
        return found.keys
    return found.keys[segment.positions.has_surface("text", terms, found.occurrences)]
