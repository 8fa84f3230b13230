"""`GET /documents`, `GET /documents/{id}`, and cursors of `GET /search`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

import searchd
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.service.document_models import MAX_LISTED_TEXT, MAX_WINDOW
from tests.searchd.service.conftest import DOCUMENTS, client_over, error_of, write_index

IDS = ["a/b c", "مقال/١", "x?y#z", "100%", "/lead", "ends/", "plain"]


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A service over documents of unusual ids."""
    directory = tmp_path_factory.mktemp("named")
    write_index(directory, [Document(name, f"كتاب {name}", title=name) for name in IDS])
    with searchd.open(directory) as engine:
        yield client_over(engine)


class TestDocument:
    def test_a_document_without_a_query(self, client):
        answer = client.get("/documents/law")
        assert answer.status_code == 200
        assert answer.json() == {
            "id": "law",
            "title": DOCUMENTS[0].title,
            "title_matches": [],
            "url": "https://example.org/law",
            "date": "2024-03-05T00:00:00+00:00",
            "fields": {"source": ["واع"]},
            "field_matches": {},
            "text": DOCUMENTS[0].text,
            "start": 0,
            "end": len(DOCUMENTS[0].text),
            "length": len(DOCUMENTS[0].text),
            "places": [],
            "matches": [],
            "previous_match": None,
            "next_match": None,
            "terms": [],
        }

    @pytest.mark.parametrize("name", IDS)
    @pytest.mark.parametrize("safe", ["", "/"], ids=["all-encoded", "slashes-as-they-are"])
    def test_any_id(self, named, name, safe):
        assert named.get("/documents/" + quote(name, safe=safe)).json()["id"] == name

    def test_matches(self, client):
        found = client.get("/documents/floods", params={"q": "الحشد علم"}).json()
        text = found["text"]
        assert [
            (text[each["start"] : each["end"]], each["level"], each["term"])
            for each in found["matches"]
        ] == [("الحشد", "surface", 0), ("العلم", "stem", 1)]
        assert [term["text"] for term in found["terms"]] == ["الحشد", "علم"]

    def test_a_window(self, client):
        found = client.get(
            "/documents/floods", params={"q": "علم", "start": 5, "length": 10}
        ).json()
        text = DOCUMENTS[1].text
        assert (found["text"], found["start"], found["end"]) == (text[5:15], 5, 15)
        assert (found["matches"], found["next_match"]) == ([], text.index("العلم"))

    @pytest.mark.parametrize("name", ["none", "LAW", "law/"])
    def test_an_unknown_id(self, client, name):
        answer = client.get(f"/documents/{name}")
        assert (answer.status_code, error_of(answer)["code"]) == (404, "document_not_found")

    @pytest.mark.parametrize(
        ("parameters", "name"),
        [
            ({"length": MAX_WINDOW + 1}, "length"),
            ({"start": -1}, "start"),
            ({"q": " "}, "q"),
            ({"query": "x"}, "query"),
        ],
        ids=str,
    )
    def test_parameters_that_cannot_be(self, client, parameters, name):
        answer = client.get("/documents/law", params=parameters)
        assert (answer.status_code, error_of(answer)["parameter"]) == (422, name)


class TestDocuments:
    def test_all(self, client):
        found = client.get("/documents").json()
        assert (found["total"], found["cursor"]) == (3, None)
        assert [each["id"] for each in found["documents"]] == ["law", "floods", "soup"]
        assert found["documents"][1] == {
            "id": "floods",
            "title": DOCUMENTS[1].title,
            "url": "",
            "date": "2024-04-01T00:00:00+00:00",
            "fields": {"source": ["بغداد"]},
            "text": DOCUMENTS[1].text,
            "complete": True,
        }

    def test_of_a_query_with_filters_in_an_order(self, client):
        parameters = {"q": "الحشد", "filter": "date>=2024", "sort": "-date"}
        found = client.get("/documents", params=parameters).json()
        assert [each["id"] for each in found["documents"]] == ["floods", "law"]

    @pytest.mark.parametrize("sort", [None, "id", "-title"])
    def test_page_by_page(self, named, sort):
        parameters = {"limit": 2} | ({"sort": sort} if sort else {})
        found, cursor = [], None
        while True:
            page = named.get(
                "/documents", params=parameters | ({"after": cursor} if cursor else {})
            )
            found += [each["id"] for each in page.json()["documents"]]
            cursor = page.json()["cursor"]
            if cursor is None:
                break
        assert sorted(found) == sorted(IDS)
        assert found == IDS or sort

    def test_texts_are_cut(self, client):
        found = client.get("/documents", params={"length": 9}).json()["documents"]
        assert [each["text"] for each in found] == [each.text[:9] for each in DOCUMENTS]
        assert [each["complete"] for each in found] == [False] * 3
        answer = client.get("/documents", params={"length": MAX_LISTED_TEXT + 1})
        assert error_of(answer)["parameter"] == "length"


class TestCursors:
    def test_pages_of_a_search(self, client):
        parameters = {"q": "الحشد", "limit": 1}
        first = client.get("/search", params=parameters).json()
        second = client.get("/search", params=parameters | {"after": first["cursor"]}).json()
        both = client.get("/search", params={"q": "الحشد"}).json()
        assert first["hits"] + second["hits"] == both["hits"]
        assert (second["offset"], second["cursor"], both["cursor"]) == (1, None, None)

    @pytest.mark.parametrize("path", ["/search", "/documents"])
    def test_what_is_no_cursor_of_this(self, client, path):
        page = client.get(path, params={"q": "الحشد", "limit": 1}).json()
        for parameters in ({"after": "x"}, {"after": page["cursor"], "sort": "title"}):
            answer = client.get(path, params={"q": "الحشد"} | parameters)
            assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid_cursor")

    def test_beside_an_offset(self, client):
        answer = client.get("/search", params={"q": "الحشد", "offset": 1, "after": "x"})
        assert (answer.status_code, error_of(answer)["parameter"]) == (422, "after")

    def test_after_a_commit(self, tmp_path: Path):
        write_index(tmp_path, [Document(str(number), "كتاب") for number in range(6)])
        with searchd.open(tmp_path) as engine:
            client = client_over(engine)
            by_score = client.get("/search", params={"q": "كتاب", "limit": 2}).json()["cursor"]
            by_id = client.get("/search", params={"q": "كتاب", "limit": 2, "sort": "id"}).json()
            with IndexWriter(tmp_path) as writer:
                writer.upsert(Document("15", "كتاب", date=datetime(2024, 1, 1, tzinfo=UTC)))
                writer.commit()
            answer = client.get("/search", params={"q": "كتاب", "after": by_score})
            assert (answer.status_code, error_of(answer)["code"]) == (410, "cursor_expired")
            following = {"q": "كتاب", "sort": "id", "after": by_id["cursor"]}
            found = client.get("/search", params=following).json()["hits"]
            assert [hit["id"] for hit in found] == ["15", "2", "3", "4", "5"]
