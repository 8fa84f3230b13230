"""A service over one index that can be changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import searchd
from indexer.fields import FieldMap, parse_field_option
from searchd.engine import Engine
from searchd.service import ServiceLimits, create_app
from searchd.service.writing.batches import WrittenIndex
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.routes import Writing
from searchd.service.writing.task_routes import add_task_routes
from searchd.service.writing.write_queue import WriteQueue
from tests.searchd.conftest import MadeIndexes
from tests.searchd.service.conftest import TestClient

LOCAL = ("127.0.0.1", 50000)
LINES = {"Content-Type": "application/x-ndjson"}
FILE = {"Content-Type": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Written:
    """A service that can be changed, and what it works on."""

    client: TestClient
    engine: Engine
    queue: WriteQueue
    directory: Path

    def ids(self, query: str = "*") -> set[str]:
        return set(self.engine.ids(query))


def lines(*values: object) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def make_service(directory: Path, engine: Engine, **limits: Any) -> tuple[Any, WriteQueue]:
    queue = WriteQueue(WriteLimits(**limits))
    written = WrittenIndex(directory, engine, None, 100)
    app = create_app(engine, writing=Writing("news", written, queue, ServiceLimits()))
    add_task_routes(app, queue)
    return app, queue


@pytest.fixture
def written(tmp_path: Path, made_indexes: MadeIndexes) -> Iterator[Written]:
    directory = tmp_path / "news"
    fields = FieldMap.from_specs(map(parse_field_option, ["category", "price:number=السعر"]))
    made_indexes.copy(directory, [], fields=fields)
    with searchd.open(directory) as engine:
        app, queue = make_service(directory, engine, upload_bytes=1_000_000)
        with TestClient(app, client=LOCAL) as client:
            yield Written(client, engine, queue, directory)
        queue.stop()
