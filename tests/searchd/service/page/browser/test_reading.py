"""Reading in a browser: moves between matches, by keys and links, also across parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.searchd.service.page.library import LONG

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.searchd.service.page.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

IN_VIEW = (
    "(mark) => { const box = mark.getBoundingClientRect();"
    " return box.top > document.querySelector('.matches').getBoundingClientRect().bottom"
    " && box.bottom < innerHeight; }"
)


def current(page: Page) -> str:
    return page.locator("mark[aria-current]").get_attribute("id") or ""


def test_keys_move_between_matches_and_keep_the_address_true(open_page: OpenPage) -> None:
    page = open_page("read?id=long&q=البساتين")
    places = page.evaluate("[...document.querySelectorAll('.text mark')].map((mark) => mark.id)")
    page.keyboard.press("n")
    assert current(page) == places[0]
    for _step in range(3):
        page.keyboard.press("n")
    page.keyboard.press("p")
    assert current(page) == places[2]
    assert page.url.endswith(f"at={places[2][1:]}#{places[2]}")
    assert page.locator(".matches .place").inner_text().startswith("٣ من ")
    assert page.locator("mark[aria-current]").evaluate(IN_VIEW)
    page.reload()
    assert current(page) == places[2]
    assert page.locator("mark[aria-current]").evaluate(IN_VIEW)


def test_the_links_move_without_loading(open_page: OpenPage) -> None:
    page = open_page("read?id=long&q=البساتين")
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="المطابقة التالية").click()
    page.get_by_role("link", name="المطابقة التالية").click()
    page.get_by_role("link", name="المطابقة السابقة").click()
    assert page.evaluate("window.stays") is True
    assert page.locator(".matches .place").inner_text().startswith("١ من ")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_last_match_of_a_part_leads_to_the_next_part(
    open_page: OpenPage, scripts: bool
) -> None:
    page = open_page("read?id=long&q=الفيضان", java_script_enabled=scripts)
    seen = []
    for _step in range(3):
        before = page.url
        page.locator("[data-move=next]").click()
        page.wait_for_url(lambda url, before=before: url != before)
        seen.append(int(current(page).removeprefix("m")))
    assert seen == [
        place for place in range(len(LONG.text)) if LONG.text.startswith("الفيضان", place)
    ]
    assert page.locator("mark[aria-current]").is_visible()


def test_letters_in_the_box_do_not_move(open_page: OpenPage) -> None:
    page = open_page("read?id=long&q=البساتين")
    page.locator("#find").press_sequentially("n")
    assert page.locator("mark[aria-current]").count() == 0


def test_finding_in_the_document_keeps_the_search(open_page: OpenPage) -> None:
    page = open_page("read?id=long&q=البساتين&in.category=أدب")
    page.locator("#find").fill("صباح")
    page.keyboard.press("Enter")
    page.wait_for_url("**find=*")
    assert set(page.locator(".text mark").all_inner_texts()) == {"صباح"}
    page.get_by_role("link", name="العودة إلى النتائج").click()
    assert page.locator("#box").input_value() == "البساتين"
    assert page.locator(".chips .chip").count() == 1


def test_a_line_is_not_too_long_to_read(open_page: OpenPage) -> None:
    for width in (1600, 1280, 800, 320):
        page = open_page("read?id=long", width=width)
        box = page.locator(".text p").first.bounding_box()
        assert box is not None
        size = page.locator(".text").evaluate(
            "(text) => parseFloat(getComputedStyle(text).fontSize)"
        )
        assert box["width"] / size <= 36  # some 80 letters of Naskh
        assert size >= 18


def test_a_document_prints_without_the_controls(open_page: OpenPage) -> None:
    page = open_page("read?id=long&q=البساتين")
    page.emulate_media(media="print")
    assert page.locator(".text").is_visible()
    for control in ("header.site", ".matches", ".back", "nav.pages"):
        assert not page.locator(control).first.is_visible()
