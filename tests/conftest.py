"""Settings that hold for every test."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Where tests run side by side, the time of day says nothing about one of them. The examples of
# `make test` are the same each time, so that it judges the change; `make stress` draws new ones.
settings.register_profile("searchd", deadline=None, max_examples=30, derandomize=True)
settings.register_profile("stress", deadline=None, max_examples=1_000, derandomize=False)
settings.load_profile("searchd")

ONE_PROCESS = ("tests/docs/", "tests/indexer/whoosh/", "tests/searchd/service/page/browser/")
"""Folders whose tests share what is dear to make."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector from the tests themselves, which stay until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_the_disk() -> Iterator[None]:
    """Let `fsync` do nothing in the processes of the tests: no machine loses power while they run.

    Tests of durability replace it by what they count, and programs that tests start wait for the disk.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)  # which refuses the same descriptors
        yield


class NumberedTests(list[str]):
    """The ids of tests, whose place is found at once."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(ids)
        self._places = {each: place for place, each in enumerate(ids)}

    def index(self, value: str, *_between: Any) -> int:
        return self._places[value]


class FilesAndFolders(LoadFileScheduling):
    """Each process takes one file of tests after another, or one of some folders.

    It keeps no account of files that are done, and looks for no test in a list: otherwise the time for
    each test would grow with their number.
    """

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        super().add_node_collection(node, collection)
        if node in self.registered_collections:
            self.registered_collections[node] = NumberedTests(collection)

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]

    def _split_scope(self, nodeid: str) -> str:
        for folder in ONE_PROCESS:
            if nodeid.startswith(folder):
                return folder
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> FilesAndFolders | None:
    if config.getoption("dist") != "loadfile":
        return None
    return FilesAndFolders(config, log)
