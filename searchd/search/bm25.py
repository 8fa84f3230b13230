"""BM25: what one term adds to the score of a document.

    idf = ln(1 + (N - df + 0.5) / (df + 0.5))
    contribution = idf * tf / (tf + k1 * (1 - b + b * length / mean length))

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf of Lucene, which is never negative, and without the constant factor k1 + 1. Term frequencies
and lengths count a word of the title as often as the title weight of the index says.
"""

from __future__ import annotations

import math

import numpy as np

from indexer.segment.sorted_arrays import FloatArray, IdArray
from indexer.snapshot import Snapshot

_LEAST_NORM = np.finfo(np.float32).tiny
"""So that a word which a document lacks has a share of 0 also where k1 is 0."""


class BM25Similarity:
    """BM25 over the documents of one snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, *, k1: float, b: float) -> None:
        self._snapshot = snapshot
        self._k1 = k1
        self._b = b
        self._norms: dict[int, FloatArray] = {}

    def idf(self, document_frequency: int) -> float:
        """Return the inverse document frequency of a term by the number of documents with it."""
        others = self._snapshot.document_count - document_frequency
        return math.log(1 + (others + 0.5) / (document_frequency + 0.5))

    def norms(self, segment: int, ids: IdArray) -> FloatArray:
        """Return k1 * (1 - b + b * length / mean length) of documents; float32 [n].

        `segment` is the index of a segment in the snapshot, `ids` its document numbers.
        """
        known = self._norms.get(segment)
        if known is None:
            lengths = self._snapshot.segments[segment].lengths
            relative = lengths / np.float32(self._snapshot.mean_length or 1.0)
            known = (self._k1 * (1 - self._b + self._b * relative)).astype(np.float32)
            np.maximum(known, _LEAST_NORM, out=known)
            self._norms[segment] = known
        return known.take(ids)


def saturation(frequencies: FloatArray, norms: FloatArray) -> FloatArray:
    """Return tf / (tf + norm) for each frequency, below 1; float32 [n]."""
    shares = frequencies + norms
    np.divide(frequencies, shares, out=shares)
    return shares
