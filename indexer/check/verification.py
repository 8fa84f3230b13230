"""Verification of an index wherever it is."""

from __future__ import annotations

from collections.abc import Callable

from indexer.check.index_check import Verified, verify_index
from indexer.cluster.address import ClusterAddress, Location


def verify_location(
    location: Location, progress: Callable[[int, int], None] | None = None
) -> Verified:
    """Check an index in a directory, like `verify_index`, or on a cluster, like `verify_on_cluster`."""
    if isinstance(location, ClusterAddress):
        from indexer.cluster.verification import verify_on_cluster

        found = verify_on_cluster(location, progress)
        return Verified(found.documents, found.segments, found.bytes)
    return verify_index(location, progress)
