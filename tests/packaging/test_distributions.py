"""What the source distribution and the wheel hold, and what the page of the package says."""

from __future__ import annotations

import ast
import re
import zipfile

import pytest
from markdown_it import MarkdownIt

import searchd
from tests.packaging.distributions import ROOT, Distributions

PACKAGES = ("analyzers", "indexer", "searchd")
OFFLINE = ("analyzers/compile/", "indexer/compile/")
"""The programs that make the data files; they need packages that no search needs."""


def test_the_source_distribution_is_the_repository(distributions: Distributions) -> None:
    held = distributions.sdist_files()
    assert distributions.sources <= held
    made = {name for name in held if not name.startswith("searchd.egg-info/")}
    assert made - distributions.sources == {"PKG-INFO"}


def test_the_wheel_is_the_three_packages(distributions: Distributions) -> None:
    expected = {
        name
        for name in distributions.sources
        if name.split("/")[0] in PACKAGES and not name.startswith(OFFLINE)
    }
    held = distributions.wheel_files()
    assert {name for name in held if ".dist-info/" not in name} == expected
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_no_module_of_the_wheel_imports_what_only_the_source_distribution_has(
    distributions: Distributions,
) -> None:
    offline = tuple(folder.replace("/", ".") for folder in OFFLINE)
    found = []
    with zipfile.ZipFile(distributions.wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                imported = modules_imported(archive.read(name).decode("utf-8"))
                found += [name for module in imported if f"{module}.".startswith(offline)]
    assert found == []


def modules_imported(code: str) -> set[str]:
    """Return the full name of each module that a program imports, and of each name in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_metadata(distributions: Distributions) -> None:
    metadata = distributions.metadata()
    assert metadata["Name"] == "searchd"
    assert metadata["Version"] == searchd.__version__
    assert metadata["License-Expression"] == "GPL-3.0-or-later"
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert metadata["Description-Content-Type"] == "text/markdown"


def project_urls(distributions: Distributions) -> dict[str, str]:
    urls = distributions.metadata().get_all("Project-URL", [])
    return dict(url.split(", ", 1) for url in urls)


def test_project_urls(distributions: Distributions) -> None:
    urls = project_urls(distributions)
    assert set(urls) == {"Source", "Documentation", "Changelog", "Issues"}
    assert all(url.startswith(urls["Source"]) for url in urls.values())
    for url in urls.values():
        if path := re.sub(r".*/(blob|tree)/main/", "", url.removeprefix(urls["Source"])):
            assert (ROOT / path).exists() or path == "/issues"


def links_of(markdown: str) -> set[str]:
    """Return where the links and pictures of a text lead, as its rendering has them."""
    page = MarkdownIt("commonmark").enable("table").render(markdown)
    return set(re.findall(r"(?:href|src)=[\"']([^\"']*)", page))


def test_links_of_the_long_description_are_absolute(distributions: Distributions) -> None:
    """They name files that the tag of this version will have."""
    description = distributions.metadata().get_payload()
    assert isinstance(description, str)
    links = links_of(description)
    assert len(links) == len(links_of((ROOT / "README.md").read_text("utf-8")))
    relative = {link for link in links if not re.match(r"https?://|#", link)}
    assert relative == set()

    source = re.escape(project_urls(distributions)["Source"])
    within = [re.fullmatch(rf"{source}/(blob|raw)/([^/]*)/([^#]*)(#.*)?", link) for link in links]
    named = {(match[2], match[3]) for match in within if match}
    assert named
    assert {tag for tag, _path in named} == {f"v{searchd.__version__}"}
    missing = {path for _tag, path in named if path not in distributions.sources}
    assert missing == set()


@pytest.mark.parametrize("link", ["docs/x.md", "docs/x.svg"])
def test_relative_links_are_noticed(link: str) -> None:
    """In each way that Markdown has for a link, so that the test above sees what `setup.py` does not."""
    for markdown in (f"[a]({link})", f"![a]({link})", f"[a]\n\n[a]: {link}", f'<a href="{link}">'):
        assert links_of(markdown) == {link}
