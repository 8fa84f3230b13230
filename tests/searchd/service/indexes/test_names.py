"""Who is told which indexes there are: an answer without the right key is the same for every name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import searchd
from searchd.api_keys import KeyFile
from searchd.service.authorization import Authorization
from searchd.service.indexes import IndexCatalog, create_service
from searchd.service.rate_limits import RateLimiter
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.write_queue import WriteQueue
from tests.searchd.service.conftest import TestClient, make_index
from tests.searchd.service.test_authorization import key_with

BROWSER = {"Accept": "text/html,*/*"}
REQUESTS = (
    ("GET", "/search?q=x"),
    ("GET", "/documents/law"),
    ("GET", "/"),
    ("GET", "/ready"),
    ("GET", "/health"),
    ("GET", "/openapi.json"),
    ("GET", "/static/page.css"),
    ("GET", "/nothing"),
    ("POST", "/documents"),
    ("POST", "/documents/delete"),
    ("PATCH", "/search"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    make_index(folder / "news")
    IndexCatalog(folder).set_alias("daily", "news")
    return folder


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    file = KeyFile(tmp_path / "keys.json")
    key_with(file, "search")
    return file


@pytest.fixture
def client(folder: Path, keys: KeyFile) -> Iterator[TestClient]:
    with client_of(folder, Authorization(keys, local_only=True)) as opened:
        yield opened


def client_of(
    folder: Path, authorization: Authorization, address: str = "192.0.2.7", **options: Any
) -> TestClient:
    app = create_service(
        IndexCatalog(folder),
        searchd.open,
        queue=WriteQueue(WriteLimits()),
        authorization=authorization,
        **options,
    )
    return TestClient(app, client=(address, 5))


def answers(client: TestClient, name: str, headers: dict[str, str]) -> list[tuple[Any, ...]]:
    """Return what all routes of an index answer, without the id of each request and the name."""
    found = []
    for method, path in REQUESTS:
        answer = client.request(method, f"/indexes/{name}{path}", headers=headers)
        kept = dict(answer.headers)
        del kept["x-request-id"], kept["content-length"]
        found.append((method, path, answer.status_code, kept, answer.text.replace(name, "NAME")))
    return found


@pytest.mark.parametrize("headers", [{}, BROWSER, {"X-Api-Key": "sd_0_wrong"}], ids=str)
@pytest.mark.parametrize("name", ["news", "daily"])
def test_without_a_key(client: TestClient, name: str, headers: dict[str, str]) -> None:
    of_index = answers(client, name, headers)
    assert {status for _method, _path, status, *_rest in of_index} == {401}
    assert of_index == answers(client, "absent", headers)


@pytest.mark.parametrize("name", ["news", "daily"])
def test_with_a_key_for_other_indexes(client: TestClient, keys: KeyFile, name: str) -> None:
    headers = key_with(keys, "search", "documents", indexes=["books"])
    of_index = answers(client, name, headers)
    assert {status for _method, _path, status, *_rest in of_index} == {403}
    assert of_index == answers(client, "absent", headers)


def test_with_the_key_of_an_index(client: TestClient, keys: KeyFile) -> None:
    headers = key_with(keys, "search", indexes=["news"])
    for name in ("news", "daily"):
        for path in ("/search?q=x", "/ready", "/static/page.css"):
            assert client.get(f"/indexes/{name}{path}", headers=headers).status_code == 200, path
    assert client.get("/indexes/absent/search?q=x", headers=headers).status_code == 403
    for_all = key_with(keys, "documents")
    assert client.get("/indexes/absent/search?q=x", headers=for_all).status_code == 404
    assert client.get("/indexes/news/search?q=x", headers=for_all).status_code == 403


def test_a_browser_is_asked_for_a_key(client: TestClient) -> None:
    for name in ("news", "absent"):
        answer = client.get(f"/indexes/{name}/", headers=BROWSER)
        assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Basic ")


def test_another_machine_where_there_are_no_keys(folder: Path) -> None:
    with client_of(folder, Authorization(local_only=True)) as client:
        assert answers(client, "news", {}) == answers(client, "absent", {})
        assert client.get("/indexes/absent/search?q=x").status_code == 403


def test_a_public_search_finds_names(folder: Path, keys: KeyFile) -> None:
    with client_of(folder, Authorization(keys, public_search=True)) as client:
        assert client.get("/indexes/absent/search?q=x").status_code == 404
        assert client.post("/indexes/absent/documents").status_code == 401
        assert client.get("/indexes/news/search?q=x").status_code == 200


def test_the_default_index_has_a_name_that_is_no_secret(folder: Path, keys: KeyFile) -> None:
    with client_of(folder, Authorization(keys), default="news") as client:
        assert client.get("/ready").status_code == 200
        assert client.get("/search?q=x").status_code == 401


def test_a_request_counts_once(folder: Path, keys: KeyFile) -> None:
    headers = key_with(keys, "search")
    authorization = Authorization(keys, key_limit=RateLimiter(0.001, burst=2))
    with client_of(folder, authorization) as client:
        asked = [client.get("/indexes/news/search?q=x", headers=headers) for _ in range(3)]
        assert [answer.status_code for answer in asked] == [200, 200, 429]
