"""What runs in a reader process: it reads one file at a time, within limits of its own.

Requests come through standard input and batches of records go through standard output, each as a
pickle with its length. What else a library prints is thrown away.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from indexer.sources.file_reading import read_file
from indexer.sources.options import ReadLimits
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile

BATCH_BYTES = 1 << 20
"""A batch of records is sent when its texts have about this many characters."""

LENGTH = struct.Struct("<Q")

Batch = list[Record | BadRecord]


def main(limits: ReadLimits) -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the reading program ends this one
    requests, responses = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    limit_memory(limits.memory_mb)
    threading.Thread(target=_exit_with_parent, args=[os.getppid()], daemon=True).start()
    with suppress(BrokenPipeError):
        serve(requests, responses, limits)


def _exit_with_parent(parent: int) -> None:
    """End this process soon after its parent was killed, also while it reads a file."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def serve(requests: BinaryIO, responses: BinaryIO, limits: ReadLimits) -> None:
    """Read each file that is asked for, and send its batches and then an empty one."""
    while (request := receive(requests)) is not None:
        limit_processor_time(limits.seconds)
        for batch in batches(request, limits):
            send(responses, batch)
        send(responses, [])


def batches(file: SourceFile, limits: ReadLimits) -> Iterator[Batch]:
    """Yield the records of a file in batches, and at any error of its reader a BadRecord."""
    batch: Batch = []
    size = total = 0
    try:
        for item in read_file(file, limits=limits):
            batch.append(item)
            size += _characters(item)
            if size >= BATCH_BYTES:
                total += size
                yield batch
                batch, size = [], 0
                if total > limits.output_mb << 20:
                    batch = [BadRecord(file.origin, _too_much(limits))]
                    break
    except Exception as error:  # noqa: BLE001 - of a library, about a file that it cannot read
        batch.append(BadRecord(file.origin, _describe(error, file)))
    if batch:
        yield batch


def _too_much(limits: ReadLimits) -> str:
    return f"it holds more than {limits.output_mb:,} MiB of text; split it into several files"


def _describe(error: Exception, file: SourceFile) -> str:
    message = " ".join(str(error).split())[:200]
    return (
        f"the reader of {file.kind} files fails at it ({type(error).__name__}"
        f"{': ' if message else ''}{message}); open it in its program and save it again"
    )


def _characters(item: Record | BadRecord) -> int:
    if isinstance(item, BadRecord):
        return 100
    return 100 + sum(len(value) for value in item.values.values() if isinstance(value, str))


def send(stream: BinaryIO, value: object) -> None:
    """Write a value with its length."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO, limit: int = 1 << 40) -> Any:
    """Read a value, None at the end of the stream or for one of more than `limit` bytes."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    if length > limit:
        return None
    data = stream.read(length)
    if len(data) < length:
        return None
    return pickle.loads(data)  # noqa: S301 - from a process of this program


def limit_memory(megabytes: int) -> None:
    """Limit the address space of this process, where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        size = megabytes << 20
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


def limit_processor_time(seconds: int) -> None:
    """End this process by a signal after so many more seconds of the processor, where it can be."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds + 1
        with suppress(ValueError, OSError):
            resource.setrlimit(
                resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1])
            )
