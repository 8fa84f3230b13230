"""A browser, and the service over the library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.searchd.service.page.library import write_library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[5]
AXE = Path(os.environ.get("SEARCHD_AXE", ROOT / "build" / "axe" / "package" / "axe.min.js"))

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--no-sandbox",  # which needs rights that containers seldom give
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_PATIENT = ("--port", "0", "--search-timeout", "60", "--queue-timeout", "60")

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `searchd serve` over the library."""
    directory = tmp_path_factory.mktemp("library")
    write_library(directory)
    process = subprocess.Popen(
        [sys.executable, "-m", "searchd", "serve", "--index", str(directory), *_PATIENT],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert " at http://" in line, line + process.stderr.read()
        yield line.split(" at ")[1].split()[0]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium. Closed after each file: while it is open, no other event loop may run."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the tests in a browser need Playwright (extra 'test')"
    )
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if program is None:
        pytest.skip("the tests in a browser need Chromium: apt install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=list(_OPTIONS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """A function that opens an address of the service in a new context, such as `./?q=نفط`.

    A test fails for a script that fails, for what the policy of the page refuses, and for a request
    to another host.
    """
    contexts = []
    complaints: list[str] = []

    def opened(path: str = "", *, width: int = 1280, **options: Any) -> Page:
        options = {"locale": "ar", "reduced_motion": "reduce", **options}
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complain(message.type, message.text))
        page.on("request", lambda request: note_host(request.url))
        page.goto(f"{address}/{path}")
        return page

    def complain(kind: str, text: str) -> None:
        if kind == "error" and "the server responded with a status of" not in text:
            complaints.append(text)

    def note_host(url: str) -> None:
        if not url.startswith((address, "data:")):
            complaints.append(f"a request to {url}")

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which checks accessibility."""
    if not AXE.is_file():
        pytest.skip("the check of accessibility needs axe-core: make axe")
    return AXE.read_text("utf-8")
