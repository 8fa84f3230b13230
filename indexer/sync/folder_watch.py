"""Keeping a folder in step as its files change, until it is told to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from analyzers import Analyzer
from indexer.errors import IndexBusyError, SourceError, SyncRefusedError
from indexer.indexing import OnError
from indexer.sources.discovery import displayed
from indexer.sync.changes import Changes
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import Deletion, SyncEvents, SyncOptions, SyncReport

SETTLE_SECONDS = 0.5
"""A file that changed within this time may be half written, and is left for the next run."""

_RETRY_SECONDS = 1.0
"""The time between two attempts where another writer is at work."""

_FULL_CHECK_SECONDS = 600.0
"""The time after which the folder is compared though no change was reported."""


@dataclass(frozen=True, slots=True)
class WatchEvents:
    """What is called while a folder is watched.

    `on_report` takes what each run did that had something to do, and the first run; `on_notice` a
    line for the user about what keeps the folder from being read. `confirm` is asked by the first
    run, see `SyncEvents`; later ones delete what was deleted in the folder without asking.
    """

    on_report: Callable[[SyncReport], None]
    on_notice: Callable[[str], None]
    confirm: Callable[[Deletion], bool] | None = None


def watch_folder(
    directory: Path | str,
    folder: Path | str,
    options: SyncOptions | None = None,
    *,
    events: WatchEvents,
    stop: Event,
    poll: bool = False,
    analyzer: Analyzer | None = None,
) -> None:
    """Make an index equal to a folder, again and again as its files change, until `stop` is set.

    Each run is one `sync_folder` that skips bad records and leaves files for a later one that
    changed less than `options.settle` seconds ago, by default SETTLE_SECONDS. Where the folder
    vanishes or becomes empty nothing is deleted, and where another writer is at work the run waits
    for it. Changes are reported by the system, or with `poll`, and where the system cannot, found by
    looking at every file.

    Raises ImportError where the package watchfiles is missing (the extra `watch`) and `poll` is not
    set, and every error of `sync_folder` but IndexBusyError.
    """
    options = replace(options or SyncOptions(), on_error=OnError.SKIP)
    if not options.settle:
        options = replace(options, settle=SETTLE_SECONDS)
    watch = _Watch(Path(directory), Path(folder), options, events, stop, analyzer or Analyzer())
    watch.run(poll=poll)


class _Watch:
    """The state of one call of `watch_folder`."""

    def __init__(
        self,
        directory: Path,
        folder: Path,
        options: SyncOptions,
        events: WatchEvents,
        stop: Event,
        analyzer: Analyzer,
    ) -> None:
        self._directory = directory
        self._folder = folder
        self._options = options
        self._events = events
        self._stop = stop
        self._analyzer = analyzer
        self._is_first = True
        self._device = _device(folder)
        self._next_run = 0.0
        self._last_check = time.monotonic()
        self._notice = ""

    def run(self, *, poll: bool) -> None:
        """Run until the end."""
        changes = Changes(self._folder, self._directory, self._stop, self._say, poll=poll)
        is_due = True
        for changed in changes.ticks():
            now = time.monotonic()
            is_due |= changed or now > self._last_check + _FULL_CHECK_SECONDS
            if is_due and now >= self._next_run:
                self._last_check = now
                is_due = not self._sync()

    def _sync(self) -> bool:
        """Run once; return whether nothing is left to do."""
        if not self._is_first and not self._folder.is_dir():
            self._say(
                f"{displayed(self._folder)} is not there; nothing is deleted until it is back"
            )
            return True
        device = _device(self._folder)
        try:
            report = sync_folder(
                self._directory,
                self._folder,
                self._options,
                SyncEvents(self._events.confirm if self._is_first else self._confirm),
                analyzer=self._analyzer,
            )
        except IndexBusyError as error:
            self._say(f"waiting: {error}")
            self._next_run = time.monotonic() + _RETRY_SECONDS
            return False
        except (SyncRefusedError, SourceError) as error:
            if self._is_first:
                raise
            self._say(str(error))
            return True
        if self._is_first or report.is_change or report.bad:
            self._events.on_report(report)
        self._notice = ""
        self._is_first = False
        self._device = device
        self._options = replace(self._options, rebuild=False, reread=False, allow_empty=False)
        self._next_run = time.monotonic() + (self._options.settle if report.postponed else 0)
        return not report.postponed

    def _confirm(self, _deletion: Deletion) -> bool:
        """Return whether the files may be deleted: not where another disk is in the place of theirs."""
        return _device(self._folder) == self._device

    def _say(self, notice: str) -> None:
        """Say something once, until the next run that succeeds."""
        if notice != self._notice:
            self._notice = notice
            self._events.on_notice(notice)


def _device(folder: Path) -> int | None:
    """Return the number of the disk that a folder is on, None where it is not there."""
    try:
        return folder.stat().st_dev
    except OSError:
        return None
