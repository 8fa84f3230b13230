from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from indexer.whoosh import ArrayIndex, open_whoosh_index
from tests.indexer.whoosh.twins import mirror, optimize, write

LAYOUTS = (
    pytest.param("one", marks=pytest.mark.stress),  # like one that is optimized
    "one-deleted",
    "seven",
    "seven-deleted",
    "optimized",
)


@dataclass(frozen=True)
class Pair:
    """The same documents as a searchd index read by Whoosh, and as a stock index."""

    directory: Path
    ours: ArrayIndex
    stock: Any


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pair]:
    @cache
    def make(layout: str) -> Pair:
        directory = tmp_path_factory.mktemp(layout)
        write(
            directory,
            segments=1 if layout.startswith("one") else 7,
            deletions=layout not in ("one", "seven"),
        )
        if layout == "optimized":
            optimize(directory)
        return Pair(directory, open_whoosh_index(directory), mirror(directory))

    return make


@pytest.fixture(scope="session", params=LAYOUTS)
def pair(request: pytest.FixtureRequest, pairs: Callable[[str], Pair]) -> Pair:
    return pairs(request.param)
