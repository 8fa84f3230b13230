"""Samples of the occurrences of words: where some words come in a row, and which word is next.

A hash of the next stem is stored with each occurrence (`indexer.segment.next_word_filter`). The work
is bounded whatever the words: of a frequent one the first occurrences are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analyzers.analyzer import Terms
from indexer.segment.segment import Segment
from indexer.segment.vocabulary import Numbers
from searchd import budget

MOST_OCCURRENCES = 8_000
"""Occurrences of a word that are read."""

_MOST_SAMPLES = 2
"""Text fields of segments in which occurrences of a word are read, those in which it is most frequent."""

_ENOUGH = 8
"""Occurrences of some words in a row after which no further text fields are read."""

_MOST_IN_PHRASE = 100_000
"""Occurrences that the first word of a row may have in a segment; of more only the last word counts."""


class Sample(NamedTuple):
    """Occurrences of a word in one text field of a segment.

    `documents`: intp [n], ascending. `nexts`: int64 [n], the position after each occurrence.
    `hashes`: uint8 [n], the hash of the stem there. `share` is that of all its occurrences.
    """

    segment: Segment
    name: str
    documents: Numbers
    nexts: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint8]
    share: float

    @property
    def nbytes(self) -> int:
        """The bytes of its arrays."""
        return self.documents.nbytes + self.nexts.nbytes + self.hashes.nbytes


def read_samples(
    segments: Sequence[Segment], names: Sequence[str], words: Sequence[Terms]
) -> list[Sample]:
    """Return samples of the occurrences of the last of some words, of where it occurs most.

    They are occurrences after the other words. `names` are those of the text fields.
    """
    sizes: list[tuple[int, int, Segment, str]] = []
    for segment in segments:
        for name in names:
            found = segment.postings.occurrences(name, words[-1].stem)
            if found is not None:
                sizes.append((found.codes.size, len(sizes), segment, name))
    samples: list[Sample] = []
    read = occurrences = 0
    for size, _number, segment, name in nlargest(_MOST_SAMPLES, sizes):
        budget.check(words[-1].surface)
        sample = _read(segment, name, words, MOST_OCCURRENCES // _MOST_SAMPLES + 1)
        read += size
        if sample is not None:
            samples.append(sample)
            occurrences += sample.hashes.size
        if occurrences >= _ENOUGH:
            break
    share = read / max(sum(size for size, *_others in sizes), 1)
    return [sample._replace(share=sample.share * share) for sample in samples]


def _read(segment: Segment, name: str, words: Sequence[Terms], most: int) -> Sample | None:
    """Return occurrences of the last of some words after the others; None where there is none."""
    found = segment.postings.occurrences(name, words[-1].stem)
    if found is None:
        return None
    if len(words) > 1:
        first = segment.postings.occurrences(name, words[0].stem)
        if first is None or first.codes.size > _MOST_IN_PHRASE:
            return None
        matches = segment.positions.match_phrase(name, [word.stem for word in words])
        documents, kept, share = matches.documents.astype(np.intp), matches.occurrences[-1], 1.0
    else:
        read = min(most, found.codes.size)
        codes = segment.postings.surface_codes(name, words[-1].surface)
        kept = found.codes.have_at(np.arange(read), codes).nonzero()[0]
        ends = found.counts.values[:read].cumsum(dtype=np.int64)
        documents = found.ids.at(ends.searchsorted(kept, "right")).astype(np.intp)
        live = segment.live[documents]
        kept, documents, share = kept[live], documents[live], read / found.codes.size
    if not kept.size:
        return None
    nexts = found.positions.at(kept).astype(np.int64) + 1
    return Sample(segment, name, documents, nexts, found.next_term_hashes[kept], share)
