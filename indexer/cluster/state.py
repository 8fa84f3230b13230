"""The state of an index on a cluster: its true name, what shapes it, and how much it has."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import NamedTuple

from indexer.cluster.address import ClusterAddress
from indexer.cluster.client import ClusterClient, missing_index_error
from indexer.cluster.mapping import read_mapping
from indexer.errors import ClusterError, IndexMissingError
from indexer.fields import FieldMap
from indexer.generation import Generation


class Changes(NamedTuple):
    """What changes with an index: its true name, a number, its documents, its bytes with all copies."""

    name: str
    number: int
    documents: int
    bytes: int
    segments: int


def find_index(client: ClusterClient) -> str:
    """Return the true name of the index that an address names, "" where there is none.

    Raises ClusterError for an alias of several.
    """
    name = client.address.index
    found: dict[str, object] = {}
    with suppress(IndexMissingError):
        found = client.request("GET", f"/{name}", flat_settings="true")
    if len(found) > 1:
        raise ClusterError(
            f"{client.address} is an alias of {len(found)} indexes ({', '.join(sorted(found))}); "
            f"name one of them"
        )
    return next(iter(found), "")


def read_index(client: ClusterClient) -> Generation:
    """Return what shapes an index. Raises IndexMissingError, IndexMismatchError and ClusterError."""
    name = client.address.index
    answer = client.request("GET", f"/{name}/_mapping")
    if not answer:
        raise missing_index_error(client.address)
    (found,) = answer.values()
    return read_mapping(client.address, found["mappings"])


def read_changes(client: ClusterClient) -> Changes:
    """Return what changes with every change of an index that searches see."""
    path = f"/{client.address.index}/_stats/docs,indexing,refresh,store,segments"
    answer = client.request("GET", path)
    primaries = answer["_all"]["primaries"]
    indexing = primaries["indexing"]
    number = indexing["index_total"] + indexing["delete_total"] + primaries["refresh"]["total"]
    return Changes(
        ",".join(answer["indices"]),
        number,
        primaries["docs"]["count"],
        answer["_all"]["total"]["store"]["size_in_bytes"],
        primaries["segments"]["count"],
    )


def exists_on_cluster(address: ClusterAddress) -> bool:
    """Whether there is an index at an address. Raises ClusterError."""
    with closing(ClusterClient(address)) as client:
        return bool(find_index(client))


def fields_on_cluster(address: ClusterAddress) -> FieldMap:
    """Return the fields of the index at an address. Raises like `read_index`."""
    with closing(ClusterClient(address)) as client:
        return read_index(client).fields
