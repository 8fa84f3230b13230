"""Workers of `searchd serve --workers` that hang: they are ended, say where, and are replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import ROOT, environment

if sys.platform == "win32":
    pytest.skip("processes are forked on POSIX systems alone", allow_module_level=True)

from tests.searchd.cli.fleet import LONG, running, wait_until
from tests.searchd.cli.test_supervisor import SUPERVISED

HANGING = """
import sys
from searchd.cli import http_server, main, supervisor
supervisor.SILENT_SECONDS, http_server._TICKS_PER_SIGN = 3.0, 2  # a sign is late only where it hangs
sys.exit(main())
"""


def test_a_process_that_hangs_is_replaced(tmp_path: Path) -> None:
    options = ["--indexes", str(tmp_path / "indexes"), "--writable"]
    with running(tmp_path / "log", *options, program=[sys.executable, "-c", HANGING]) as fleet:
        before = fleet.pids()
        os.kill(before[0], signal.SIGSTOP)
        assert fleet.process.stderr is not None
        lines = [fleet.process.stderr.readline() for _ in range(2)]
        assert f"(process {before[0]}) hangs: no sign of life for 3 s; it is ended" in lines[0]
        assert "was ended by signal 9; another is started in 0.1 s" in lines[1]
        assert fleet.ask("GET", "/indexes").status == 200
        wait_until(lambda: len(fleet.pids()) == len(before))
        after = fleet.pids()
        assert before[0] not in after
        assert set(before[1:]) < set(after)  # those that do not hang stay
        fleet.process.send_signal(signal.SIGTERM)
        assert fleet.process.wait(LONG) == 0


def test_a_process_that_hangs_writes_where() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SUPERVISED, "hangs"],
        input=b"",
        capture_output=True,
        env=environment(),
        cwd=ROOT,
        timeout=LONG,
        check=False,
    )
    assert done.stdout.split() == [b"start", b"ready", b"start"]
    assert done.stderr.count(b"in hang_here") == 2
