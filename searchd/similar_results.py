"""The documents most like one: immutable values, which convert to JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from searchd.results import Hit, hit_to_dict


class TellingTerm(NamedTuple):
    """A word by which documents like another were found.

    `text` is the word as that document has it, `stem` its stem, which `documents` documents have;
    `weight` is how much it counts, from 0 to 1 for the word that tells most.
    """

    text: str
    stem: str
    documents: int
    weight: float


@dataclass(frozen=True, slots=True)
class SimilarDocuments:
    """Documents like the one with the id `id`, the most like it first.

    `hits`, `total`, `offset` and `took` are as in `Results`; `total` counts the documents with any of
    the `terms`, the words by which they were found.
    """

    id: str
    total: int
    hits: tuple[Hit, ...]
    offset: int = 0
    terms: tuple[TellingTerm, ...] = ()
    took: float = 0.0

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def to_dict(self) -> dict[str, Any]:
        """Return the documents as plain values for JSON; dates in ISO 8601."""
        return {
            "id": self.id,
            "total": self.total,
            "offset": self.offset,
            "took": round(self.took, 6),
            "terms": [{**term._asdict(), "weight": round(term.weight, 4)} for term in self.terms],
            "hits": [hit_to_dict(hit) for hit in self.hits],
        }
