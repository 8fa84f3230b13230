"""Running words: the words of a text field in the order of its documents, from its postings.

They are in a temporary file, so that memory is bounded whatever the size of the field.
"""

from __future__ import annotations

from typing import IO, Any

import numpy as np
import numpy.typing as npt

from indexer.segment.write.temporary_files import reporting_temporary_files

Ints = npt.NDArray[np.int64]


class RunningWords:
    """Puts the written forms of all occurrences in the order of documents and positions.

    `file` is an empty temporary file. `lengths`: [documents], in words.
    """

    def __init__(self, file: IO[bytes], lengths: npt.NDArray[np.integer[Any]]) -> None:
        self.lengths: Ints = lengths.astype(np.int64)
        self._starts = self.lengths.cumsum() - self.lengths
        size = int(self.lengths.sum())
        self.forms: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
        if size:
            with reporting_temporary_files():
                file.truncate(size * self.forms.itemsize)
                self.forms = np.memmap(file, np.uint32, "r+", shape=(size,))

    def add(
        self, documents: npt.NDArray[Any], positions: npt.NDArray[Any], forms: npt.NDArray[Any]
    ) -> None:
        """Add some occurrences: the document, position and written form of each; [n] each."""
        self.forms[self._starts[documents] + positions] = forms
