"""Scans: every document of an index on a cluster, as it was when the scan began (point in time)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from indexer.cluster.client import ClusterClient, Json
from indexer.errors import ClusterError

_KEEP = "2m"
_PER_REQUEST, _TEXTS_PER_REQUEST = 2000, 200
_PATIENCE = 60.0

INDEX_ORDER: Sequence[Mapping[str, str]] = ({"ordinal": "asc"}, {"id": "asc"})
"""The order in which documents were written; the ids are for those of two runs at one time."""


class PointInTime:
    """A view of an index that later changes do not touch. Use it as a context manager."""

    def __init__(self, client: ClusterClient, index: str) -> None:
        self._client = client
        answer = client.ask_until(
            time.monotonic() + _PATIENCE,
            "POST",
            f"/{index}/_search/point_in_time",
            keep_alive=_KEEP,
        )
        self._id = answer["pit_id"]

    @property
    def reference(self) -> dict[str, str]:
        """What names the view in the body of a search."""
        return {"id": self._id, "keep_alive": _KEEP}

    def search(self, body: Mapping[str, Any]) -> Json:
        """Return the answer to a search of this view."""
        deadline = time.monotonic() + _PATIENCE
        answer = self._client.ask_until(
            deadline, "POST", "/_search", {**body, "pit": self.reference}
        )
        self._id = answer.get("pit_id", self._id)
        return answer

    def pages(
        self,
        query: Json,
        *,
        sort: Sequence[Json] = INDEX_ORDER,
        source: bool = False,
        columns: Sequence[str] = (),
        after: Json = None,
    ) -> Iterator[Json]:
        """Yield the answers with all hits of a query in an order, after the sort values `after`.

        A hit has the stored document where `source`, and the values of `columns`.
        """
        body: dict[str, Any] = {
            "query": query,
            "size": _TEXTS_PER_REQUEST if source else _PER_REQUEST,
            "sort": list(sort),
            "_source": source,
            "docvalue_fields": list(columns),
            "track_total_hits": True,
        }
        while True:
            if after is not None:
                body["search_after"] = after
            answer = self.search(body)
            check_complete(answer)
            yield answer
            hits = answer["hits"]["hits"]
            if len(hits) < body["size"]:
                return
            after = hits[-1]["sort"]

    def close(self) -> None:
        """Give the view up; the cluster does so by itself after two minutes."""
        with suppress(ClusterError):
            self._client.request("DELETE", "/_search/point_in_time", {"pit_id": [self._id]})

    def __enter__(self) -> PointInTime:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def check_complete(answer: Json) -> None:
    """Raise ClusterError for an answer that lacks shards: a part of an answer is a wrong one."""
    shards = answer["_shards"]
    if shards["failed"] or answer.get("timed_out"):
        failures = shards.get("failures") or [{}]
        reason = (failures[0].get("reason") or {}).get("reason", "its time was over")
        raise ClusterError(
            f"{shards['failed']} of {shards['total']} shards of the index did not answer ({reason}), "
            f"and a part of an answer would be a wrong one; see 'GET _cluster/health' of the cluster"
        )
