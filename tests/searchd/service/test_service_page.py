"""The search page and the OpenAPI reference, which need no index."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

import searchd
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.errors import QuerySyntaxError
from searchd.ranking import Ranking
from searchd.search_arguments import MOST_HITS
from searchd.service import create_app
from searchd.service.app import STATIC
from searchd.service.models import ALLOWED, MAX_PAGE_SIZE
from tests.searchd.conftest import write_index
from tests.searchd.query.test_query_language import FIELDS, REFUSED


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(cast("Any", None)))


@pytest.fixture(scope="module")
def reference(client: TestClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


class TestReference:
    def test_lists_the_operations(self, reference: dict[str, Any]) -> None:
        operations = {
            (path, method, operation["operationId"])
            for path, methods in reference["paths"].items()
            for method, operation in methods.items()
        }
        assert operations == {
            ("/search", "get", "search"),
            ("/analyze", "get", "analyze"),
            ("/health", "get", "health"),
            ("/ready", "get", "ready"),
        }

    def test_describes_every_parameter(self, reference: dict[str, Any]) -> None:
        for methods in reference["paths"].values():
            for parameter in methods["get"].get("parameters", []):
                assert parameter["description"]
                assert parameter["name"] in ALLOWED

    @pytest.mark.parametrize(
        ("name", "limits"),
        [
            ("q", {"minLength": 1, "maxLength": 1000}),
            ("limit", {"minimum": 1, "maximum": 100, "default": 10}),
            ("offset", {"minimum": 0, "maximum": 9999, "default": 0}),
            ("snippets", {"minimum": 0, "maximum": 5, "default": 1}),
        ],
    )
    def test_states_the_limits(
        self, reference: dict[str, Any], name: str, limits: dict[str, int]
    ) -> None:
        parameters = reference["paths"]["/search"]["get"]["parameters"]
        (schema,) = (one["schema"] for one in parameters if one["name"] == name)
        assert limits.items() <= schema.items()

    def test_pages_go_as_deep_as_the_engine(self, reference: dict[str, Any]) -> None:
        """The depth of the engine bounds `offset` and the pages of the search page."""
        (offset,) = (
            parameter["schema"]
            for parameter in reference["paths"]["/search"]["get"]["parameters"]
            if parameter["name"] == "offset"
        )
        assert offset["maximum"] == MOST_HITS - 1
        assert f"at most {MOST_HITS}" in ALLOWED["offset"]
        script = (STATIC / "page.js").read_text("utf-8")
        size, last = (
            int(re.search(rf"const {name} = (\d+);", script)[1])  # type: ignore[index]
            for name in ("PAGE_SIZE", "LAST_PAGE")
        )
        assert size <= MAX_PAGE_SIZE
        assert size * last == MOST_HITS

    def test_all_errors_have_one_shape(self, reference: dict[str, Any]) -> None:
        responses = reference["paths"]["/search"]["get"]["responses"]
        assert set(responses) == {"200", "400", "422", "503"}
        for status in ("400", "422", "503"):
            schema = responses[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorResponse"}
        assert "HTTPValidationError" not in reference["components"]["schemas"]


class TestPage:
    FILES = ("index.html", "page.css", "page.js")

    def test_is_arabic_and_right_to_left(self, client: TestClient) -> None:
        response = client.get("/", params={"q": "الحشد", "page": 2})
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert '<html lang="ar" dir="rtl">' in response.text
        assert client.head("/").status_code == 200

    @pytest.mark.parametrize(
        ("path", "kind"), [("page.css", "text/css"), ("page.js", "text/javascript")]
    )
    def test_files_have_their_types(self, client: TestClient, path: str, kind: str) -> None:
        response = client.get(f"/static/{path}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(kind)

    def test_every_reference_is_served(self, client: TestClient) -> None:
        for path in re.findall(r'(?:src|href)="((?!data:)[^"]+)"', client.get("/").text):
            assert client.get(f"/{path.removeprefix('./')}").status_code == 200, path

    @pytest.mark.parametrize("name", FILES)
    def test_refers_to_no_other_host(self, name: str) -> None:
        text = (STATIC / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://\w|[\"'(]//\w|@import|url\(", text)

    def test_follows_its_content_security_policy(self) -> None:
        html = (STATIC / "index.html").read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", html)
        script = (STATIC / "page.js").read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|\.style\b", script
        )

    def test_highlights_keep_letters_joined(self) -> None:
        css = (STATIC / "page.css").read_text("utf-8")
        for rule in re.findall(r"^(?:\.\w+ )?mark \{(.*?)\}", css, re.DOTALL | re.MULTILINE):
            properties = set(re.findall(r"^\s*([\w-]+):", rule, re.MULTILINE))
            assert properties <= {"background", "color"}
        assert not re.search(r"^\s*letter-spacing", css, re.MULTILINE)


@pytest.mark.parametrize(
    "query",
    [
        '"كتاب',
        '""',
        "كتاب)",
        "(كتاب",
        "AND كتاب",
        "كتاب AND",
        "=(",
        "كتاب AND ؟",
        "x:كتاب",
        "date:ك*",
        '"كتاب مدرسة"~100',
        "كتاب~3",
        "ا*",
        f"{'(' * 60}ا{')' * 60}",
        "NOT",
    ],
)
def test_what_is_wrong_with_a_query_is_said_in_arabic(query: str, tmp_path: Path) -> None:
    """The page looks for words of the message; so every message has to have some of them."""
    with IndexWriter(tmp_path / "index") as writer:
        writer.upsert(Document("1", "اسم"))
        writer.commit()
    script = (STATIC / "page.js").read_text("utf-8")
    table = script[script.index("const REASONS = [") : script.index("];", script.index("REASONS"))]
    reasons = re.findall(r'\["([^"]+)", "([^"]+)"\]', table)
    ranking = Ranking(most_expansions=0)
    with (
        searchd.open(tmp_path / "index", ranking=ranking) as engine,
        pytest.raises(QuerySyntaxError) as caught,
    ):
        engine.search(query)
    assert any(words in str(caught.value) for words, _arabic in reasons), str(caught.value)


def test_every_refusal_is_said_in_arabic(tmp_path: Path) -> None:
    script = (STATIC / "page.js").read_text("utf-8")
    table = script[script.index("const REASONS = [") : script.index("];", script.index("REASONS"))]
    reasons = [words for words, _arabic in re.findall(r'\["([^"]+)", "([^"]+)"\]', table)]
    write_index(tmp_path / "index", [Document("1", "اسم")], fields=FIELDS)
    used = set()
    with searchd.open(tmp_path / "index") as engine:
        for query, *_others in (case.values for case in REFUSED):
            with pytest.raises(QuerySyntaxError) as caught:
                engine.search(str(query))
            said = [words for words in reasons if words in str(caught.value)]
            assert said, str(caught.value)
            used.add(said[0])
    assert len(used) > 20
