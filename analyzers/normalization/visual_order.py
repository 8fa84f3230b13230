"""Visual order: recognises lines that are stored from their last letter to their first.

Converters that read the glyphs of a PDF from left to right produce such text, often in presentation
forms. It looks right in a viewer that does no reordering, but no word in it can be found.

Two things show the direction of a line. The ends of words: the article and a hamza under an alef
begin words, teh marbuta and alef maksura end them, and في, من and على are frequent, so in reversed
text words end in لا and إ, begin with ة and ى, and are يف, نم and ىلع. And the pairs of letters:
`analyzers.normalization.letter_pairs` tells how much likelier a line is in the other direction.

`analyzers.normalization.logical_order` turns such lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analyzers.normalization.letter_pairs import plain_text, plain_words, word_cost

_SAMPLE_LENGTH = 1500
"""How many characters from the start of a text are examined where nothing else is conspicuous."""

_SHORT = 200
"""A text of fewer characters is examined together with its title."""

_NEVER_FIRST = ("ة", "ى", "\ufe93", "\ufe94", "\ufeef", "\ufef0")
"""Letters, and their presentation forms, with which no word begins."""

MIN_ADVANTAGE = 10.0
"""How much likelier, in nats, adjacent lines must be in the other direction to be reversed."""

MIN_ADVANTAGE_WITHOUT_CUE = 22.0
"""The same for lines without a cue that forward text never has. Forward ones have 19 at most."""

CHANGE_COST = 8.0
"""How many nats it takes for a line to have another direction than the line before it."""

CHANGE_COST_AFTER_TITLE = 3.0
"""The same between the title and the first line of the text, which may have other sources."""

SHARED_WORDS_COST = 15.0
"""The same where words of the title are in the text as they are stored; the negative, where they
are in the text in the other direction."""

_LETTER = "[\u0620-\u063a\u0641-\u064a\u066e-\u06d3\u06d5]"
_START, _END = f"(?<!{_LETTER})", f"(?!{_LETTER})"
_FORWARD_CUE = re.compile(
    f"{_START}(?:(?:[وفبك]?ال|لل)(?={_LETTER}{{2}})|[إأ](?={_LETTER})"
    f"|(?:في|من|على|إلى|الى|عن|التي|الذي){_END})|(?<={_LETTER})[ةى]{_END}"
)
_REVERSED_CUE = re.compile(
    f"(?<={_LETTER}{{2}})(?:لا[وفبك]?|لل|أ){_END}"  # also Arabic مثلا and Persian بالا
    f"|({_START}(?:(?:يف|نم|ىلع|ىلإ|ىلا|نع|يتلا|يذلا){_END}|[ةى](?={_LETTER}))|(?<={_LETTER})إ{_END})"
)
"""Its group matches the certain cues, which forward text hardly has."""

_ARABIC = re.compile(f"{_LETTER}|[\ufb50-\ufdff\ufe70-\ufefc]")


class _Evidence(NamedTuple):
    """What a line shows of its direction.

    `advantage` is how many nats the line is likelier as it is stored than in the other direction;
    `forward` and `reversed` are the numbers of cues, `certain` that of certain ones of reversed text.
    """

    advantage: float
    forward: int
    reversed: int
    certain: int


_NO_EVIDENCE = _Evidence(0.0, 0, 0, 0)


def looks_reversed(text: str) -> bool:
    """Tell whether a line of a text is in visual order.

    Takes 5 µs for ordinary text. False where the direction is not certain, as in most single words,
    and for text in other languages.

    >>> line = "ذهب الطالب إلى المدرسة القديمة"
    >>> looks_reversed(line), looks_reversed(line[::-1])
    (False, True)
    """
    return may_be_reversed(text) and any(reversed_lines(text.split("\n")))


def may_be_reversed(text: str, title: str = "") -> bool:
    """Return whether a text or its title has a sign of visual order, and is worth examining."""
    # Words of forward text do not begin with ة or ى, wherever in a text a paragraph is reversed.
    if " ة" in text or " ة" in title or (title and title[0] in _NEVER_FIRST):
        return True
    # Nearly every forward text has two words in ة near its start, or words with the article.
    first = text.find("ة ", 0, _SAMPLE_LENGTH)
    if first >= 0 and text.find("ة ", first + 1, _SAMPLE_LENGTH) >= 0:
        return False
    sample = text[:_SAMPLE_LENGTH]
    if len(sample) < _SHORT:
        sample = f"{title}\n{sample}"
    if sample.isascii() or sample.count(" ال") > 2 * (sample.count("لا ") + 1):
        return False
    sample = plain_text(sample)
    forward_cues = sum(1 for _ in _FORWARD_CUE.finditer(sample))
    return forward_cues <= sum(1 for _ in _REVERSED_CUE.finditer(sample))


def reversed_lines(lines: Sequence[str], *, has_title: bool = False) -> list[bool]:
    """Tell of each line whether it is in visual order.

    A line that does not show its direction has that of the lines around it. Adjacent lines are
    reversed only where that is certain of them together. With `has_title` the first line is a
    title.
    """
    evidence = [_evidence(line) for line in lines]
    after_title = _change_cost_after_title(lines) if has_title else CHANGE_COST
    reversed_ = _likeliest_directions([each.advantage for each in evidence], after_title)
    for start, end in _runs(reversed_):
        if not _is_certain(evidence[start:end]):
            reversed_[start:end] = [False] * (end - start)
    return reversed_


def _change_cost_after_title(lines: Sequence[str]) -> float:
    words = {word for line in lines[1:] for word in plain_words(line)}
    title = [word for word in plain_words(lines[0]) if len(word) > 2]
    same = sum(word in words for word in title)
    opposite = sum(word[::-1] in words for word in title)
    if same == opposite:
        return CHANGE_COST_AFTER_TITLE
    return SHARED_WORDS_COST if same > opposite else -SHARED_WORDS_COST


def _evidence(line: str) -> _Evidence:
    if line.isascii() or not _ARABIC.search(line):
        return _NO_EVIDENCE
    stored = plain_text(line)
    cues = _REVERSED_CUE.findall(stored)
    return _Evidence(
        _cost(line[::-1]) - _cost(line),
        sum(1 for _ in _FORWARD_CUE.finditer(stored)),
        len(cues),
        sum(map(bool, cues)),
    )


def _cost(text: str) -> float:
    # The letters of a ligature are in order in both directions, so the whole text is turned.
    return sum(map(word_cost, plain_words(text)))


def _likeliest_directions(advantages: Sequence[float], first_change: float) -> list[bool]:
    """Return for each line whether it is reversed, in the likeliest sequence of directions.

    `first_change` is the cost of a change between the first two lines.
    """
    forward, backward = 0.0, 0.0  # the cost of the best sequence that ends in either direction
    choices: list[tuple[bool, bool]] = []
    for number, advantage in enumerate(advantages):
        change = first_change if number == 1 else CHANGE_COST
        before_forward = backward + change < forward
        before_backward = backward <= forward + change
        choices.append((before_forward, before_backward))
        forward, backward = (
            min(forward, backward + change) + max(-advantage, 0.0),
            min(backward, forward + change) + max(advantage, 0.0),
        )
    directions: list[bool] = []
    is_reversed = backward < forward
    for choice in reversed(choices):
        directions.append(is_reversed)
        is_reversed = choice[is_reversed]
    return directions[::-1]


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each run of true flags."""
    start = None
    for number, flag in enumerate((*flags, False)):
        if flag and start is None:
            start = number
        elif not flag and start is not None:
            yield start, number
            start = None


def _is_certain(lines: Sequence[_Evidence]) -> bool:
    """Tell whether adjacent lines together are in visual order beyond doubt."""
    advantage = sum(line.advantage for line in lines)
    has_cue = any(line.certain for line in lines)
    needed = MIN_ADVANTAGE if has_cue else MIN_ADVANTAGE_WITHOUT_CUE
    return advantage <= -needed and sum(line.reversed - line.forward for line in lines) >= 0
