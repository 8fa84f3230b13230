"""Every state of the page is accessible by axe-core, fits a small phone, and follows the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.searchd.service.page.library import HARD_ID

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.searchd.service.page.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

STATES = {
    "start": "",
    "results": "?q=النهر",
    "results-by-date": "?q=العراق&sort=-date",
    "narrowed": "?q=النهر&in.category=أدب&filter=date>=2018",
    "second-page": "?q=في&page=2",
    "past-the-end": "?q=النهر&page=900",
    "nothing": "?q=زقطبيط&in.category=علوم",
    "similar-words": "?q=النهرر",
    "no-query": "?in.category=أدب",
    "wrong-query": '?q="النهر',
    "wrong-filter": "?q=النهر&filter=nosuch=1",
    "too-long": "?q=" + "ا" * 1001,
    "document": "read?id=long&q=البساتين&at=20",
    "strange-document": "read?id=" + quote(HARD_ID, safe="") + "&q=search",
    "unknown-document": "read?id=nosuch",
    "unknown-address": "nothing/here",
}

IN_ENGLISH = ("start", "narrowed", "nothing", "document", "wrong-query")

_CHECK = """
async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})).violations.map((each) => [each.id, each.nodes.map((node) => [node.html, node.failureSummary])])
"""


def violations(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate(_CHECK)
    return found


WIDE = """
() => [...document.querySelectorAll("body *")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && (box.left < -1 || box.right > innerWidth + 1) &&
    !each.closest(".unseen, .skip");
}).map((each) => each.outerHTML.slice(0, 100))
"""
"""Elements that are not wholly on the screen."""


@pytest.mark.parametrize(
    ("state", "language"),
    [*((state, "ar") for state in STATES), *((state, "en") for state in IN_ENGLISH)],
)
def test_states_are_accessible_and_fit(
    open_page: OpenPage, axe: str, state: str, language: str
) -> None:
    page = open_page(STATES[state], color_scheme="light", locale=language)
    page.evaluate(axe)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    assert fits(page, 1600)
    assert fits(page, 320)
    assert violations(page) == []


def fits(page: Page, width: int) -> bool:
    """Return whether nothing scrolls sideways, also with all that can be unfolded."""
    page.set_viewport_size({"width": width, "height": 700})
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate(WIDE) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("state", ["start", "narrowed", "document"])
def test_small_phones_need_no_axe_to_be_checked(open_page: OpenPage, state: str) -> None:
    assert fits(open_page(STATES[state], width=320), 320)


def test_an_open_list_of_suggestions_is_accessible(open_page: OpenPage, axe: str) -> None:
    page = open_page()
    page.get_by_role("combobox").press_sequentially("الن")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.evaluate(axe)
    assert violations(page) == []
    assert fits(page, 320)


def test_the_theme_is_that_of_the_system_until_one_is_chosen(open_page: OpenPage) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    page = open_page("?q=النهر", color_scheme="dark")
    dark = page.evaluate(colour)
    page.emulate_media(color_scheme="light")
    light = page.evaluate(colour)
    assert dark != light
    page.locator(".menu summary").click()
    with page.expect_navigation():
        page.get_by_role("link", name="داكن").click()
    assert page.evaluate(colour) == dark
    assert "theme" not in page.url
    page.reload()
    assert page.evaluate(colour) == dark


def test_printing_leaves_the_text(open_page: OpenPage) -> None:
    page = open_page("?q=النهر")
    page.emulate_media(media="print")
    assert not page.locator("header.site").is_visible()
    assert page.locator(".hits").is_visible()
