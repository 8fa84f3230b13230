"""An index on a cluster, open for searching: its client, its numbers, and what its searches share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from indexer.cluster.address import ClusterAddress
from indexer.cluster.client import lines_of
from indexer.cluster.scan import PointInTime, check_complete
from indexer.errors import ClusterError
from searchd.cluster.candidates import CandidateSegments
from searchd.cluster.search_client import SearchClient
from searchd.cluster.statistics import ClusterStatistics


@dataclass(frozen=True, slots=True)
class SearchedIndex:
    """An index on a cluster. With a `view` all searches see the same state of it."""

    client: SearchClient
    statistics: ClusterStatistics
    candidates: CandidateSegments
    view: PointInTime | None = None

    @property
    def address(self) -> ClusterAddress:
        """Where it is."""
        return self.client.address

    @contextmanager
    def unchanging(self) -> Iterator[SearchedIndex]:
        """Return the index as it is now, for several searches that must agree."""
        with PointInTime(self.client, self.address.index) as view:
            yield replace(self, view=view)

    def search(self, body: dict[str, Any]) -> Any:
        """Return the answer to a search. Raises ClusterError and SearchTimeoutError."""
        path = f"/{self.address.index}/_search" if self.view is None else "/_search"
        answer = self.client.request(
            "POST", path, self._of_view(body), search_type="dfs_query_then_fetch"
        )
        check_complete(answer)
        return answer

    def search_all(self, bodies: Sequence[dict[str, Any]]) -> list[Any]:
        """Return the answers to several searches, which the cluster runs at the same time."""
        index = {} if self.view else {"index": self.address.index}
        lines = lines_of([part for body in bodies for part in (index, self._of_view(body))])
        answers: list[Any] = self.client.request("POST", "/_msearch", lines)["responses"]
        for answer in answers:
            if "error" in answer:
                raise ClusterError(
                    f"the index at {self.address} cannot be searched "
                    f"({str(answer['error'].get('reason'))[:200]}); see 'GET _cluster/health' there"
                )
            check_complete(answer)
        return answers

    def _of_view(self, body: dict[str, Any]) -> dict[str, Any]:
        return body if self.view is None else {**body, "pit": self.view.reference}
