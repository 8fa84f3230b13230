"""Passages: the parts of a text that show best why a document matched, which are its snippets.

A text is split into sentences at full stops and line ends; a sentence that is too long is cut at
word ends around its matches. A passage scores by the words of the query in it, each distinct one by
its weight, repeated ones a little. Lines that repeat the title or each other, and lines of a word
or two, are boilerplate more often than content and score less.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from analyzers.tokenized_text import TokenizedText
from analyzers.tokenizer import WORD
from searchd.highlighting.highlights import Match, merge_highlights
from searchd.results import Snippet

SNIPPET_LENGTH = 240
"""The target length of a passage, in code points."""

_REPEATED_MATCH = 0.1
"""The weight of a further match of the same term, as a share of the first."""

_BOILERPLATE = 0.3
"""The factor for the score of a boilerplate line."""

_FEWEST_WORDS = 6
"""A line of fewer words that does not end like a sentence is a caption, a name or a button."""

_LONGEST_CAPTION = 120
"""A line of more code points is no caption; its words are not counted."""

_STOPS = ".!?؟۔…"
_BREAKS = r"\n\r\u2028\u2029"
_SENTENCE_END = re.compile(
    # One class holds every first character, so `re` passes over the letters at once.
    rf"[{_STOPS}{_BREAKS}](?:(?<=[{_BREAKS}])[{_BREAKS}]*+"
    rf"|(?<=[{_STOPS}])[{_STOPS}]*+[\"'»”’)\]\u200e\u200f]*+(?=\s))"
)
_START = itemgetter(0)
_EDGE_CHARACTERS = " \t\n\r\f\v\u00a0\u200e\u200f،؛,;:–—-"


class _Passage(NamedTuple):
    """A range of a text, its score, and the matchers that have a match in it."""

    start: int
    end: int
    score: float
    matchers: frozenset[int]


def make_snippets(
    text: str,
    words: TokenizedText,
    matches: Sequence[Match],
    *,
    title: str = "",
    count: int = 1,
    length: int = SNIPPET_LENGTH,
) -> tuple[Snippet, ...]:
    """Return the `count` best passages in text order; where nothing matched, the beginning.

    `words` and `matches` are those of `text`, `title` is the document's title.
    """
    if count < 1 or not text.strip():
        return ()
    sentences = _Sentences(text, title)
    if not matches:
        return (_lead(text, words, sentences, length),)
    candidates = _candidates(sentences, words, matches, length)
    chosen: list[_Passage] = []
    shown: frozenset[int] = frozenset()
    while candidates and len(chosen) < count:
        # A passage counts more for each matcher that no chosen passage shows yet.
        best = max(
            candidates,
            key=lambda passage: (
                passage.score * (1 + len(passage.matchers - shown)),
                -passage.start,
            ),
        )
        chosen.append(best)
        shown |= best.matchers
        candidates = [
            other for other in candidates if other.end <= best.start or other.start >= best.end
        ]
    return tuple(
        _snippet(text, passage.start, passage.end, matches)
        for passage in sorted(chosen, key=lambda passage: passage.start)
    )


def _snippet(text: str, start: int, end: int, matches: Sequence[Match]) -> Snippet:
    while start < end and text[start] in _EDGE_CHARACTERS:
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Snippet(
        text=text[start:end],
        start=start,
        end=end,
        highlights=merge_highlights(matches, start, end),
        before=bool(text[:start].strip()),
        after=bool(text[end:].strip()),
    )


class _Sentences:
    """The ranges of the sentences of a text; together they are the whole text."""

    def __init__(self, text: str, title: str) -> None:
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        ranges = [
            (start, end, sentence)
            for start, end in pairwise(sorted({0, *ends, len(text)}))
            if (sentence := text[start:end].strip())
        ]
        self.ranges = [(start, end) for start, end, _sentence in ranges]
        self._title = title.strip()
        self._sentences = [sentence for _start, _end, sentence in ranges]
        last_to_first = range(len(ranges) - 1, -1, -1)
        self._first = {self._sentences[index]: index for index in last_to_first}
        self._penalties: dict[int, float] = {}

    def penalty(self, index: int) -> float:
        """Return a factor for the score of a sentence: below 1 where it looks like boilerplate."""
        if index not in self._penalties:
            sentence = self._sentences[index]
            boilerplate = (
                sentence == self._title
                or self._first[sentence] < index
                # Only a line that is short may be a caption.
                or (len(sentence) < _LONGEST_CAPTION and _is_caption(sentence))
            )
            self._penalties[index] = _BOILERPLATE if boilerplate else 1.0
        return self._penalties[index]


def _is_caption(sentence: str) -> bool:
    """Return whether a line has few words and does not end like a sentence."""
    few = len(WORD.findall(sentence)) < _FEWEST_WORDS
    return few and _SENTENCE_END.search(sentence + " ") is None


def _candidates(
    sentences: _Sentences, words: TokenizedText, matches: Sequence[Match], length: int
) -> list[_Passage]:
    """Return a passage for each sentence that holds a match, as long as `length` lets it grow."""
    passages = []
    starts = [match.start for match in matches]
    number = 0
    while number < len(matches):
        index = bisect_right(sentences.ranges, starts[number], key=_START) - 1
        start, end = sentences.ranges[index]
        following = bisect_left(starts, end, lo=number)
        inside = matches[number:following]
        number = following
        penalty = sentences.penalty(index)
        end = max(end, *(match.end for match in inside))  # of a phrase over two sentences
        if end - start > length:
            passages += [
                _passage(*_window(anchor, start, end, words, length), matches, starts, penalty)
                for anchor in inside
            ]
            continue
        end = _grow(sentences, index, end, length)
        passages.append(_passage(start, end, matches, starts, penalty))
    return passages


def _grow(sentences: _Sentences, index: int, end: int, length: int) -> int:
    """Return the end of a passage from a sentence on to `end`, and further as `length` allows.

    Following sentences of the same kind make a short one easier to understand.
    """
    ranges = sentences.ranges
    for following in range(index + 1, len(ranges)):
        stop = ranges[following][1]
        if stop - ranges[index][0] > length:
            break
        if stop > end and sentences.penalty(following) != sentences.penalty(index):
            break
        end = max(end, stop)
    return end


def _window(
    anchor: Match, start: int, end: int, words: TokenizedText, length: int
) -> tuple[int, int]:
    """Return the range of a part of a long sentence around a match, cut at word ends.

    About a quarter of the length that the match leaves free comes before it.
    """
    room = max(length - (anchor.end - anchor.start), 0)
    first = max(start, anchor.start - room // 4)
    last = min(end, max(first + length, anchor.end))
    if last == end:
        first = max(start, min(anchor.start, end - length))
    if first > start:
        following = bisect_left(range(len(words)), first, key=words.start)
        first = min(words.start(following), anchor.start)
    if last < end:
        before = bisect_right(range(len(words)), last, key=words.end) - 1
        last = max(words.end(before), anchor.end)
    return first, last


def _passage(
    start: int, end: int, matches: Sequence[Match], starts: Sequence[int], penalty: float
) -> _Passage:
    """Score a range by the matches that lie wholly inside it; `starts` are those of `matches`."""
    best: dict[int, float] = {}
    repeated = 0.0
    for match in matches[bisect_left(starts, start) : bisect_left(starts, end)]:
        if match.end > end:
            continue
        if match.matcher in best:
            repeated += match.weight * _REPEATED_MATCH
        else:
            best[match.matcher] = match.weight
    return _Passage(start, end, (sum(best.values()) + repeated) * penalty, frozenset(best))


def _lead(text: str, words: TokenizedText, sentences: _Sentences, length: int) -> Snippet:
    """Return the beginning of a text, without leading boilerplate."""
    ranges = sentences.ranges
    first = next((index for index in range(len(ranges)) if sentences.penalty(index) == 1.0), 0)
    start, end = ranges[first]
    end = _grow(sentences, first, end, length)
    if end - start > length:
        fitting = bisect_right(range(len(words)), start + length, key=words.end)
        if fitting and words.end(fitting - 1) > start:
            end = words.end(fitting - 1)
        elif fitting < len(words) and words.start(fitting) < start + length:
            start = words.start(fitting)  # of a word that needs all the room, or more
            end = min(words.end(fitting), start + length)
        else:
            end = start + length
    return _snippet(text, start, end, ())
