"""The long description: the README with absolute links, as package indexes need them.

Everything else about the package is in `setup.cfg`. A relative link of the README is right in a
checkout, in a fork and on a host of code; on the page of a package it leads nowhere. So the links
are completed when the package is built: they name the files of the tag of its version.
"""

from __future__ import annotations

import re
import runpy
from configparser import ConfigParser
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent

LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^]\[]*)\]\((?P<path>(?!\w+:|#|/)[^)\s]+)")
"""The start of `[text](path` or `![text](path`, where the path is relative."""


def repository() -> str:
    """Return the address of the source code: the project URL `Source` of `setup.cfg`."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    urls = dict(
        line.split(" = ") for line in config["metadata"]["project_urls"].split("\n") if line
    )
    return urls["Source"]


def absolute_links(markdown: str, base: str, tag: str) -> str:
    """Return a text whose relative links name files of a repository as they were at a tag."""

    def complete(link: re.Match[str]) -> str:
        kind = "raw" if link["image"] else "blob"
        return f"{link['image']}[{link['text']}]({base}/{kind}/{tag}/{link['path']}"

    return LINK.sub(complete, markdown)


version = runpy.run_path(str(ROOT / "searchd" / "_version.py"))["__version__"]
readme = (ROOT / "README.md").read_text(encoding="utf-8")

setup(
    long_description=absolute_links(readme, repository(), f"v{version}"),
    long_description_content_type="text/markdown",
)
