"""What an index is: its size, its fields and what made it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Facts about an index: its directory, its size, and what built it.

    `documents` counts live documents, `bytes` is the size on disk; `fields` are pairs of name and
    type. `analysis` is the fingerprint of the analysis, `created` a time in ISO 8601.
    """

    path: str
    documents: int
    generation: int
    segments: int
    bytes: int
    fields: tuple[tuple[str, str], ...]
    analysis: str
    format: int
    title_weight: int
    created: str
