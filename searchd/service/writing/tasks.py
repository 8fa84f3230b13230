"""Tasks: the changes of indexes that a process has made, makes and will make."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from searchd.service.request_errors import TaskCancelledError, TaskNotFoundError


class TaskState(StrEnum):
    """How far a task is."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(slots=True)
class WriteTask:
    """One change of an index. `kind` is what it does, `index` the name of the index.

    `records` counts the records that were read so far. Times are in UTC, in ISO 8601, None for what
    is still to come. `result` is the answer of a task that succeeded, `error` the body of the error
    of one that did not.
    """

    id: str
    kind: str
    index: str
    state: TaskState = TaskState.QUEUED
    records: int = 0
    queued: str = field(default_factory=_now)
    started: str | None = None
    ended: str | None = None
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    is_cancelled: bool = False

    def count(self, records: int) -> None:
        """Note how many records were read. Raises TaskCancelledError where nobody wants more."""
        self.records = records
        if self.is_cancelled:
            raise TaskCancelledError(f"the task {self.id} was cancelled; nothing was changed")

    def start(self) -> None:
        """Note that the task runs. Raises TaskCancelledError like `count`."""
        self.count(0)
        self.state, self.started = TaskState.RUNNING, _now()

    def succeed(self, result: Mapping[str, Any]) -> None:
        """Note the result."""
        self.state, self.ended, self.result = TaskState.SUCCEEDED, _now(), result

    def fail(self, error: Mapping[str, Any], *, cancelled: bool = False) -> None:
        """Note the error."""
        self.state = TaskState.CANCELLED if cancelled else TaskState.FAILED
        self.ended, self.error = _now(), error


class TaskList:
    """The tasks of a process, the oldest first. They are not stored: a new process has none.

    All that run or wait are there, and of those that ended the last `kept`.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._tasks: dict[str, WriteTask] = {}
        self._ended: deque[str] = deque()

    def add(self, kind: str, index: str) -> WriteTask:
        """Return a new task that waits."""
        task = WriteTask(secrets.token_hex(8), kind, index)
        self._tasks[task.id] = task
        return task

    def get(self, task_id: str) -> WriteTask:
        """Return a task. Raises TaskNotFoundError."""
        try:
            return self._tasks[task_id]
        except KeyError:
            raise TaskNotFoundError(
                f"there is no task {task_id[:80]!r}; tasks are kept until the service ends, of those "
                f"that ended the last {self._kept:,}"
            ) from None

    def list(self, *, index: str | None, state: TaskState | None, limit: int) -> list[WriteTask]:
        """Return tasks, the newest first."""
        found = [
            task
            for task in reversed(self._tasks.values())
            if (index is None or task.index == index) and (state is None or task.state is state)
        ]
        return found[:limit]

    def note_end(self, task: WriteTask) -> None:
        """Note that a task ended. Of more than are kept those that ended first are forgotten."""
        self._ended.append(task.id)
        while len(self._ended) > self._kept:
            del self._tasks[self._ended.popleft()]
