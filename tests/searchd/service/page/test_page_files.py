"""The files of the page: their types, that they follow the policy, and refer to no other host."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from searchd.service.page.routes import STATIC

TEMPLATES = STATIC.parent / "templates"
FILES = sorted([*STATIC.iterdir(), *TEMPLATES.iterdir()])
SCRIPTS = [path for path in FILES if path.suffix == ".js"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("page.css", "text/css"),
        ("page.js", "text/javascript"),
        ("combobox.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_files_have_their_types(client: TestClient, path: str, kind: str) -> None:
    response = client.get(f"/static/{path}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)


def test_every_reference_is_served(client: TestClient) -> None:
    html = client.get("/", headers={"Accept": "text/html"}).text
    found = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(found) > 8
    for path in found:
        address = path.replace("&amp;", "&").removeprefix("./").partition("#")[0]
        assert client.get(f"/{address}").status_code == 200, path


def test_every_script_that_is_imported_is_served(client: TestClient) -> None:
    for script in SCRIPTS:
        for name in re.findall(r'from "\./([\w.]+)"', script.read_text("utf-8")):
            assert client.get(f"/static/{name}").status_code == 200


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_refers_to_no_other_host(path: object) -> None:
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")  # type: ignore[attr-defined]
    assert not re.search(r"https?://\w|[\"'(]//\w|@import|url\((?!\))", text)


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_templates_follow_the_policy(path: object) -> None:
    html = path.read_text("utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|\|\s*safe", html)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_text_alone(path: object) -> None:
    script = path.read_text("utf-8")  # type: ignore[attr-defined]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|\.style\b", script
    )


def test_highlights_keep_letters_joined() -> None:
    css = (STATIC / "page.css").read_text("utf-8")
    rules = re.findall(
        r"^(?:[^\n{]* )?mark(?:[\[:][^{]*)? \{(.*?)\}", css, re.DOTALL | re.MULTILINE
    )
    assert len(rules) > 2
    for rule in rules:
        properties = set(re.findall(r"^\s*([\w-]+):", rule, re.MULTILINE))
        assert properties <= {
            "background",
            "color",
            "print-color-adjust",
            "outline",
            "scroll-margin-block",
        }
    assert not re.search(r"^\s*letter-spacing", css, re.MULTILINE)


def test_the_layout_turns_with_the_language() -> None:
    """Physical sides would be wrong in one of the two directions."""
    css = (STATIC / "page.css").read_text("utf-8")
    assert not re.search(
        r"^\s*(?:margin|padding|border|inset)?-?(?:left|right)\s*:", css, re.MULTILINE
    )
    aligned = re.findall(r"([^{}]*)\{[^{}]*text-align: (?:left|right)", css)
    assert aligned
    assert all("[dir=" in selector for selector in aligned)
