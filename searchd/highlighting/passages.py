"""Passages: the parts of a text that show best why a document matched, which are its snippets.

A text is split into sentences at full stops and line ends; a sentence that is too long is cut at
word ends around its matches. A passage scores by the words of the query in it, each distinct one by
its weight, repeated ones a little. Lines that repeat the title or each other, and lines of a word
or two, are boilerplate more often than content and score less.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import compress, pairwise
from operator import itemgetter
from typing import NamedTuple

from analyzers.tokenized_text import TokenizedText
from searchd.highlighting.highlights import Match, merge_highlights
from searchd.highlighting.match_counter import MatchCounter
from searchd.results import Snippet

SNIPPET_LENGTH = 240
"""The target length of a passage, in code points."""

_BOILERPLATE = 0.3
"""The factor for the score of a boilerplate line."""

_FEWEST_WORDS = 6
"""A line of fewer words that does not end like a sentence is a caption, a name or a button."""

_LONGEST_CAPTION = 120
"""A line of more code points is no caption; its words are not counted."""

_FEW_SENTENCES = 200
"""A text of no more sentences is searched for each; of others all are compared."""

_STOPS = ".!?؟۔…"
_BREAKS = r"\n\r\u2028\u2029"
_SENTENCE_END = re.compile(
    # One class holds every first character, so `re` passes over the letters at once. A run of stops
    # is tried from its first alone: from each of them it would take quadratic time.
    rf"[{_STOPS}{_BREAKS}](?:(?<=[{_BREAKS}])[{_BREAKS}]*+"
    rf"|(?<=[{_STOPS}])(?<![{_STOPS}]{{2}})[{_STOPS}]*+[\"'»”’)\]\u200e\u200f]*+(?=\s))"
)
_START = itemgetter(0)
_EDGE_CHARACTERS = " \t\n\r\f\v\u00a0\u200e\u200f،؛,;:–—-"


class TextWindow(NamedTuple):
    """A part of a text, or all of it: its words and its matches, with offsets into the part.

    It begins at the code point `start` of the text. `before` and `after` are whether the text has
    more before and after it. No passage goes on over one of the `breaks`, offsets into the part.
    """

    text: str
    words: TokenizedText
    matches: Sequence[Match]
    start: int = 0
    before: bool = False
    after: bool = False
    breaks: Sequence[int] = ()


class _Passage(NamedTuple):
    """A range of a window, which is given by its number, and a factor for its score."""

    window: int
    start: int
    end: int
    penalty: float


def snippets_of_windows(
    windows: Sequence[TextWindow],
    *,
    title: str = "",
    count: int = 1,
    length: int = SNIPPET_LENGTH,
) -> tuple[Snippet, ...]:
    """Return the `count` best passages of some windows of a text, which are disjoint and in order.

    Where nothing matched, the beginning of the first.
    """
    windows = [window for window in windows if window.text.strip()]
    if count < 1 or not windows:
        return ()
    if not any(window.matches for window in windows):
        first = windows[0]
        return (_lead(first, _Sentences(first, title), length),)
    candidates = [
        _Passage(number, *passage)
        for number, window in enumerate(windows)
        if window.matches
        for passage in _candidates(window, _Sentences(window, title), length)
    ]
    chosen = _choose(windows, candidates, count)
    return tuple(
        _snippet(windows[passage.window], passage.start, passage.end) for passage in sorted(chosen)
    )


def _choose(
    windows: Sequence[TextWindow], candidates: Sequence[_Passage], count: int
) -> list[_Passage]:
    """Return the best passages, of which no two overlap."""
    scored = _scores(windows, candidates)
    chosen: list[_Passage] = []
    shown = 0
    while candidates and len(chosen) < count:
        scores = [score * (1 + (matchers & ~shown).bit_count()) for score, matchers in scored]
        place = scores.index(max(scores))
        best = candidates[place]
        chosen.append(best)
        if len(chosen) < count:
            shown |= scored[place][1]
            kept = [
                other.window != best.window or other.end <= best.start or other.start >= best.end
                for other in candidates
            ]
            candidates, scored = list(compress(candidates, kept)), list(compress(scored, kept))
    return chosen


def _scores(windows: Sequence[TextWindow], passages: Sequence[_Passage]) -> list[tuple[float, int]]:
    """Return the score of each passage by the matches that lie wholly inside it, and its matchers.

    A passage counts more for each matcher that no other shows: they are bits of an integer. The
    passages are in the order of the text.
    """
    counters = [MatchCounter(window.matches) for window in windows]
    scores = []
    for passage in passages:
        counter = counters[passage.window]
        counter.move(passage.start, passage.end)
        scores.append((counter.score * passage.penalty, counter.matchers))
    return scores


def _snippet(window: TextWindow, start: int, end: int) -> Snippet:
    text = window.text
    while start < end and text[start] in _EDGE_CHARACTERS:
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Snippet(
        text=text[start:end],
        start=window.start + start,
        end=window.start + end,
        highlights=merge_highlights(window.matches, start, end),
        before=window.before or not (start == 0 or text[:start].isspace()),
        after=window.after or not (end == len(text) or text[end:].isspace()),
    )


class _Sentences:
    """The ranges of the sentences of a window; together they are all of it, but for spaces."""

    def __init__(self, window: TextWindow, title: str) -> None:
        self._text = text = window.text
        self._words = window.words
        self.breaks = frozenset(window.breaks)
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        bounds = sorted({0, *ends, *self.breaks, len(text)}) if self.breaks else [0, *ends]
        if bounds[-1] < len(text):
            bounds.append(len(text))
        self.ranges = [
            (start, end) for start, end in pairwise(bounds) if not text[start:end].isspace()
        ]
        self._title = title.strip()
        self._penalties: dict[int, float] = {}

    def penalty(self, index: int) -> float:
        """Return a factor for the score of a sentence: below 1 where it looks like boilerplate."""
        if index not in self._penalties:
            sentence = self._sentence(index)
            boilerplate = (
                sentence == self._title
                or self._is_repeated(sentence, index)
                # Only a line that is short may be a caption.
                or (len(sentence) < _LONGEST_CAPTION and self._is_caption(sentence, index))
            )
            self._penalties[index] = _BOILERPLATE if boilerplate else 1.0
        return self._penalties[index]

    def _is_repeated(self, sentence: str, index: int) -> bool:
        """Return whether a sentence is like one before it."""
        few = len(self.ranges) <= _FEW_SENTENCES
        if few and self._text.find(sentence) >= self.ranges[index][0]:  # nearly always
            return False
        return self._first_of[sentence] < index

    def _is_caption(self, sentence: str, index: int) -> bool:
        """Return whether a sentence has few words and does not end like one."""
        start, end = self.ranges[index]
        words = self._words
        few = words.first_starting_at(end) - words.first_starting_at(start) < _FEWEST_WORDS
        return few and _SENTENCE_END.search(sentence + " ") is None

    @cached_property
    def _first_of(self) -> dict[str, int]:
        """The index of the first of each distinct sentence."""
        first: dict[str, int] = {}
        for index in range(len(self.ranges)):
            first.setdefault(self._sentence(index), index)
        return first

    def _sentence(self, index: int) -> str:
        start, end = self.ranges[index]
        return self._text[start:end].strip()


def _candidates(
    window: TextWindow, sentences: _Sentences, length: int
) -> Iterator[tuple[int, int, float]]:
    """Yield start, end and penalty of a passage for each sentence that holds a match.

    It is as long as `length` lets it grow; a sentence that is longer gives one for each match.
    """
    matches, words = window.matches, window.words
    starts = [match.start for match in matches]
    number = 0
    while number < len(matches):
        index = bisect_right(sentences.ranges, starts[number], key=_START) - 1
        start, end = sentences.ranges[index]
        following = bisect_left(starts, end, lo=number)
        inside = dict.fromkeys((match.start, match.end) for match in matches[number:following])
        number = following
        penalty = sentences.penalty(index)
        end = max(end, *(stop for _first, stop in inside))  # of a phrase over two sentences
        if end - start > length:
            passages = (_window(anchor, start, end, words, length) for anchor in inside)
            for first, last in dict.fromkeys(passages):
                yield first, last, penalty
        else:
            yield start, _grow(sentences, index, end, length), penalty


def _grow(sentences: _Sentences, index: int, end: int, length: int) -> int:
    """Return the end of a passage from a sentence on to `end`, and further as `length` allows.

    Following sentences of the same kind make a short one easier to understand.
    """
    ranges = sentences.ranges
    for following in range(index + 1, len(ranges)):
        stop = ranges[following][1]
        if stop - ranges[index][0] > length or ranges[following][0] in sentences.breaks:
            break
        if stop > end and sentences.penalty(following) != sentences.penalty(index):
            break
        end = max(end, stop)
    return end


def _window(
    anchor: tuple[int, int], start: int, end: int, words: TokenizedText, length: int
) -> tuple[int, int]:
    """Return the range of a part of a long sentence around a match, cut at word ends.

    About a quarter of the length that the match leaves free comes before it.
    """
    match_start, match_end = anchor
    room = max(length - (match_end - match_start), 0)
    first = max(start, match_start - room // 4)
    last = min(end, max(first + length, match_end))
    if last == end:
        first = max(start, min(match_start, end - length))
    if first > start:
        first = min(words.start(words.first_starting_at(first)), match_start)
    if last < end:
        last = max(words.end(words.first_ending_after(last) - 1), match_end)
    return first, last


def _lead(window: TextWindow, sentences: _Sentences, length: int) -> Snippet:
    """Return the beginning of a window, without leading boilerplate."""
    words, ranges = window.words, sentences.ranges
    first = next((index for index in range(len(ranges)) if sentences.penalty(index) == 1.0), 0)
    start, end = ranges[first]
    end = _grow(sentences, first, end, length)
    if end - start > length:
        fitting = words.first_ending_after(start + length)
        if fitting and words.end(fitting - 1) > start:
            end = words.end(fitting - 1)
        elif fitting < len(words) and words.start(fitting) < start + length:
            start = words.start(fitting)  # of a word that needs all the room, or more
            end = min(words.end(fitting), start + length)
        else:
            end = start + length
    return _snippet(window, start, end)
