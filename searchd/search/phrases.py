"""Phrases: words that stand in a row, by arithmetic on sorted arrays of places.

Places are whole numbers; neighbouring words of one text have consecutive ones, and between texts
more of them lie than any slop, so no phrase runs from one text into the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]


def phrase_spans(words: Sequence[Keys], slop: int = 0) -> tuple[Keys, Keys]:
    """Return the places of the first and of the last word of each occurrence of a phrase.

    At most `slop` other words may stand between its words in all. Both arrays are ascending by
    first word.
    """
    if not all(keys.size for keys in words):
        return words[0][:0], words[0][:0]
    if slop == 0:
        starts = words[0]
        for distance, keys in enumerate(words[1:], start=1):
            wanted = starts + distance
            places = keys.searchsorted(wanted)
            starts = starts[keys.take(places, mode="clip") == wanted]
        return starts, starts + (len(words) - 1)
    starts = last = words[0]
    for keys in words[1:]:
        # From each place of one word to the next place of the following word.
        following = keys.searchsorted(last, side="right")
        inside = following < keys.size
        starts, last = starts[inside], keys[following[inside]]
    near = last - starts <= len(words) - 1 + slop
    return starts[near], last[near]
