"""The write queue: the changes of each index one after the other, in few threads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request

from searchd.service.errors import response_to
from searchd.service.request_errors import TaskCancelledError, WritesOverloadedError
from searchd.service.writing.background_merges import BackgroundMerges
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.tasks import TaskList, WriteTask
from searchd.service.writing.uploads import Uploads

Result = Mapping[str, Any]
Work = Callable[[WriteTask], Result]
"""A change: it counts the records it reads in its task, and returns what the answer has."""


@dataclass(slots=True)
class _Line:
    """The changes of one index: how many are received, wait or run, and the lock of their turn."""

    places: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class Place:
    """A place in the line of an index. Whoever has it starts a change with it, or leaves."""

    directory: Path
    line: _Line
    is_left: bool = False


class WriteQueue:
    """Runs the changes of each index in the order in which their bodies arrived.

    So a process has one writer for an index. Another process may have another: then a change fails
    with IndexBusyError.
    """

    def __init__(self, limits: WriteLimits) -> None:
        self.limits = limits
        self.tasks = TaskList(limits.kept_tasks)
        self.uploads = Uploads(limits.upload_bytes)
        self._merges = BackgroundMerges()
        self._threads = ThreadPoolExecutor(limits.writers, "searchd-write")
        self._lines: dict[Path, _Line] = {}
        self._started: set[asyncio.Task[Result]] = set()
        self._running = 0

    def take_place(self, directory: Path) -> Place:
        """Return a place for a change of the index in a directory. Raises WritesOverloadedError."""
        line = self._lines.setdefault(directory, _Line())
        if line.places >= self.limits.queue:
            raise WritesOverloadedError(
                f"{line.places} changes of this index wait already; try again later, or send more "
                f"documents at once"
            )
        line.places += 1
        return Place(directory, line)

    def leave(self, place: Place) -> None:
        """Give a place back."""
        if place.is_left:
            return
        place.is_left = True
        place.line.places -= 1
        if not place.line.places:
            self._lines.pop(place.directory, None)

    def start(
        self,
        place: Place,
        task: WriteTask,
        work: Work,
        request: Request,
        on_end: Callable[[], None] = lambda: None,
    ) -> asyncio.Task[Result]:
        """Start `work` when its turn comes, whether or not the client waits for it.

        `on_end` is called at the end, whatever it is; the place is left then. An error is that of the
        future, and in words for `request` that of the task.
        """
        started = asyncio.create_task(self._run(place, task, work, request, on_end))
        self._started.add(started)
        started.add_done_callback(self._forget)
        return started

    def stop(self) -> int:
        """Delete what was received and not read; return how many changes are still being made.

        These change nothing if the process ends now.
        """
        running = self._running
        self.uploads.close()
        self._merges.stop()
        return running

    async def _run(
        self,
        place: Place,
        task: WriteTask,
        work: Work,
        request: Request,
        on_end: Callable[[], None],
    ) -> Result:
        loop = asyncio.get_running_loop()
        try:
            async with place.line.turn:
                result = await loop.run_in_executor(self._threads, self._work, task, work)
        except Exception as error:
            body = json.loads(bytes(response_to(request, error).body))
            task.fail(body["error"], cancelled=isinstance(error, TaskCancelledError))
            raise
        else:
            task.succeed(result)
            self._merges.consider(place.directory)
            return result
        finally:
            on_end()
            self.leave(place)
            self.tasks.note_end(task)

    def _work(self, task: WriteTask, work: Work) -> Result:
        self._running += 1
        try:
            task.start()
            return work(task)
        finally:
            self._running -= 1

    def _forget(self, started: asyncio.Task[Result]) -> None:
        self._started.discard(started)
        if not started.cancelled():
            started.exception()  # nobody else may ask for it
