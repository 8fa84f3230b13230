"""The tests of corrections on a cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.document import Document
from searchd.cluster.engine import ClusterEngine
from tests.cluster.conftest import new_address, write
from tests.cluster.nodes import LocalCluster
from tests.searchd.test_engine_corrections import *  # noqa: F403
from tests.searchd.test_engine_corrections import PHRASES


@pytest.fixture(scope="module")
def phrases(cluster: LocalCluster) -> Iterator[ClusterEngine]:
    """Open an index of the phrases."""
    address = new_address(cluster)
    write(address, [Document(str(number), text) for number, text in enumerate(PHRASES)])
    with ClusterEngine(address) as engine:
        yield engine
