from __future__ import annotations

import errno
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from indexer.document import Document
from indexer.errors import IndexAccessError, WorkerError
from indexer.writer import IndexWriter

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


def test_a_killed_process_is_an_error_that_says_so(index):
    """Whenever it is killed: before a document is sent, while it waits, before the commit."""
    index.write(Document("1", "كتاب"))
    before = index.files()
    for documents in range(3):
        with IndexWriter(index.directory, processes=2, memory_mb=400 * (documents % 2)) as writer:
            writer.upsert(Document("2", "مدرسة " * 100_000))  # starts the first process
            for child in multiprocessing.active_children():
                child.kill()
                child.join()

            def go_on(writer: IndexWriter = writer, more: int = documents) -> None:
                for number in range(more):
                    writer.upsert(Document(f"a{number}", "مدرسة " * 100_000))
                writer.commit()

            with pytest.raises(WorkerError, match=r"was killed.*--memory.*--processes"):
                go_on()
        assert index.files() == before
    assert not multiprocessing.active_children()


def test_a_full_folder_of_temporary_files_is_named(index, tmp_path, monkeypatch):
    index.write(Document("1", "كتاب"))
    before = index.files()

    class Full(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_file() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    for replacement in (Full, no_file):
        monkeypatch.setattr("tempfile.TemporaryFile", replacement)
        with pytest.raises(
            IndexAccessError, match=r"temporary files .*No space left.*temporary.*TMPDIR"
        ):
            index.write(Document("2", "مدرسة"))
        assert index.files() == before
    monkeypatch.undo()
    monkeypatch.setattr("indexer.segment.write.merger.temporary_file", Full)
    with pytest.raises(IndexAccessError, match=r"temporary files .*No space left.*TMPDIR"):
        index.write(Document("2", "مدرسة"), optimize=True)
    assert index.files() == before


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
