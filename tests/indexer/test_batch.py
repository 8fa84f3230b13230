from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

_WRITING = """
import sys
from pathlib import Path
from indexer.document import Document
from indexer.writer import IndexWriter

if __name__ == "__main__":
    with IndexWriter(Path(sys.argv[1]), processes=2, memory_mb=0) as writer:
        for number in range(4):
            writer.upsert(Document(str(number), "نص"))
        print("ready", flush=True)
        sys.stdin.read()
"""


def test_the_processes_of_a_killed_writer_end(index):
    """They hold both ends of the pipe that work comes through, and would wait for ever."""
    command = [sys.executable, "-c", _WRITING, str(index.directory)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == b"ready\n"
        writing.send_signal(signal.SIGKILL)
        writing.wait()
        assert ended(writing.pid, within=20), "a process of a killed writer is still there"
    index.write()
    assert index.texts() == {}


def ended(group: int, within: float) -> bool:
    """Tell whether every process of a group ends; those that do not are killed."""
    end = time.monotonic() + within
    try:
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False
