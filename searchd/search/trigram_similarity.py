"""Words that look alike: for a word that a document lacks, or that no document holds.

Foreign names are written in many ways (غورباتشوف, جورباتشوف), and the words of one root share most
of their letters. The likeness of two stems is Dice's coefficient of their sets of letter trigrams
(Dice 1945; Adamson and Boreham, "The use of an association measure based on character structure",
1974).
"""

from __future__ import annotations

from collections.abc import Mapping

from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.snapshot import Snapshot

LEAST_LIKENESS = 0.4
MOST_SIMILAR = 10


def similar_stems(snapshot: Snapshot, field: str, stem: str) -> dict[str, float]:
    """Return the stems of a field that look most like one, and how like it they are, below 1.

    Nothing looks like a number: 1934 is not a spelling of 1935.
    """
    if not stem.isalpha():
        return {}
    return snapshot.memory.get_or_compute(
        (field, "similar", stem),
        lambda: _find(snapshot, field, stem),
        lambda found: 100 * len(found),
    )


def _find(snapshot: Snapshot, field: str, stem: str) -> dict[str, float]:
    likeness: dict[str, float] = {}
    names = ("text", "title") if field == DEFAULT_FIELD else (field,)
    deletions = any(segment.entry.deletions for segment in snapshot.segments)
    # The stem itself is among them; some of the others may stand in deleted documents alone.
    most = None if deletions else MOST_SIMILAR + 1
    for segment in snapshot.segments:
        for name in names:
            likeness.update(_in_text(segment, name, stem, most))
    likeness.pop(stem, None)
    ranked = sorted(likeness, key=lambda found: (-likeness[found], found))
    if deletions:
        ranked = _held(snapshot, field, ranked)
    return {found: likeness[found] for found in ranked[:MOST_SIMILAR]}


def _in_text(segment: Segment, name: str, stem: str, most: int | None) -> Mapping[str, float]:
    """Return the stems of a text field that are most like one, `most` of them or all."""
    text = segment.field(name)
    numbers, likeness = text.trigrams.similar(stem, LEAST_LIKENESS)
    order = (-likeness).argsort(kind="stable")[:most]  # numbers ascend like their terms
    terms = [text.stems.term(number).decode() for number in numbers[order].tolist()]
    return dict(zip(terms, likeness[order].tolist(), strict=True))


def _held(snapshot: Snapshot, field: str, stems: list[str]) -> list[str]:
    """Return the first of some stems that a live document holds."""
    held: list[str] = []
    for stem in stems:
        if len(held) == MOST_SIMILAR:
            break
        if snapshot.document_frequency(field, "stem", stem):
            held.append(stem)
    return held
