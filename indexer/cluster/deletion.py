"""Deleting documents of an index on a cluster by id, without reading what else it has."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import closing

from indexer.cluster.address import ClusterAddress
from indexer.cluster.bulk import BulkSender, Operation
from indexer.cluster.client import ClusterClient
from indexer.cluster.encoding import document_key
from indexer.cluster.state import find_index, read_index
from indexer.errors import ClusterError

_PER_REQUEST = 5000
_PATIENCE = 60.0


def delete_on_cluster(address: ClusterAddress, ids: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Delete documents; return how many there were, and the ids that the index does not have.

    Raises IndexMissingError, IndexMismatchError and ClusterError.
    """
    with closing(ClusterClient(address)) as client:
        read_index(client)
        missing: list[str] = []
        refused: list[str] = []
        index = find_index(client)
        sender = BulkSender(client, on_refusal=lambda refusal: refused.append(refusal.reason))
        for first in range(0, len(ids), _PER_REQUEST):
            chosen = ids[first : first + _PER_REQUEST]
            missing += _missing(client, chosen)
            sender.send([_deletion(index, each) for each in chosen])
        client.ask_until(time.monotonic() + _PATIENCE, "POST", f"/{address.index}/_refresh")
        if refused:
            raise ClusterError(f"{len(refused)} documents were not deleted: {refused[0]}")
        return len(ids) - len(missing), tuple(missing)


def missing_on_cluster(address: ClusterAddress, ids: Sequence[str]) -> list[str]:
    """Return the ids of which the index has no document. Raises like `delete_on_cluster`."""
    with closing(ClusterClient(address)) as client:
        read_index(client)
        pieces = (ids[first : first + _PER_REQUEST] for first in range(0, len(ids), _PER_REQUEST))
        return [each for piece in pieces for each in _missing(client, piece)]


def _missing(client: ClusterClient, ids: Sequence[str]) -> list[str]:
    body = {"ids": [document_key(each) for each in ids]}
    answer = client.request("POST", f"/{client.address.index}/_mget", body, _source="false")
    found = zip(ids, answer["docs"], strict=True)
    return [each for each, document in found if not document.get("found")]


def _deletion(index: str, document_id: str) -> Operation:
    action = {"delete": {"_index": index, "_id": document_key(document_id)}}
    return Operation(json.dumps(action, ensure_ascii=False) + "\n", f"the document {document_id!r}")
