"""What the service answers to a request with an error, and to one that it fails itself."""

from __future__ import annotations

import logging

import pytest
from fastapi.testclient import TestClient

from searchd.errors import FilterSyntaxError, QuerySyntaxError, SearchArgumentError
from searchd.service.models import ALLOWED
from tests.searchd.service.conftest import FailingEngine, client_over, error_of


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
        ("parameters", "position"),
        [
            pytest.param({"filter": "source=news AND nosuchfield=1"}, 16, id="filter"),
            pytest.param({"sort": "nosuchfield"}, None, id="sort"),
            pytest.param({"facet": "nosuchfield"}, None, id="facet"),
            pytest.param({"group_by": "nosuchfield"}, None, id="group"),
        ],
    )
    def test_filter_syntax(
        self, client: TestClient, parameters: dict[str, str], position: int | None
    ) -> None:
        response = client.get("/search", params={"q": "كتاب", **parameters})
        assert response.status_code == 400
        error = error_of(response)
        assert (error["code"], error["position"]) == ("filter_syntax", position)
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


def test_values_that_do_not_go_together(client: TestClient) -> None:
    response = client.get("/search", params={"q": "x", "after": "0", "group_by": "source"})
    assert response.status_code == 422
    error = error_of(response)
    assert (error["code"], error["parameter"]) == ("invalid_parameter", "after")
    assert "groups have no cursor" in error["message"]


def test_an_argument_is_named_as_its_parameter() -> None:
    error = SearchArgumentError("facets", "may be 20 at most")
    response = client_over(FailingEngine(error)).get("/search?q=x")
    assert response.status_code == 422
    assert error_of(response)["parameter"] == "facet"
    assert error_of(response)["message"] == "the parameter 'facet': may be 20 at most"
