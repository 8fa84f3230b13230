"""The indexes of a folder in one service: made, searched, renamed and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import searchd
from analyzers.synonyms import Synonyms, parse_rules
from indexer.write_lock import WriteLock
from searchd.service.indexes import IndexCatalog, create_service, serving
from tests.searchd.conftest import write_index
from tests.searchd.service.conftest import DOCUMENTS, TestClient, error_of, make_index
from tests.searchd.service.indexes.conftest import code_of, make_client
from tests.searchd.service.writing.conftest import LOCAL

ONE = {"id": "1", "text": "نص قصير"}


class TestIndexes:
    def test_made_described_and_deleted(self, client: TestClient, folder: Path) -> None:
        settings = {"fields": [{"name": "price", "type": "number", "column": "السعر"}]}
        made = client.put("/indexes/news", json=settings | {"title_weight": 5})
        assert (made.status_code, made.json()["title_weight"]) == (201, 5)
        assert made.json()["fields"] == [{"name": "price", "type": "number", "column": "السعر"}]
        assert client.put("/indexes/news", json=settings).status_code == 200
        assert client.get("/indexes").json() == {"indexes": [{"name": "news", "aliases": []}]}
        client.post("/indexes/news/documents", json=ONE)
        assert client.get("/indexes/news").json()["documents"] == 1
        assert client.delete("/indexes/news").json() == {"deleted": "news"}
        assert client.get("/indexes").json() == {"indexes": []}
        assert code_of(client.get("/indexes/news/search?q=a")) == (404, "index_not_found")
        assert not (folder / "news").exists()
        assert list(folder.glob(".deleted-*")) == []

    def test_an_index_made_anew_has_nothing_of_the_old_one(self, client: TestClient) -> None:
        client.put("/indexes/news", json={})
        client.post("/indexes/news/documents", json=ONE)
        client.delete("/indexes/news")
        client.put("/indexes/news", json={"fields": [{"name": "kind"}]})
        assert client.get("/indexes/news/search?q=قصير").json()["total"] == 0
        client.post("/indexes/news/documents", json=ONE | {"kind": "x"})
        found = client.get("/indexes/news/search?q=قصير&filter=kind=x").json()
        assert found["total"] == 1

    def test_each_has_all_routes_and_a_page(self, client: TestClient, folder: Path) -> None:
        make_index(folder / "articles")
        base = "/indexes/articles"
        assert client.get(f"{base}/search?q=الحشد").json()["total"] == 2
        assert client.get(f"{base}/documents/law").json()["title"] == DOCUMENTS[0].title
        assert client.get(f"{base}/documents").json()["total"] == 3
        assert client.get(f"{base}/suggest?q=ال").status_code == 200
        assert client.get(f"{base}/documents/law/similar").status_code == 200
        assert client.get(f"{base}/ready").json()["documents"] == 3
        for path in ("/", "/?q=الحشد", "/read?id=law", "/static/page.css"):
            assert client.get(base + path).status_code == 200, path
        assert code_of(client.get(f"{base}/nothing")) == (404, "not_found")
        assert code_of(client.get(f'{base}/search?q="')) == (400, "query_syntax")

    @pytest.mark.parametrize(
        "name", ["..%2Fx", "%2E%2E", ".x", "-x", "a.b", "أخبار", "a%20b", "a" * 65, "NUL", "a%00"]
    )
    def test_names_that_are_none(self, client: TestClient, folder: Path, name: str) -> None:
        before = sorted(folder.parent.rglob("*"))
        for answer in (
            client.put(f"/indexes/{name}", json={}),
            client.get(f"/indexes/{name}/search?q=a"),
            client.put(f"/aliases/{name}", json={"index": "news"}),
            client.delete(f"/indexes/{name}"),
        ):
            assert answer.status_code in {404, 405, 422}, answer.text
        assert sorted(folder.parent.rglob("*")) == before

    @pytest.mark.parametrize(
        "settings",
        [
            {"fields": [{"name": "_x"}]},
            {"fields": [{"name": "a"}, {"name": "a"}]},
            {"fields": [{"name": "a", "type": "none"}]},
            {"title_weight": 0},
            {"other": 1},
        ],
    )
    def test_settings_that_are_not_possible(
        self, client: TestClient, folder: Path, settings: dict[str, Any]
    ) -> None:
        assert code_of(client.put("/indexes/news", json=settings)) == (422, "invalid_parameter")
        assert not (folder / "news").exists()

    def test_what_does_not_go_with_what_is_there(self, client: TestClient, folder: Path) -> None:
        client.put("/indexes/news", json={})
        client.put("/aliases/daily", json={"index": "news"})
        conflict = (409, "conflict")
        assert code_of(client.put("/indexes/news", json={"title_weight": 9})) == conflict
        assert code_of(client.put("/indexes/NEWS", json={})) == conflict
        assert code_of(client.put("/indexes/daily", json={})) == conflict
        assert code_of(client.delete("/indexes/news")) == conflict
        assert code_of(client.put("/aliases/news", json={"index": "news"})) == conflict
        client.delete("/aliases/daily")
        (folder / "news" / "notes.txt").write_text("mine", "utf-8")
        assert code_of(client.delete("/indexes/news")) == conflict
        assert client.get("/indexes/news").status_code == 200

    def test_an_index_that_is_written_is_not_deleted(
        self, client: TestClient, folder: Path
    ) -> None:
        client.put("/indexes/news", json={})
        lock = WriteLock(folder / "news")
        try:
            assert code_of(client.delete("/indexes/news")) == (503, "index_busy")
        finally:
            lock.release()
        assert client.delete("/indexes/news").status_code == 200

    def test_what_another_process_makes_and_removes_is_seen(
        self, client: TestClient, folder: Path
    ) -> None:
        assert code_of(client.get("/indexes/articles/search?q=a")) == (404, "index_not_found")
        make_index(folder / "articles")
        assert client.get("/indexes/articles/search?q=الحشد").json()["total"] == 2
        write_index(folder / "articles", [searchd.Document("new", "نص الحشد")])
        assert client.get("/indexes/articles/search?q=الحشد").json()["total"] == 3
        IndexCatalog(folder).delete("articles")
        assert code_of(client.get("/indexes/articles/search?q=a")) == (404, "index_not_found")

    def test_few_are_kept_open(
        self, client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(serving, "MOST_OPEN", 1)
        for name in ("a", "b"):
            write_index(folder / name, [searchd.Document(name, "نص")])
        for name in ("a", "b", "a"):
            hits = client.get(f"/indexes/{name}/search?q=نص").json()["hits"]
            assert [hit["id"] for hit in hits] == [name]
        assert list(client.app.state.served._open) == ["a"]  # type: ignore[attr-defined]

    def test_files_of_a_deletion_that_was_cut_off(self, client: TestClient, folder: Path) -> None:
        client.put("/indexes/news", json={})
        (folder / "news").rename(folder / ".deleted-0")
        assert client.get("/indexes").json() == {"indexes": []}
        IndexCatalog(folder).remove_deleted()
        assert not (folder / ".deleted-0").exists()


class TestAliases:
    def test_a_rebuild_without_a_pause(self, client: TestClient, folder: Path) -> None:
        for number in (1, 2):
            client.put(f"/indexes/news-{number}", json={})
            document = {"id": "1", "text": f"نص رقم{number}"}
            client.post(f"/indexes/news-{number}/documents", json=document)
        for number, before in ((1, None), (2, "news-1")):
            answer = client.put("/aliases/main", json={"index": f"news-{number}"})
            assert answer.json() == {
                "alias": "main",
                "index": f"news-{number}",
                "before": before,
            }
            for path in ("/search", "/indexes/main/search"):
                assert client.get(f"{path}?q=رقم{number}").json()["total"] == 1
        assert client.delete("/indexes/news-1").status_code == 200
        with make_client(folder) as other:
            assert other.get("/aliases").json() == {
                "aliases": [{"alias": "main", "index": "news-2"}]
            }
            assert other.get("/indexes/main").json()["aliases"] == ["main"]

    def test_changes_through_an_alias_are_those_of_its_index(self, client: TestClient) -> None:
        client.put("/indexes/news", json={})
        client.put("/aliases/daily", json={"index": "news"})
        assert client.post("/indexes/daily/documents", json=ONE).json()["added"] == 1
        assert client.get("/indexes/news/search?q=قصير").json()["total"] == 1
        assert client.get("/tasks").json()["tasks"][0]["index"] == "news"

    def test_aliases_that_are_not_there(self, client: TestClient) -> None:
        assert code_of(client.get("/aliases/none")) == (404, "alias_not_found")
        assert code_of(client.delete("/aliases/none")) == (404, "alias_not_found")
        none = client.put("/aliases/daily", json={"index": "none"})
        assert code_of(none) == (404, "index_not_found")

    def test_a_damaged_table_is_an_error(self, client: TestClient, folder: Path) -> None:
        client.put("/indexes/news", json={})
        (folder / "aliases.json").write_text("{", "utf-8")
        assert code_of(client.get("/aliases")) == (503, "index_damaged")
        answer = client.put("/aliases/daily", json={"index": "news"})
        assert code_of(answer) == (503, "index_damaged")
        assert (folder / "aliases.json").read_text("utf-8") == "{"

    def test_the_default_index_need_not_exist(self, client: TestClient) -> None:
        assert code_of(client.get("/search?q=a")) == (404, "index_not_found")
        assert client.get("/health").status_code == 200
        assert client.put("/indexes/main", json={}).status_code == 201
        assert client.get("/search?q=a").json()["total"] == 0


class TestReadOnly:
    def test_nothing_can_be_changed(self, folder: Path) -> None:
        make_index(folder / "articles")
        app = create_service(IndexCatalog(folder), searchd.open)
        with TestClient(app, client=LOCAL) as client:
            assert client.get("/indexes/articles/search?q=الحشد").json()["total"] == 2
            for answer in (
                client.put("/indexes/news", json={}),
                client.delete("/indexes/articles"),
                client.put("/aliases/x", json={"index": "articles"}),
                client.post("/indexes/articles/documents", json=ONE),
            ):
                assert code_of(answer) == (405, "method_not_allowed")
            assert code_of(client.get("/search?q=a")) == (404, "not_found")


def test_keys_are_bound_to_indexes(folder: Path) -> None:
    """A key for the documents of one index changes no other one, and makes none."""
    from searchd.api_keys import KeyFile, new_key
    from searchd.service.authorization import Authorization

    keys = KeyFile(folder / "keys.json")
    secret, key = new_key(["search", "documents"], ["news*"])
    keys.add(key)
    for name in ("news-1", "books"):
        write_index(folder / name, [])
    headers = {"Authorization": f"Bearer {secret}"}
    with make_client(folder, authorization=Authorization(keys)) as client:
        added = client.post("/indexes/news-1/documents", json=ONE, headers=headers)
        assert added.status_code == 200
        task = client.get("/tasks?index=news-1", headers=headers)
        assert len(task.json()["tasks"]) == 1
        for answer in (
            client.post("/indexes/books/documents", json=ONE, headers=headers),
            client.get("/indexes/books/search?q=a", headers=headers),
            client.put("/indexes/news-2", json={}, headers=headers),
            client.delete("/indexes/news-1", headers=headers),
            client.put("/aliases/news", json={"index": "news-1"}, headers=headers),
            client.get("/tasks", headers=headers),
        ):
            assert code_of(answer) == (403, "forbidden")
        one = task.json()["tasks"][0]["id"]
        for method in ("GET", "DELETE"):
            for task_id, status in ((one, 200 if method == "GET" else 409), ("none", 404)):
                url = f"/tasks/{task_id}"
                assert client.request(method, url, headers=headers).status_code == status
                assert code_of(client.request(method, url)) == (401, "key_missing")
        unknown = client.post("/indexes/news-1/documents", json=ONE)
        assert code_of(unknown) == (401, "key_missing")
        multi = {"searches": [{"index": "books", "q": "a"}]}
        asked = client.post("/multi-search", json=multi, headers=headers)
        assert code_of(asked) == (403, "forbidden")


def test_what_is_reloaded_holds_for_indexes_that_are_open(folder: Path) -> None:
    from searchd.api_keys import KeyFile, new_key
    from searchd.cli import main
    from searchd.cli.serve import serve
    from searchd.cli.service_setup import Reloader
    from searchd.service.authorization import Authorization
    from searchd.service.request_log import LogSettings

    def parse(*options: str) -> dict[str, Any]:
        program = main.make_context("searchd", ["serve"])
        return serve.make_context("serve", ["--indexes", str(folder), *options], program).params

    keys = KeyFile(folder / "keys.json")
    keys.add(new_key(["search"])[1])
    make_index(folder / "articles")
    now = ["--public-search"]
    authorization = Authorization(keys, public_search=True)
    with make_client(folder, authorization=authorization) as client:
        reloader = Reloader(
            client.app.state.served,  # type: ignore[attr-defined]
            authorization,
            LogSettings(),
            parse(*now),
            lambda: parse(*now),
        )
        url = "/indexes/articles/search?q=الحشد"
        assert client.get(url).status_code == 200
        now[:] = ["--public-search", "--rate-limit", "0.001"]
        reloader.reload()
        assert [client.get(url).status_code for _ in range(2)] == [200, 429]
        now[:] = []
        reloader.reload()
        assert code_of(client.get(url)) == (401, "key_missing")


def test_words_that_are_reloaded_while_an_index_is_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_index(folder / "cars", [searchd.Document("1", "حافلة")])
    real = serving.index_app
    with make_client(folder) as client:
        left = [Synonyms(parse_rules(["باص, حافلة"]))]

        def index_app(*arguments: Any, **options: Any) -> Any:
            if left:
                client.app.state.served.reload_words(None, left.pop())  # type: ignore[attr-defined]
            return real(*arguments, **options)

        monkeypatch.setattr(serving, "index_app", index_app)
        for _ in range(2):
            assert client.get("/indexes/cars/search?q=باص").json()["total"] == 1


def test_the_reference_has_the_routes_of_each_index(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    own = {"/indexes", "/indexes/{name}", "/aliases/{name}", "/multi-search", "/tasks/{id}"}
    assert own <= set(document["paths"])
    operations = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert len(set(operations)) == len(operations)
    for path in ("/search", "/documents", "/files", "/documents/delete"):
        mounted, plain = document["paths"][f"/indexes/{{name}}{path}"], document["paths"][path]
        for method, operation in mounted.items():
            assert operation["parameters"][0]["name"] == "name"
            assert operation["responses"] == plain[method]["responses"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_suggestions_of_an_index_without_documents(client: TestClient) -> None:
    client.put("/indexes/empty", json={})
    answer = client.get("/indexes/empty/suggest?q=الحشد الش")
    assert (answer.status_code, answer.json()["suggestions"]) == (200, [])


@pytest.mark.parametrize("path", ["/indexes/news", "/aliases/daily"])
def test_a_body_that_is_not_utf_8(client: TestClient, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.put(path, content=b'{"index": "\xff"}', headers=headers)
    assert code_of(answer) == (422, "invalid_parameter")
    assert "no UTF-8 at byte 11" in error_of(answer)["message"]
