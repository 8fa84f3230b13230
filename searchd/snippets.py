"""Snippets: the passages of a document that show best why it matched.

The text is cut into passages at the ends of sentences and lines; a sentence that is too long is
cut at word ends around its matches. A passage scores by the words of the query that it holds,
each distinct one by its weight, repeated ones a little. Lines that repeat the title or each other,
and lines of a word or two, are boilerplate more often than content and score less.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analyzers import Token
from searchd.execution.targets import Target
from searchd.results import Highlight, Snippet

SNIPPET_LENGTH = 240
"""The longest passage, in code points (about)."""

_REPEATED_MATCH = 0.1
"""What a further match of a word adds, as a share of the first."""

_BOILERPLATE = 0.3
"""What the score of a boilerplate line is multiplied by."""

_FEWEST_WORDS = 6
"""A line of fewer words that does not end like a sentence is a caption, a name or a button."""

_SENTENCE_END = re.compile(
    r"[.!?؟۔…]+[\"'»”’)\]\u200e\u200f]*(?=\s)|[\n\r\u2028\u2029]+", re.UNICODE
)
_EDGE_CHARACTERS = " \t\n\r\f\v\u00a0\u200e\u200f،؛,;:–—-"


@dataclass(frozen=True, slots=True)
class Match:
    """A place in a text that a target matched; `[start, end)` covers whole words."""

    start: int
    end: int
    target: int
    weight: float


@dataclass(frozen=True, slots=True)
class _Passage:
    """A stretch of a text, its score, and the targets that it shows."""

    start: int
    end: int
    score: float
    targets: frozenset[int]


def find_matches(
    tokens: Sequence[Token], targets: Sequence[Target], fields: Iterable[str]
) -> list[Match]:
    """Return every place that a target of these fields matched, in text order."""
    wanted = set(fields)
    matches = [
        Match(tokens[found.first].start, tokens[found.last].end, number, target.weight)
        for number, target in enumerate(targets)
        if target.field in wanted
        for found in target.occurrences(tokens)
    ]
    return sorted(matches, key=lambda match: (match.start, -match.end, match.target))


def merge_highlights(matches: Sequence[Match], start: int, end: int) -> tuple[Highlight, ...]:
    """Return the ranges of the matches inside `[start, end)`, counted from its start.

    Ranges that overlap become one; the result is sorted and disjoint.
    """
    merged: list[list[int]] = []
    for match in matches:
        if match.start < start or match.end > end:
            continue
        if merged and match.start < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], match.end)
        else:
            merged.append([match.start, match.end])
    return tuple(Highlight(first - start, last - start) for first, last in merged)


def make_snippets(
    text: str,
    tokens: Sequence[Token],
    matches: Sequence[Match],
    *,
    title: Sequence[str] = (),
    count: int = 1,
    length: int = SNIPPET_LENGTH,
) -> tuple[Snippet, ...]:
    """Return the `count` best passages in text order; where nothing matched, the beginning.

    `tokens` and `matches` are those of `text`, `title` the surface forms of the document's title.
    """
    if count < 1 or not text.strip():
        return ()
    sentences = _sentences(text)
    if not matches:
        return (_lead(text, tokens, sentences, title, length),)
    penalties = _penalties(text, sentences, tokens, title)
    candidates = _candidates(sentences, penalties, tokens, matches, length)
    chosen: list[_Passage] = []
    shown: frozenset[int] = frozenset()
    while candidates and len(chosen) < count:
        # A passage that shows what no other did is worth more than one more of the same.
        best = max(
            candidates,
            key=lambda passage: (
                passage.score * (1 + len(passage.targets - shown)),
                -passage.start,
            ),
        )
        chosen.append(best)
        shown |= best.targets
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


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the sentences of a text; together they are the whole text."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    bounds = sorted({0, *ends, len(text)})
    return [(start, end) for start, end in pairwise(bounds) if text[start:end].strip()]


def _penalties(
    text: str,
    sentences: Sequence[tuple[int, int]],
    tokens: Sequence[Token],
    title: Sequence[str],
) -> list[float]:
    """Return a factor for the score of each sentence: below 1 where it looks like boilerplate."""
    seen = {tuple(title)}
    penalties = []
    for (start, end), words in zip(sentences, _words_of(sentences, tokens), strict=True):
        repeated = words in seen
        seen.add(words)
        is_sentence = _SENTENCE_END.search(text[start:end].rstrip() + " ") is not None
        caption = len(words) < _FEWEST_WORDS and not is_sentence
        penalties.append(_BOILERPLATE if repeated or caption else 1.0)
    return penalties


def _words_of(
    sentences: Sequence[tuple[int, int]], tokens: Sequence[Token]
) -> list[tuple[str, ...]]:
    words: list[tuple[str, ...]] = []
    number = 0
    for _start, end in sentences:
        first = number
        while number < len(tokens) and tokens[number].start < end:
            number += 1
        words.append(tuple(token.surface for token in tokens[first:number]))
    return words


def _candidates(
    sentences: Sequence[tuple[int, int]],
    penalties: Sequence[float],
    tokens: Sequence[Token],
    matches: Sequence[Match],
    length: int,
) -> list[_Passage]:
    """Return a passage for each sentence that holds a match, as long as `length` lets it grow."""
    passages = []
    number = 0
    for index, (start, end) in enumerate(sentences):
        inside = []
        while number < len(matches) and matches[number].start < end:
            inside.append(matches[number])
            number += 1
        if not inside:
            continue
        penalty = penalties[index]
        end = max(end, *(match.end for match in inside))  # of a phrase over two sentences
        if end - start > length:
            passages += [
                _passage(*_window(anchor, start, end, tokens, length), matches, penalty)
                for anchor in inside
            ]
            continue
        end = _grow(sentences, penalties, index, end, length)
        passages.append(_passage(start, end, matches, penalty))
    return passages


def _grow(
    sentences: Sequence[tuple[int, int]],
    penalties: Sequence[float],
    index: int,
    end: int,
    length: int,
) -> int:
    """Return the end of a passage from a sentence on to `end`, and further as `length` allows.

    Following sentences of the same kind make a short one easier to understand.
    """
    for following in range(index + 1, len(sentences)):
        stop = sentences[following][1]
        if stop - sentences[index][0] > length:
            break
        if stop > end and penalties[following] != penalties[index]:
            break
        end = max(end, stop)
    return end


def _window(
    anchor: Match, start: int, end: int, tokens: Sequence[Token], length: int
) -> tuple[int, int]:
    """Return a stretch of a long sentence from a little before a match, cut at word ends."""
    room = max(length - (anchor.end - anchor.start), 0)
    first = max(start, anchor.start - room // 4)
    last = min(end, max(first + length, anchor.end))
    if last == end:
        first = max(start, min(anchor.start, end - length))
    if first > start:
        following = bisect_left(tokens, first, key=lambda token: token.start)
        first = min(tokens[following].start, anchor.start)
    if last < end:
        before = bisect_right(tokens, last, key=lambda token: token.end) - 1
        last = max(tokens[before].end, anchor.end)
    return first, last


def _passage(start: int, end: int, matches: Sequence[Match], penalty: float) -> _Passage:
    """Score a stretch by the matches that lie wholly inside it."""
    best: dict[int, float] = {}
    repeated = 0.0
    first = bisect_left(matches, start, key=lambda match: match.start)
    after = bisect_left(matches, end, key=lambda match: match.start)
    for match in matches[first:after]:
        if match.end > end:
            continue
        if match.target in best:
            repeated += match.weight * _REPEATED_MATCH
        else:
            best[match.target] = match.weight
    return _Passage(start, end, (sum(best.values()) + repeated) * penalty, frozenset(best))


def _lead(
    text: str,
    tokens: Sequence[Token],
    sentences: Sequence[tuple[int, int]],
    title: Sequence[str],
    length: int,
) -> Snippet:
    """Return the beginning of a text, without the lines that only repeat the title."""
    penalties = _penalties(text, sentences, tokens, title)
    first = next((index for index, factor in enumerate(penalties) if factor == 1.0), 0)
    start, end = sentences[first]
    end = _grow(sentences, penalties, first, end, length)
    if end - start > length:
        fitting = bisect_right(tokens, start + length, key=lambda token: token.end)
        if fitting and tokens[fitting - 1].end > start:
            end = tokens[fitting - 1].end
        elif fitting < len(tokens) and tokens[fitting].start < start + length:
            start = tokens[fitting].start  # of a word that needs all the room, or more
            end = min(tokens[fitting].end, start + length)
        else:
            end = start + length
    return _snippet(text, start, end, ())
