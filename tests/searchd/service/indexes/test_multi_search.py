"""Several searches in one request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import searchd
from searchd.service.indexes import IndexCatalog, create_service
from tests.searchd.conftest import write_index
from tests.searchd.service.conftest import TestClient, make_index
from tests.searchd.service.indexes.conftest import code_of, make_client
from tests.searchd.service.writing.conftest import LOCAL


def test_each_search_has_results_of_its_own(client: TestClient, folder: Path) -> None:
    make_index(folder / "articles")
    write_index(folder / "books", [searchd.Document("b", "كتاب الحشد")])
    client.put("/aliases/all", json={"index": "articles"})
    searches = [
        {"index": "books", "q": "الحشد"},
        {"index": "all", "q": "الحشد", "limit": 1, "filter": ["source=بغداد"]},
    ]
    answer = client.post("/multi-search", json={"searches": searches})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [each["index"] for each in results] == ["books", "articles"]
    assert [[hit["id"] for hit in each["results"]["hits"]] for each in results] == [
        ["b"],
        ["floods"],
    ]


@pytest.mark.parametrize(
    ("search", "status", "code"),
    [
        ({"index": "none", "q": "a"}, 404, "index_not_found"),
        ({"q": "a"}, 422, "invalid_parameter"),
        ({"index": "books"}, 422, "invalid_parameter"),
        ({"index": "books", "q": '"'}, 400, "query_syntax"),
        ({"index": "books", "q": "a", "x": 1}, 422, "invalid_parameter"),
    ],
)
def test_an_error_of_one_is_the_answer(
    client: TestClient, folder: Path, search: dict[str, Any], status: int, code: str
) -> None:
    write_index(folder / "books", [searchd.Document("b", "كتاب")])
    asked = {"searches": [{"index": "books", "q": "كتاب"}, search]}
    assert code_of(client.post("/multi-search", json=asked)) == (status, code)


def test_many_searches_are_one_request(folder: Path) -> None:
    from searchd.service.authorization import Authorization
    from searchd.service.rate_limits import RateLimiter

    write_index(folder / "books", [searchd.Document("b", "كتاب")])
    limit = RateLimiter(0.001)
    with make_client(folder, authorization=Authorization(address_limit=limit)) as client:
        asked = {"searches": [{"index": "books", "q": "كتاب"}] * 20}
        assert client.post("/multi-search", json=asked).status_code == 200
        assert code_of(client.post("/multi-search", json=asked)) == (429, "rate_limited")


def test_nothing_is_opened_without_a_key(folder: Path) -> None:
    from searchd.api_keys import KeyFile, new_key
    from searchd.service.authorization import Authorization

    keys = KeyFile(folder / "keys.json")
    keys.add(new_key(["search"])[1])
    write_index(folder / "books", [searchd.Document("b", "كتاب")])
    opened: list[Path] = []

    def open_engine(directory: Any) -> Any:
        opened.append(directory)
        return searchd.open(directory)

    app = create_service(IndexCatalog(folder), open_engine, authorization=Authorization(keys))
    with TestClient(app, client=LOCAL) as client:
        for name in ("books", "none"):
            asked = {"searches": [{"index": name, "q": "كتاب"}]}
            assert code_of(client.post("/multi-search", json=asked)) == (401, "key_missing")
    assert opened == []
