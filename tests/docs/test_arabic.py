"""Arabic on the pages of the site is set apart from the text around it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

import pytest

from tests.docs.examples import DOCS

Isolate = Callable[[str], str]


@pytest.fixture(scope="module")
def isolate() -> Isolate:
    """The function of `docs/extensions/arabic.py` that works on the HTML of a page."""
    sys.path.insert(0, str(DOCS / "extensions"))
    try:
        found: Isolate = importlib.import_module("arabic").isolate
    finally:
        sys.path.pop(0)
    return found


def run(text: str) -> str:
    return f'<bdi lang="ar">{text}</bdi>'


def column(text: str) -> str:
    return f'<bdi lang="ar" dir="rtl">{text}</bdi>'


LONG = "… " + "كلمة قصيرة، " * 10 + "…"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>كتاب, كتب</p>", f"<p>{run('كتاب')}, {run('كتب')}</p>", id="list"),
        pytest.param("<p>a عبد الله b</p>", f"<p>a {run('عبد الله')} b</p>", id="phrase"),
        pytest.param("<p>الْكِتَابُ</p>", f"<p>{run('الْكِتَابُ')}</p>", id="marks"),
        pytest.param('<a title="كتاب">x</a>', '<a title="كتاب">x</a>', id="attribute"),
        pytest.param("<p>only Latin</p>", "<p>only Latin</p>", id="latin"),
        pytest.param(
            "<code>title:كتب</code>",
            '<code dir="auto">title:<span lang="ar">كتب</span></code>',
            id="code",
        ),
        pytest.param("<code>title:x</code>", "<code>title:x</code>", id="latin-code"),
        pytest.param(
            "<pre><span></span>والكتب  0-6  كتاب  و- conjunction</pre>",
            f"<pre><span></span>{column('والكتب')}  0-6  {column('كتاب')}  {run('و')}- conjunction</pre>",
            id="columns",
        ),
        pytest.param(
            "<pre><span></span>1. سكة: وصلة\n   1.5  news</pre>",
            f"<pre><span></span>1. {column('سكة: وصلة')}\n   1.5  news</pre>",
            id="title",
        ),
        pytest.param(
            f"<pre><span></span>   {LONG}</pre>",
            f'<pre><span></span>   <span class="passage" lang="ar" dir="rtl">{LONG}</span></pre>',
            id="passage",
        ),
        pytest.param(
            "<pre><span></span>كلمة &lt;mark&gt;كتب&lt;/mark&gt;</pre>",
            f"<pre><span></span>{run('كلمة')} &lt;mark&gt;{run('كتب')}&lt;/mark&gt;</pre>",
            id="markup",
        ),
        pytest.param(
            '<pre><span></span><span class="s">&#39;كتب قديمة&#39;</span></pre>',
            f'<pre><span></span><span class="s">&#39;{run("كتب قديمة")}&#39;</span></pre>',
            id="highlighted",
        ),
    ],
)
def test_runs_are_elements(isolate: Isolate, html: str, expected: str) -> None:
    assert isolate(html) == expected
