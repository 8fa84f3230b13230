"""The HTTP API, with a real index and with engines that raise a given error."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import searchd
from indexer.document import Document
from indexer.errors import IndexMissingError
from indexer.fields import FieldMap, parse_field_option
from indexer.generation import GENERATION_FILE
from indexer.writer import IndexWriter
from searchd._version import __version__
from searchd.errors import FilterSyntaxError, QuerySyntaxError
from searchd.results import Highlight, Hit, Results, Snippet
from searchd.service import create_app
from searchd.service.models import ALLOWED

if TYPE_CHECKING:
    from searchd.engine import Engine

with warnings.catch_warnings():
    # Newer versions of Starlette warn that httpx2 should replace httpx; both work.
    warnings.filterwarnings("ignore", message=".*httpx2")
    from fastapi.testclient import TestClient

DOCUMENTS = [
    Document(
        id="law",
        title="قانون الحشد الشعبي",
        text="أرجأ مجلس النواب التصويت على قانون التقاعد للحشد الشعبي إلى الأسبوع المقبل.",
        url="https://example.org/law",
        date=datetime(2024, 3, 5, tzinfo=UTC),
        fields={"source": ("واع",)},
    ),
    Document(
        id="floods",
        title="مواجهة السيول",
        text="شارك الحشد الشعبي في إخلاء القرى، ورُفع العلم 😀 بعدها.",
        date=datetime(2024, 4, 1, tzinfo=UTC),
        fields={"source": ("بغداد",)},
    ),
    Document(id="soup", title="شوربة العدس", text="يُغسل العدس ثم يُسلق مع البصل والكمون."),
]


def write_index(directory: Path) -> None:
    fields = FieldMap.from_specs([parse_field_option("source:keyword")])
    with IndexWriter(directory, fields) as writer:
        for document in DOCUMENTS:
            writer.upsert(document)
        writer.commit()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    directory = tmp_path_factory.mktemp("service")
    write_index(directory)
    with searchd.open(directory) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine)) as opened:
        yield opened


class FailingEngine:
    """An engine whose methods raise a given error, for errors that a real index rarely has."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def search(self, _query: str, **_options: object) -> Results:
        raise self._error

    def analyze(self, _text: str) -> list[Any]:
        raise self._error

    def info(self) -> Any:
        raise self._error


class CannedEngine(FailingEngine):
    """An engine that returns given results."""

    def __init__(self, results: Results) -> None:
        super().__init__(AssertionError("only search is canned"))
        self._results = results

    def search(self, _query: str, **_options: object) -> Results:
        return self._results


def client_over(engine: object) -> TestClient:
    return TestClient(create_app(engine))  # type: ignore[arg-type]


def error_of(response: Any) -> dict[str, Any]:
    assert set(response.json()) == {"error"}
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"code", "message", "position", "parameter"}
    return error


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


class TestOperation:
    def test_health_does_not_touch_the_index(self) -> None:
        broken = client_over(FailingEngine(IndexMissingError("gone")))
        response = broken.get("/health")
        assert response.status_code == 200
        assert response.json() == {"status": "ok", "version": __version__}

    def test_ready_when_a_search_works(self, client: TestClient, engine: Engine) -> None:
        response = client.get("/ready")
        assert response.status_code == 200
        generation = engine.info().generation
        assert response.json() == {"status": "ready", "documents": 3, "generation": generation}

    @pytest.mark.parametrize("path", ["/ready", "/search?q=x"])
    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("index_missing", "there is no index at {directory}"),
            ("index_mismatch", "the index at {directory} has format 0"),
            ("index_damaged", "{directory}/searchd.json is not what searchd writes"),
            ("closed", "the engine was closed"),
        ],
    )
    def test_503_with_the_reason(self, tmp_path: Path, path: str, code: str, reason: str) -> None:
        write_index(tmp_path)
        with searchd.open(tmp_path) as engine:
            client = client_over(engine)
            assert client.get(path).status_code == 200
            metadata = tmp_path / GENERATION_FILE
            match code:
                case "index_missing":
                    metadata.unlink()
                case "index_mismatch":
                    metadata.write_text(
                        json.dumps(json.loads(metadata.read_text()) | {"format": 0})
                    )
                case "index_damaged":
                    metadata.write_text("{")
                case "closed":
                    engine.close()
            response = client.get(path)
        assert response.status_code == 503
        error = error_of(response)
        assert error["code"] == code
        assert reason.format(directory=tmp_path) in error["message"]

    @pytest.mark.parametrize("path", ["/ready", "/search?q=الكتب", "/analyze?text=الكتب"])
    def test_503_for_a_damaged_lexicon(
        self, tmp_path: Path, damaged_lexicon: Path, path: str
    ) -> None:
        write_index(tmp_path / "index")
        with searchd.open(tmp_path / "index") as engine:
            client = client_over(engine)
            response = client.get(path)
            assert client.get("/health").status_code == 200
        assert response.status_code == 503
        error = error_of(response)
        assert error["code"] == "analysis_unavailable"
        assert error["message"].startswith(f"{damaged_lexicon}: ")
        assert error["message"].endswith("; install searchd again")

    def test_503_is_documented(self, client: TestClient) -> None:
        paths = client.get("/openapi.json").json()["paths"]
        assert all("503" in paths[path]["get"]["responses"] for path in ("/search", "/analyze"))

    def test_ready_again_when_the_index_is_back(self, tmp_path: Path) -> None:
        write_index(tmp_path)
        with searchd.open(tmp_path) as engine:
            client = client_over(engine)
            (tmp_path / GENERATION_FILE).rename(tmp_path / "away")
            assert client.get("/ready").status_code == 503
            (tmp_path / "away").rename(tmp_path / GENERATION_FILE)
            assert client.get("/ready").status_code == 200


class TestErrors:
    @pytest.mark.parametrize(
        ("query", "position"),
        [
            pytest.param('الحشد "الشعبي', 6, id="quotation"),
            pytest.param('  "الشعبي', 2, id="space-before-counts"),
            pytest.param('😀 "الشعبي', 2, id="code-points-not-utf16"),
        ],
    )
    def test_query_syntax_says_where(self, client: TestClient, query: str, position: int) -> None:
        response = client.get("/search", params={"q": query})
        assert response.status_code == 400
        error = error_of(response)
        assert (error["code"], error["position"]) == ("query_syntax", position)
        assert f"character {position + 1}" in error["message"]

    @pytest.mark.parametrize(
        "parameters",
        [
            pytest.param({"filter": "nosuchfield=1"}, id="filter"),
            pytest.param({"sort": "nosuchfield"}, id="sort"),
        ],
    )
    def test_filter_syntax(self, client: TestClient, parameters: dict[str, str]) -> None:
        response = client.get("/search", params={"q": "كتاب", **parameters})
        assert response.status_code == 400
        error = error_of(response)
        assert (error["code"], error["position"]) == ("filter_syntax", None)
        assert "nosuchfield" in error["message"]

    @pytest.mark.parametrize(
        ("url", "parameter", "given"),
        [
            ("/search", "q", "missing"),
            ("/search?q=", "q", "''"),
            ("/search?q=%20%0A%C2%A0", "q", "' \n\xa0'"),
            (f"/search?q={'x' * 1001}", "q", "(1001 characters)"),
            ("/search?q=x&limit=0", "limit", "'0'"),
            ("/search?q=x&limit=101", "limit", "'101'"),
            ("/search?q=x&limit=ten", "limit", "'ten'"),
            ("/search?q=x&limit=1.5", "limit", "'1.5'"),
            ("/search?q=x&offset=-1", "offset", "'-1'"),
            ("/search?q=x&offset=10000&limit=1", "offset", "'10000'"),
            ("/search?q=x&offset=9991", "offset", "'9991'"),
            ("/search?q=x&offset=9901&limit=100", "offset", "'9901'"),
            ("/search?q=x&snippets=6", "snippets", "'6'"),
            ("/search?q=x&filter=", "filter", "''"),
            ("/search?q=x" + "&filter=a%3Db" * 21, "filter", "at most 20"),
            ("/search?q=x&sort=", "sort", "''"),
            ("/analyze", "text", "missing"),
            ("/analyze?text=%20", "text", "' '"),
            (f"/analyze?text={'x' * 20001}", "text", "(20001 characters)"),
        ],
    )
    def test_422_says_which_parameter_and_what_is_allowed(
        self, client: TestClient, url: str, parameter: str, given: str
    ) -> None:
        response = client.get(url)
        assert response.status_code == 422
        error = error_of(response)
        assert (error["code"], error["parameter"]) == ("invalid_parameter", parameter)
        assert f"'{parameter}'" in error["message"]
        assert given in error["message"]
        assert ALLOWED[parameter] in error["message"]
        assert len(error["message"]) < 400

    def test_422_names_an_unknown_parameter(self, client: TestClient) -> None:
        error = error_of(client.get("/search?q=x&limt=5"))
        assert error["parameter"] == "limt"
        assert error["message"] == "there is no parameter 'limt'"

    def test_422_names_every_wrong_parameter(self, client: TestClient) -> None:
        message = error_of(client.get("/search?limit=0&offset=-1"))["message"]
        assert all(f"'{name}'" in message for name in ("q", "limit", "offset"))

    @pytest.mark.parametrize(
        "url",
        [
            "/nothing",
            "/search/",
            "/docs",
            "/redoc",
            "/static/nothing.js",
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/static/..%2fapp.py",
        ],
    )
    def test_unknown_path(self, client: TestClient, url: str) -> None:
        response = client.get(url, follow_redirects=False)
        assert response.status_code == 404
        assert error_of(response)["code"] == "not_found"

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    @pytest.mark.parametrize("path", ["/", "/search", "/analyze", "/health", "/static/page.js"])
    def test_wrong_method(self, client: TestClient, method: str, path: str) -> None:
        response = client.request(method, path)
        assert response.status_code == 405
        assert error_of(response)["code"] == "method_not_allowed"

    def test_an_unforeseen_error_is_logged_and_not_shown(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = client_over(FailingEngine(ZeroDivisionError("secret detail")))
        with caplog.at_level(logging.ERROR, "searchd.service"):
            response = broken.get("/search?q=x")
        assert response.status_code == 500
        assert error_of(response)["code"] == "internal"
        assert "secret" not in response.text
        assert "ZeroDivisionError: secret detail" in caplog.text
        assert "Traceback" in caplog.text

    @pytest.mark.parametrize(
        "error", [QuerySyntaxError("س", 0, "wrong"), FilterSyntaxError("wrong")]
    )
    def test_a_users_error_is_not_logged(
        self, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert client_over(FailingEngine(error)).get("/search?q=x").status_code == 400
        assert not [record for record in caplog.records if record.name == "searchd.service"]


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
