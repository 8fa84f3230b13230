"""Reader processes: files read outside of this process, so that none can end, stop or fill it."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, BinaryIO, cast

from indexer.sources.options import ReadLimits
from indexer.sources.reader_worker import Batch, receive, send
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile

_PROGRAM = (
    "import sys; sys.path[:] = {path!r}; "
    "from indexer.sources.options import ReadLimits; from indexer.sources.reader_worker import main; "
    "main(ReadLimits(*{limits!r}))"
)
_CLOCK_FACTOR = 5
_MAX_WAITING_BATCHES = 4
_POLL_SECONDS = 0.5
_END_SECONDS = 2


class ReaderProcess:
    """One process that reads files, one after the other; it is started anew after a failure."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._is_late = False
        self._is_closed = False
        self._reason = ""

    def read(self, file: SourceFile) -> Iterator[Batch]:
        """Yield the records of a file in batches. At a failure the last one is a BadRecord.

        A process that has read other files before may have too little memory left, so that a new
        one reads the file again, if none of its records was received yet.
        """
        while True:
            is_new = self._start()
            received = 0
            for batch in self._batches(file):
                received += 1
                yield batch
            if self._process is not None or self._is_closed:
                return
            if is_new or received or self._is_late:
                yield [BadRecord(file.origin, self._reason)]
                return

    def close(self) -> None:
        """End the process at once, whatever it does."""
        self._is_closed = True
        self._kill()

    def finish(self) -> None:
        """End the process, and wait for its end."""
        if self._process is not None:
            self._end(self._process)

    def _start(self) -> bool:
        """Start the process where none runs, and return whether it is a new one."""
        if self._process is not None:
            return False
        program = _PROGRAM.format(path=sys.path, limits=tuple(self._limits))
        self._is_late = False
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._is_closed:
            self._kill()
        return True

    def _batches(self, file: SourceFile) -> Iterator[Batch]:
        """Yield what the process sends; where it ends too early it is None afterwards."""
        process = self._process
        if process is None:
            return
        try:
            send(_stream(process.stdin), file)
            while True:
                batch = self._receive(process)
                if batch is None:
                    break
                if not batch:
                    return
                yield batch
        except BrokenPipeError:
            pass
        self._end(process)

    def _receive(self, process: subprocess.Popen[bytes]) -> Batch | None:
        clock = threading.Timer(self._limits.seconds * _CLOCK_FACTOR, self._stop_late, [process])
        clock.daemon = True
        clock.start()
        try:
            limit = (self._limits.output_mb << 20) * 4
            return cast("Batch | None", receive(_stream(process.stdout), limit))
        finally:
            clock.cancel()

    def _stop_late(self, process: subprocess.Popen[bytes]) -> None:
        self._is_late = True
        process.kill()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        for stream in (process.stdin, process.stdout):
            _close(stream)
        try:  # its own end tells why, if it comes
            status = process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        self._process = None
        if sys.platform != "win32" and status == -signal.SIGXCPU:
            self._is_late = True
        self._reason = self._why(status)

    def _why(self, status: int) -> str:
        if self._is_late:
            return (
                f"reading it takes more than {self._limits.seconds} seconds; split it, open it in "
                f"its program and save it again, or allow more with --file-seconds"
            )
        ended = f"signal {-status}" if status < 0 else f"status {status}"
        return (
            f"the process that read it ended ({ended}), perhaps for lack of memory; open it in its "
            f"program and save it again, or allow more than {self._limits.memory_mb:,} MB with "
            f"--file-memory"
        )

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()


class ReaderProcesses:
    """Several reader processes, which read ahead of the one who asks for the records.

    Use it as a context manager, which ends them. None is started before the first file.
    """

    def __init__(self, count: int, limits: ReadLimits) -> None:
        self._tasks: queue.SimpleQueue[FileTask | None] = queue.SimpleQueue()
        self.limits = limits
        self._processes = [ReaderProcess(limits) for _ in range(count)]
        self._threads: list[threading.Thread] = []
        self.is_closed = threading.Event()

    def __enter__(self) -> ReaderProcesses:
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_closed.set()
        for process in self._processes:
            process.close()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    @property
    def count(self) -> int:
        """How many processes there are at most."""
        return len(self._processes)

    def submit(self, file: SourceFile) -> FileTask:
        """Begin to read a file as soon as a process is free."""
        if len(self._threads) < len(self._processes):
            process = self._processes[len(self._threads)]
            thread = threading.Thread(target=self._run, args=[process], daemon=True)
            self._threads.append(thread)
            thread.start()
        task = FileTask(file, self.is_closed)
        self._tasks.put(task)
        return task

    def read_alone(self, file: SourceFile) -> Iterator[Record | BadRecord]:
        """Yield the records of a file by a process for it alone, ahead of all that are asked for.

        The others may wait for somebody who takes what they have read.
        """
        process = ReaderProcess(self.limits)
        try:
            for batch in process.read(file):
                yield from batch
        finally:
            process.close()
            process.finish()

    def _run(self, process: ReaderProcess) -> None:
        try:
            while (task := self._tasks.get()) is not None and not self.is_closed.is_set():
                task.run(process)
        finally:
            process.finish()


class FileTask:
    """A file that a reader process reads, and its records so far."""

    def __init__(self, file: SourceFile, is_closed: threading.Event) -> None:
        self.file = file
        self._is_closed = is_closed
        self._batches: queue.Queue[Batch | BaseException] = queue.Queue(_MAX_WAITING_BATCHES)

    def run(self, process: ReaderProcess) -> None:
        """Read the file, and wait where nobody takes the records."""
        try:
            for batch in process.read(self.file):
                self._put(batch)
            self._put([])
        except BaseException as error:  # noqa: BLE001 - raised where the records are asked for
            self._put(error)

    def _put(self, batch: Batch | BaseException) -> None:
        while not self._is_closed.is_set():
            try:
                self._batches.put(batch, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return

    def records(self) -> Iterator[Record | BadRecord]:
        """Yield the records of the file, and wait for them."""
        while True:
            try:
                batch = self._batches.get(timeout=_POLL_SECONDS)  # so that Ctrl-C is seen
            except queue.Empty:
                continue
            if isinstance(batch, BaseException):
                raise batch
            if not batch:
                return
            yield from batch


def _stream(stream: IO[bytes] | None) -> BinaryIO:
    if stream is None:
        raise RuntimeError("the process was started without a pipe")
    return cast("BinaryIO", stream)


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with suppress(BrokenPipeError):
            stream.close()
