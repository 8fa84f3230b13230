from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.document import Document
from indexer.fields import FieldMap
from indexer.writer import IndexWriter
from searchd.engine import Engine

MakeEngine = Callable[..., Engine]


@pytest.fixture
def make_engine(tmp_path: Path) -> Iterator[MakeEngine]:
    """Index documents, one run for each list, and open the index; engines close with the test."""
    opened: list[Engine] = []

    def make(
        *runs: list[Document],
        fields: FieldMap | None = None,
        optimize: bool = False,
        **options: Any,
    ) -> Engine:
        directory = tmp_path / f"index{len(opened)}"
        for run in runs or [[]]:
            with IndexWriter(directory, fields) as writer:
                for document in run:
                    writer.upsert(document)
                writer.commit(optimize=optimize)
        opened.append(Engine(directory, **options))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()
