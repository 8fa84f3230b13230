"""Check of the word pairs of a text field: they are counted anew, from the running words."""

from __future__ import annotations

from typing import IO, Any

import numpy as np
import numpy.typing as npt

from indexer.damage import damaged
from indexer.segment.array_file import ArrayFile
from indexer.segment.split_values import SplitArray
from indexer.segment.word_pairs import count_pairs, pair_arrays
from indexer.segment.write.running_words import RunningWords


class WordPairsCheck:
    """Collects the running words of a field, and compares its pairs with theirs.

    `file` is an empty temporary file.
    """

    def __init__(self, array_file: ArrayFile, name: str, documents: int, file: IO[bytes]) -> None:
        self._array_file = array_file
        self._name = name
        self._words: RunningWords | None = None
        lengths = array_file.array(f"{name}.lengths").all()
        words = array_file.array(f"{name}.positions").size
        fits = lengths.size == documents and int(lengths.sum(dtype=np.int64)) == words
        # Other lengths are reported with the sums of the field.
        if fits:
            self._words = RunningWords(file, lengths)

    def add(
        self, documents: npt.NDArray[Any], positions: npt.NDArray[Any], forms: npt.NDArray[Any]
    ) -> None:
        """Add some occurrences: the document, position and written form of each; [n] each."""
        if self._words is not None:
            inside = positions < self._words.lengths[documents]
            self._words.add(documents[inside], positions[inside], forms[inside])

    def finish(self, surfaces_of_forms: npt.NDArray[Any], surfaces: int) -> None:
        """Compare the stored pairs with those of the words. Raises IndexDamagedError."""
        if self._words is None:
            return
        pairs = count_pairs(
            self._words.in_order(), self._words.lengths, surfaces_of_forms, surfaces
        )
        for part, expected in pair_arrays(pairs, surfaces).items():
            name = f"{self._name}.{part}"
            if part == "pair_nexts":
                nexts = SplitArray(self._array_file, name)
                found = nexts.all()
                fits = nexts.high is None or nexts.high.check()
            else:
                found, fits = self._array_file.array(name).all(), True
            if not fits or not np.array_equal(found, expected):
                raise damaged(
                    self._array_file.path, f"{self._name}.{part}: not the pairs of its words"
                )
