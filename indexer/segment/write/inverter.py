"""Inversion: from the words of documents, in order, to the words' documents.

The words of a batch are numbers (`vocabulary`), and one stable sort by stem turns the batch into
postings. A surface form belongs to one stem, so the surface level needs no postings of
its own: each occurrence of a stem carries the code of its surface form. It also carries the
signature of the stem behind it (`hashes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFileWriter, narrow
from indexer.segment.next_word_filter import next_term_hashes
from indexer.segment.term_dictionary import write_term_dictionary
from indexer.segment.trigram_index import build_trigrams
from indexer.segment.write.term_ids import Numbers, TermIds

Unsigned = npt.NDArray[np.unsignedinteger[Any]]
Order = npt.NDArray[np.intp]


@dataclass(slots=True)
class InvertedField:
    """The inverted form of one text field of a segment.

    `stems`, `surfaces`: sorted terms, in UTF-8.
    `surface_stems`, `surface_codes`: for each surface form the number of its stem, and its code,
    which counts from 0 among the forms of one stem.
    `posting_starts`: [stems + 1], where the postings of each stem begin in `ids` and `counts`.
    `occurrence_starts`: [stems + 1], where its occurrences begin in `positions` and `codes`.
    `ids`, `counts`: [postings], the documents of a stem, ascending, and its occurrences in each.
    `positions`, `codes`: [occurrences], the place in its document, and the code of the form.
    `next_term_hashes`: [occurrences], the signature of the stem of the next word, 0 for the last.
    """

    stems: list[bytes]
    surfaces: list[bytes]
    surface_stems: Unsigned
    surface_codes: Unsigned
    posting_starts: npt.NDArray[np.int64]
    occurrence_starts: npt.NDArray[np.int64]
    ids: Unsigned
    counts: Unsigned
    positions: Unsigned
    codes: Unsigned
    next_term_hashes: npt.NDArray[np.uint8]

    def write(self, writer: ArrayFileWriter, name: str) -> None:
        """Write the arrays of a field, each but `ids` in the smallest type that holds its values."""
        write_term_dictionary(writer, f"{name}.stems", self.stems)
        write_term_dictionary(writer, f"{name}.surfaces", self.surfaces)
        build_trigrams(self.stems).write(writer, name)
        # Any document of the segment must fit into its type: others are looked for among them.
        writer.add(f"{name}.ids", self.ids)
        for part in _ARRAYS:
            writer.add(f"{name}.{part}", narrow(getattr(self, part)))


_ARRAYS = (
    "surface_stems",
    "surface_codes",
    "posting_starts",
    "occurrence_starts",
    "counts",
    "positions",
    "codes",
    "next_term_hashes",
)


def invert(vocabulary: TermIds, words: Numbers, sizes: npt.NDArray[np.int64]) -> InvertedField:
    """Invert the words of a batch.

    `words`: int32 [words], the surface number of each running word, by document and place.
    `sizes`: [documents], how many words each document has.
    """
    stem_of = np.array(vocabulary.stem_of, np.int32)
    present = np.flatnonzero(np.bincount(words, minlength=stem_of.size))
    stems, stem_ranks = _sorted_terms(vocabulary.stems, np.unique(stem_of[present]))
    surfaces, surface_ranks = _sorted_terms(vocabulary.surfaces, present)
    surface_stems = np.zeros(len(surfaces), np.uint32)
    surface_stems[surface_ranks[present]] = stem_ranks[stem_of[present]]
    surface_codes = narrow(codes_within(surface_stems))
    code_of = np.zeros(stem_of.size, surface_codes.dtype)
    code_of[present] = surface_codes[surface_ranks[present]]

    # Arrays of all words are the most of what indexing takes of memory: each is let go of early.
    keys = stem_ranks[stem_of][words]
    occurrence_starts = _starts(keys, len(stems))
    behind = next_term_hashes(stems, keys, sizes)
    order = stable_order(keys)
    del keys
    codes = code_of[words][order]
    del words
    behind = behind[order]
    positions = narrow(places_within(sizes))[order]
    documents = narrow(np.arange(sizes.size)).repeat(sizes)[order]
    del order
    first = np.empty(documents.size, np.bool_)
    np.not_equal(documents[1:], documents[:-1], out=first[1:])
    first[occurrence_starts[:-1]] = True
    starts = np.flatnonzero(first)
    return InvertedField(
        stems=stems,
        surfaces=surfaces,
        surface_stems=surface_stems,
        surface_codes=surface_codes,
        posting_starts=starts.searchsorted(occurrence_starts),
        occurrence_starts=occurrence_starts,
        ids=documents[starts],
        counts=narrow(np.diff(starts, append=documents.size)),
        positions=positions,
        codes=codes,
        next_term_hashes=behind,
    )


def places_within(sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Return the place of each word in its document, counted from 0, by the sizes of documents."""
    places = np.arange(sizes.sum(), dtype=np.uint32)
    places -= (sizes.cumsum() - sizes).astype(np.uint32).repeat(sizes)
    return places


def stable_order(keys: npt.NDArray[np.integer[Any]]) -> Order:
    """Return the stable order of keys in `[0, 2 ** 32)`, of which there are fewer than that.

    Numbers of 64 bits that hold a key and its place are sorted several times as fast as an order
    is found, and with less memory.
    """
    pairs = keys.astype(np.uint64)
    pairs <<= np.uint64(32)
    pairs |= np.arange(keys.size, dtype=np.uint32)
    pairs.sort()
    pairs &= np.uint64(0xFFFF_FFFF)
    return pairs.view(np.intp) if np.intp().itemsize == pairs.itemsize else pairs.astype(np.intp)


def codes_within(stems: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.uint32]:
    """Return for each surface form, in the order of the forms, its place among those of its stem."""
    order = np.argsort(stems, kind="stable")
    sizes = np.bincount(stems)
    group_starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    codes = np.empty(stems.size, np.uint32)
    codes[order] = np.arange(stems.size) - group_starts
    return codes


def _sorted_terms(
    terms: Sequence[str], chosen: npt.NDArray[np.integer[Any]]
) -> tuple[list[bytes], npt.NDArray[np.uint32]]:
    """Return the chosen terms in UTF-8, sorted, and the rank of each term by its number."""
    order = sorted(chosen.tolist(), key=terms.__getitem__)  # code points sort like UTF-8
    ranks = np.zeros(len(terms), np.uint32)
    ranks[order] = np.arange(len(order), dtype=np.uint32)
    return [terms[number].encode() for number in order], ranks


def _starts(keys: npt.NDArray[np.integer[Any]], count: int) -> npt.NDArray[np.int64]:
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=starts[1:])
    return starts
