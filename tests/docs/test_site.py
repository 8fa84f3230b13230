"""The site builds without a warning, and nothing in it is loaded from another host."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import searchd
from tests.docs.examples import DOCS

for package in ("sphinx", "myst_parser", "furo"):
    pytest.importorskip(package, reason="the site needs the extra 'docs'")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; every warning is an error, as in `make docs`."""
    folder = tmp_path_factory.mktemp("site")
    options = ["-q", "-n", "-W", "--keep-going", "-d", str(folder / "doctrees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(DOCS), str(folder / "html")],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


class _Loaded(HTMLParser):
    """Collects what a page loads: scripts, styles, fonts, pictures; a link to follow is not loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"link": "href", "form": "action"}.get(tag, "src")
        self.found |= {value for name, value in attrs if name == names and value}


def test_a_page_for_each_source(site: Path) -> None:
    built = {path.stem for path in site.glob("*.html")}
    assert {path.stem for path in DOCS.glob("*.md")} <= built


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    loaded = _Loaded()
    for page in site.rglob("*.html"):
        loaded.feed(page.read_text("utf-8"))
    assert any(name.partition("?")[0].endswith("furo.css") for name in loaded.found)
    assert {name for name in loaded.found if re.match(r"(?:\w+:)?//", name)} == set()
    for sheet in site.rglob("*.css"):
        loads = re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", sheet.read_text("utf-8"))
        assert not [name for name in loads if re.match(r"(?:https?:)?//", name)], sheet


PUBLIC = [
    "searchd.open",
    "searchd.Engine",
    "searchd.IndexWriter",
    "searchd.Document",
    "searchd.Ranking",
    "searchd.index_info.IndexInfo",
    "searchd.analysis_report.AnalyzedToken",
    *(
        f"searchd.results.{name}"
        for name in ("Results", "Hit", "Snippet", "Highlight", "SearchedTerm", "Contribution")
    ),
    *(f"searchd.errors.{name}" for name in searchd.errors.__all__),
]


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_in_the_reference(site: Path, name: str) -> None:
    assert f'id="{name}"' in (site / "python.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param("index", '<bdi lang="ar">لبنان</bdi>, <bdi lang="ar">بلال</bdi>', id="words"),
        pytest.param("query-language", '<code dir="auto"', id="code"),
        pytest.param("tutorial", '<span class="passage" lang="ar" dir="rtl">… ', id="passage"),
        pytest.param("python", 'id="searchd.IndexWriter.upsert"', id="docstring"),
        pytest.param("python", "├── QuerySyntaxError", id="tree"),
        pytest.param("python", "\n│   └── LexiconError", id="branch"),
        pytest.param("python", 'id="searchd.results.Results._repr_html_"', id="notebook"),
    ],
)
def test_pages_have_what_the_extensions_make(site: Path, page: str, expected: str) -> None:
    assert expected in (site / f"{page}.html").read_text("utf-8")
