"""The empty start: the newest documents, and examples of queries that find some of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from searchd.results import Hit
from searchd.service.page.addresses import SearchAddress
from searchd.service.page.filters import FacetPanel, facet_panels, requested_facets

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

_NEWEST = 6
_EXAMPLES = 3
_PANELS = 2
_MOST_OTHERS = 100
_LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Start:
    """What the empty start shows: how many documents there are, some of them, and example queries.

    `dated` is whether the documents are the newest by their date. `panels` are fields whose values
    most documents share, to browse by.
    """

    documents: int
    newest: tuple[Hit, ...]
    dated: bool
    examples: tuple[str, ...]
    panels: tuple[FacetPanel, ...]


def start_of(engine: SearchEngine, address: SearchAddress, seconds: float) -> Start:
    """Return the start of an index. Raises like `Engine.search`."""
    facets = [facet for facet in requested_facets(engine.info(), address) if not facet.interval]
    results = engine.search(
        "*", limit=_NEWEST, sort="-date", snippets=0, facets=facets, timeout=seconds
    )
    dated = bool(results.hits) and results[0].date is not None
    panels = [panel for panel in facet_panels(results, address) if _is_shared(panel)]
    examples = _examples(engine, results.hits)
    return Start(results.total, results.hits, dated, examples, tuple(panels[:_PANELS]))


def _is_shared(panel: FacetPanel) -> bool:
    """Return whether the values of a field are few enough to tell where to begin."""
    return panel.others <= _MOST_OTHERS and any((each.count or 0) > 1 for each in panel.links)


def _examples(engine: SearchEngine, hits: tuple[Hit, ...]) -> tuple[str, ...]:
    """Return queries of words of some titles: two words, a phrase, a word of the title."""
    pairs = []
    for hit in hits:
        tokens = engine.analyze(hit.title[:200])
        telling = [
            first.text + " " + second.text
            for first, second in pairwise(tokens)
            if not (first.stopword or second.stopword)
            and min(len(first.text), len(second.text)) >= _LEAST_LETTERS
            and hit.title[first.end : second.start] == " "
        ]
        pairs += telling[:1]
    shapes = ("{}", '"{}"', "عنوان:({})")
    return tuple(
        shape.format(pair)
        for shape, pair in zip(shapes, list(dict.fromkeys(pairs))[:_EXAMPLES], strict=False)
    )
