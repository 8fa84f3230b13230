"""Facets, filter expressions and groups over HTTP are those of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.searchd.service.conftest import TestClient

if TYPE_CHECKING:
    from searchd.engine import Engine


@pytest.mark.parametrize(
    ("parameters", "options"),
    [
        pytest.param({"facet": "source"}, {"facets": ["source"]}, id="facet"),
        pytest.param(
            {"facet": ["source,order=value", "date:month"]},
            {"facets": ["source,order=value", "date:month"]},
            id="facets",
        ),
        pytest.param(
            {"facet": "source", "facet_filter": ["source=واع", "date>=2024"]},
            {"facets": ["source"], "facet_filters": ["source=واع", "date>=2024"]},
            id="facet-filters",
        ),
        pytest.param(
            {"filter": "source IN (واع, بغداد) AND NOT date = 2024-04"},
            {"filters": ["source IN (واع, بغداد) AND NOT date = 2024-04"]},
            id="filter",
        ),
        pytest.param(
            {"group_by": "source", "group_size": 1},
            {"group_by": "source", "group_size": 1},
            id="groups",
        ),
    ],
)
def test_the_answer_is_that_of_the_engine(
    client: TestClient, engine: Engine, parameters: dict[str, Any], options: Any
) -> None:
    response = client.get("/search", params={"q": "الحشد الشعبي", **parameters})
    assert response.status_code == 200
    expected = engine.search("الحشد الشعبي", **options).to_dict()
    assert expected["hits"]
    assert {**response.json(), "took": 0} == {**expected, "took": 0}


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        pytest.param({"facet": ["source"] * 21}, "facet", id="facets"),
        pytest.param({"facet": ""}, "facet", id="empty-facet"),
        pytest.param({"facet_filter": ["source=a"] * 21}, "facet_filter", id="facet-filters"),
        pytest.param({"group_by": ""}, "group_by", id="group"),
        pytest.param({"group_size": 11}, "group_size", id="size"),
    ],
)
def test_what_is_out_of_range_is_named(
    client: TestClient, parameters: dict[str, Any], name: str
) -> None:
    response = client.get("/search", params={"q": "كتاب", **parameters})
    assert response.status_code == 422
    assert response.json()["error"]["parameter"] == name
