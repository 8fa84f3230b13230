"""Phrases: words that stand in a row, by arithmetic on sorted arrays of places.

Places are whole numbers; neighbouring words of one text have consecutive ones, and between texts
more of them lie than any slop, so no phrase runs from one text into the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.intp]


def rows(words: Sequence[Keys]) -> tuple[Keys, list[Numbers]]:
    """Return where the words stand one right behind the other.

    `words` holds the ascending places of each word. The result is the place of the first word of
    each occurrence, ascending, and for each word the number of its place among all of that word.
    """
    rarest = min(range(len(words)), key=lambda index: words[index].size)
    numbers: dict[int, Numbers] = {rarest: np.arange(words[rarest].size)}
    starts = words[rarest] - rarest
    for index, keys in enumerate(words):
        if index == rarest:
            continue
        wanted = starts + index
        found = keys.searchsorted(wanted)
        found[found == keys.size] = 0
        kept = keys[found] == wanted if keys.size else np.zeros(wanted.size, np.bool_)
        starts = starts[kept]
        numbers = {word: places[kept] for word, places in numbers.items()}
        numbers[index] = found[kept]
    return starts, [numbers[index] for index in range(len(words))]


def phrase_spans(words: Sequence[Keys], slop: int = 0) -> tuple[Keys, Keys]:
    """Return the places of the first and of the last word of each occurrence of a phrase.

    At most `slop` other words may stand between its words in all. Both arrays are ascending by
    first word.
    """
    if not all(keys.size for keys in words):
        return words[0][:0], words[0][:0]
    if slop == 0:
        starts, _numbers = rows(words)
        return starts, starts + (len(words) - 1)
    starts = last = words[0]
    for keys in words[1:]:
        # From each place of one word to the next place of the following word.
        following = keys.searchsorted(last, side="right")
        inside = following < keys.size
        starts, last = starts[inside], keys[following[inside]]
    near = last - starts <= len(words) - 1 + slop
    return starts[near], last[near]
