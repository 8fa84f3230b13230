"""The supervisor of `searchd serve --workers`: a process that starts others and does nothing else.

It forks a process for each worker before it has any thread, starts those anew that end, ends those that
give no sign of life, passes SIGHUP on, and at SIGTERM or SIGINT stops them in order: first those that answer clients, then the one that
writes, to which they may still hand changes over. It needs a POSIX system.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import click

from analyzers.errors import AnalyzersError
from indexer.errors import IndexerError
from searchd.cli.systemd import notify, notify_reloading
from searchd.errors import SearchError

_LOG = logging.getLogger("searchd.service")

STEADY_SECONDS = 60.0
"""A process that lived so long has not failed to start: the pauses begin anew."""

MOST_FAILURES = 10
"""So many times in a row a process may end sooner; then the service ends, for whoever watches it."""

SILENT_SECONDS = 30.0
"""A worker that was ready and has given no sign of life for so long hangs, and is ended."""

_LONGEST_WAIT = 1.0
"""The silence of a worker is counted in steps of so many seconds at most: the supervisor, and the worker
with it, may have been suspended."""

_WAIT_TO_STOP = 0.1
"""Seconds between two looks at workers that are to stop."""

_TRACE_SECONDS = 1.0
"""How long a worker that hangs has to write where it does, before it is killed."""

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 30.0

_STOP_SECONDS = 8.0
"""How long processes may take to stop: a little more than they give themselves."""

_TRACE = signal.SIGUSR1
"""Makes a worker write the stack of each of its threads to standard error."""

_PASSED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
READY, RELOADED, ALIVE = b"R", b"L", b"A"


def pause_after(failures: int) -> float:
    """Return the seconds until a process is started that has failed so many times in a row.

    >>> [pause_after(failures) for failures in (1, 2, 3, 10)]
    [0.1, 0.2, 0.4, 30.0]
    """
    return min(_FIRST_PAUSE * 2.0 ** (failures - 1), _LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Child:
    """What a process has of its supervisor.

    It tells by `tell` that it is ready, has reloaded, or is alive. `parent` is a descriptor that can be read
    when the supervisor is gone. `is_first` tells whether the service just starts, `reloads` whether
    options were read again since.
    """

    tell: Callable[[bytes], None]
    parent: int
    is_first: bool
    reloads: bool


@dataclass(slots=True)
class Worker:
    """One process: its name, what it runs, and how it is. `is_last` is stopped after the others."""

    name: str
    serve: Callable[[Child], None]
    is_last: bool = False
    pid: int = 0
    pipe: int = -1
    started: float = 0.0
    due: float = 0.0
    failures: int = 0
    silent: float = 0.0
    is_ready: bool = False
    is_reloading: bool = False
    is_stopping: bool = False


@dataclass(slots=True)
class Supervisor:
    """Runs workers until a signal ends them. `announce` is called when all are ready.

    `is_orphaned` tells at SIGHUP whether the terminal was closed, which ends programs.
    """

    workers: Sequence[Worker]
    announce: Callable[[], None]
    is_orphaned: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic
    _stopping: float | None = None
    _status: int = 0
    _announced: bool = False
    _reloads: bool = False
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _wake: tuple[int, int] = (-1, -1)
    _life: tuple[int, int] = (-1, -1)

    def run(self) -> int:
        """Start the workers and watch them; return the exit status of the service."""
        self._wake, self._life = os.pipe(), os.pipe()
        for descriptor in self._wake:
            os.set_blocking(descriptor, False)
        self._selector.register(self._wake[0], selectors.EVENT_READ)
        old = {number: signal.signal(number, _noted) for number in _PASSED}
        old_wake = signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        try:
            while any(worker.pid for worker in self.workers) or self._stopping is None:
                self._start_due()
                since = self.clock()
                self._wait()
                self._reap()
                self._end_silent(min(self.clock() - since, _LONGEST_WAIT))
                if self._stopping is not None:
                    self._stop_more(self._stopping)
        finally:
            signal.set_wakeup_fd(old_wake)
            for number, handler in old.items():
                signal.signal(number, handler)
            self._selector.close()
            for descriptor in (*self._wake, *self._life):
                os.close(descriptor)
        return self._status

    def _start_due(self) -> None:
        now = self.clock()
        for worker in self.workers:
            if not worker.pid and self._stopping is None and worker.due <= now:
                self._start(worker)

    def _start(self, worker: Worker) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        worker.started = self.clock()
        # A signal that arrives before the child has handlers of its own waits until then.
        signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED)
        try:
            try:
                worker.pid, reading, writing = _forked()
            except OSError as error:  # the system is out of memory, processes or descriptors
                self._failed(worker, f"worker {worker.name} did not start ({error.strerror})")
                return
            if not worker.pid:
                os.close(reading)
                self._become(worker, writing)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED)
        os.close(writing)
        worker.pipe, worker.is_ready, worker.is_reloading = reading, False, False
        worker.silent = 0.0
        self._selector.register(reading, selectors.EVENT_READ, worker)

    def _become(self, worker: Worker, writing: int) -> None:
        """Be a worker, to the end of this process."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the server listens to it
        # Ctrl-C reaches all processes of the terminal; the supervisor says who stops when.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._selector.close()
        others = [each.pipe for each in self.workers if each.pipe >= 0]
        for descriptor in (*self._wake, self._life[1], *others):
            os.close(descriptor)
        with suppress(RuntimeError, ValueError, OSError):  # it needs a standard error
            faulthandler.register(_TRACE)
        os.environ.pop("NOTIFY_SOCKET", None)  # what systemd hears is said by the supervisor

        def tell(what: bytes) -> None:
            with suppress(OSError):
                os.write(writing, what)

        child = Child(tell, self._life[0], not self._announced, self._reloads)
        os._exit(_run(worker, child))

    def _wait(self) -> None:
        """Wait for a signal or a word of a worker, at most until something is due."""
        timeout = _WAIT_TO_STOP
        if self._stopping is None:  # else no worker is started again
            pauses = [each.due - self.clock() for each in self.workers if not each.pid]
            timeout = max(min([*pauses, _LONGEST_WAIT]), 0.0)
        for key, _ in self._selector.select(timeout):
            with suppress(BlockingIOError):
                heard = os.read(key.fd, 1024)
                if isinstance(key.data, Worker):
                    self._hear(key.data, heard)
                else:
                    self._obey(heard)

    def _end_silent(self, seconds: float) -> None:
        """End the workers that hang, `seconds` after the last look."""
        for worker in self.workers:
            if not (worker.pid and worker.is_ready) or self._stopping is not None:
                continue
            before, worker.silent = worker.silent, worker.silent + seconds
            if before < SILENT_SECONDS <= worker.silent:
                _LOG.error(
                    "worker %s (process %d) hangs: no sign of life for %g s; it is ended",
                    worker.name,
                    worker.pid,
                    SILENT_SECONDS,
                )
                self._signal(worker, _TRACE)
            elif worker.silent >= SILENT_SECONDS + _TRACE_SECONDS:
                self._signal(worker, signal.SIGKILL)

    def _hear(self, worker: Worker, heard: bytes) -> None:
        worker.silent = 0.0
        if not heard:
            self._forget_pipe(worker)
        if READY in heard:
            worker.is_ready = True
            if not self._announced and all(each.is_ready for each in self.workers):
                self._announced = True
                self.announce()
                notify("READY=1")
            if worker.is_reloading:
                self._signal(worker, signal.SIGHUP)  # the first one came too early for it
        if RELOADED in heard:
            worker.is_reloading = False
            self._tell_reloaded()

    def _obey(self, numbers: bytes) -> None:
        for number in numbers:
            if number in (signal.SIGTERM, signal.SIGINT) or (
                number == signal.SIGHUP and self.is_orphaned()
            ):
                self._begin_to_stop()
            elif number == signal.SIGHUP and self._stopping is None:
                self._reloads = True
                notify_reloading()
                for worker in self.workers:
                    worker.is_reloading = bool(worker.pid)
                    if worker.is_ready:
                        self._signal(worker, signal.SIGHUP)
                self._tell_reloaded()

    def _tell_reloaded(self) -> None:
        if self._announced and not any(each.is_reloading for each in self.workers):
            notify("READY=1")

    def _reap(self) -> None:
        while any(worker.pid for worker in self.workers):
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            for worker in self.workers:
                if worker.pid == pid:
                    self._ended(worker, os.waitstatus_to_exitcode(status))

    def _ended(self, worker: Worker, code: int) -> None:
        pid, worker.pid = worker.pid, 0
        self._forget_pipe(worker)
        worker.is_ready = worker.is_reloading = False
        if self._stopping is not None:
            return
        self._tell_reloaded()
        how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
        self._failed(worker, f"worker {worker.name} (process {pid}) {how}")

    def _failed(self, worker: Worker, what: str) -> None:
        """Note that a worker ended or did not start; it is started after a pause, or the service ends."""
        now = self.clock()
        worker.failures = 1 if now - worker.started >= STEADY_SECONDS else worker.failures + 1
        if not self._announced or worker.failures > MOST_FAILURES:
            when = "again and again" if self._announced else "before the service was ready"
            _LOG.error("%s, %s; the service ends", what, when)
            self._status = 1
            self._begin_to_stop()
            return
        pause = pause_after(worker.failures)
        worker.due = now + pause
        _LOG.warning("%s; another is started in %g s", what, pause)

    def _begin_to_stop(self) -> None:
        if self._stopping is None:
            notify("STOPPING=1")
            self._stopping = self.clock()
            for worker in self.workers:
                if not worker.is_last:
                    self._stop(worker)

    def _stop(self, worker: Worker) -> None:
        if not worker.is_stopping:
            worker.is_stopping = True
            self._signal(worker, signal.SIGTERM)

    def _stop_more(self, since: float) -> None:
        """Stop the last ones when the others have ended, and kill what does not end in time."""
        first = [each for each in self.workers if each.pid and not each.is_last]
        late = self.clock() - since
        for worker in first if late > _STOP_SECONDS else ():
            self._signal(worker, signal.SIGKILL)
        for worker in self.workers if not first else ():
            if late > 2 * _STOP_SECONDS:
                self._signal(worker, signal.SIGKILL)
            else:
                self._stop(worker)

    def _signal(self, worker: Worker, number: signal.Signals) -> None:
        if worker.pid:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, number)

    def _forget_pipe(self, worker: Worker) -> None:
        if worker.pipe >= 0:
            self._selector.unregister(worker.pipe)
            os.close(worker.pipe)
            worker.pipe = -1


def _forked() -> tuple[int, int, int]:
    """Fork; return the id of the child, 0 in itself, and the ends of a pipe for reading and writing.

    Raises OSError where the system has no room, and leaves no descriptor open then.
    """
    reading, writing = os.pipe()
    try:
        return os.fork(), reading, writing
    except OSError:
        os.close(reading)
        os.close(writing)
        raise


def _noted(_number: int, _frame: object) -> None:
    """Do nothing: the number of the signal is read from the pipe."""


def _run(worker: Worker, child: Child) -> int:
    """Run what a worker does; return its exit status. Known errors are one line."""
    status = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED)
        worker.serve(child)
        status = 0
    except KeyboardInterrupt:
        status = 0
    except click.ClickException as error:
        error.show()
    except (AnalyzersError, IndexerError, SearchError) as error:
        click.echo(f"Error: {error}", err=True)
    except BaseException:  # noqa: BLE001 - nothing is around it that would show it
        traceback.print_exc()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status
