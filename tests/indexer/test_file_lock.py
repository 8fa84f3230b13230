"""Locks of files: one holder, who may wait, and nothing that a killed process leaves."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from indexer.file_lock import acquire_lock


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first = acquire_lock(tmp_path / "lock")
    assert first is not None
    assert acquire_lock(tmp_path / "lock") is None
    first.release()
    second = acquire_lock(tmp_path / "lock")
    assert second is not None
    second.release()
    assert (tmp_path / "lock").exists()


def test_another_thread_may_release_it_for_one_who_waits(tmp_path: Path) -> None:
    first = acquire_lock(tmp_path / "lock")
    assert first is not None
    timer = threading.Timer(0.1, first.release)
    timer.start()
    second = acquire_lock(tmp_path / "lock", wait_seconds=60)
    timer.join()
    assert second is not None
    second.release()


def test_waiting_has_an_end(tmp_path: Path) -> None:
    first = acquire_lock(tmp_path / "lock")
    assert first is not None
    start = time.monotonic()
    assert acquire_lock(tmp_path / "lock", wait_seconds=0.2) is None
    assert time.monotonic() - start >= 0.2
    first.release()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_forked_process_does_not_hold_it(tmp_path: Path) -> None:
    first = acquire_lock(tmp_path / "lock")
    assert first is not None
    child_may_end, end = os.pipe()
    child = os.fork()
    if not child:
        os.close(end)
        os.read(child_may_end, 1)
        os._exit(0)
    try:
        first.release()
        second = acquire_lock(tmp_path / "lock")
        assert second is not None
        second.release()
    finally:
        os.close(end)
        os.close(child_may_end)
        os.waitpid(child, 0)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(OSError, match="(?i)directory|permission"):
        acquire_lock(tmp_path / "lock")
