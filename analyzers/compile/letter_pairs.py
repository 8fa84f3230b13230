"""Compiles the costs of pairs of letters from word frequencies.

    python -m analyzers.compile.letter_pairs [FOLDER]

It needs the package wordfreq (the extra `lexicon`) and writes `letter_pairs.txt` to `data/`, or to
FOLDER; `analyzers.normalization.letter_pairs` describes the file.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import wordfreq

from analyzers.normalization.letter_pairs import ALPHABET, DIGITS, EDGE, FILE, UNITS_PER_NAT
from analyzers.word_files import DATA_DIR

SMOOTHING = 1e-5
"""The share of a pair that does not occur, among the pairs of its first letter."""

_WORD = re.compile(f"[{ALPHABET}]+")


def pair_costs(frequencies: Mapping[str, float]) -> dict[str, int]:
    """Return the cost of each pair of letters, in units, from the frequencies of words."""
    following: dict[str, Counter[str]] = {letter: Counter() for letter in EDGE + ALPHABET}
    for word, frequency in frequencies.items():
        if _WORD.fullmatch(word):
            for first, second in zip(EDGE + word, word + EDGE, strict=True):
                following[first][second] += frequency  # type: ignore[assignment]
    costs = {}
    for first, counts in following.items():
        total = math.fsum(counts.values()) or 1.0
        for second in following:
            share = (counts[second] / total + SMOOTHING) / (1 + SMOOTHING * len(following))
            cost = round(-math.log(share) * UNITS_PER_NAT)
            costs[first + second] = min(cost, len(DIGITS) - 1)
    return costs


def render(costs: Mapping[str, int]) -> str:
    """Return the content of the file."""
    letters = EDGE + ALPHABET
    lines = [
        "# Compiled by analyzers/compile/letter_pairs.py from wordfreq (data CC BY-SA 4.0, see NOTICE).",
        *("".join(DIGITS[costs[first + second]] for second in letters) for first in letters),
    ]
    return "\n".join(lines) + "\n"


def write_file(folder: Path) -> None:
    """Compile the costs from the frequencies of wordfreq and write the file into a folder."""
    costs = pair_costs(wordfreq.get_frequency_dict("ar", wordlist="best"))
    (folder / FILE).write_text(render(costs), "utf-8")


if __name__ == "__main__":
    write_file(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA_DIR)
