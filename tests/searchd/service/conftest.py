"""A service over a real index, and over engines that raise a given error."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import searchd
from indexer.document import Document
from indexer.fields import FieldMap, parse_field_option
from searchd.results import Results
from searchd.service import create_app
from tests.searchd.conftest import write_index

if TYPE_CHECKING:
    from searchd.engine import Engine

with warnings.catch_warnings():
    # The first import of newer versions of Starlette warns that httpx2 should replace httpx; both work.
    warnings.filterwarnings("ignore", message=".*httpx2")
    from fastapi.testclient import TestClient

DOCUMENTS = [
    Document(
        id="law",
        title="قانون الحشد الشعبي",
        text="أرجأ مجلس النواب التصويت على قانون التقاعد للحشد الشعبي إلى الأسبوع المقبل.",
        url="https://example.org/law",
        date=datetime(2024, 3, 5, tzinfo=UTC),
        fields={"source": ("واع",)},
    ),
    Document(
        id="floods",
        title="مواجهة السيول",
        text="شارك الحشد الشعبي في إخلاء القرى، ورُفع العلم 😀 بعدها.",
        date=datetime(2024, 4, 1, tzinfo=UTC),
        fields={"source": ("بغداد",)},
    ),
    Document(id="soup", title="شوربة العدس", text="يُغسل العدس ثم يُسلق مع البصل والكمون."),
]


FIELDS = FieldMap.from_specs([parse_field_option("source:keyword")])


def make_index(directory: Path) -> None:
    """Index `DOCUMENTS`."""
    write_index(directory, DOCUMENTS, fields=FIELDS)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    directory = tmp_path_factory.mktemp("service")
    make_index(directory)
    with searchd.open(directory) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine)) as opened:
        yield opened


class FailingEngine:
    """An engine whose methods raise a given error, for errors that a real index rarely has."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def search(self, _query: str, **_options: object) -> Results:
        raise self._error

    def analyze(self, _text: str) -> list[Any]:
        raise self._error

    def info(self) -> Any:
        raise self._error

    def revision(self) -> str:
        return "1"


class CannedEngine(FailingEngine):
    """An engine that returns given results."""

    def __init__(self, results: Results) -> None:
        super().__init__(AssertionError("only search is canned"))
        self._results = results

    def search(self, _query: str, **_options: object) -> Results:
        return self._results


def client_over(engine: object) -> TestClient:
    return TestClient(create_app(engine))  # type: ignore[arg-type]


def error_of(response: Any) -> dict[str, Any]:
    assert set(response.json()) == {"error"}
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"code", "message", "position", "parameter"}
    return error
