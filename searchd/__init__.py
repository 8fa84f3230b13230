"""searchd: a full-text search engine for Arabic.

    import searchd

    with searchd.open("index") as engine:
        for hit in engine.search("الحشد الشعبي", limit=10).hits:
            print(hit.rank, hit.title)

`open` returns an `Engine`, which threads may share. Results are values that never change
(`searchd.results`); errors are in `searchd.errors` and `indexer.errors`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from searchd._version import __version__

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from searchd.engine import Engine
    from searchd.ranking import Ranking

__all__ = ["__version__", "open"]


def open(  # noqa: A001 - the name that readers of Python expect
    index: Path | str,
    *,
    analyzer: Analyzer | None = None,
    ranking: Ranking | None = None,
    synonyms: Synonyms | None = None,
) -> Engine:
    """Open the index in a directory for searching.

    `analyzer` must be like the one that built it (without: searchd's own), `ranking` weighs the
    levels of a match. `synonyms` widen queries: without them those that ship, with `Synonyms()`
    none.

    Raises IndexMissingError, IndexMismatchError or IndexDamagedError (`indexer.errors`).
    """
    from searchd.engine import Engine  # numpy and Whoosh load with the first index, not before

    if ranking is None:
        return Engine(index, analyzer=analyzer, synonyms=synonyms)
    return Engine(index, analyzer=analyzer, ranking=ranking, synonyms=synonyms)
