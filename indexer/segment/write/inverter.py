"""Inversion: the terms of documents in order become the postings and positions of each term.

Terms are ids (`term_ids`), and one stable sort by stem turns a batch of them into postings. A
surface form belongs to one stem, so the surface level needs no postings of its own: each
occurrence of a stem carries the code of its written form (`indexer.segment.written_forms`). It also
carries a hash of the stem that follows (`indexer.segment.next_word_filter`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFileWriter, narrow
from indexer.segment.form_counts import write_form_counts
from indexer.segment.id_lists import id_type, write_id_lists
from indexer.segment.next_word_filter import next_term_hashes
from indexer.segment.packed_values import write_values
from indexer.segment.sorted_arrays import begins_run, distinct_values
from indexer.segment.split_values import write_split
from indexer.segment.term_dictionary import write_term_dictionary
from indexer.segment.trigram_index import build_trigrams
from indexer.segment.word_pairs import PairCounts, count_pairs, write_pairs
from indexer.segment.write.term_ids import IdArray, TermIds
from indexer.segment.written_forms import collect_spellings

Unsigned = npt.NDArray[np.unsignedinteger[Any]]
Order = npt.NDArray[np.intp]


@dataclass(slots=True)
class InvertedField:
    """The inverted form of one text field of a segment.

    `stems`, `surfaces`: sorted terms, in UTF-8.
    `spellings`: the sets of spellings that surface forms have, sorted.
    `surface_stems`: [surfaces], the number of the stem of each surface form.
    `surface_codes`: [surfaces], the code of its first written form. Codes count from 0 among the
    written forms of one stem, and those of one surface form are consecutive.
    `surface_spellings`: [surfaces], the number of the set of its spellings.
    `form_counts`: [forms], the occurrences of each written form, by surface form and code.
    `pairs`: the most frequent pairs of surface forms.
    `posting_starts`: int64 [stems + 1], where the postings of each stem begin in `ids`, `counts`.
    `occurrence_starts`: int64 [stems + 1], where its occurrences begin in the last three arrays.
    `ids`: [postings], the documents that hold a stem, ascending.
    `counts`: [postings], how often it occurs in each.
    `positions`: [occurrences], the position of each occurrence in its document, from 0.
    `codes`: [occurrences], the code of its written form.
    `next_term_hashes`: uint8 [occurrences], the hash of the next stem, 0 for the last word.
    """

    stems: list[bytes]
    surfaces: list[bytes]
    spellings: list[bytes]
    surface_stems: Unsigned
    surface_codes: Unsigned
    surface_spellings: Unsigned
    form_counts: npt.NDArray[np.integer[Any]]
    pairs: PairCounts
    posting_starts: npt.NDArray[np.int64]
    occurrence_starts: npt.NDArray[np.int64]
    ids: Unsigned
    counts: Unsigned
    positions: Unsigned
    codes: Unsigned
    next_term_hashes: npt.NDArray[np.uint8]

    def write(self, writer: ArrayFileWriter, name: str) -> None:
        """Write the arrays of the field `name`, each in the smallest type that holds its values."""
        write_term_dictionary(writer, f"{name}.stems", self.stems)
        write_term_dictionary(writer, f"{name}.surfaces", self.surfaces)
        write_term_dictionary(writer, f"{name}.spellings", self.spellings)
        build_trigrams(self.stems).write(writer, name)
        write_form_counts(writer, name, self.form_counts)
        write_pairs(writer, name, self.pairs, len(self.surfaces))
        write_id_lists(writer, name, self.ids, self.posting_starts)
        write_split(writer, f"{name}.surface_stems", self.surface_stems)
        write_values(writer, f"{name}.surface_spellings", self.surface_spellings)
        write_split(writer, f"{name}.positions", self.positions)
        write_values(writer, f"{name}.codes", self.codes)
        for array in _NARROWED_ARRAYS:
            writer.add(f"{name}.{array}", narrow(getattr(self, array)))


_NARROWED_ARRAYS = (
    "surface_codes",
    "posting_starts",
    "occurrence_starts",
    "counts",
    "next_term_hashes",
)


def invert(term_ids: TermIds, form_ids: IdArray, lengths: npt.NDArray[np.int64]) -> InvertedField:
    """Invert one field of a batch of documents.

    `form_ids`: int32 [words], the written form of each running word, in the order of documents and
    positions.
    `lengths`: int64 [documents], the number of words of each document.
    """
    surface_of_form = np.array(term_ids.form_surfaces, np.int32)
    spelling_of_form = np.array(term_ids.form_spellings, np.int32)
    stem_of_form = np.array(term_ids.stem_ids, np.int32)[surface_of_form]
    form_counts = np.bincount(form_ids, minlength=surface_of_form.size)
    present = np.flatnonzero(form_counts)
    stems, stem_ranks = _sort_terms(term_ids.stems, distinct_values(stem_of_form[present]))
    surfaces, surface_ranks = _sort_terms(
        term_ids.surfaces, distinct_values(surface_of_form[present])
    )
    names, spelling_ranks = _sort_terms(
        term_ids.spellings, distinct_values(spelling_of_form[present])
    )

    # The written forms, sorted by surface form and spelling.
    keys = surface_ranks[surface_of_form[present]].astype(np.int64) * len(term_ids.spellings)
    keys += spelling_ranks[spelling_of_form[present]]
    present = present[np.argsort(keys)]
    form_stems = stem_ranks[stem_of_form[present]]
    form_surfaces = surface_ranks[surface_of_form[present]]
    surface_counts = np.bincount(form_surfaces, form_counts[present], len(surfaces))
    codes_of_forms = narrow(codes_within_stems(form_stems, surface_counts[form_surfaces]))
    counts = np.bincount(form_surfaces, minlength=len(surfaces))
    firsts = counts.cumsum() - counts
    spellings, surface_spellings = collect_spellings(
        counts, spelling_ranks[spelling_of_form[present]], [name.decode() for name in names]
    )
    code_of_id = np.zeros(surface_of_form.size, codes_of_forms.dtype)
    code_of_id[present] = codes_of_forms

    pairs = count_pairs(form_ids, lengths, surface_ranks[surface_of_form], len(surfaces))
    # Arrays of all running words are most of the memory of indexing, so each is deleted early.
    word_stems = stem_ranks[stem_of_form][form_ids]
    occurrence_starts = _starts(word_stems, len(stems))
    next_hashes = next_term_hashes(stems, word_stems, lengths)
    order = stable_order(word_stems)
    del word_stems
    codes = code_of_id[form_ids][order]
    del form_ids
    next_hashes = next_hashes[order]
    positions = narrow(positions_in_documents(lengths))[order]
    documents = np.arange(lengths.size, dtype=id_type(lengths.size)).repeat(lengths)[order]
    del order
    is_first = begins_run(documents)
    is_first[occurrence_starts[:-1]] = True
    first_postings = np.flatnonzero(is_first)
    return InvertedField(
        stems=stems,
        surfaces=surfaces,
        spellings=spellings,
        surface_stems=form_stems[firsts],
        surface_codes=codes_of_forms[firsts],
        surface_spellings=surface_spellings,
        form_counts=form_counts[present],
        pairs=pairs,
        posting_starts=first_postings.searchsorted(occurrence_starts),
        occurrence_starts=occurrence_starts,
        ids=documents[first_postings],
        counts=narrow(np.diff(first_postings, append=documents.size)),
        positions=positions,
        codes=codes,
        next_term_hashes=next_hashes,
    )


def positions_in_documents(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Return the position of each running word in its document, from 0; uint32 [words]."""
    positions = np.arange(lengths.sum(), dtype=np.uint32)
    positions -= (lengths.cumsum() - lengths).astype(np.uint32).repeat(lengths)
    return positions


def stable_order(keys: npt.NDArray[np.integer[Any]]) -> Order:
    """Return the indices that sort keys stably. There are fewer than 2 ** 32, all below 2 ** 32.

    Sorting 64-bit integers of a key and its index is several times as fast as `argsort`, and takes
    less memory.
    """
    pairs = keys.astype(np.uint64)
    pairs <<= np.uint64(32)
    pairs |= np.arange(keys.size, dtype=np.uint32)
    pairs.sort()
    pairs &= np.uint64(0xFFFF_FFFF)
    return pairs.view(np.intp) if np.intp().itemsize == pairs.itemsize else pairs.astype(np.intp)


def codes_within_stems(
    form_stems: npt.NDArray[np.integer[Any]], counts: npt.NDArray[Any]
) -> npt.NDArray[np.uint32]:
    """Return the code of each written form: its number among the forms of its stem, from 0.

    Those of frequent surface forms come first, because small codes take less space.

    `form_stems`: [forms], the number of the stem of each form. `counts`: [forms], the occurrences of
    its surface form, below 2 ** 32 as all of a segment are.
    """
    keys = form_stems.astype(np.int64) << 32
    keys -= counts.astype(np.int64)
    order = np.argsort(keys, kind="stable")
    sizes = np.bincount(form_stems)
    group_starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    codes = np.empty(form_stems.size, np.uint32)
    codes[order] = np.arange(form_stems.size) - group_starts
    return codes


def _sort_terms(
    terms: Sequence[str], chosen: npt.NDArray[np.integer[Any]]
) -> tuple[list[bytes], npt.NDArray[np.uint32]]:
    """Return the chosen terms in UTF-8, sorted, and the rank of each term by its id."""
    encoded = _encoded([terms[term_id] for term_id in chosen.tolist()])
    order = sorted(range(len(encoded)), key=encoded.__getitem__)  # bytes: in half of the time
    ranks = np.zeros(len(terms), np.uint32)
    ranks[chosen[order]] = np.arange(len(order), dtype=np.uint32)
    return [encoded[number] for number in order], ranks


def _encoded(terms: Sequence[str]) -> list[bytes]:
    """Return terms in UTF-8; encoded together, which takes a third of the time."""
    encoded = "\n".join(terms).encode().split(b"\n") if terms else []
    if len(encoded) != len(terms):  # an analyzer of the user has put a line break into one
        return [term.encode() for term in terms]
    return encoded


def _starts(word_stems: npt.NDArray[np.integer[Any]], stem_count: int) -> npt.NDArray[np.int64]:
    """Return where the occurrences of each stem begin after sorting; int64 [stems + 1]."""
    starts = np.zeros(stem_count + 1, np.int64)
    np.cumsum(np.bincount(word_stems, minlength=stem_count), out=starts[1:])
    return starts
