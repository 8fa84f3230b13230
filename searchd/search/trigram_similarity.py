"""Trigram similarity: the stems most like that of a word that a document or the index lacks.

Foreign names are written in many ways (غورباتشوف, جورباتشوف), and the words of one root share most
of their letters. The likeness of two stems is Dice's coefficient of their sets of letter trigrams
(Dice 1945; Adamson and Boreham, "The use of an association measure based on character structure",
1974).
"""

from __future__ import annotations

from collections.abc import Mapping

from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.snapshot import Snapshot


def similar_stems(
    snapshot: Snapshot, field: str, stem: str, *, least: float, most: int
) -> dict[str, float]:
    """Return the stems of a field most like one, `most` of them, with their likeness.

    The likeness is at least `least` and below 1. A stem that is not all letters has no similar
    ones: 1934 is not a spelling of 1935.
    """
    if not stem.isalpha():
        return {}
    elsewhere = snapshot.stems_like(field, stem, least)
    if elsewhere is not None:
        ranked = sorted(elsewhere, key=lambda found: (-elsewhere[found], found))
        return {found: elsewhere[found] for found in ranked[:most]}
    likeness: dict[str, float] = {}
    names = ("text", "title") if field == DEFAULT_FIELD else (field,)
    has_deletions = any(segment.entry.deletions for segment in snapshot.segments)
    # One more, for the stem itself; all, where some may be in deleted documents alone.
    limit = None if has_deletions else most + 1
    for segment in snapshot.segments:
        for name in names:
            likeness.update(_in_field(segment, name, stem, least, limit))
    likeness.pop(stem, None)
    ranked = sorted(likeness, key=lambda found: (-likeness[found], found))
    if has_deletions:
        ranked = _first_live(snapshot, field, ranked, most)
    return {found: likeness[found] for found in ranked[:most]}


def _in_field(
    segment: Segment, name: str, stem: str, least: float, limit: int | None
) -> Mapping[str, float]:
    """Return the stems of one text field that are most like one, `limit` of them or all."""
    text = segment.postings.text_field(name)
    numbers, likeness = text.trigrams.similar(stem, least)
    order = (-likeness).argsort(kind="stable")[
        :limit
    ]  # stable: equal likeness in the order of the terms
    terms = [term.decode() for term in text.stems.terms_of(numbers[order].tolist())]
    return dict(zip(terms, likeness[order].tolist(), strict=True))


def _first_live(snapshot: Snapshot, field: str, stems: list[str], most: int) -> list[str]:
    """Return the first `most` stems that some live document contains."""
    live: list[str] = []
    for stem in stems:
        if len(live) == most:
            break
        if snapshot.document_frequency(field, "stem", stem):
            live.append(stem)
    return live
