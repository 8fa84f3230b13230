"""Compressed answers, answers that a client has already, HEAD, and other sites."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard
from fastapi.testclient import TestClient

import searchd
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.service import create_app
from tests.searchd.service.conftest import make_index

if TYPE_CHECKING:
    from searchd.engine import Engine

QUERY = "/search?q=الحشد"


def raw(client: TestClient, url: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Return the headers of an answer, and its body as it was sent."""
    with client.stream("GET", url, headers=headers) as answer:
        return dict(answer.headers), b"".join(answer.iter_raw())


class TestCompression:
    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [
            ("gzip, deflate, br, zstd", "zstd"),
            ("gzip", "gzip"),
            ("GZIP;q=1.0, zstd;q=0.5", "gzip"),
            ("*", "zstd"),
            ("gzip;q=0", None),
            ("gzip;q=nonsense", None),
            ("br", None),
            ("identity", None),
            ("", None),
        ],
    )
    def test_the_client_chooses(self, client: TestClient, accepted: str, encoding: str) -> None:
        _, plain = raw(client, "/openapi.json", **{"Accept-Encoding": "identity"})
        headers, body = raw(client, "/openapi.json", **{"Accept-Encoding": accepted})
        assert headers.get("content-encoding") == encoding
        assert int(headers["content-length"]) == len(body)
        assert "Accept-Encoding" in headers["vary"]
        if encoding is not None:
            assert len(body) < len(plain)
            whole = zstandard.decompress(body) if encoding == "zstd" else gzip.decompress(body)
            assert whole == plain

    def test_small_answers_and_fonts_stay(self, client: TestClient) -> None:
        headers, _ = raw(client, "/health", **{"Accept-Encoding": "zstd"})
        assert "content-encoding" not in headers

    def test_the_page_too(self, client: TestClient) -> None:
        headers, body = raw(client, "/", **{"Accept-Encoding": "zstd"})
        assert headers["content-encoding"] == "zstd"
        assert "بحث".encode() in zstandard.decompress(body)

    def test_it_can_be_left_out(self, engine: Engine) -> None:
        client = TestClient(create_app(engine, compress=False))
        headers, _ = raw(client, "/openapi.json", **{"Accept-Encoding": "zstd"})
        assert "content-encoding" not in headers


class TestConditional:
    @pytest.mark.parametrize("url", [QUERY, "/documents", "/documents/law"])
    def test_nothing_is_searched_for_what_is_known(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch, url: str
    ) -> None:
        client = TestClient(create_app(engine))
        tag = client.get(url).headers["ETag"]
        for name in ("search", "documents", "highlight"):
            monkeypatch.setattr(engine, name, None)  # a call would fail
        for value in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
            answer = client.get(url, headers={"If-None-Match": value})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["ETag"] == tag

    def test_a_commit_and_other_words_change_it(self, tmp_path: Path) -> None:
        make_index(tmp_path)
        with searchd.open(tmp_path) as engine:
            client = TestClient(create_app(engine))
            tags = [client.get(QUERY).headers["ETag"]]
            with IndexWriter(tmp_path) as writer:
                writer.upsert(Document("new", "الحشد"))
                writer.commit()
            answer = client.get(QUERY, headers={"If-None-Match": tags[0]})
            assert (answer.status_code, answer.json()["total"]) == (200, 3)
            tags.append(answer.headers["ETag"])
            engine.reload_words(None, None)
            tags.append(client.get(QUERY, headers={"If-None-Match": tags[1]}).headers["ETag"])
            assert len(set(tags)) == 3

    def test_errors_have_none(self, client: TestClient) -> None:
        assert "ETag" not in client.get("/documents/none").headers


class TestHead:
    @pytest.mark.parametrize(
        "url", [QUERY, "/documents/law", "/health", "/", "/documents/none", "/x"]
    )
    def test_it_is_get_without_a_body(self, client: TestClient, url: str) -> None:
        whole, head = client.get(url), client.head(url)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head.headers["Content-Type"] == whole.headers["Content-Type"]
        assert int(head.headers["Content-Length"]) > 0


class TestOtherSites:
    ORIGIN = "https://example.org"

    def test_none_by_default(self, client: TestClient) -> None:
        answer = client.get(QUERY, headers={"Origin": self.ORIGIN})
        assert not [name for name in answer.headers if name.startswith("access-control")]

    def test_those_that_are_named(self, engine: Engine) -> None:
        client = TestClient(create_app(engine, cors_origins=[self.ORIGIN]))
        answer = client.get(QUERY, headers={"Origin": self.ORIGIN})
        assert answer.headers["Access-Control-Allow-Origin"] == self.ORIGIN
        assert "access-control-allow-credentials" not in answer.headers
        answer = client.get(QUERY, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers

    def test_a_browser_may_send_a_key(self, engine: Engine) -> None:
        client = TestClient(create_app(engine, cors_origins=[self.ORIGIN]))
        asked = {
            "Origin": self.ORIGIN,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization, x-api-key",
        }
        answer = client.options(QUERY, headers=asked)
        assert answer.status_code == 200
        assert "X-Api-Key" in answer.headers["Access-Control-Allow-Headers"]
