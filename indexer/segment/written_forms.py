"""Written forms: the spellings that each surface form has in a text field of a segment.

A written form is a surface form with one spelling (`analyzers.normalization.spelling`): أحمد and
احمد are two of one surface form. Most surface forms have one or two, and few sets of spellings
occur, so a surface form has the number of its set: `spellings` is a term dictionary of the sets,
each as its spellings in order with spaces between, and `surface_spellings` has their numbers.

The written forms of a surface form have consecutive codes, from the code of the surface form on.
Searches read them by `TextField.surface`; here are all of them, for merging and checking.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.sorted_arrays import distinct_values
from indexer.segment.text_field import TextField, spellings_of

_Ints = npt.NDArray[np.int64]

_MOST_FREE_CODES = 1 << 22
"""Codes without a written form that a segment may have, beside 64 for each that has one."""


class WrittenForms(NamedTuple):
    """The written forms of all surface forms, in order.

    `surfaces`: int64 [forms], the number of the surface form. `offsets`: int64 [forms], the number
    among its written forms. `spellings`: int64 [forms], numbers in `names`.
    """

    surfaces: _Ints
    offsets: _Ints
    spellings: _Ints
    names: list[str]


def expand_spellings(sets: Sequence[bytes], numbers: npt.NDArray[Any]) -> WrittenForms:
    """Return the written forms of surface forms; `numbers` are the sets of their spellings."""
    names: dict[str, int] = {}
    members = [[names.setdefault(name, len(names)) for name in spellings_of(each)] for each in sets]
    sizes = np.fromiter(map(len, members), np.int64, len(members))
    flat = np.array([number for each in members for number in each], np.int64)
    counts = sizes[numbers]
    surfaces = np.arange(numbers.size).repeat(counts)
    offsets = np.arange(surfaces.size) - (counts.cumsum() - counts).repeat(counts)
    first_members = (sizes.cumsum() - sizes)[numbers]
    return WrittenForms(surfaces, offsets, flat[first_members.repeat(counts) + offsets], [*names])


def form_table(field: TextField, forms: WrittenForms) -> tuple[_Ints, _Ints]:
    """Return where the entries of each stem start in a table of written forms, and the table.

    `forms` are all those of the field. The one of a stem with a code is number
    `table[starts[stem] + code]`.
    """
    stems = field.surface_stems().astype(np.int64)[forms.surfaces]
    codes = field.surface_codes().astype(np.int64)[forms.surfaces] + forms.offsets
    widths = code_widths(field.stems.size, stems, codes)
    starts = np.cumsum(widths) - widths
    table = np.zeros(int(widths.sum()), np.int64)
    table[starts[stems] + codes] = np.arange(stems.size)
    return starts, table


def code_widths(stem_count: int, stems: _Ints, codes: _Ints) -> _Ints:
    """Return the number of codes of each stem, the free ones too; int64 [stems].

    `stems` and `codes` are those of the written forms. Raises ValueError for codes that are far
    from dense, which only damage makes: a table of them would not fit into memory.
    """
    widths = np.zeros(stem_count, np.int64)
    np.maximum.at(widths, stems, codes + 1)
    if float(widths.sum(dtype=np.float64)) > _MOST_FREE_CODES + 64 * codes.size:
        raise ValueError(f"{codes.size} written forms have codes up to {int(codes.max())}")
    return widths


def collect_spellings(
    counts: npt.NDArray[np.integer[Any]], spellings: npt.NDArray[np.integer[Any]], names: list[str]
) -> tuple[list[bytes], npt.NDArray[np.uint32]]:
    """Return the sorted sets of spellings, and the number of the set of each surface form.

    `counts`: [surfaces], how many written forms each has. `spellings`: [forms], numbers in `names`,
    in the order of surface forms and codes.
    """
    firsts = counts.cumsum() - counts
    # Most have one form, so the numbers of sets begin with those of spellings.
    numbers = spellings[firsts].astype(np.int64)
    sets = {name: number for number, name in enumerate(names)}
    several = np.flatnonzero(counts > 1)
    known: dict[tuple[int, ...], int] = {}
    flat = spellings.tolist()
    for surface, first, count in zip(
        several.tolist(), firsts[several].tolist(), counts[several].tolist(), strict=True
    ):
        members = tuple(flat[first : first + count])
        number = known.get(members)
        if number is None:
            spelling_set = " ".join([names[member] for member in members])
            number = known[members] = sets.setdefault(spelling_set, len(sets))
        numbers[surface] = number
    used = distinct_values(numbers)
    texts = list(sets)
    order = sorted(used.tolist(), key=texts.__getitem__)
    ranks = np.zeros(len(sets), np.uint32)
    ranks[order] = np.arange(len(order), dtype=np.uint32)
    return [texts[number].encode() for number in order], ranks[numbers]
