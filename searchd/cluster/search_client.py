"""The client of searches: none of its requests takes longer than the search has left."""

from __future__ import annotations

from indexer.cluster.client import DEFAULT_SECONDS, ClusterClient, Json
from indexer.errors import ClusterTimeoutError
from searchd import budget

_PART = "cluster"


class SearchClient(ClusterClient):
    """Asks the nodes of one cluster within the budget of the search. Threads may share it."""

    def request(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        seconds: float = DEFAULT_SECONDS,
        **parameters: str | int,
    ) -> Json:
        """Return the answer to a request like `ClusterClient.request`.

        Raises SearchTimeoutError where the time of the search is up.
        """
        budget.check(_PART)
        seconds = budget.seconds_left(seconds)
        try:
            return super().request(method, path, body, seconds=seconds, **parameters)
        except ClusterTimeoutError:
            budget.check(_PART)
            raise
