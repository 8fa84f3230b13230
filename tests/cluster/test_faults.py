"""What happens to an index when nodes die, have too much to do, or refuse: no document lost, no wrong answer."""

from __future__ import annotations

import threading
import time

import pytest

import searchd
from indexer.cluster.address import parse_address
from indexer.cluster.writer import ClusterWriter
from indexer.document import Document
from indexer.errors import ClusterError, IndexMismatchError
from searchd.errors import SearchTimeoutError
from tests.cluster.conftest import new_address, write
from tests.cluster.nodes import LocalCluster, free_ports

DOCUMENTS = [
    Document(f"d{number}", f"كتاب عن موضوع{number} وفيه المدينة القديمة", title=f"عنوان {number}")
    for number in range(400)
]


@pytest.fixture(scope="module")
def cluster(three_nodes: LocalCluster) -> LocalCluster:
    return three_nodes


def test_a_node_killed_while_indexing_and_searching_costs_nothing(cluster, address):
    write(address, DOCUMENTS[:10], shards=3, replicas=1)
    cluster.wait(3, "green")
    victim = 2
    answers: list[int] = []
    wrong: list[str] = []
    done = threading.Event()

    def search() -> None:
        with searchd.open(address) as engine:
            while not done.is_set():
                try:
                    results = engine.search("كتاب المدينة")
                except ClusterError:
                    continue  # an error says so; a wrong answer does not
                answers.append(results.total)
                if results.total < 10 or len(results) != 10:
                    wrong.append(f"{results.total} {len(results)}")

    searching = threading.Thread(target=search)
    searching.start()
    try:
        with ClusterWriter(address) as writer:
            for number, document in enumerate(DOCUMENTS):
                writer.upsert(document)
                if number % 40 == 39:
                    writer._flush()
                if number == 200:
                    cluster.kill(victim)
            writer.commit()
    finally:
        done.set()
        searching.join()
    assert answers
    assert not wrong
    with searchd.open(address) as engine:
        assert engine.count("كتاب") == len(DOCUMENTS)
        assert sorted(engine.ids("*")) == sorted(document.id for document in DOCUMENTS)
    cluster.start(victim)
    cluster.wait(3, "green")


def test_a_cluster_that_is_gone_is_an_error_within_the_time(cluster):
    (port,) = free_ports(1)
    address = parse_address(f"http://me:secret@127.0.0.1:{port}/news", {})
    started = time.monotonic()
    with pytest.raises(ClusterError, match="cannot be reached") as caught:
        searchd.open(address)
    assert time.monotonic() - started < 10
    assert "secret" not in str(caught.value)


def test_a_cluster_that_hangs_ends_a_search_at_its_time(cluster, address):
    write(address, DOCUMENTS[:10], replicas=0)
    with searchd.open(address) as engine:
        engine.search("كتاب")
        for node in range(3):
            cluster.pause(node)
        try:
            for query in ("مدينة", "كتاب"):
                started = time.monotonic()
                with pytest.raises((SearchTimeoutError, ClusterError)):
                    engine.search(query, timeout=1.0)
                assert time.monotonic() - started < 10
                engine.refresh()  # the next one asks first whether the index has changed
        finally:
            for node in range(3):
                cluster.resume(node)
        cluster.wait(3)
        assert engine.count("كتاب") == 10


def test_a_read_only_index_is_named_with_the_way_out(cluster, address):
    """As a cluster makes it where a disk is nearly full."""
    write(address, DOCUMENTS[:3])
    block = {"index.blocks.read_only_allow_delete": True}
    cluster.ask("PUT", f"/{address.index}/_settings", body=block)
    with ClusterWriter(address) as writer:
        writer.upsert(DOCUMENTS[5])
        with pytest.raises(ClusterError, match=r"read-only.*disk"):
            writer.commit()
    cluster.ask(
        "PUT", f"/{address.index}/_settings", body={"index.blocks.read_only_allow_delete": None}
    )
    write(address, DOCUMENTS[:6])
    with searchd.open(address) as engine:
        assert engine.count("*") == 6


def test_rejected_bulk_requests_are_sent_again_in_smaller_ones(cluster, address, monkeypatch):
    """A node takes so few bytes at once that most requests are rejected with 429."""
    limits = {
        "persistent": {
            "indices.breaker.total.limit": "70%",
            "network.breaker.inflight_requests.limit": "600kb",
        }
    }
    cluster.ask("PUT", "/_cluster/settings", body=limits)
    try:
        with ClusterWriter(address, shards=1, replicas=0) as writer:
            writer._sender.limit = 400_000
            for document in DOCUMENTS:
                writer.upsert(document)
            writer.commit()
            assert writer._sender.retries
            assert writer._sender.limit < 400_000
    finally:
        nothing = {
            "persistent": {
                "indices.breaker.total.limit": None,
                "network.breaker.inflight_requests.limit": None,
            }
        }
        cluster.ask("PUT", "/_cluster/settings", body=nothing)
    with searchd.open(address) as engine:
        assert engine.count("*") == len(DOCUMENTS)


def test_a_changed_mapping_is_refused(cluster, address):
    write(address, DOCUMENTS[:3])
    added = {"properties": {"columns": {"properties": {"color": {"type": "keyword"}}}}}
    cluster.ask("PUT", f"/{address.index}/_mapping", body=added)
    with pytest.raises(IndexMismatchError, match=r"columns\.color.*--rebuild"):
        searchd.open(address)
    with pytest.raises(IndexMismatchError, match=r"columns\.color.*--rebuild"):
        ClusterWriter(address)
    write(address, DOCUMENTS[:4], rebuild=True)
    with searchd.open(address) as engine:
        assert engine.count("*") == 4


def search_until_it_fails(engine: searchd.SearchEngine, expected: int) -> None:
    """Search for some seconds; every answer must have all documents."""
    for _ in range(100):
        assert engine.search("المدينة القديمة", timeout=20.0).total == expected
        time.sleep(0.1)


def test_shards_that_are_missing_are_an_error_and_no_smaller_answer(cluster):
    """Without replicas the death of a node takes shards away."""
    address = new_address(cluster)
    write(address, DOCUMENTS[:60], shards=3, replicas=0)
    with searchd.open(address) as engine:
        assert engine.count("كتاب") == 60
        cluster.kill(1)
        try:
            with pytest.raises((ClusterError, SearchTimeoutError)):
                search_until_it_fails(engine, 60)
        finally:
            cluster.start(1)
            cluster.wait(3)
