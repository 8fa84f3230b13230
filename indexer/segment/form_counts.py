"""Form counts: how often each written form occurs in a text field of a segment.

`form_counts` are packed values, in the order of surface forms and codes (`indexer.segment.written_forms`);
most words are rare. Where one is `MANY` the count is the next value of `large_form_counts`. A segment of an
earlier version lacks both, and its codes are counted.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.packed_values import ValueArray, write_values
from indexer.segment.term_scan import Pause, no_pause
from indexer.segment.text_field import TextField
from indexer.segment.written_forms import expand_spellings, form_table

MANY = 255
"""In `form_counts`: as many or more."""

_OCCURRENCES_PER_STEP = 1_000_000

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


def has_form_counts(array_file: ArrayFile, name: str) -> bool:
    """Return whether a segment has the counts of a field."""
    return ValueArray.is_stored(array_file, f"{name}.form_counts")


def read_form_counts(array_file: ArrayFile, name: str, pause: Pause = no_pause) -> FormCounts:
    """Return the counts of a field, counted from its codes where the segment has none.

    `pause` is called every few milliseconds, and may raise. Raises ValueError for counts that are
    not of the written forms, which only damage makes.
    """
    field = TextField(array_file, name)
    sets, numbers = field.spelling_sets()
    sizes = np.fromiter((each.count(b" ") + 1 for each in sets), np.uint32, len(sets))[numbers]
    starts = np.concatenate(([0], sizes.cumsum())).astype(np.uint32)
    pause()
    if has_form_counts(array_file, name):
        forms = _stored(array_file, name, int(starts[-1]))
    else:
        forms = count_forms(field, int(starts[-1]), pause)
    sums = np.concatenate(([0], forms.cumsum(dtype=np.uint64)))
    return FormCounts(starts, forms, np.diff(sums[starts]).astype(np.uint32))


def count_forms(field: TextField, forms: int, pause: Pause = no_pause) -> Counts:
    """Return the occurrences of each written form, counted from the codes; uint32 [forms]."""
    counts = np.zeros(forms, np.uint32)
    if not forms:
        return counts
    first_codes, table = form_table(field, expand_spellings(*field.spelling_sets()))
    first = 0
    while first < field.stems.size:
        pause()
        last = _end_of_step(field, first)
        found = field.occurrences_of_stems(first, last)
        entries = first_codes[first:last].repeat(found.occurrence_counts) + found.codes
        counts += np.bincount(table[entries], minlength=forms).astype(np.uint32)
        first = last
    return counts


def _end_of_step(field: TextField, first: int) -> int:
    """Return the last stem of a step, exclusive: one stem at least."""
    last = field.stems.size
    end = field.occurrence_start(first) + _OCCURRENCES_PER_STEP
    while last > first + 1 and field.occurrence_start(last) > end:
        last = (first + last) // 2
    return last


def _stored(array_file: ArrayFile, name: str, forms: int) -> Counts:
    small = ValueArray(array_file, f"{name}.form_counts", forms).all()
    large = array_file.array(f"{name}.large_form_counts").all()
    counts: Counts = small.astype(np.uint32)
    many = small == MANY
    if np.count_nonzero(many) != large.size:
        raise ValueError(f"the form counts of {name} are not those of its written forms")
    counts[many] = large
    return counts
