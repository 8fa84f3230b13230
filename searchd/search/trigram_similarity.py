"""Trigram similarity: the stems most like that of a word that a document or the index lacks.

Foreign names are written in many ways (غورباتشوف, جورباتشوف), and the words of one root share most
of their letters. The likeness of two stems is Dice's coefficient of their sets of letter trigrams
(Dice 1945; Adamson and Boreham, "The use of an association measure based on character structure",
1974).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.snapshot import Snapshot


def similar_stems(
    snapshot: Snapshot, field: str, stems: Sequence[str], *, least: float, most: int
) -> list[dict[str, float]]:
    """Return for each of some stems those of a field most like it, `most` of them, with their likeness.

    The likeness is at least `least` and below 1. A stem that is not all letters has no similar
    ones: 1934 is not a spelling of 1935.
    """
    found: list[dict[str, float]] = [{} for _stem in stems]
    asked = []
    for owner, stem in enumerate(stems):
        if stem.isalpha():
            elsewhere = snapshot.stems_like(field, stem, least)
            if elsewhere is None:
                asked.append(owner)
            else:
                ranked = sorted(elsewhere, key=lambda other: (-elsewhere[other], other))
                found[owner] = {other: elsewhere[other] for other in ranked[:most]}
    if not asked:
        return found
    words = [stems[owner] for owner in asked]
    names = ("text", "title") if field == DEFAULT_FIELD else (field,)
    has_deletions = any(segment.entry.deletions for segment in snapshot.segments)
    # One more, for the stem itself; all, where some may be in deleted documents alone.
    limit = None if has_deletions else most + 1
    likeness: list[dict[str, float]] = [{} for _word in words]
    for segment in snapshot.segments:
        for name in names:
            _add_likeness(likeness, segment, name, words, least, limit)
    for owner, word, alike in zip(asked, words, likeness, strict=True):
        alike.pop(word, None)
        ranked = sorted(alike, key=lambda other: (-alike[other], other))
        if has_deletions:
            ranked = _first_live(snapshot, field, ranked, most)
        found[owner] = {other: alike[other] for other in ranked[:most]}
    return found


def _add_likeness(
    likeness: Sequence[dict[str, float]],
    segment: Segment,
    name: str,
    stems: Sequence[str],
    least: float,
    limit: int | None,
) -> None:
    """Add the stems of one text field that are most like each of some, `limit` of them or all."""
    text = segment.postings.text_field(name)
    similar = text.trigrams.similar(stems, least)
    # Stable: those of equal likeness stay in the order of the terms.
    order = np.lexsort((-similar.likeness, similar.owners))
    owners = similar.owners[order]
    if limit is not None:
        kept = np.arange(owners.size) - owners.searchsorted(owners) < limit
        order, owners = order[kept], owners[kept]
    terms = text.stems.terms_of(similar.numbers[order].tolist())
    values = similar.likeness[order].tolist()
    for owner, term, value in zip(owners.tolist(), terms, values, strict=True):
        likeness[owner][term.decode()] = value


def _first_live(snapshot: Snapshot, field: str, stems: list[str], most: int) -> list[str]:
    """Return the first `most` stems that some live document contains."""
    live: list[str] = []
    for stem in stems:
        if len(live) == most:
            break
        if snapshot.document_frequency(field, "stem", stem):
            live.append(stem)
    return live
