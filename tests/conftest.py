"""Settings that hold for every test, and how tests are spread over processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# Where tests run side by side, the time of day says nothing about one of them.
settings.register_profile("searchd", deadline=None)
settings.load_profile("searchd")

TESTS = Path(__file__).parent

TOGETHER = ("docs", "indexer/whoosh", "packaging", "analyzers/compile")
"""Folders whose tests share something that takes seconds to make, so one process runs them all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(TESTS).parent.as_posix()
        for name in TOGETHER:
            if folder == name or folder.startswith(f"{name}/"):
                item.add_marker(pytest.mark.xdist_group(name))
