"""The page over the library, without a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

import searchd
from searchd.service import ServiceLimits, create_app
from tests.searchd.service.page.library import write_library


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the service over the library, as a browser that asks for Arabic."""
    directory = tmp_path_factory.mktemp("library")
    write_library(directory)
    with (
        searchd.open(directory) as engine,
        TestClient(
            create_app(engine, limits=ServiceLimits(search_seconds=60)),
            headers={"Accept": "text/html", "Accept-Language": "ar"},
        ) as client,
    ):
        yield client
