"""BM25: what one term adds to the score of a document.

    idf = ln(1 + (N - df + 0.5) / (df + 0.5))
    contribution = idf * tf / (tf + k1 * (1 - b + b * length / mean length))

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf of Lucene, which is never negative, and without the constant factor k1 + 1. Term frequencies
and lengths count a word of the title `Generation.title_weight` times.
"""

from __future__ import annotations

import math
from weakref import WeakKeyDictionary

import numpy as np

from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import FloatArray, IdArray

K1 = 1.2
B = 0.75


def idf(documents: int, document_frequency: int) -> float:
    """Return the inverse document frequency of a term that some documents hold."""
    return math.log(1 + (documents - document_frequency + 0.5) / (document_frequency + 0.5))


def saturation(frequencies: FloatArray, norms: FloatArray) -> FloatArray:
    """Return tf / (tf + k1 * norm) for each frequency; float32 [n], below 1."""
    shares = frequencies + norms
    np.divide(frequencies, shares, out=shares)
    return shares


_known_norms: WeakKeyDictionary[Segment, tuple[float, FloatArray]] = WeakKeyDictionary()


def norms(segment: Segment, mean_length: float, ids: IdArray) -> FloatArray:
    """Return k1 * (1 - b + b * length / mean length) for some documents; float32 [n]."""
    known = _known_norms.get(segment)
    if known is None or known[0] != mean_length:
        relative = segment.lengths / np.float32(mean_length or 1.0)
        every = (K1 * (1 - B + B * relative)).astype(np.float32)
        # Threads that search an older generation share the segment and want another mean length.
        known = _known_norms[segment] = (mean_length, every)
    return known[1].take(ids)
