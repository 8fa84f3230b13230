"""The docstring of a package names its parts: all of them are there."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = [
    path
    for name in ("analyzers", "indexer", "searchd")
    for path in (ROOT / name).rglob("__init__.py")
]

OF_OTHER_KINDS = {"searchd.json", "evaluate", "serve"}
"""A file of an index, and extras of the installation."""


def exists(name: str, package: str) -> bool:
    """Return whether a dotted name is a module or something in one, from the root or a package."""
    for full in (name, f"{package}.{name}"):
        parts = full.split(".")
        for length in range(len(parts), 0, -1):
            try:
                found: object = import_module(".".join(parts[:length]))
            except ImportError:
                continue
            try:
                for attribute in parts[length:]:
                    found = getattr(found, attribute)
            except AttributeError:
                break
            return True
    return False


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: str(path.relative_to(ROOT).parent))
def test_what_a_package_names_is_there(path: Path) -> None:
    package = ".".join(path.parent.relative_to(ROOT).parts)
    modules = {each.stem for each in path.parent.rglob("*.py")}
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    for name in re.findall(r"`([A-Za-z_][\w.]*)(?:\(.*?\))?`", docstring):
        assert name in modules | OF_OTHER_KINDS or exists(name, package), name
