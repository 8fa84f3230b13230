"""What all tests share: how they are spread over processes."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent

TOGETHER = ("docs", "indexer/whoosh", "packaging", "analyzers/compile")
"""Folders whose tests share something that takes seconds to make, so one process runs them all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(TESTS).parent.as_posix()
        for name in TOGETHER:
            if folder == name or folder.startswith(f"{name}/"):
                item.add_marker(pytest.mark.xdist_group(name))
