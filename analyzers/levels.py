"""The levels on which a word of a document can match a word of a query."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How a match belongs to the query, from the closest to the furthest.

    `SURFACE` is the word as typed, whatever its marks; `STEM` has other clitics or endings; `LEMMA`
    is another form of the word (كتب for كتاب); `SYNONYM` what it may be called; `SIMILAR` what
    looks like it. `NEAR` is for two words of the query close to each other: part of a score, never
    of a highlight.
    """

    SURFACE = "surface"
    STEM = "stem"
    LEMMA = "lemma"
    SYNONYM = "synonym"
    SIMILAR = "similar"
    NEAR = "near"
