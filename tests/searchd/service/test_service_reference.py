"""The OpenAPI reference, which needs no index."""

from __future__ import annotations

from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from searchd.search_arguments import MOST_HITS
from searchd.service import create_app
from searchd.service.models import ALLOWED, MAX_PAGE_SIZE
from searchd.service.page.addresses import LAST_PAGE, PAGE_SIZE


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(cast("Any", None)))


@pytest.fixture(scope="module")
def reference(client: TestClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


class TestReference:
    def test_lists_the_operations(self, reference: dict[str, Any]) -> None:
        operations = {
            (path, method, operation["operationId"])
            for path, methods in reference["paths"].items()
            for method, operation in methods.items()
        }
        assert operations == {
            ("/search", "get", "search"),
            ("/suggest", "get", "suggest"),
            ("/documents", "get", "documents"),
            ("/documents/{id}", "get", "document"),
            ("/documents/{id}/similar", "get", "similar"),
            ("/analyze", "get", "analyze"),
            ("/health", "get", "health"),
            ("/ready", "get", "ready"),
            ("/metrics", "get", "metrics"),
        }

    def test_describes_every_parameter(self, reference: dict[str, Any]) -> None:
        for methods in reference["paths"].values():
            for parameter in methods["get"].get("parameters", []):
                assert parameter["description"]
                assert parameter["name"] in ALLOWED or parameter["in"] == "path"

    @pytest.mark.parametrize(
        ("name", "limits"),
        [
            ("q", {"minLength": 1, "maxLength": 1000}),
            ("limit", {"minimum": 1, "maximum": 100, "default": 10}),
            ("offset", {"minimum": 0, "maximum": 9999, "default": 0}),
            ("snippets", {"minimum": 0, "maximum": 5, "default": 1}),
        ],
    )
    def test_states_the_limits(
        self, reference: dict[str, Any], name: str, limits: dict[str, int]
    ) -> None:
        parameters = reference["paths"]["/search"]["get"]["parameters"]
        (schema,) = (one["schema"] for one in parameters if one["name"] == name)
        assert limits.items() <= schema.items()

    def test_pages_go_as_deep_as_the_engine(self, reference: dict[str, Any]) -> None:
        """The depth of the engine bounds `offset` and the pages of the search page."""
        (offset,) = (
            parameter["schema"]
            for parameter in reference["paths"]["/search"]["get"]["parameters"]
            if parameter["name"] == "offset"
        )
        assert offset["maximum"] == MOST_HITS - 1
        assert f"at most {MOST_HITS}" in ALLOWED["offset"]
        assert PAGE_SIZE <= MAX_PAGE_SIZE
        assert PAGE_SIZE * LAST_PAGE == MOST_HITS

    def test_all_errors_have_one_shape(self, reference: dict[str, Any]) -> None:
        responses = reference["paths"]["/search"]["get"]["responses"]
        assert set(responses) == {"200", "400", "401", "403", "410", "422", "429", "503"}
        for status in ("400", "401", "403", "410", "422", "429", "503"):
            schema = responses[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorResponse"}
        assert "HTTPValidationError" not in reference["components"]["schemas"]
