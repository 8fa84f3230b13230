"""The examples of the OpenAPI document are what the service answers over the sample articles."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast, get_args

import pytest

import searchd

pytest.importorskip("fastapi", reason="the service needs the extra 'serve'")

with warnings.catch_warnings():
    # Newer versions of Starlette warn that httpx2 should replace httpx; both work.
    warnings.filterwarnings("ignore", message=".*httpx2")
    from fastapi.testclient import TestClient

from searchd.service import create_app
from searchd.service.error_models import ErrorCode

DOCUMENT: dict[str, Any] = create_app(cast("searchd.Engine", None)).openapi()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def examples_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the one example of each field of an object that has any."""
    found = {}
    for field, value in schema.get("properties", {}).items():
        if "examples" in value:
            (found[field],) = value["examples"]
    return found


EXAMPLES = {name: found for name, schema in SCHEMAS.items() if (found := examples_of(schema))}


def parameters_of(path: str) -> dict[str, Any]:
    """Return the parameters of a path that have an example, each with it."""
    return {
        parameter["name"]: parameter["schema"]["examples"][0]
        for parameter in DOCUMENT["paths"][path]["get"]["parameters"]
        if "examples" in parameter["schema"]
    }


REQUESTS: list[tuple[str, dict[str, Any], int]] = [
    ("/search", {k: v for k, v in parameters_of("/search").items() if k != "sort"}, 200),
    ("/search", {"q": EXAMPLES["TermModel"]["text"]}, 200),
    ("/search", {"q": 'مجلس النواب "العراقي'}, 400),
    ("/documents/{id}", parameters_of("/documents/{id}"), 200),
    ("/documents", {"limit": 100}, 200),
    ("/search", {"q": "الحشذ الشعبي"}, 200),
    ("/suggest", parameters_of("/suggest"), 200),
    ("/documents/{id}/similar", {"id": "wire-001"}, 200),
    ("/analyze", parameters_of("/analyze"), 200),
    ("/health", {}, 200),
    ("/ready", {}, 200),
]
"""Requests, with the status of each, whose answers have every object of the document."""


@pytest.fixture(scope="module")
def client(sample: Path) -> Iterator[TestClient]:
    with searchd.open(sample / "searchd-index") as engine:
        yield TestClient(create_app(engine))


@pytest.fixture(scope="module")
def answered(client: TestClient) -> dict[str, list[dict[str, Any]]]:
    """Every object of the answers to the requests, by the name of its schema."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, parameters, status in REQUESTS:
        asked = {name: value for name, value in parameters.items() if f"{{{name}}}" not in path}
        answer = client.get(path.format_map(parameters), params=asked)
        assert answer.status_code == status
        content = DOCUMENT["paths"][path]["get"]["responses"][str(status)]["content"]
        for name, value in objects(answer.json(), content["application/json"]["schema"]):
            found[name].append(value)
    return found


def objects(value: Any, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of an answer and the names of their schemas."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield name, value
        for field, each in SCHEMAS[name]["properties"].items():
            yield from objects(value[field], each)
    elif "anyOf" in schema and value is not None:
        for each in schema["anyOf"]:
            if "$ref" in each:
                yield from objects(value, each)
    elif schema.get("type") == "array":
        for member in value:
            yield from objects(member, schema["items"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_an_object_are_of_one_answer(
    answered: dict[str, list[dict[str, Any]]], name: str
) -> None:
    """A score is shown with two decimals."""
    examples = EXAMPLES[name]
    assert examples in [
        {field: _rounded(value[field]) for field in examples} for value in answered[name]
    ]


def _rounded(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


def test_every_object_of_the_answers_has_examples(
    answered: dict[str, list[dict[str, Any]]],
) -> None:
    assert set(answered) - set(EXAMPLES) == {"ErrorResponse"}


def test_the_sort_key_of_the_example_sorts(client: TestClient) -> None:
    hits = client.get("/search", params=parameters_of("/search")).json()["hits"]
    dates = [hit["date"] for hit in hits]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 2


def test_codes_of_errors_are_listed() -> None:
    assert SCHEMAS["ErrorBody"]["properties"]["code"]["enum"] == list(get_args(ErrorCode))
