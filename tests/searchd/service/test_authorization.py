"""Who may do what: keys, the loopback, proxies and rate limits."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient

from searchd.api_keys import KeyFile, Scope, new_key, now
from searchd.errors import KeyFileError
from searchd.service import create_app
from searchd.service.authorization import Authorization, require
from searchd.service.rate_limits import RateLimiter
from tests.searchd.service.conftest import error_of

if TYPE_CHECKING:
    from searchd.engine import Engine

READING = ("/search?q=x", "/documents", "/documents/law", "/documents/law/similar", "/suggest?q=x",
           "/analyze?text=x", "/", "/read?id=law")  # fmt: skip
OPEN = ("/health", "/ready", "/openapi.json", "/static/page.css")


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.json")


def key_with(keys: KeyFile, *scopes: Scope, **options: Any) -> dict[str, str]:
    """Add a key, and return the headers of its user."""
    presented, key = new_key(scopes, **options)
    keys.add(key)
    return {"Authorization": f"Bearer {presented}"}


def _nothing() -> dict[str, str]:
    return {}


def client_of(
    engine: Engine, authorization: Authorization | None, address: str = "192.0.2.7"
) -> TestClient:
    app = create_app(engine, authorization=authorization)
    for scope in ("documents", "admin"):
        dependencies = [Depends(require(scope))]
        app.add_api_route(
            f"/needs-{scope}", _nothing, dependencies=dependencies, include_in_schema=False
        )
    app.router.routes.insert(0, app.router.routes.pop())
    app.router.routes.insert(0, app.router.routes.pop())
    return TestClient(app, client=(address, 50000))


def statuses(client: TestClient, urls: Sequence[str], **options: Any) -> list[int]:
    return [client.get(url, **options).status_code for url in urls]


class TestWithoutKeys:
    @pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
    def test_this_machine_may_do_all(self, engine: Engine, keys: KeyFile, address: str) -> None:
        client = client_of(engine, Authorization(keys, local_only=True), address)
        urls = (*READING, *OPEN, "/needs-documents", "/needs-admin")
        assert statuses(client, urls) == [200] * len(urls)

    def test_others_may_do_nothing(self, engine: Engine, keys: KeyFile) -> None:
        client = client_of(engine, Authorization(keys, local_only=True))
        for url in (*READING, "/needs-documents", "/needs-admin"):
            answer = client.get(url, headers={"Accept": "application/json"})
            assert answer.status_code == 403, url
        error = error_of(client.get("/search?q=x"))
        assert error["code"] == "forbidden"
        assert "searchd keys create" in error["message"]
        assert "--public-search" in error["message"]
        assert statuses(client, OPEN) == [200] * len(OPEN)

    def test_public_search_is_search_alone(self, engine: Engine, keys: KeyFile) -> None:
        client = client_of(engine, Authorization(keys, local_only=True, public_search=True))
        assert statuses(client, READING) == [200] * len(READING)
        assert statuses(client, ["/needs-documents", "/needs-admin"]) == [403, 403]

    @pytest.mark.parametrize(
        "header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "X-Forwarded-Host"]
    )
    def test_what_a_proxy_sends_may_only_search(self, engine: Engine, header: str) -> None:
        client = client_of(engine, Authorization(local_only=True), "127.0.0.1")
        urls = ["/search?q=x", "/needs-documents", "/needs-admin"]
        assert statuses(client, urls, headers={header: "127.0.0.1"}) == [200, 403, 403]

    @pytest.mark.parametrize(
        ("header", "value", "status"),
        [
            ("Origin", "https://evil.example", 403),
            ("Origin", "null", 403),
            ("Origin", "http://testserver:81", 403),
            ("Origin", "http://testserver", 200),
            ("Sec-Fetch-Site", "cross-site", 403),
            ("Sec-Fetch-Site", "same-site", 403),
            ("Sec-Fetch-Site", "same-origin", 200),
            ("Sec-Fetch-Site", "none", 200),
        ],
    )
    def test_pages_of_other_sites_change_nothing(
        self, engine: Engine, header: str, value: str, status: int
    ) -> None:
        """A browser on this machine sends requests of any site that is open in it."""
        client = client_of(engine, Authorization(local_only=True), "127.0.0.1")
        urls = ["/needs-documents", "/needs-admin"]
        assert statuses(client, urls, headers={header: value}) == [status, status]

    def test_an_application_of_a_program_is_closed_but_for_searches(self, engine: Engine) -> None:
        client = client_of(engine, None)
        urls = ["/search?q=x", "/needs-documents", "/needs-admin"]
        assert statuses(client, urls) == [200, 403, 403]

    def test_a_key_that_nobody_made_changes_nothing(self, engine: Engine, keys: KeyFile) -> None:
        client = client_of(engine, Authorization(keys, local_only=True))
        headers = {"Authorization": f"Bearer {new_key(['admin'])[0]}"}
        assert client.get("/search?q=x", headers=headers).status_code == 403


class TestWithKeys:
    def test_each_scope(self, engine: Engine, keys: KeyFile) -> None:
        client = client_of(engine, Authorization(keys))
        urls = ["/search?q=x", "/needs-documents", "/needs-admin"]
        expected: dict[Scope, list[int]] = {
            "search": [200, 403, 403],
            "documents": [403, 200, 403],
            "admin": [200, 200, 200],
        }
        for scope, allowed in expected.items():
            assert statuses(client, urls, headers=key_with(keys, scope)) == allowed, scope

    def test_the_loopback_needs_one_too(self, engine: Engine, keys: KeyFile) -> None:
        key_with(keys, "search")
        client = client_of(engine, Authorization(keys, local_only=True), "127.0.0.1")
        answer = client.get("/search?q=x")
        assert answer.status_code == 401
        assert error_of(answer)["code"] == "key_missing"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="searchd"'
        assert statuses(client, OPEN) == [200] * len(OPEN)
        assert statuses(client, READING) == [401] * len(READING)

    def test_both_headers(self, engine: Engine, keys: KeyFile) -> None:
        client = client_of(engine, Authorization(keys))
        presented = key_with(keys, "search")["Authorization"].removeprefix("Bearer ")
        for headers in ({"X-Api-Key": presented}, {"Authorization": f"bearer {presented}"}):
            assert client.get("/search?q=x", headers=headers).status_code == 200

    @pytest.mark.parametrize("value", ["Bearer x", "Bearer", "Basic !", "Basic eDp5", "Digest x"])
    def test_a_wrong_key(self, engine: Engine, keys: KeyFile, value: str) -> None:
        key_with(keys, "search")
        client = client_of(engine, Authorization(keys))
        answer = client.get("/search?q=x", headers={"Authorization": value})
        assert answer.status_code == 401
        assert error_of(answer)["code"] in ("key_invalid", "key_missing")

    def test_a_wrong_key_is_not_a_public_search(self, engine: Engine, keys: KeyFile) -> None:
        """A client that sends a key learns that it does not hold, and does not search without."""
        key_with(keys, "search")
        client = client_of(engine, Authorization(keys, public_search=True))
        assert client.get("/search?q=x").status_code == 200
        assert client.get("/search?q=x", headers={"X-Api-Key": "x"}).status_code == 401
        assert client.get("/needs-documents").status_code == 401

    def test_an_expired_key(self, engine: Engine, keys: KeyFile) -> None:
        headers = key_with(keys, "search", expires=now() - timedelta(seconds=1))
        answer = client_of(engine, Authorization(keys)).get("/search?q=x", headers=headers)
        assert (answer.status_code, error_of(answer)["code"]) == (401, "key_invalid")

    def test_a_key_of_another_index(self, engine: Engine, keys: KeyFile) -> None:
        headers = key_with(keys, "search", indexes=["news"])
        client = client_of(engine, Authorization(keys, index="books"))
        answer = client.get("/search?q=x", headers=headers)
        assert (answer.status_code, error_of(answer)["code"]) == (403, "forbidden")
        client = client_of(engine, Authorization(keys, index="news"))
        assert client.get("/search?q=x", headers=headers).status_code == 200

    def test_revoked_and_new_keys_are_seen_at_once(self, engine: Engine, keys: KeyFile) -> None:
        client = client_of(engine, Authorization(KeyFile(keys.path)))
        first, second = key_with(keys, "search"), key_with(keys, "search")
        assert client.get("/search?q=x", headers=first).status_code == 200
        keys.remove(first["Authorization"].split("_")[1])
        assert client.get("/search?q=x", headers=first).status_code == 401
        assert client.get("/search?q=x", headers=second).status_code == 200

    def test_a_damaged_file_leaves_the_keys_as_they_were(
        self, engine: Engine, keys: KeyFile, caplog: pytest.LogCaptureFixture
    ) -> None:
        client = client_of(engine, Authorization(KeyFile(keys.path)))
        headers = key_with(keys, "search")
        assert client.get("/search?q=x", headers=headers).status_code == 200
        keys.path.write_text("{", "utf-8")
        assert client.get("/search?q=x", headers=headers).status_code == 200
        assert client.get("/search?q=x").status_code == 401
        assert [record.levelname for record in caplog.records] == ["ERROR"]  # once
        assert "the keys stay as they were" in caplog.text

    def test_a_file_that_is_damaged_from_the_start_is_refused(
        self, engine: Engine, keys: KeyFile
    ) -> None:
        key_with(keys, "search")
        keys.path.write_text("{", "utf-8")
        with pytest.raises(KeyFileError, match="is damaged or no key file"):
            Authorization(KeyFile(keys.path), local_only=True)

    def test_a_file_that_is_damaged_before_the_first_request(
        self, engine: Engine, keys: KeyFile
    ) -> None:
        headers = key_with(keys, "search")
        client = client_of(engine, Authorization(keys, local_only=True), "127.0.0.1")
        keys.path.write_text("{", "utf-8")
        assert client.get("/search?q=x").status_code == 401
        assert client.get("/search?q=x", headers=headers).status_code == 200

    def test_a_browser_may_send_it_as_a_password(self, engine: Engine, keys: KeyFile) -> None:
        presented = key_with(keys, "admin")["Authorization"].removeprefix("Bearer ")
        client = client_of(engine, Authorization(keys))
        page = client.get("/?q=x", headers={"Accept": "text/html"})
        assert page.status_code == 401
        assert page.headers["WWW-Authenticate"].startswith("Basic ")
        assert "كلمة المرور" in page.text
        basic = base64.b64encode(f"reader:{presented}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        assert statuses(client, READING, headers=headers) == [200] * len(READING)
        # A browser sends it also where another site asks, so it must not change anything.
        urls = ["/needs-documents", "/needs-admin"]
        assert statuses(client, urls, headers=headers) == [401, 401]


class TestRateLimits:
    def test_each_address_and_each_key_has_its_own(self, engine: Engine, keys: KeyFile) -> None:
        limits = {
            "address_limit": RateLimiter(1, 2, clock=lambda: 0.0),
            "key_limit": RateLimiter(1, 3, clock=lambda: 0.0),
        }
        authorization = Authorization(keys, public_search=True, **limits)
        first, second = key_with(keys, "search"), key_with(keys, "search")
        client = client_of(engine, authorization)
        urls = ["/search?q=x"] * 4
        assert statuses(client, urls) == [200, 200, 429, 429]
        assert statuses(client, urls, headers=first) == [200, 200, 200, 429]
        assert statuses(client, urls, headers=second) == [200, 200, 200, 429]
        answer = client.get("/search?q=x")
        assert answer.headers["Retry-After"] == "1"
        assert error_of(answer)["code"] == "rate_limited"
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 429
        assert statuses(client, OPEN) == [200] * len(OPEN)

    def test_wrong_keys_are_counted(self, engine: Engine, keys: KeyFile) -> None:
        key_with(keys, "search")
        limit = RateLimiter(1, 2, clock=lambda: 0.0)
        client = client_of(engine, Authorization(keys, address_limit=limit))
        headers = {"X-Api-Key": "searchd_0_x"}
        assert statuses(client, ["/search?q=x"] * 3, headers=headers) == [401, 401, 429]


def test_the_reference_names_the_keys(engine: Engine) -> None:
    document = client_of(engine, None).get("/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"HTTPBearer", "APIKeyHeader"}
    paths = ("/search", "/documents", "/documents/{id}", "/documents/{id}/similar", "/suggest")
    assert all(document["paths"][path]["get"]["security"] for path in paths)
    assert "security" not in document["paths"]["/health"]["get"]
