"""Phrases: documents in which words stand in a row, by arithmetic on sorted position arrays.

A position is `document << 32 | place`, so one subtraction compares places and a difference of
documents is never mistaken for a distance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.segment.segment import PositionArray


def phrase_spans(
    words: Sequence[PositionArray], slop: int = 0
) -> tuple[PositionArray, PositionArray]:
    """Return the positions of the first and of the last word of each occurrence of a phrase.

    `words` holds the ascending int64 positions of each word of the phrase, in its order. At most
    `slop` other words may stand between them in all. Both arrays are ascending by first word.
    """
    if any(positions.size == 0 for positions in words):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    if slop == 0:
        starts = _in_a_row(words)
        return starts, starts + (len(words) - 1)
    return _in_order(words, slop)


def _in_a_row(words: Sequence[PositionArray]) -> PositionArray:
    """Shift the rarest word's positions to the start and look them up in the other words."""
    rarest = min(range(len(words)), key=lambda index: words[index].size)
    starts = words[rarest] - rarest
    for index, positions in enumerate(words):
        if index != rarest:
            wanted = starts + index
            found = np.searchsorted(positions, wanted)
            found[found == positions.size] = 0
            starts = starts[positions[found] == wanted]
    return starts


def _in_order(words: Sequence[PositionArray], slop: int) -> tuple[PositionArray, PositionArray]:
    """From each place of the first word go to the next place of each following word."""
    starts = last = words[0]
    for positions in words[1:]:
        following = np.searchsorted(positions, last, side="right")
        inside = following < positions.size
        starts, last = starts[inside], positions[following[inside]]
    # The widest allowed distance is far below 1 << 32, so another document is never in reach.
    near = last - starts <= len(words) - 1 + slop
    return starts[near], last[near]
