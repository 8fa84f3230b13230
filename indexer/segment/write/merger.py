"""Merging: several segments become one, without their deleted documents.

Terms are sorted in every segment, so a range of stems is one slice of each of its arrays. A field is
merged in such ranges, and the merged slices go to temporary files: beside the terms themselves, of
which all are in memory, a merge takes no more for larger segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analyzers.collation import COLLATION_VERSION
from indexer.segment.array_file import ArrayFile, ArrayFileWriter, map_file, narrow
from indexer.segment.document_store import HASHES_OF_CONTENT
from indexer.segment.form_counts import read_form_counts, write_form_counts
from indexer.segment.id_lists import id_type, write_id_lists
from indexer.segment.packed_values import steps, write_values
from indexer.segment.sort_keys import TITLE_KEYS
from indexer.segment.sorted_arrays import distinct_values, run_starts
from indexer.segment.split_values import write_split
from indexer.segment.term_dictionary import write_term_dictionary
from indexer.segment.text_field import ABSENT, TextField
from indexer.segment.trigram_index import build_trigrams
from indexer.segment.word_pairs import count_pairs, write_pairs
from indexer.segment.write.document_store_writer import write_merged_documents
from indexer.segment.write.inverter import codes_within_stems, stable_order
from indexer.segment.write.running_words import RunningWords
from indexer.segment.write.temporary_files import reporting_temporary_files, temporary_file
from indexer.segment.write.term_union import merge_terms
from indexer.segment.written_forms import (
    WrittenForms,
    collect_spellings,
    expand_spellings,
    form_table,
)

OCCURRENCES_PER_STEP = 4_000_000
"""Occurrences that are merged in one step: about 200 MB of arrays."""

_Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MergeSource:
    """A segment to merge, and which of its documents are live; bool [documents]."""

    array_file: ArrayFile
    live: npt.NDArray[np.bool_]


def merge_segments(sources: Sequence[MergeSource], path: Path) -> int:
    """Write the live documents of several segments, in order, as one segment to `path`.

    Returns the number of documents. The segments must have the same fields and title weight.
    Raises IndexDamagedError where one of them cannot be read.
    """
    fields = sources[0].array_file.values["fields"]
    count = sum(int(source.live.sum()) for source in sources)
    with ArrayFileWriter(path) as writer:
        write_merged_documents(writer, [(source.array_file, source.live) for source in sources])
        for name in fields:
            _merge_field(writer, name, sources, count)
        of_content = all(
            source.array_file.values.get(HASHES_OF_CONTENT) is True for source in sources
        )
        writer.finish(
            {
                "documents": count,
                "fields": fields,
                HASHES_OF_CONTENT: of_content,
                TITLE_KEYS: COLLATION_VERSION,
            }
        )
    return count


def _merge_field(
    writer: ArrayFileWriter, name: str, sources: Sequence[MergeSource], documents: int
) -> None:
    """Merge one text field; `documents` is the number of live documents of all sources."""
    fields = [TextField(source.array_file, name) for source in sources]
    lengths = [field.lengths()[source.live] for source, field in zip(sources, fields, strict=True)]
    all_lengths = np.concatenate(lengths)
    writer.add(f"{name}.lengths", narrow(all_lengths))
    stems, stem_maps = merge_terms([field.stems for field in fields])
    surfaces, surface_maps = merge_terms([field.surfaces for field in fields])
    inputs = []
    first_document = 0
    surface_stems = np.zeros(len(surfaces), np.int64)
    for source, field, stem_map, surface_map in zip(
        sources, fields, stem_maps, surface_maps, strict=True
    ):
        merge_input = _MergeInput(source, name, field, first_document, stem_map, surface_map)
        surface_stems[merge_input.surface_map] = merge_input.stem_map[field.surface_stems()]
        inputs.append(merge_input)
        first_document += int(source.live.sum())
    forms = _merge_forms(inputs)
    codes = codes_within_stems(
        surface_stems[forms.surfaces], _counts_of_surfaces(inputs, len(surfaces))[forms.surfaces]
    ).astype(np.int64)
    with (
        _MergeOutput(fields, all_lengths, int(codes.max(initial=0))) as output,
        temporary_file() as file,
    ):
        running = RunningWords(file, all_lengths)
        postings = np.zeros(len(stems), np.int64)
        occurrences = np.zeros(len(stems), np.int64)
        occurrences_of_forms = np.zeros(codes.size, np.int64)
        for first, last in _stem_ranges(inputs, len(stems)):
            merged = _sort([each.occurrences(first, last) for each in inputs])
            starts = run_starts(merged.stems * (documents + 1) + merged.documents)
            postings[first:last] = np.bincount(merged.stems[starts], minlength=last - first)
            occurrences[first:last] = np.bincount(merged.stems, minlength=last - first)
            np.add.at(occurrences_of_forms, merged.forms, 1)
            running.add(merged.documents, merged.positions, merged.forms)
            counts = np.diff(starts, append=merged.stems.size)
            output.add(
                merged.documents[starts],
                counts,
                merged.positions,
                codes[merged.forms],
                merged.next_term_hashes,
            )
        seen = occurrences_of_forms > 0
        kept = np.flatnonzero(postings)
        numbers = np.cumsum(postings > 0) - 1
        kept_stems = [stems[number] for number in kept.tolist()]
        write_term_dictionary(writer, f"{name}.stems", kept_stems)
        build_trigrams(kept_stems).write(writer, name)
        form_counts = np.bincount(forms.surfaces, minlength=len(surfaces))
        first_forms = form_counts.cumsum() - form_counts
        present = distinct_values(forms.surfaces[seen])
        write_term_dictionary(
            writer, f"{name}.surfaces", [surfaces[number] for number in present.tolist()]
        )
        write_split(writer, f"{name}.surface_stems", numbers[surface_stems[present]])
        writer.add(f"{name}.surface_codes", narrow(codes[first_forms[present]]))
        # The codes of forms that only deleted documents had stay free.
        of_present = np.isin(forms.surfaces, present)
        spellings = np.where(seen, forms.spellings, len(forms.names))
        spelling_sets, surface_spellings = collect_spellings(
            form_counts[present],
            spellings[of_present],
            [*forms.names, ABSENT],
        )
        write_form_counts(writer, name, occurrences_of_forms[of_present])
        surfaces_of_forms = present.searchsorted(forms.surfaces)
        pairs = count_pairs(running.in_order(), running.lengths, surfaces_of_forms, present.size)
        write_pairs(writer, name, pairs, present.size)
        write_term_dictionary(writer, f"{name}.spellings", spelling_sets)
        write_values(writer, f"{name}.surface_spellings", surface_spellings)
        starts = _starts(postings[kept])
        writer.add(f"{name}.posting_starts", starts)
        writer.add(f"{name}.occurrence_starts", _starts(occurrences[kept]))
        output.write(writer, name, starts)


def _starts(sizes: _Ints) -> npt.NDArray[Any]:
    """Return where parts of these sizes begin, and where the last one ends."""
    return narrow(np.concatenate(([0], np.cumsum(sizes))))


def _counts_of_surfaces(inputs: Sequence[_MergeInput], surfaces: int) -> _Ints:
    """Return the occurrences of each surface form of the union, those in deleted documents too."""
    counts = np.zeros(surfaces, np.int64)
    for each in inputs:
        counts[each.surface_map] += each.surface_counts()
    return counts


class _UnionForms(NamedTuple):
    """The written forms of all segments, sorted by surface form and spelling.

    `surfaces`: int64 [forms], numbers in the union of surface forms. `spellings`: int64 [forms],
    numbers in `names`, which is sorted.
    """

    surfaces: _Ints
    spellings: _Ints
    names: list[str]


def _merge_forms(inputs: Sequence[_MergeInput]) -> _UnionForms:
    """Return the written forms of all segments, and tell each segment the numbers of its own."""
    all_forms = [each.read_forms() for each in inputs]
    names = sorted({name for forms in all_forms for name in forms.names} - {ABSENT})
    numbers = {name: number for number, name in enumerate(names)}
    keys = []
    for each, forms in zip(inputs, all_forms, strict=True):
        spellings = np.array([numbers.get(name, -1) for name in forms.names], np.int64)
        of_forms = spellings[forms.spellings]
        surfaces = each.surface_map[forms.surfaces]
        keys.append(np.where(of_forms < 0, -1, surfaces * len(names) + of_forms))
    del all_forms
    union = distinct_values(np.concatenate(keys))
    union = union[union >= 0]
    for each, its_keys in zip(inputs, keys, strict=True):
        each.form_map = union.searchsorted(its_keys)
    surfaces, spellings = np.divmod(union, max(len(names), 1))
    return _UnionForms(surfaces, spellings, names)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """The occurrences of a range of stems: five arrays of one value for each occurrence.

    `stems` are numbers in the union of stems, counted from the first of the range, `forms` are
    numbers in the union of written forms, `documents` numbers in the merged segment.
    """

    stems: _Ints
    forms: _Ints
    documents: _Ints
    positions: npt.NDArray[np.integer[Any]]
    next_term_hashes: npt.NDArray[np.unsignedinteger[Any]]


class _MergeInput:
    """A field of one segment, and the numbers of its terms and documents in the merged segment.

    `stem_map`, `surface_map`, `form_map`: int64, the number in the union of each stem, of each
    surface form, of each written form; the last is set when the forms of all segments are known.
    `first_document` is the number of its first live document in the merged segment.
    """

    def __init__(
        self,
        source: MergeSource,
        name: str,
        field: TextField,
        first_document: int,
        stem_map: _Ints,
        surface_map: _Ints,
    ) -> None:
        self._source = source
        self._name = name
        self._field = field
        self._documents = np.cumsum(source.live) - 1 + first_document
        self.stem_map = stem_map
        self.surface_map = surface_map
        self.form_map = np.empty(0, np.int64)
        self._form_table = np.empty(0, np.int64), np.empty(0, np.int64)

    def read_forms(self) -> WrittenForms:
        """Return the written forms of the segment, which must be read before `occurrences`."""
        forms = expand_spellings(*self._field.spelling_sets())
        self._form_table = form_table(self._field, forms)
        return forms

    def surface_counts(self) -> npt.NDArray[np.uint32]:
        """Return the occurrences of each surface form."""
        return read_form_counts(self._source.array_file, self._name).surfaces

    def occurrences_before(self, stem: int) -> int:
        """Return how many occurrences the stems of the union before this one have."""
        number = int(np.searchsorted(self.stem_map, stem))
        return self._field.occurrence_start(number)

    def occurrences(self, first: int, last: int) -> _Occurrences:
        """Return the live occurrences of the union's stems from `first` to before `last`."""
        start, stop = np.searchsorted(self.stem_map, (first, last)).tolist()
        found = self._field.occurrences_of_stems(start, stop)
        documents = np.repeat(found.ids, found.counts).astype(np.int64)
        stems = np.repeat(np.arange(start, stop), found.occurrence_counts)
        starts, table = self._form_table
        forms = self.form_map[table[starts[stems] + found.codes]]
        live = self._source.live[documents]
        self._source.array_file.release()
        return _Occurrences(
            stems=self.stem_map[stems[live]] - first,
            forms=forms[live],
            documents=self._documents[documents[live]],
            positions=found.positions[live],
            next_term_hashes=found.next_term_hashes[live],
        )


def _stem_ranges(inputs: Sequence[_MergeInput], stems: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of stems with about `OCCURRENCES_PER_STEP` occurrences; one stem at least."""
    first = 0
    while first < stems:
        before = sum(each.occurrences_before(first) for each in inputs)
        low, high = first + 1, stems
        while low < high:  # the last end whose range is small enough
            middle = (low + high + 1) // 2
            after = sum(each.occurrences_before(middle) for each in inputs)
            if after - before <= OCCURRENCES_PER_STEP:
                low = middle
            else:
                high = middle - 1
        yield first, low
        first = low


def _sort(slices: Sequence[_Occurrences]) -> _Occurrences:
    """Concatenate the occurrences of all segments, sorted by stem and then by document."""
    stems = np.concatenate([found.stems for found in slices])
    order = stable_order(stems)
    return _Occurrences(
        stems=stems[order],
        forms=np.concatenate([found.forms for found in slices])[order],
        documents=np.concatenate([found.documents for found in slices])[order],
        positions=np.concatenate([found.positions for found in slices])[order],
        next_term_hashes=np.concatenate([found.next_term_hashes for found in slices])[order],
    )


class _MergeOutput:
    """The merged arrays of a field, in temporary files until all of their values are known."""

    def __init__(
        self, fields: Sequence[TextField], lengths: npt.NDArray[Any], last_code: int
    ) -> None:
        """`fields` are those that are merged, `lengths` the words of each document."""
        self._types: dict[str, np.dtype[Any]] = {
            "ids": id_type(lengths.size),
            "counts": max((field.count_type for field in fields), key=_item_size),
            "positions": np.min_scalar_type(max(int(lengths.max(initial=0)) - 1, 0)),
            "codes": np.min_scalar_type(last_code),
            "next_term_hashes": np.dtype(np.uint8),
        }
        self._files: dict[str, IO[bytes]] = {}
        self._open_files = ExitStack()

    def __enter__(self) -> _MergeOutput:
        with ExitStack() as opened:  # closed where not all of them can be opened
            for name in self._types:
                self._files[name] = opened.enter_context(temporary_file())
            self._open_files = opened.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._open_files.close()

    def add(self, *arrays: npt.NDArray[Any]) -> None:
        """Append to ids, counts, positions, codes and next-term hashes, in this order."""
        for (name, kind), array in zip(self._types.items(), arrays, strict=True):
            # `tofile` would turn an interruption into a TypeError.
            with reporting_temporary_files():
                self._files[name].write(np.ascontiguousarray(array, kind).data)

    def write(self, writer: ArrayFileWriter, name: str, starts: npt.NDArray[Any]) -> None:
        """Write the arrays of the field `name`; `starts` has where the postings of each stem begin."""
        for array, kind in self._types.items():
            with reporting_temporary_files():
                self._files[array].flush()
            values = map_file(self._files[array], kind)
            if array == "ids":
                write_id_lists(writer, name, values, starts)
            elif array == "positions":
                write_split(writer, f"{name}.positions", values)
            elif array == "codes":
                write_values(writer, f"{name}.codes", values)
            else:
                writer.add_parts(f"{name}.{array}", kind, steps(values))


def _item_size(kind: np.dtype[Any]) -> int:
    return kind.itemsize
