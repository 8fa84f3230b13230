"""The limits of writing: what waits, how much is sent, and what is kept of changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WriteLimits:
    """What the service does about changes at once, and what it keeps.

    `writers` indexes are written at the same time, each by one change. `queue` changes of an index
    are received, wait or run at once; others are refused. `upload_bytes` is the most that the body
    of a request with documents or a file may have, None for any size. `memory_mb` is the memory for
    documents of a change that are not written yet, in MB. `kept_tasks` is how many changes that
    ended are remembered.
    """

    writers: int = 2
    queue: int = 16
    upload_bytes: int | None = None
    memory_mb: int = 200
    kept_tasks: int = 1000


MAX_JSON_BYTES = 4_000_000
"""The bytes of a body that is one small JSON document: settings of an index, ids to delete."""

MAX_ERRORS = 1000
"""How many bad records an answer names; all are counted."""
