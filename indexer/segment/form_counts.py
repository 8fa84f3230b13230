"""Form counts: how often each written form occurs in a text field of a segment.

`form_counts` are packed values, in the order of surface forms and codes (`indexer.segment.written_forms`);
most words are rare. Where one is `MANY` the count is the next value of `large_form_counts`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.packed_values import ValueArray, write_values
from indexer.segment.term_scan import Pause, no_pause
from indexer.segment.text_field import TextField

MANY = 255
"""In `form_counts`: as many or more."""

Counts = npt.NDArray[np.uint32]


class FormCounts(NamedTuple):
    """The occurrences of all written forms of a field, those in deleted documents too.

    `starts`: uint32 [surface forms + 1], where the written forms of each surface form begin.
    `forms`: uint32 [forms], the occurrences of each written form. `surfaces`: uint32 [surface
    forms], those of all written forms of a surface form.
    """

    starts: Counts
    forms: Counts
    surfaces: Counts

    @property
    def nbytes(self) -> int:
        """The bytes of the three arrays."""
        return self.starts.nbytes + self.forms.nbytes + self.surfaces.nbytes


def write_form_counts(
    writer: ArrayFileWriter, name: str, counts: npt.NDArray[np.integer[Any]]
) -> None:
    """Write the counts of all written forms of the field `name`, in their order; [forms]."""
    write_values(writer, f"{name}.form_counts", np.minimum(counts, MANY))
    writer.add(f"{name}.large_form_counts", narrow(counts[counts >= MANY]))


def read_form_counts(array_file: ArrayFile, name: str, pause: Pause = no_pause) -> FormCounts:
    """Return the counts of a field.

    `pause` is called every few milliseconds, and may raise. Raises ValueError for counts that are
    not of the written forms, which only damage makes.
    """
    field = TextField(array_file, name)
    sets, numbers = field.spelling_sets()
    sizes = np.fromiter((each.count(b" ") + 1 for each in sets), np.uint32, len(sets))[numbers]
    starts = np.concatenate(([0], sizes.cumsum())).astype(np.uint32)
    pause()
    forms = _stored(array_file, name, int(starts[-1]))
    sums = np.concatenate(([0], forms.cumsum(dtype=np.uint64)))
    return FormCounts(starts, forms, np.diff(sums[starts]).astype(np.uint32))


def _stored(array_file: ArrayFile, name: str, forms: int) -> Counts:
    small = ValueArray(array_file, f"{name}.form_counts", forms).all()
    large = array_file.array(f"{name}.large_form_counts").all()
    counts: Counts = small.astype(np.uint32)
    many = small == MANY
    if np.count_nonzero(many) != large.size:
        raise ValueError(f"the form counts of {name} are not those of its written forms")
    counts[many] = large
    return counts
