"""Searches and analyses over HTTP, and the headers of every response."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from searchd.results import Highlight, Hit, Results, Snippet
from searchd.service.models import SearchResponse
from tests.searchd.service.conftest import CannedEngine, FailingEngine, client_over

if TYPE_CHECKING:
    from searchd.engine import Engine


def plain(results: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in results.items() if name != "took"}


class TestSearch:
    @pytest.mark.parametrize(
        ("parameters", "options"),
        [
            pytest.param({}, {}, id="defaults"),
            pytest.param({"limit": 1}, {"limit": 1}, id="limit"),
            pytest.param({"offset": 1}, {"offset": 1}, id="offset"),
            pytest.param({"offset": 9990}, {"offset": 9990}, id="deepest-page"),
            pytest.param({"snippets": 0}, {"snippets": 0}, id="no-snippets"),
            pytest.param({"sort": "-date"}, {"sort": "-date"}, id="sort"),
            pytest.param({"filter": "source=واع"}, {"filters": ["source=واع"]}, id="filter"),
            pytest.param(
                {"filter": ["source=واع", "source=بغداد"]},
                {"filters": ["source=واع", "source=بغداد"]},
                id="two-filters",
            ),
        ],
    )
    def test_answers_what_the_engine_answers(
        self, client: TestClient, engine: Engine, parameters: dict[str, Any], options: Any
    ) -> None:
        response = client.get("/search", params={"q": "الحشد الشعبي", **parameters})
        assert response.status_code == 200
        expected = engine.search("الحشد الشعبي", **options).to_dict()
        assert plain(response.json()) == plain(expected)

    def test_finds_and_highlights(self, client: TestClient) -> None:
        answer = client.get("/search", params={"q": "الحشد", "filter": "source=واع"}).json()
        assert answer["total"] == 1
        (hit,) = answer["hits"]
        assert (hit["id"], hit["rank"]) == ("law", 1)
        assert hit["url"] == "https://example.org/law"
        assert hit["date"].startswith("2024-03-05")
        (found,) = hit["title_highlights"]
        assert hit["title"][found["start"] : found["end"]] == "الحشد"
        assert found["level"] == "surface"
        assert hit["snippets"][0]["highlights"][0]["level"] == "stem"
        assert "<mark>للحشد</mark>" in hit["snippets"][0]["html"]

    def test_sorts_newest_first_without_scores(self, client: TestClient) -> None:
        hits = client.get("/search", params={"q": "الحشد", "sort": "-date"}).json()["hits"]
        assert [hit["id"] for hit in hits] == ["floods", "law"]
        assert {hit["score"] for hit in hits} == {None}

    def test_without_hits_the_terms_say_what_was_searched(self, client: TestClient) -> None:
        answer = client.get("/search", params={"q": "الحششد"}).json()
        assert (answer["total"], answer["hits"]) == (0, [])
        assert [term["text"] for term in answer["terms"]] == ["الحششد"]

    def test_arabic_is_utf8_and_not_escaped(self, client: TestClient) -> None:
        response = client.get("/search", params={"q": "العدس"})
        assert response.headers["content-type"] == "application/json"
        assert "شوربة العدس".encode() in response.content
        assert b"\\u" not in response.content

    def test_every_value_of_a_hit_passes_the_model(self) -> None:
        snippet = Snippet(
            "<b> الحشد 😀 & ثم", 3, 19, (Highlight(4, 9, "stem"),), before=True, after=True
        )
        hit = Hit(
            rank=1,
            id="a/ب",
            title="",
            score=None,
            url="javascript:alert(1)",
            date=datetime(2024, 3, 5, 10, 30, tzinfo=UTC),
            fields={
                "text": "نص",
                "number": 2.5,
                "when": datetime(2024, 1, 1, tzinfo=UTC),
                "tags": ("أ", "ب"),
            },
            snippets=(snippet, snippet),
        )
        results = Results(
            query="س", total=1, hits=(hit,), common=("في",), suggestions=("كتاب",), took=0.25
        )
        answer = client_over(CannedEngine(results)).get("/search", params={"q": "س"}).json()
        assert answer == results.to_dict()

    def test_threads_get_their_own_answers(self, client: TestClient) -> None:
        def top(query: str) -> str:
            hits = client.get("/search", params={"q": query, "limit": 1}).json()["hits"]
            return str(hits[0]["id"])

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(top, ["قانون", "السيول", "العدس"] * 20))
        assert found == ["law", "floods", "soup"] * 20


class TestAnalyze:
    def test_returns_every_token_with_its_terms(self, client: TestClient, engine: Engine) -> None:
        text = "😀 وَبِالكِتَابِ إلى"
        response = client.get("/analyze", params={"text": text})
        assert response.status_code == 200
        answer = response.json()
        assert answer["text"] == text
        assert len(answer["tokens"]) == len(engine.analyze(text)) == 2
        token = answer["tokens"][0]
        assert text[token["start"] : token["end"]] == token["text"] == "وَبِالكِتَابِ"
        assert (token["surface"], token["stem"]) == ("وبالكتاب", "كتاب")
        assert (token["lemma"], token["rule"]) == ("كتاب", "clitics")
        assert token["proclitics"] == ["و", "ب", "ال"]
        assert "كتب" in token["related_stems"]
        assert [token["stopword"] for token in answer["tokens"]] == [False, True]

    def test_takes_the_longest_text(self, client: TestClient) -> None:
        response = client.get("/analyze", params={"text": "word " * 3999 + "words"})
        assert len(response.json()["tokens"]) == 4000


class TestHeaders:
    @pytest.mark.parametrize(
        "path", ["/", "/search?q=x", "/search", "/nothing", "/static/page.css", "/openapi.json"]
    )
    def test_every_response_has_the_security_headers(self, client: TestClient, path: str) -> None:
        self._check(client.get(path))

    def test_a_500_has_the_headers_too(self) -> None:
        self._check(client_over(FailingEngine(RuntimeError("boom"))).get("/search?q=x"))

    @staticmethod
    def _check(response: Any) -> None:
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("query", ["الحشد", "الحشض", "*", "العدس OR source:واع", "source:لا"])
@pytest.mark.parametrize("options", ["", "&snippets=0", "&facet=source&group_by=source"])
def test_a_search_is_answered_as_its_model_would_be(
    client: TestClient, query: str, options: str
) -> None:
    answer = client.get(f"/search?q={query}{options}")
    assert answer.status_code == 200
    model = SearchResponse.model_validate_json(answer.content)
    assert model.model_dump_json().encode() == answer.content
