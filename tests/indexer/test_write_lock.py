"""The write lock: whom it refuses, and when it is free again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.errors import IndexAccessError, IndexBusyError
from indexer.write_lock import LOCK_FILE, WriteLock
from indexer.writer import IndexWriter

POSIX = pytest.mark.skipif(os.name != "posix", reason="of POSIX systems alone")


def is_busy(directory: Path) -> bool:
    """Tell whether a new writer is refused."""
    try:
        IndexWriter(directory).cancel()
    except IndexBusyError:
        return True
    return False


def in_a_thread(call: Callable[[], object]) -> list[object]:
    """Call something in another thread; return what it returned, or its error."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(call())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome


def test_other_writers_of_this_process_are_refused(tmp_path):
    with IndexWriter(tmp_path):
        assert is_busy(tmp_path)
        assert in_a_thread(lambda: is_busy(tmp_path)) == [True]
        with pytest.raises(
            IndexBusyError, match=r"another writer is at work on the index at .*wait"
        ):
            IndexWriter(tmp_path, rebuild=True)
    assert not is_busy(tmp_path)


def test_a_writer_may_be_closed_by_another_thread(tmp_path):
    writer = IndexWriter(tmp_path)
    writer.upsert(Document("1", "نص"))
    assert in_a_thread(writer.commit) == [None]
    assert not is_busy(tmp_path)


def test_a_writer_that_was_dropped_holds_no_lock(tmp_path):
    lock = WriteLock(tmp_path)
    del lock
    assert not is_busy(tmp_path)


@pytest.mark.parametrize("end", ["close", "kill"])
def test_the_lock_of_another_process_ends_with_it(tmp_path, end):
    program = (
        "import sys; from pathlib import Path; from indexer.writer import IndexWriter\n"
        "writer = IndexWriter(Path(sys.argv[1])); print('ready', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"ready\n"
        assert is_busy(tmp_path)
        if end == "kill":
            other.kill()
        else:
            other.stdin.close()
    assert not is_busy(tmp_path)
    assert (tmp_path / LOCK_FILE).exists()


_FORKING = """
import os, sys, time
from pathlib import Path
from indexer.write_lock import WriteLock

lock = WriteLock(Path(sys.argv[1]))
child = os.fork()
if not child:
    time.sleep(60)
    os._exit(0)
print(child, flush=True)
sys.stdin.read()
"""


@POSIX
def test_a_forked_child_does_not_keep_the_lock_of_a_killed_writer(tmp_path):
    command = [sys.executable, "-c", _FORKING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            assert is_busy(tmp_path)
            parent.kill()
            parent.wait()
            os.kill(child, 0)  # still alive
            end = time.monotonic() + 30  # the child closes its copy when it first runs
            while is_busy(tmp_path) and time.monotonic() < end:
                time.sleep(0.01)
            assert not is_busy(tmp_path)
        finally:
            os.kill(child, signal.SIGKILL)


@POSIX
@pytest.mark.parametrize(
    ("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)], ids=oct
)
def test_the_lock_file_is_as_writable_as_other_files_of_the_user(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        WriteLock(tmp_path).release()
    finally:
        os.umask(before)
    assert (tmp_path / LOCK_FILE).stat().st_mode & 0o777 == mode


@POSIX
def test_a_link_in_the_place_of_the_lock_file_is_not_followed(tmp_path):
    (tmp_path / "target").write_bytes(b"not ours")
    (tmp_path / LOCK_FILE).symlink_to(tmp_path / "target")
    with pytest.raises(IndexAccessError, match="symbolic link"):
        IndexWriter(tmp_path)
    assert (tmp_path / "target").read_bytes() == b"not ours"
