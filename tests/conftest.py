"""Settings that hold for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

# Where tests run side by side, the time of day says nothing about one of them. The examples of
# `make test` are the same each time, so that it judges the change; `make stress` draws new ones.
settings.register_profile("searchd", deadline=None, max_examples=30, derandomize=True)
settings.register_profile("stress", deadline=None, max_examples=1_000, derandomize=False)
settings.load_profile("searchd")

ONE_PROCESS = ("tests/docs/", "tests/indexer/whoosh/", "tests/searchd/service/page/browser/")
"""Folders whose tests share what is dear to make."""


class FilesAndFolders(LoadFileScheduling):
    """Each process takes one file of tests after another, or one of some folders."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in ONE_PROCESS:
            if nodeid.startswith(folder):
                return folder
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> FilesAndFolders | None:
    if config.getoption("dist") != "loadfile":
        return None
    return FilesAndFolders(config, log)
