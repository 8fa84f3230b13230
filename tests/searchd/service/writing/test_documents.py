"""Documents added, updated and deleted over HTTP: what is stored, and what is refused."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from indexer.write_lock import WriteLock
from tests.searchd.service.conftest import TestClient, error_of
from tests.searchd.service.writing.conftest import FILE, LINES, Written, lines

ONE = {"id": "1", "title": "خبر", "text": "نص قصير", "category": ["أ", "ب"], "السعر": 3}
TWO = {"id": "2", "text": "نص آخر"}
BAD = {"id": "3"}


def counts(answer: Any) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    names = ("added", "replaced", "unchanged", "failed")
    return {name: answer.json()[name] for name in names if answer.json()[name]}


class TestAdding:
    @pytest.mark.parametrize(
        ("body", "headers"),
        [
            pytest.param(json.dumps([ONE, TWO]), {"Content-Type": "application/json"}, id="array"),
            pytest.param(lines(ONE, TWO), LINES, id="lines"),
            pytest.param(gzip.compress(lines(ONE, TWO).encode()), LINES, id="gzip"),
            pytest.param(
                json.dumps([ONE, TWO]),
                {"Content-Type": "Application/JSON; charset=utf-8"},
                id="charset",
            ),
        ],
    )
    def test_documents_are_searched_at_once(
        self, written: Written, body: str | bytes, headers: dict[str, str]
    ) -> None:
        answer = written.client.post("/documents", content=body, headers=headers)
        assert counts(answer) == {"added": 2}
        assert (answer.json()["documents"], answer.json()["generation"]) == (2, 2)
        hits = written.client.get("/search", params={"q": "قصير"}).json()["hits"]
        assert [(hit["id"], hit["fields"]["price"]) for hit in hits] == [("1", 3.0)]

    def test_one_object_is_one_document(self, written: Written) -> None:
        assert counts(written.client.post("/documents", json=ONE)) == {"added": 1}
        answer = written.client.post("/documents", json={"text": "بلا معرّف"})
        assert (answer.status_code, error_of(answer)["code"]) == (400, "bad_document")
        assert "--" not in error_of(answer)["message"]

    def test_the_same_again_changes_nothing(self, written: Written) -> None:
        written.client.post("/documents", json=[ONE, TWO])
        again = written.client.post("/documents", json=[ONE, TWO | {"text": "جديد"}])
        assert counts(again) == {"replaced": 1, "unchanged": 1}

    def test_damage_is_mended_and_counted(self, written: Written) -> None:
        answer = written.client.post("/documents", json={"id": "1", "text": "قال &quot;نعم&quot;"})
        assert answer.json()["damage"] == {"character_references": {"found": 1, "repaired": 1}}
        assert written.engine.get("1").text == 'قال "نعم"'
        off = {"repair": "off", "id_prefix": "x/"}
        written.client.post("/documents", params=off, json={"id": "1", "text": "&quot;نعم"})
        assert written.engine.get("x/1").text == "&quot;نعم"


class TestBadRecords:
    def test_the_first_one_stops_and_nothing_is_changed(self, written: Written) -> None:
        answer = written.client.post("/documents", content=lines(ONE, BAD, TWO), headers=LINES)
        error = error_of(answer)
        assert (answer.status_code, error["code"], error["position"]) == (400, "bad_document", 1)
        assert error["message"].startswith("body:2: ")
        assert written.ids() == set()
        assert written.engine.info().generation == 1

    def test_they_are_left_out_and_named(self, written: Written) -> None:
        body = lines(ONE, BAD) + "{broken\n" + lines(TWO, 7)
        answer = written.client.post("/documents?on_error=skip", content=body, headers=LINES)
        assert counts(answer) == {"added": 2, "failed": 3}
        errors = answer.json()["errors"]
        assert [(each["record"], each["origin"]) for each in errors] == [
            (1, "body:2"),
            (2, "body:3"),
            (4, "body:5"),
        ]
        assert written.ids() == {"1", "2"}

    def test_one_id_for_two_documents(self, written: Written) -> None:
        answer = written.client.post("/documents", json=[ONE, TWO | {"id": "1"}])
        assert (answer.status_code, error_of(answer)["position"]) == (400, 1)
        assert written.ids() == set()

    @pytest.mark.parametrize("body", ["", "[", '[{"id": "1", "text": "a"}', "nonsense"])
    def test_a_body_that_is_cut_off(self, written: Written, body: str) -> None:
        headers = {"Content-Type": "application/json"}
        answer = written.client.post("/documents", content=body, headers=headers)
        assert (answer.status_code, error_of(answer)["code"]) == (400, "bad_document")
        assert written.ids() == set()


class TestUpdating:
    def test_values_are_put_into_stored_documents(self, written: Written) -> None:
        written.client.post("/documents", json=[ONE, TWO])
        answer = written.client.patch(
            "/documents", json=[{"id": "1", "السعر": 4}, {"id": "2", "category": "ج"}]
        )
        assert counts(answer) == {"replaced": 2}
        one, two = written.engine.get("1"), written.engine.get("2")
        assert (one.title, one.text, one.fields) == (
            "خبر",
            "نص قصير",
            {"category": ("أ", "ب"), "price": 4.0},
        )
        assert (two.text, two.fields) == ("نص آخر", {"category": "ج"})

    def test_null_takes_a_value_away(self, written: Written) -> None:
        written.client.post("/documents", json=ONE)
        written.client.patch("/documents", json={"id": "1", "السعر": None, "title": None})
        stored = written.engine.get("1")
        assert (stored.title, dict(stored.fields)) == ("", {"category": ("أ", "ب")})

    def test_an_unknown_id_is_an_error(self, written: Written) -> None:
        written.client.post("/documents", json=ONE)
        asked = [{"id": "1", "السعر": 9}, {"id": "none", "السعر": 1}]
        answer = written.client.patch("/documents", json=asked)
        assert (answer.status_code, error_of(answer)["position"]) == (400, 1)
        assert written.engine.get("1").fields["price"] == 3.0
        assert counts(written.client.patch("/documents?on_error=skip", json=asked)) == {
            "replaced": 1,
            "failed": 1,
        }

    def test_what_is_stored_is_not_repaired_again(self, written: Written) -> None:
        damaged = {"id": "1", "text": "&quot;نعم"}
        written.client.post("/documents?repair=off", json=damaged)
        written.client.patch("/documents", json={"id": "1", "السعر": 1})
        assert written.engine.get("1").text == "&quot;نعم"


class TestDeleting:
    def test_one_by_its_id(self, written: Written) -> None:
        written.client.post("/documents", json=[ONE | {"id": "a/b"}, TWO])
        assert written.client.delete("/documents/a/b").json()["deleted"] == 1
        assert written.ids() == {"2"}
        again = written.client.delete("/documents/a/b")
        assert (again.status_code, error_of(again)["code"]) == (404, "document_not_found")

    @pytest.mark.parametrize(
        ("asked", "deleted", "missing", "left"),
        [
            ({"ids": ["1", "1", "none"]}, 1, ["none"], {"2"}),
            ({"q": "آخر"}, 1, [], {"1"}),
            ({"filter": ["category=أ"]}, 1, [], {"2"}),
            ({"q": "نص", "filter": ["price>3"]}, 0, [], {"1", "2"}),
            ({"q": "*"}, 2, [], set()),
        ],
    )
    def test_by_ids_and_by_query(
        self,
        written: Written,
        asked: dict[str, Any],
        deleted: int,
        missing: list[str],
        left: set[str],
    ) -> None:
        written.client.post("/documents", json=[ONE, TWO])
        answer = written.client.post("/documents/delete", json=asked).json()
        assert (answer["deleted"], answer["missing"]) == (deleted, missing)
        assert answer["documents"] == len(left)
        assert written.ids() == left

    @pytest.mark.parametrize(
        ("asked", "status", "code"),
        [
            ({}, 422, "invalid_parameter"),
            ({"ids": ["1"], "q": "a"}, 422, "invalid_parameter"),
            ({"q": '"'}, 400, "query_syntax"),
            ({"filter": ["nothing=1"]}, 400, "filter_syntax"),
        ],
    )
    def test_what_cannot_be_understood_deletes_nothing(
        self, written: Written, asked: dict[str, Any], status: int, code: str
    ) -> None:
        written.client.post("/documents", json=[ONE, TWO])
        answer = written.client.post("/documents/delete", json=asked)
        assert (answer.status_code, error_of(answer)["code"]) == (status, code)
        assert written.ids() == {"1", "2"}


class TestFiles:
    def test_records_of_a_table(self, written: Written) -> None:
        table = "text,category\nكتاب,أ\nمدرسة,ب\n".encode()
        asked = {"name": "lists/a.csv", "row_ids": "true"}
        answer = written.client.post("/files", params=asked, content=table, headers=FILE)
        assert counts(answer) == {"added": 2}
        assert written.ids("كتاب") == {"lists/a.csv#1"}

    def test_a_page_is_one_document_of_its_name(self, written: Written) -> None:
        page = "<!doctype html><html><title>خبر</title><p>نص &lt;قصير&gt;</html>".encode()
        asked = {"name": "pages/a.html"}
        assert counts(written.client.post("/files", params=asked, content=page, headers=FILE))
        assert written.engine.get("pages/a.html").title == "خبر"

    def test_a_file_of_no_known_kind(self, written: Written) -> None:
        answer = written.client.post(
            "/files?name=a.bin", content=b"\x00\x01\x02" * 99, headers=FILE
        )
        assert (answer.status_code, error_of(answer)["parameter"]) == (415, "name")


class TestRefusals:
    def test_types_of_bodies(self, written: Written) -> None:
        for kind in ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded", ""):
            for path in ("/documents", "/documents/delete", "/files?name=a.txt"):
                answer = written.client.post(path, content="[]", headers={"Content-Type": kind})
                assert answer.status_code == 415, (kind, path)
                assert error_of(answer)["code"] == "unsupported_media_type"

    def test_pages_of_other_sites(self, written: Written) -> None:
        for headers in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "null"},
        ):
            answer = written.client.post("/documents", json=ONE, headers=headers)
            assert (answer.status_code, error_of(answer)["code"]) == (403, "forbidden"), headers
        own = {"Origin": "http://testserver"}
        assert counts(written.client.post("/documents", json=ONE, headers=own)) == {"added": 1}

    def test_other_machines_without_a_key(self, written: Written) -> None:
        with TestClient(written.client.app, client=("192.0.2.7", 1)) as other:
            requests = [
                other.post("/documents", json=ONE),
                other.patch("/documents", json=ONE),
                other.post("/files?name=a.txt", content="a", headers=FILE),
                other.delete("/documents/1"),
                other.post("/documents/delete", json={"q": "*"}),
                other.get("/tasks"),
            ]
            assert [answer.status_code for answer in requests] == [403] * len(requests)
            assert other.get("/search?q=a").status_code == 200
        assert written.ids() == set()

    def test_a_body_that_is_too_large(self, written: Written) -> None:
        body = lines(*({"id": str(n), "text": "نص " * 100} for n in range(5000)))
        answer = written.client.post("/documents", content=body, headers=LINES)
        assert (answer.status_code, error_of(answer)["code"]) == (413, "too_large")
        ids = {"ids": ["x" * 100] * 50_000}
        assert written.client.post("/documents/delete", json=ids).status_code == 413
        assert written.ids() == set()

    def test_while_another_process_writes(self, written: Written) -> None:
        lock = WriteLock(written.directory)
        try:
            answer = written.client.post("/documents", json=ONE)
        finally:
            lock.release()
        assert (answer.status_code, error_of(answer)["code"]) == (503, "index_busy")
        assert answer.headers["Retry-After"]
        assert counts(written.client.post("/documents", json=ONE)) == {"added": 1}

    def test_a_service_that_is_not_writable(self, written: Written) -> None:
        from tests.searchd.service.conftest import client_over

        answer = client_over(written.engine).post("/documents", json=ONE)
        assert (answer.status_code, error_of(answer)["code"]) == (405, "method_not_allowed")
