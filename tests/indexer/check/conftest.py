"""An index of three segments, and a copy of it for each test."""

from __future__ import annotations

import shutil

import pytest

from indexer.snapshot import Snapshot
from tests.indexer.check.contents import FIELDS, document
from tests.indexer.conftest import OnDisk


@pytest.fixture(scope="module")
def three_segments(tmp_path_factory):
    """An index of three segments, of which the first has deletions."""
    index = OnDisk(tmp_path_factory.mktemp("three-segments") / "index")
    index.write(*map(document, range(40)), fields=FIELDS)
    index.write(*map(document, range(40, 55)))
    index.write(*map(document, range(55, 60)), delete=["id3", "id17"])
    snapshot = Snapshot(index.directory)
    assert [bool(segment.entry.deletions) for segment in snapshot.segments] == [True, False, False]
    return index.directory


@pytest.fixture
def whole(index, three_segments):
    """A copy of those three segments."""
    shutil.copytree(three_segments, index.directory)
    return index
