"""Language and theme: what the browser asks for, and what the reader chose."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from searchd.service.page.preferences import Preferences, read_preferences


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("", Preferences("ar"), id="nothing"),
        pytest.param("en-GB,en;q=0.9", Preferences("en"), id="english"),
        pytest.param("fr,de", Preferences("ar"), id="neither"),
        pytest.param("en;q=0.5, ar-IQ;q=0.9", Preferences("ar", country="IQ"), id="by-weight"),
        pytest.param("en, ar-MA;q=0.1", Preferences("en", country="MA"), id="country-of-arabic"),
        pytest.param("ar-Arab-DZ", Preferences("ar", country="DZ"), id="script-and-country"),
        pytest.param("ar;q=0, en;q=0.1", Preferences("en"), id="refused"),
        pytest.param("arz, en;q=x, eng;q=1", Preferences("ar"), id="others-that-look-alike"),
        pytest.param(";;,=,q=", Preferences("ar"), id="nonsense"),
    ],
)
def test_the_browser_asks_for_a_language(header: str, expected: Preferences) -> None:
    assert read_preferences({}, header) == expected


@pytest.mark.parametrize(
    ("cookies", "expected"),
    [
        ({"lang": "en"}, Preferences("en")),
        ({"lang": "xx", "theme": "pink"}, Preferences("ar")),
        ({"theme": "dark"}, Preferences("ar", "dark")),
    ],
)
def test_cookies_come_first(cookies: dict[str, str], expected: Preferences) -> None:
    assert read_preferences(cookies, "ar") == expected


def test_a_choice_is_kept_and_leaves_the_address(client: TestClient) -> None:
    response = client.get("/?q=نفط&lang=en&theme=dark&page=2", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "./?q=%D9%86%D9%81%D8%B7&page=2"
    cookies = response.headers.get_list("set-cookie")
    assert [cookie.partition(";")[0] for cookie in cookies] == ["lang=en", "theme=dark"]
    for cookie in cookies:
        assert "SameSite=lax" in cookie
        assert "HttpOnly" in cookie
        assert "Path" not in cookie  # below the path of a proxy it is for that path alone


def test_an_unknown_choice_is_not_kept(client: TestClient) -> None:
    response = client.get("/?lang=fr", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "./"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("address", ["//evil.example/?lang=en", "/?q=//evil.example&lang=en"])
def test_a_choice_leads_to_no_other_host(client: TestClient, address: str) -> None:
    response = client.get(f"http://testserver{address}", follow_redirects=False)
    assert not response.headers.get("location", "./").startswith(("/", "http"))


def test_the_page_has_the_language_and_theme(client: TestClient) -> None:
    client.cookies.clear()
    page = client.get("/", headers={"Accept-Language": "en", "Cookie": "theme=dark"})
    assert '<html lang="en" dir="ltr" data-theme="dark">' in page.text
    assert page.headers["content-language"] == "en"
    assert page.headers["vary"] == "Cookie, Accept-Language, Accept-Encoding"
    assert '<html lang="ar" dir="rtl" data-theme="auto">' in client.get("/").text
