"""A service over a folder of indexes that can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import searchd
from searchd.service.indexes import IndexCatalog, create_service
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.write_queue import WriteQueue
from tests.searchd.service.conftest import TestClient, error_of
from tests.searchd.service.writing.conftest import LOCAL


def make_client(folder: Path, **options: Any) -> TestClient:
    queue = WriteQueue(WriteLimits())
    app = create_service(IndexCatalog(folder), searchd.open, queue=queue, **options)
    return TestClient(app, client=LOCAL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "indexes"
    made.mkdir()
    return made


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with make_client(folder, default="main") as opened:
        yield opened


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, error_of(answer)["code"]
