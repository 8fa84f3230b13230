"""searchd: a full-text search engine for Arabic.

    import searchd

    with searchd.IndexWriter("index") as writer:
        writer.upsert(searchd.Document(id="1", title="عنوان", text="نص المقال"))
        writer.commit()

    with searchd.open("index") as engine:
        for hit in engine.search("المقالات", limit=10):
            print(hit.rank, hit.title)

`open` returns a `SearchEngine`, which threads may share: an `Engine` over a directory, or one over a
cluster. Results are values that never change
(`searchd.results`); the errors of searching are in `searchd.errors`, those of an index in
`indexer.errors`. `Ranking` has every number of scoring.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from searchd._version import __version__

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from indexer.cluster.address import Location
    from indexer.document import Document
    from indexer.places import Place, PlaceKind
    from indexer.writer import IndexWriter
    from searchd import errors
    from searchd.budget import SearchBudget
    from searchd.engine import Engine
    from searchd.ranking import Ranking
    from searchd.results import Results
    from searchd.search_engine import SearchEngine

__all__ = [
    "Document",
    "Engine",
    "IndexWriter",
    "Place",
    "PlaceKind",
    "Ranking",
    "Results",
    "SearchBudget",
    "SearchEngine",
    "__version__",
    "errors",
    "open",
]

_LAZY = {
    "Document": "indexer.document",
    "Engine": "searchd.engine",
    "IndexWriter": "indexer.writer",
    "Place": "indexer.places",
    "PlaceKind": "indexer.places",
    "Ranking": "searchd.ranking",
    "Results": "searchd.results",
    "SearchBudget": "searchd.budget",
    "SearchEngine": "searchd.search_engine",
}
"""The module of each public name: loaded when it is first asked for, so that a command starts fast."""


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    if name == "errors":
        return import_module("searchd.errors")
    raise AttributeError(f"module 'searchd' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def open(  # noqa: A001 - the name that readers of Python expect
    index: Location | str,
    *,
    analyzer: Analyzer | None = None,
    ranking: Ranking | None = None,
    synonyms: Synonyms | None = None,
    budget: SearchBudget | None = None,
    memory_limit: int | None = None,
) -> SearchEngine:
    """Open the index in a directory, or on a cluster (`https://host:9200/news`), for searching.

    `analyzer` must be like the one that built it (by default searchd's own). `ranking` has the
    weights and parameters of scoring; its `title_weight` must be that of the index, which the
    default one takes over. `synonyms` widen queries: by default those that ship, with `Synonyms()`
    none. `budget` limits what each search may cost: by default in work, but not in time.
    `memory_limit` bounds what the engine caches, in bytes: by default 1,700 for each document, and 32 MB
    at least.

    Raises IndexMissingError, IndexMismatchError, IndexDamagedError, IndexAccessError or ClusterError
    (`indexer.errors`).
    """
    from indexer.cluster.address import ClusterAddress, parse_location
    from searchd.engine import Engine  # numpy and the segments load with the first index

    location = parse_location(index)
    if isinstance(location, ClusterAddress):
        from searchd.cluster.engine import ClusterEngine

        return ClusterEngine(
            location,
            analyzer=analyzer,
            ranking=ranking,
            synonyms=synonyms,
            budget=budget,
            memory_limit=memory_limit,
        )
    return Engine(
        location,
        analyzer=analyzer,
        ranking=ranking,
        synonyms=synonyms,
        budget=budget,
        memory_limit=memory_limit,
    )
