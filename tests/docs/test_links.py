"""Links, and names of files and of Python objects on the pages, lead somewhere."""

from __future__ import annotations

import importlib.util
import pkgutil
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.examples import DOCS, ROOT, tokens

PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    ROOT / "corpus/README.md",
    *sorted(DOCS.glob("*.md")),
]

_NAMED = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)


def links(page: Path) -> Iterator[str]:
    """Yield the targets of the links and pictures of a page that are no addresses."""
    for token in tokens(page):
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if isinstance(target, str) and "://" not in target:
                yield target


def anchors(page: Path) -> set[str]:
    """Return the names of the headings of a page, as GitHub and the site make them."""
    headings = [
        following.content
        for token, following in pairwise(tokens(page))
        if token.type == "heading_open"
    ]
    slugs = {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }
    return slugs | set(_NAMED.findall(page.read_text("utf-8")))


LINKS = [
    pytest.param(page, target, id=f"{page.relative_to(ROOT)}-{target}")
    for page in PAGES
    for target in sorted(set(links(page)))
]


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_a_link_leads_to_a_file_and_a_heading(page: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    assert file.exists(), f"{target} is not there"
    assert file.is_relative_to(ROOT)
    assert not anchor or anchor in anchors(file), f"{file.name} has no heading {anchor}"


def test_every_page_is_in_the_index() -> None:
    listed = {target.partition("#")[0] for target in links(DOCS / "index.md")}
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} == listed


def names(page: Path) -> Iterator[str]:
    """Yield what a page writes as code within a line."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type == "code_inline":
                yield child.content


_FILE = re.compile(r"(?:analyzers|benchmarks|corpus|docs|indexer|searchd|tests)/[\w./-]*")
_OBJECT = re.compile(r"(?:analyzers|benchmarks|indexer|searchd)(?:\.[A-Za-z_]\w*)+(?=$|\()")
_FILES_OF_AN_INDEX = {"searchd.json", "searchd.lock"}

CURRENT = [page for page in PAGES if page.name != "CHANGELOG.md"]
"""Pages about the code as it is; a changelog may name what is gone."""

FILES = [
    pytest.param(name, id=f"{page.relative_to(ROOT)}-{name}")
    for page in CURRENT
    for name in sorted(set(names(page)))
    if _FILE.fullmatch(name)
]
OBJECTS = [
    pytest.param(found[0], id=f"{page.relative_to(ROOT)}-{found[0]}")
    for page in CURRENT
    for name in sorted(set(names(page)) - _FILES_OF_AN_INDEX)
    if (found := _OBJECT.match(name))
]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_named_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_that_is_named_is_there(name: str) -> None:
    assert _is_there(name)


def _is_there(name: str) -> bool:
    """Tell whether a dotted name is a module, or an attribute of one.

    A module is only looked for, because some need packages of an extra.
    """
    try:
        if importlib.util.find_spec(name) is not None:
            return True
    except ModuleNotFoundError:
        pass  # a part of it is no package
    try:
        pkgutil.resolve_name(name)
    except (AttributeError, ImportError):
        return False
    return True


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("searchd.open", True, id="function"),
        pytest.param("searchd.errors", True, id="module"),
        pytest.param("searchd.errors.SearchError", True, id="class"),
        pytest.param("searchd.results.Results.to_dict", True, id="method"),
        pytest.param("searchd.results.Results.nothing", False, id="no-method"),
        pytest.param("searchd.nothing", False, id="no-module"),
        pytest.param("searchd.nothing.at_all", False, id="nothing"),
    ],
)
def test_names_are_looked_up(name: str, expected: bool) -> None:
    assert _is_there(name) is expected
