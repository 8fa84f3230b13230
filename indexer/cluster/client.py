"""The client of a cluster: asks its nodes, and explains what goes wrong.

It is opensearch-py, of which only the transport is used: it keeps connections, and asks another node
where one does not answer. No message has a password.
"""

from __future__ import annotations

import base64
import logging
import random
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from indexer.cluster.address import ClusterAddress
from indexer.errors import (
    ClusterBusyError,
    ClusterError,
    ClusterTimeoutError,
    IndexMissingError,
)

if TYPE_CHECKING:
    from opensearchpy import OpenSearch
    from opensearchpy.exceptions import TransportError

DEFAULT_SECONDS = 30.0
"""How long a request may take where nothing else is said."""

_BUSY = (429, 502, 503, 504)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0

Json = Any
"""A value of JSON, as the cluster sends it."""


class ClusterClient:
    """Asks the nodes of one cluster. Threads may share it.

    Raises ClusterError where the package opensearch-py is not there.
    """

    def __init__(self, address: ClusterAddress) -> None:
        self.address = address
        self._client = _connect(address)

    def request(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        seconds: float = DEFAULT_SECONDS,
        **parameters: str | int,
    ) -> Json:
        """Return the answer to a request; `path` begins with a slash.

        Raises ClusterTimeoutError, ClusterBusyError, IndexMissingError, ClusterError.
        """
        from opensearchpy.exceptions import ConnectionTimeout, SSLError, TransportError

        try:
            return self._client.transport.perform_request(
                method, path, params={**parameters, "request_timeout": seconds}, body=body
            )
        except ConnectionTimeout:
            raise ClusterTimeoutError(
                f"the cluster at {self.address} did not answer within {seconds:g} s; "
                f"see whether it has too much to do, or allow more time"
            ) from None
        except SSLError as error:
            raise ClusterError(
                f"no secure connection to {self.address}: {_reason(error)}; name the certificate of "
                f"its authority in SEARCHD_CLUSTER_CA"
            ) from None
        except TransportError as error:
            raise self._explained(error) from None

    def ask_until(
        self, deadline: float, method: str, path: str, body: Json = None, **parameters: Any
    ) -> Json:
        """Return the answer like `request`, asked again with growing pauses while the cluster is busy.

        `deadline` is a value of `time.monotonic`. A request that was sent twice must do no harm.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                return self.request(method, path, body, **parameters)
            except (ClusterBusyError, ClusterTimeoutError):
                wait = pause * random.uniform(0.5, 1.5)
                if time.monotonic() + wait > deadline:
                    raise
                time.sleep(wait)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _explained(self, error: TransportError) -> Exception:
        """Return what a user is told of an error of the client."""
        status = error.status_code
        reason = _reason(error)
        match status:
            case "N/A":
                return ClusterBusyError(
                    f"the cluster at {self.address} cannot be reached ({reason}); "
                    f"check that it runs, and the hosts of the address"
                )
            case 401:
                return ClusterError(
                    f"the cluster at {self.address} does not know the name or the password; set "
                    f"SEARCHD_CLUSTER_USER and SEARCHD_CLUSTER_PASSWORD"
                )
            case 404 if "index_not_found" in str(error.error):
                return missing_index_error(self.address)
        if status in (403, 429) and "read-only" in reason:
            return ClusterError(read_only_message(self.address, reason))
        if status == 403:
            return ClusterError(
                f"the cluster at {self.address} does not allow this ({reason}); ask who runs it for "
                f"the right to it"
            )
        if status in _BUSY:
            return ClusterBusyError(
                f"the cluster at {self.address} has too much to do or lacks a part of the index "
                f"({status}: {reason}); wait, or see 'GET _cluster/health' there"
            )
        return ClusterError(f"the cluster at {self.address} refuses a request ({status}: {reason})")


def missing_index_error(address: ClusterAddress) -> IndexMissingError:
    """Return the error for an index that a cluster does not have."""
    return IndexMissingError(
        f"there is no index at {address}; make one with 'searchd index --index {address} PATH...'"
    )


def read_only_message(address: ClusterAddress, reason: str) -> str:
    """Return what is told of an index that the cluster lets nobody write to."""
    return (
        f"the index at {address} is read-only ({reason}); a cluster does this when a disk is nearly "
        f"full: make room on it, or take away the block 'index.blocks' in the settings of the index"
    )


def _connect(address: ClusterAddress) -> OpenSearch:
    try:
        from opensearchpy import OpenSearch
    except ImportError as error:
        raise ClusterError(
            "an index on a cluster needs the package opensearch-py; install it with "
            "pip install 'searchd[cluster]'"
        ) from error
    # It would log each failed request with a traceback; what failed is told by the error.
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)
    options: dict[str, Any] = {}
    if address.user or address.password:
        # The client itself takes both for Latin-1, and a cluster reads UTF-8.
        pair = f"{address.user}:{address.password}".encode()
        options["headers"] = {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
    if address.ca_file:
        options["ca_certs"] = address.ca_file
    return OpenSearch(
        list(address.nodes),
        timeout=DEFAULT_SECONDS,
        max_retries=max(2, len(address.nodes)),
        retry_on_status=(),  # waited for here, with pauses
        pool_maxsize=16,
        **options,
    )


def _reason(error: TransportError) -> str:
    """Return in a few words what the cluster or the connection says of an error."""
    match error.info:
        case {"error": {"root_cause": [{"reason": str(reason)}, *_]}} if reason:
            return reason[:300]
        case {"error": {"reason": str(reason)}}:
            return reason[:300]
        case {"error": str(reason)}:
            return reason[:300]
    cause = getattr(error.info, "reason", error.info)
    text = str(cause or error.error)
    return text.rpartition(": ")[2][:300] or type(error).__name__


def lines_of(actions: Sequence[Mapping[str, Json]]) -> str:
    """Return values as lines of JSON, as bulk requests and several searches are sent."""
    import json

    return "".join(
        json.dumps(action, ensure_ascii=False, separators=(",", ":")) + "\n" for action in actions
    )
