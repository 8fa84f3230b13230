"""Bulk requests: operations are sent many at once, as many as the cluster takes, until it has them.

What the cluster has no room for (429) or cannot take now is sent again after growing pauses, in smaller
requests. An operation that was sent twice has the same effect, so a request whose answer was lost is
sent again too.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from indexer.cluster.client import ClusterClient, read_only_message
from indexer.errors import ClusterBusyError, ClusterError, ClusterTimeoutError

_LEAST_BYTES, _FIRST_BYTES, _MOST_BYTES = 100_000, 2_000_000, 16_000_000
"""Bytes of a request: they are halved where the cluster has too much to do, and grow where not."""

_FAST_SECONDS = 1.0
"""A request that took less than this lets the next one be larger."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 15.0
_AGAIN = (429, 502, 503, 504)
_OF_ANSWERS = "errors,items.*.status,items.*.error.reason,items.*.error.caused_by.reason"
_EXISTS = 409
"""The status of what was to be created and is there already: words, which do not change."""

DEFAULT_PATIENCE = 300.0
"""Seconds for which a cluster that takes nothing is asked again."""


class Operation(NamedTuple):
    """An operation on one document: two lines of JSON, or one that deletes.

    `where` names the document in errors; `outcome` is what becomes of it, as `upsert` says.
    """

    lines: str
    where: str
    outcome: str = ""


class Refusal(NamedTuple):
    """A document that the cluster refuses: where it was read, why, and what was to become of it."""

    where: str
    reason: str
    outcome: str = ""


class BulkSender:
    """Sends operations to one index. Threads may share it: what one learns of the load holds for all."""

    def __init__(
        self,
        client: ClusterClient,
        *,
        patience: float = DEFAULT_PATIENCE,
        on_refusal: Callable[[Refusal], None],
    ) -> None:
        """Send to the indexes that operations name; `on_refusal` is told of what is refused."""
        self._client = client
        self._patience = patience
        self._on_refusal = on_refusal
        self.limit = _FIRST_BYTES
        self.retries = 0
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let nothing wait any longer for a cluster that has too much to do."""
        self._stopped.set()

    def send(self, operations: Sequence[Operation]) -> None:
        """Send operations, and return when the cluster has them. Raises ClusterError."""
        waiting = list(operations)
        pause, last_success = _FIRST_PAUSE, time.monotonic()
        while waiting:
            count = self._fitting(waiting)
            sent = waiting[:count]
            started = time.monotonic()
            left, trouble = self._send(sent)
            if len(left) < len(sent):
                last_success = time.monotonic()
                pause = _FIRST_PAUSE
            waiting = [*left, *waiting[count:]]
            if trouble is None:
                if time.monotonic() - started < _FAST_SECONDS:
                    self.limit = min(int(self.limit * 1.25), _MOST_BYTES)
                continue
            self.limit = max(self.limit // 2, _LEAST_BYTES)
            self.retries += 1
            over = time.monotonic() - last_success > self._patience
            if over or self._stopped.wait(pause * random.uniform(0.5, 1.5)):
                raise trouble
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _fitting(self, waiting: Sequence[Operation]) -> int:
        """Return how many of the first operations one request may have, at least one."""
        total = 0
        for number, operation in enumerate(waiting):
            total += len(operation.lines)
            if total > self.limit and number:
                return number
        return len(waiting)

    def _send(self, sent: Sequence[Operation]) -> tuple[list[Operation], ClusterError | None]:
        """Send some operations; return those to send again, and why."""
        body = "".join(operation.lines for operation in sent)
        try:
            answer = self._client.request(
                "POST", "/_bulk", body, seconds=60.0, filter_path=_OF_ANSWERS
            )
        except (ClusterBusyError, ClusterTimeoutError) as error:
            return list(sent), error
        if not answer.get("errors"):
            return [], None
        left: list[Operation] = []
        reason = ""
        for operation, item in zip(sent, answer["items"], strict=True):
            (result,) = item.values()
            if result["status"] in _AGAIN:
                left.append(operation)
                reason = _reason(result)
                # A full disk has the status of too many requests, but does not pass by itself.
                if "read-only" in reason:
                    raise ClusterError(read_only_message(self._client.address, reason))
            elif "error" in result and result["status"] != _EXISTS:
                self._refused(operation, result)
        if not left:
            return [], None
        return left, ClusterBusyError(
            f"the cluster at {self._client.address} took no document for {self._patience:g} s "
            f"({reason}); it has too much to do, or lacks nodes: see 'GET _cluster/health' there, then "
            f"run the same command again, which sends only what is missing"
        )

    def _refused(self, operation: Operation, result: Mapping[str, Any]) -> None:
        reason = _reason(result)
        if result["status"] == 403 or "read-only" in reason:
            raise ClusterError(read_only_message(self._client.address, reason))
        self._on_refusal(
            Refusal(operation.where, f"the cluster refuses it: {reason}", operation.outcome)
        )


def _reason(result: Mapping[str, Any]) -> str:
    error = result["error"]
    if not isinstance(error, Mapping):
        return str(error)[:300]
    cause = error.get("caused_by") or {}
    return f"{error.get('reason', '')} {cause.get('reason', '')}".strip()[:300]
