"""Errors are pages in the language of the reader, with the status and code of the JSON API."""

from __future__ import annotations

import logging

import pytest
from fastapi.testclient import TestClient

from indexer.errors import IndexDamagedError, IndexMissingError
from searchd.errors import EngineClosedError, SearchBudgetError, SearchTimeoutError
from searchd.service.errors import OverloadedError
from searchd.service.page.rendering import wrong_place
from tests.searchd.service.conftest import FailingEngine, client_over
from tests.searchd.service.page.markup import links, parse, text_of

ARABIC = {"Accept": "text/html", "Accept-Language": "ar"}


@pytest.mark.parametrize(
    ("address", "status", "headline"),
    [
        ('/?q="النهر', 400, "في الاستعلام خطأ"),
        ("/?q=النهر&filter=nosuch=1", 400, "في المرشّح أو الترتيب خطأ"),
        ("/?q=النهر&sort=nosuch", 400, "في المرشّح أو الترتيب خطأ"),
        ("/?q=النهر&in.nosuch=1", 400, "في المرشّح أو الترتيب خطأ"),
        ("/?q=" + " ".join(f"?{n}?" for n in range(33)), 400, "الاستعلام أوسع من أن يُبحث"),
        ("/?q=" + "ا" * 1001, 422, "الاستعلام أطول من"),
        ("/read?id=nosuch", 404, "لا وثيقة بهذا المعرّف"),
        ("/read", 404, "لا وثيقة بهذا المعرّف"),
        ('/read?id=long&q="النهر', 400, "في الاستعلام خطأ"),
        ("/nothing", 404, "لا شيء في هذا العنوان"),
        ("/nothing/at/all", 404, "لا شيء في هذا العنوان"),
    ],
)
def test_what_a_reader_can_get_wrong(
    reader: TestClient, address: str, status: int, headline: str
) -> None:
    response = reader.get(address)
    assert response.status_code == status
    assert response.headers["content-language"] == "ar"
    tree = parse(response.text)
    assert text_of(tree.css_first("[role=alert] h1")).startswith(headline)
    assert tree.css_first("form[role=search] #box") is not None
    english = parse(reader.get(address, headers={"Accept-Language": "en"}).text)
    assert text_of(english.css_first("[role=alert] h1")).isascii()


def test_the_place_of_a_mistake_is_marked(reader: TestClient) -> None:
    tree = parse(reader.get('/?q=نهر "الفيضان').text)
    assert tree.css_first(".query mark").text() == '"'
    assert text_of(tree.css_first(".query")) == 'نهر "الفيضان'
    assert "علامة التنصيص" in text_of(tree.css_first("[role=alert]"))


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (0, "<mark>&lt;</mark>b"),
        (1, "&lt;<mark>b</mark>"),
        (2, "&lt;b<mark>\u00a0</mark>"),
        (9, "&lt;b<mark>\u00a0</mark>"),
    ],
)
def test_a_mistake_at_the_end_is_marked_by_a_space(position: int, expected: str) -> None:
    assert wrong_place("<b", position) == expected


@pytest.mark.parametrize(
    ("error", "status", "headline"),
    [
        (SearchTimeoutError("كت*", 2.0), 503, "استغرق البحث وقتًا طويلًا"),
        (OverloadedError(), 503, "الخدمة مشغولة الآن"),
        (IndexMissingError("gone"), 503, "لا فهرس يُبحث فيه الآن"),
        (IndexDamagedError("bad"), 503, "الفهرس تالف"),
        (EngineClosedError("closed"), 503, "أُوقفت الخدمة"),
        (SearchBudgetError("كت*", "too much"), 400, "الاستعلام أوسع"),
    ],
)
@pytest.mark.parametrize("address", ["/", "/?q=نهر"])
def test_what_the_service_cannot_do(
    address: str, error: Exception, status: int, headline: str
) -> None:
    response = client_over(FailingEngine(error)).get(address, headers=ARABIC)
    assert response.status_code == status
    tree = parse(response.text)
    assert text_of(tree.css_first("h1")).startswith(headline)
    if isinstance(error, OverloadedError):
        assert int(response.headers["Retry-After"]) > 0
    if status == 503 and "تالف" not in headline:
        assert "أعد المحاولة" in links(tree, ".notice a")


def test_an_unforeseen_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    broken = client_over(FailingEngine(ZeroDivisionError("secret detail")))
    with caplog.at_level(logging.ERROR, "searchd.service"):
        response = broken.get("/?q=نهر", headers=ARABIC)
    assert response.status_code == 500
    assert text_of(parse(response.text).css_first("h1")) == "تعطّلت الخدمة، والسبب في سجلها"
    assert "secret" not in response.text
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_programs_get_json_for_an_unknown_address(reader: TestClient) -> None:
    response = reader.get("/nothing", headers={"Accept": "*/*"})
    assert response.json()["error"]["code"] == "not_found"
    assert reader.get('/search?q="').json()["error"]["code"] == "query_syntax"


@pytest.mark.parametrize("address", ["/a/b/c", "/read/x"])
def test_a_page_below_an_unknown_folder_finds_its_files(reader: TestClient, address: str) -> None:
    from urllib.parse import urljoin

    tree = parse(reader.get(address).text)
    for node in tree.css("[href], [src]"):
        target = node.attributes.get("href") or node.attributes.get("src") or ""
        if "lang=" in target or "theme=" in target or target.startswith("#"):
            continue
        assert reader.get(urljoin(address, target)).status_code == 200, target
