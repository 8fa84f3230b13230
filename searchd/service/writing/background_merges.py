"""Background merges of the indexes that the service writes to, each in a process of its own.

So neither searches nor changes wait for one, nor share Python's lock with it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from pathlib import Path

from indexer.background_merge import is_merge_due
from indexer.errors import IndexerError

_LOG = logging.getLogger("searchd.service")


class BackgroundMerges:
    """Starts merges after changes: one at a time for each index."""

    def __init__(self) -> None:
        self._running: dict[Path, asyncio.Task[None]] = {}
        self._processes: set[asyncio.subprocess.Process] = set()
        self._is_stopped = False

    def consider(self, directory: Path) -> None:
        """Merge segments of an index where the merge policy asks for it, and no merge runs."""
        if directory in self._running or self._is_stopped:
            return
        task = asyncio.create_task(self._merge(directory))
        self._running[directory] = task
        task.add_done_callback(lambda _task: self._running.pop(directory, None))

    def stop(self) -> None:
        """End the merges. They change nothing."""
        self._is_stopped = True
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.terminate()

    async def _merge(self, directory: Path) -> None:
        try:
            if not await asyncio.to_thread(is_merge_due, directory):
                return
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "searchd", "optimize", "--due", "--index", str(directory)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except (IndexerError, OSError) as error:
            _LOG.warning("the segments of %s were not merged: %s", directory, error)
            return
        self._processes.add(process)
        try:
            said, errors = await process.communicate()
        finally:
            self._processes.discard(process)
        if process.returncode == 0:
            _LOG.info("merged %s", said.decode("utf-8", "replace").strip())
        elif not self._is_stopped:
            reason = errors.decode("utf-8", "replace").strip()
            _LOG.warning("the segments of %s were not merged: %s", directory, reason)
