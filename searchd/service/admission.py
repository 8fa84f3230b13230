"""Admission control: a bounded number of searches at once, and a short queue before them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from searchd.service.errors import OverloadedError
from searchd.service.limits import ServiceLimits

_Result = TypeVar("_Result")


_GRACE_SECONDS = 0.25
"""How much longer than `search_seconds` a search is waited for: an engine ends it by itself."""


class Admission:
    """Runs blocking work in a bounded number of threads, so that the event loop stays free.

    Work beyond `limits.searches` waits in a queue of `limits.queue`, first come, first served.
    """

    def __init__(self, limits: ServiceLimits) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(limits.searches)
        self._threads = ThreadPoolExecutor(limits.searches, "searchd-search")
        self._waiting = 0
        self._running = 0
        self.on_stages: Callable[[int, int, int], None] | None = None
        """Is told when work was queued, begun and ended, in nanoseconds of the epoch; for traces."""

    @property
    def running(self) -> int:
        """The number of threads at work, also for requests that are already answered."""
        return self._running

    @property
    def waiting(self) -> int:
        """The number of requests in the queue."""
        return self._waiting

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """Return the result of `work`, or raise its error.

        Raises OverloadedError if the queue is full or the wait in it too long, and TimeoutError if
        `work` does not end by itself in `limits.search_seconds`. A thread cannot be stopped from
        outside, so such work keeps its place until it ends.
        """
        queued = time.time_ns()
        await self._take_place()
        self._running += 1
        begun = time.time_ns()
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(self._leave_place)
        seconds = self._limits.search_seconds + _GRACE_SECONDS
        done, _ = await asyncio.wait([future], timeout=seconds)
        if not done:
            raise TimeoutError(
                f"the search took longer than {self._limits.search_seconds:g} s; ask for less"
            )
        if self.on_stages is not None:
            self.on_stages(queued, begun, time.time_ns())
        return future.result()

    async def _take_place(self) -> None:
        if self._free.locked() and self._waiting >= self._limits.queue:
            raise OverloadedError
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.queue_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise OverloadedError from None
        finally:
            self._waiting -= 1

    def _leave_place(self, future: asyncio.Future[_Result]) -> None:
        self._running -= 1
        self._free.release()
        if not future.cancelled():
            future.exception()  # nobody else asks for the error of work that was given up
