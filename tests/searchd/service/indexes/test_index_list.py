"""What a service of several indexes lists, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searchd
from searchd.api_keys import KeyFile
from searchd.service.authorization import Authorization
from searchd.service.indexes import IndexCatalog, create_service
from tests.searchd.service.conftest import TestClient, make_index
from tests.searchd.service.test_authorization import key_with

BROWSER = {"Accept": "text/html,*/*", "Accept-Language": "en"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("list")
    make_index(folder / "news")
    make_index(folder / "laws")
    IndexCatalog(folder).set_alias("daily", "news")
    return folder


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.json")


@pytest.fixture
def client(folder: Path, keys: KeyFile) -> Iterator[TestClient]:
    authorization = Authorization(keys, local_only=True)
    app = create_service(IndexCatalog(folder), searchd.open, authorization=authorization)
    with TestClient(app, client=("127.0.0.1", 5)) as opened:
        yield opened


def test_a_browser_gets_a_page_whose_links_lead_to_the_indexes(client: TestClient) -> None:
    page = client.get("/", headers=BROWSER)
    assert page.status_code == 200
    for name in ("news", "laws"):
        assert f'<a href="indexes/{name}/"><bdi>{name}</bdi></a>' in page.text
        assert client.get(f"/indexes/{name}/", headers=BROWSER).status_code == 200
    assert page.text.count("3 documents") == 2
    assert page.text.count("<bdi>daily</bdi>") == 1
    assert 'role="search"' not in page.text
    assert client.get("/static/page.css").status_code == 200
    assert "الفهارس" in client.get("/", headers=BROWSER | {"Accept-Language": "ar"}).text


def test_a_program_gets_no_page(client: TestClient) -> None:
    answer = client.get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_an_unknown_address_has_a_page(client: TestClient) -> None:
    page = client.get("/nothing", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_key_sees_its_indexes_alone(client: TestClient, keys: KeyFile) -> None:
    key = key_with(keys, "search", indexes=["laws"])
    listed = client.get("/indexes", headers=key).json()["indexes"]
    assert [each["name"] for each in listed] == ["laws"]
    assert client.get("/aliases", headers=key).json() == {"aliases": []}
    assert client.get("/aliases/daily", headers=key).status_code == 404
    presented = key["Authorization"].partition(" ")[2]
    page = client.get("/", headers=BROWSER, auth=("", presented)).text
    assert "laws" in page
    assert "news" not in page


def test_a_key_for_all_sees_all(client: TestClient, keys: KeyFile) -> None:
    key = key_with(keys, "admin")
    listed = client.get("/indexes", headers=key).json()["indexes"]
    assert [each["name"] for each in listed] == ["laws", "news"]
    aliases = client.get("/aliases", headers=key).json()["aliases"]
    assert aliases == [{"alias": "daily", "index": "news"}]
    assert client.get("/aliases/daily", headers=key).json()["index"] == "news"


def test_nobody_sees_anything_without_a_key_where_there_are_some(
    client: TestClient, keys: KeyFile
) -> None:
    key_with(keys, "search")
    assert client.get("/indexes").status_code == 401
    page = client.get("/", headers=BROWSER)
    assert page.status_code == 401
    assert "news" not in page.text


def test_a_key_that_may_not_search_sees_nothing(client: TestClient, keys: KeyFile) -> None:
    key = key_with(keys, "documents")
    assert client.get("/indexes", headers=key).status_code == 403


def test_a_damaged_index_is_listed_without_its_size(tmp_path: Path) -> None:
    make_index(tmp_path / "broken")
    (tmp_path / "broken" / "searchd.json").write_text("{}")
    app = create_service(IndexCatalog(tmp_path), searchd.open)
    page = TestClient(app).get("/", headers=BROWSER).text
    assert "broken" in page
    assert 'class="quiet"' not in page.partition("<main")[2]
