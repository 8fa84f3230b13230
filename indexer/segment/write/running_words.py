"""Running words: the words of a text field in the order of its documents, from its postings.

They are in a temporary file, so that memory is bounded whatever the size of the field. A large field is
divided into groups of consecutive words: every occurrence is appended to its group, and the groups are
put in order one after the other. Written where it belongs at once, each occurrence of a step would
change another page of a file that is larger than the memory for it.
"""

from __future__ import annotations

from typing import IO, Any

import numpy as np
import numpy.typing as npt

from indexer.segment.write.temporary_files import reporting_temporary_files

WORDS_PER_GROUP = 1 << 23
"""Words that are put in order at once, in 100 MB of memory."""

_RECORD_BYTES, _FORM_BYTES = 8, 4

Ints = npt.NDArray[np.int64]
Forms = npt.NDArray[np.uint32]


class RunningWords:
    """Puts the written forms of all occurrences in the order of documents and positions.

    `file` is an empty temporary file. `lengths`: [documents], in words.
    """

    def __init__(self, file: IO[bytes], lengths: npt.NDArray[np.integer[Any]]) -> None:
        self.lengths: Ints = lengths.astype(np.int64)
        self._starts = self.lengths.cumsum() - self.lengths
        self._size = int(self.lengths.sum())
        self._file = file
        self._words_per_group = WORDS_PER_GROUP
        groups = -(-self._size // WORDS_PER_GROUP)
        self._written = [0] * groups if groups > 1 else []
        self._forms: Forms = np.zeros(0 if self._written else self._size, np.uint32)

    def add(
        self, documents: npt.NDArray[Any], positions: npt.NDArray[Any], forms: npt.NDArray[Any]
    ) -> None:
        """Add some occurrences: the document, position and written form of each; [n] each.

        Raises ValueError where there are more of some documents than their lengths say.
        """
        places = self._starts[documents] + positions
        if not self._written:
            self._forms[places] = forms
            return
        groups, places = np.divmod(places, self._words_per_group)
        groups = groups.astype(np.uint16)  # sorted several times as fast
        order = groups.argsort(kind="stable")
        # Records of two numbers: the place in the group, and the form.
        records = np.stack((places, forms), axis=1, dtype=np.uint32, casting="unsafe")[order]
        first = 0
        ends = np.bincount(groups, minlength=len(self._written)).cumsum()
        for group, last in enumerate(ends.tolist()):
            if last > first:
                self._append(group, records[first:last])
            first = last

    def in_order(self) -> Forms:
        """Return the written form of each word; uint32 [words]. Nothing may be added after it."""
        if not self._written:
            return self._forms
        with reporting_temporary_files():
            for group, count in enumerate(self._written):
                start = group * self._words_per_group
                self._file.seek(start * _RECORD_BYTES)
                data = self._file.read(count * _RECORD_BYTES)
                records = np.frombuffer(data, np.uint32).reshape(-1, 2)
                forms = np.zeros(min(self._words_per_group, self._size - start), np.uint32)
                forms[records[:, 0]] = records[:, 1]
                # Over records of this group and of those before it, which were read.
                self._file.seek(start * _FORM_BYTES)
                self._file.write(forms.data)
            self._file.flush()
            self._forms = np.memmap(self._file, np.uint32, "r", shape=(self._size,))
        self._written = []
        return self._forms

    def _append(self, group: int, records: Forms) -> None:
        done = self._written[group]
        start = group * self._words_per_group
        if done + len(records) > min(self._words_per_group, self._size - start):
            raise ValueError(f"more words than the lengths of documents say, from {start:,} on")
        with reporting_temporary_files():
            self._file.seek((start + done) * _RECORD_BYTES)
            self._file.write(records.data)
        self._written[group] = done + len(records)
