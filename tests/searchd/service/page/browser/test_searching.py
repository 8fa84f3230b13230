"""Searching in a browser: by mouse and keyboard, with and without scripts, back and forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.searchd.service.page.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_search_narrow_read_and_go_back(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.get_by_role("searchbox" if not scripts else "combobox").fill("النهر")
    page.get_by_role("button", name="بحث").click()
    assert page.locator(".hits > li").count() > 1
    assert page.title() == "النهر · بحث"

    page.locator(".facets a", has_text="أدب").click()
    assert page.locator(".chips .chip").inner_text().split()[:2] == ["التصنيف", "أدب"]
    narrowed = page.url

    page.get_by_role("link", name="كتاب طويل").click()
    assert page.locator("h1").inner_text() == "كتاب طويل"
    assert page.locator(".text mark").count() > 10

    page.go_back()
    assert page.url == narrowed
    page.go_back()
    assert page.locator(".chips .chip").count() == 0
    page.go_forward()
    assert page.locator(".chips .chip").count() == 1
    page.locator(".chips .chip").click()
    assert page.locator(".chips .chip").count() == 0
    assert page.locator(".hits > li").count() > 1


def test_an_address_can_be_passed_on(open_page: OpenPage) -> None:
    page = open_page("?q=النهر")
    page.locator(".facets a", has_text="أدب").click()
    with page.expect_navigation():
        page.locator(".sort a", has_text="الأحدث").click()
    other = open_page(page.url.partition("/?")[2] and "?" + page.url.partition("?")[2])
    assert other.locator(".hits h2").all_inner_texts() == page.locator(".hits h2").all_inner_texts()
    assert other.locator(".sort [aria-current]").inner_text() == "الأحدث"


def test_the_language_is_switched_and_kept(open_page: OpenPage) -> None:
    page = open_page("?q=النهر")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("dir") == "ltr"
    assert page.locator("#box").input_value() == "النهر"
    assert "lang" not in page.url
    page.get_by_role("link", name="Start page").or_(page.locator("a.home")).first.click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_slash_goes_to_the_box(open_page: OpenPage) -> None:
    page = open_page("?q=النهر")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "box"
    page.keyboard.type("1/2")
    assert page.locator("#box").input_value() == "1/2"


def test_the_way_by_keyboard_begins_with_a_way_to_the_results(open_page: OpenPage) -> None:
    page = open_page("?q=النهر")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "تجاوز إلى المحتوى"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_facets_are_folded_on_a_phone_and_open_at_the_side_elsewhere(open_page: OpenPage) -> None:
    phone = open_page("?q=النهر", width=360)
    assert not phone.locator(".facets li").first.is_visible()
    phone.locator(".facets summary").click()
    assert phone.locator(".facets li").first.is_visible()
    desk = open_page("?q=النهر", width=1280)
    assert not desk.locator(".facets summary").is_visible()
    facets, hits = desk.locator(".facets").bounding_box(), desk.locator(".hits").bounding_box()
    assert facets is not None
    assert hits is not None
    assert facets["x"] > hits["x"] + hits["width"]  # at the right, where an Arabic line begins


def test_a_wrong_query_is_shown_where_it_is_wrong(open_page: OpenPage) -> None:
    page = open_page("?q=نهر AND")
    assert page.get_by_role("alert").is_visible()
    assert page.locator("#box").input_value() == "نهر AND"
