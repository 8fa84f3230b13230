"""Lookups: what a query looks up in a text field, as values that can be compared and sent.

A lookup says which documents match, not how often: an index answers it with their number.
"""

from __future__ import annotations

from typing import NamedTuple

from analyzers.analyzer import Terms


class WordLookup(NamedTuple):
    """The documents that contain any of some stems or of some surface forms in a field.

    A form with a spelling is found only as it is spelled (`analyzers.normalization.spelling`); the
    stem of a form does not count. The field is "" for title and text.
    """

    field: str
    stems: tuple[str, ...] = ()
    forms: tuple[Terms, ...] = ()


class PhraseLookup(NamedTuple):
    """The documents that contain some words near each other in a field.

    At most `slop` other words are between them in all; they come in any order where not `ordered`.
    They are compared by stem, where `exact` by surface form and spelling.
    """

    field: str
    words: tuple[Terms, ...]
    slop: int = 0
    ordered: bool = True
    exact: bool = False


Lookup = WordLookup | PhraseLookup
