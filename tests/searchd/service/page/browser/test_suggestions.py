"""Suggestions while typing, by keyboard and pointer, as a screen reader would be told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.searchd.service.page.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def type_and_wait(page: Page, text: str) -> Locator:
    page.get_by_role("combobox").press_sequentially(text)
    options = page.get_by_role("option")
    options.first.wait_for()
    return options


def test_the_keyboard_chooses(page: Page) -> None:
    box = page.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "false"
    options = type_and_wait(page, "البسا")
    assert box.get_attribute("aria-expanded") == "true"
    assert page.locator(f"#{box.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
    assert "اقتراح" in page.locator(".combobox [role=status]").inner_text()

    page.keyboard.press("ArrowDown")
    chosen = options.first
    assert chosen.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert box.input_value() == chosen.inner_text()
    assert page.evaluate("document.activeElement.id") == "box"

    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("#box").input_value().startswith("البسا")
    assert page.locator(".hits > li").count() > 0


def test_arrows_go_around_through_what_was_typed(page: Page) -> None:
    count = type_and_wait(page, "الن").count()
    assert count > 1
    box = page.get_by_role("combobox")
    page.keyboard.press("ArrowUp")
    assert page.get_by_role("option").last.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    assert box.input_value() == "الن"
    assert box.get_attribute("aria-activedescendant") is None
    for _step in range(count + 1):
        page.keyboard.press("ArrowDown")
    assert box.input_value() == "الن"


def test_escape_closes_and_gives_back_what_was_typed(page: Page) -> None:
    type_and_wait(page, "الن")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.get_by_role("combobox").input_value() == "الن"
    assert page.get_by_role("option").count() == 0
    assert page.get_by_role("combobox").get_attribute("aria-expanded") == "false"


def test_leaving_the_box_closes(page: Page) -> None:
    type_and_wait(page, "الن")
    page.keyboard.press("Tab")
    assert page.get_by_role("option").count() == 0


def test_a_click_searches(page: Page) -> None:
    option = type_and_wait(page, "البسا").first
    text = option.inner_text()
    option.click()
    page.wait_for_url("**q=*")
    assert page.locator("#box").input_value() == text


def test_a_box_without_suggestions_still_searches(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/suggest*", lambda route: route.fulfill(status=503, body="{}"))
    page.get_by_role("combobox").press_sequentially("النهر")
    page.wait_for_timeout(400)
    assert page.get_by_role("option").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator(".hits > li").count() > 0


def test_a_late_answer_is_dropped(open_page: OpenPage) -> None:
    """Suggestions for fewer letters must not replace those for what stands in the box."""
    page = open_page()
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/suggest" in request.url else None
    )
    box = page.get_by_role("combobox")
    box.press_sequentially("ال", delay=1)
    page.wait_for_timeout(200)
    box.press_sequentially("بساتين", delay=1)
    page.get_by_role("option").first.wait_for()
    page.wait_for_timeout(400)
    assert len(asked) < len("البساتين")  # not one for each letter
    assert all(text.startswith("البساتين") for text in page.get_by_role("option").all_inner_texts())
