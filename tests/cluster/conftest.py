"""The clusters of the tests: one node for what needs no more, three for faults; engines over indexes."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import searchd
from indexer.cluster.address import ClusterAddress, parse_address
from indexer.cluster.writer import ClusterWriter
from indexer.document import Document
from indexer.fields import FieldMap
from searchd.cluster.engine import ClusterEngine
from tests.cluster.nodes import VERSIONS, LocalCluster, NoClusterError
from tests.searchd.conftest import COLLECTION

HERE = "tests/cluster/"

MakeEngine = Callable[..., ClusterEngine]


NOT_ON_A_CLUSTER = {
    "test_in_order_of_the_score": "a cluster lists documents in the order of fields alone",
    "-score,id]": "a cluster lists documents in the order of fields alone",
    "test_each_condition_is_evaluated_once": "it counts what is read of a segment",
    "test_common_numbers_are_made_once": "it counts what is read of a segment",
    "TestAfterACommit": "it writes to a directory",
    "test_a_deleted_and_a_replaced_one": "it writes to a directory",
    "test_the_beginning_of_a_long_text_is_read_alone": "it counts what is read of a segment",
    "test_neighbours_share_a_block": "it counts what is read of a segment",
    "test_memory_is_bounded_by_one_text": "a cluster sends several texts at once",
    "test_a_stream_reads_the_generation_that_it_began_with": "it writes to a directory",
    "test_a_damaged_text": "it damages a segment",
    "test_a_page_reads_the_ids_of_its_own_ties_alone": "it counts what is read of a segment",
    "test_commits_and_deletions_change_them": "it writes to a directory",
    "test_the_work_is_bounded_whatever_the_word": "it counts what is read of a segment",
    "test_words_come_by_use_and_phrases_with_them": "a cluster adds no words to the first one",
    "test_corrections_are_written_as_documents_have_them": "a cluster has no spellings after a word",
    "test_words_of_deleted_documents_are_not_suggested": "it writes to a directory",
}
"""What the tests of the engine have that is of an index in a directory alone, and why."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and skip what is not for a cluster."""
    for item in items:
        if item.nodeid.startswith(HERE):
            item.add_marker(pytest.mark.cluster)
            for part, reason in NOT_ON_A_CLUSTER.items():
                if part in item.nodeid:
                    item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    """Run one node: most tests make many small indexes, which is fastest there."""
    yield from running_nodes(1)


@pytest.fixture(scope="module")
def three_nodes() -> Iterator[LocalCluster]:
    """Run three nodes, for one module of tests, which may stop some of them."""
    yield from running_nodes(3)


def running_nodes(count: int) -> Iterator[LocalCluster]:
    """Run nodes of the version in SEARCHD_CLUSTER_VERSION; skip where that cannot be."""
    pytest.importorskip("opensearchpy", reason="opensearch-py is not installed")
    version = os.environ.get("SEARCHD_CLUSTER_VERSION") or VERSIONS[0]
    try:
        nodes = LocalCluster(version, count)
    except NoClusterError as error:
        pytest.skip(str(error))
    with nodes:
        nodes.start()
        yield nodes


@pytest.fixture
def address(cluster: LocalCluster) -> ClusterAddress:
    """Return the address of an index that is not there yet."""
    return new_address(cluster)


def new_address(cluster: LocalCluster) -> ClusterAddress:
    """Return the address of an index that is not there yet, at all nodes of a cluster."""
    return parse_address(f"{cluster.address}/test-{uuid.uuid4().hex[:12]}", {})


def write(
    address: ClusterAddress,
    documents: list[Document],
    *,
    fields: FieldMap | None = None,
    shards: int = 1,
    replicas: int = 0,
    optimize: bool = False,
    **options: Any,
) -> None:
    """Index documents in one run."""
    with ClusterWriter(address, fields, shards=shards, replicas=replicas, **options) as writer:
        for document in documents:
            writer.upsert(document)
        writer.commit(optimize=optimize)
        assert not writer.take_refused()


@pytest.fixture(scope="session")
def made_indexes(cluster: LocalCluster) -> dict[str, ClusterAddress]:
    """Return the addresses of the indexes that tests have made, by what is in them."""
    assert cluster
    return {}


@pytest.fixture
def make_engine(
    cluster: LocalCluster, made_indexes: dict[str, ClusterAddress]
) -> Iterator[MakeEngine]:
    """Index documents on the cluster, one run for each list, and open the index.

    To make an index takes much longer than to search it, so that one of the same documents is shared
    by the tests that do not say that they change theirs.
    """
    opened: list[ClusterEngine] = []

    def make(
        *runs: list[Document],
        fields: FieldMap | None = None,
        optimize: bool = False,
        changes: bool = False,
        **options: Any,
    ) -> ClusterEngine:
        key = repr((runs, fields, uuid.uuid4() if changes else ""))
        if key not in made_indexes:
            address = new_address(cluster)
            for run in runs or [[]]:
                write(address, run, fields=fields, optimize=optimize)
            made_indexes[key] = address
        engine = searchd.open(made_indexes[key], **options)
        assert isinstance(engine, ClusterEngine)
        opened.append(engine)
        return engine

    yield make
    for engine in opened:
        engine.close()


@pytest.fixture(scope="session")
def collection_engine(cluster: LocalCluster) -> Iterator[ClusterEngine]:
    """Open an index of `COLLECTION` for all tests."""
    address = new_address(cluster)
    write(address, COLLECTION)
    with ClusterEngine(address) as engine:
        yield engine


@pytest.fixture
def engine(collection_engine: ClusterEngine) -> ClusterEngine:
    """Return an engine over `COLLECTION`."""
    return collection_engine
