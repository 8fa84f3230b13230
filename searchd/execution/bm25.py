"""BM25: what one term adds to the score of a document.

    idf = ln(1 + (N - df + 0.5) / (df + 0.5))
    contribution = idf * tf / (tf + k1 * (1 - b + b * length / mean length))

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf of Lucene, which is never negative, and without the constant factor k1 + 1. Term frequencies
and lengths count a word of the title `indexer.schema.TITLE_WEIGHT` times.
"""

from __future__ import annotations

import math

import numpy as np

from indexer.snapshot import FloatArray

K1 = 1.2
B = 0.75


def idf(documents: int, document_frequency: int) -> float:
    """Return the inverse document frequency of a term that some documents hold."""
    return math.log(1 + (documents - document_frequency + 0.5) / (document_frequency + 0.5))


def saturation(frequencies: FloatArray, lengths: FloatArray, mean_length: float) -> FloatArray:
    """Return tf / (tf + k1 * norm) for each document; float32 [n], below 1."""
    relative = lengths / np.float32(mean_length or 1.0)
    norms = K1 * (1 - B + B * relative)
    return (frequencies / (frequencies + norms)).astype(np.float32)
