"""The supervisor of `searchd serve --workers`, over workers that do nothing: starts, failures, ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.searchd.cli.fleet import LONG
from tests.searchd.cli.test_program import ROOT, environment

if sys.platform == "win32":
    pytest.skip("processes are forked on POSIX systems alone", allow_module_level=True)

SUPERVISED = """
import logging, os, sys, time
from searchd.cli import supervisor
from searchd.cli.supervisor import Supervisor, Worker, READY

logging.basicConfig(format="%(message)s")
supervisor.pause_after = lambda failures: 0.0
if sys.argv[1] == "hangs":
    supervisor.SILENT_SECONDS, supervisor.MOST_FAILURES = 0.3, 1
    supervisor._LONGEST_WAIT, supervisor._TRACE_SECONDS = 0.1, 0.5

def serve(child):
    os.write(1, b"start\\n")
    if sys.argv[1] == "later":
        child.tell(READY)
        os.read(0, 1)
    if sys.argv[1] == "hangs":
        child.tell(READY)
        hang_here()
    os._exit(3)

def hang_here():
    time.sleep(1000)

sys.exit(Supervisor([Worker("1", serve)], lambda: os.write(1, b"ready\\n")).run())
"""


@pytest.mark.parametrize(
    ("when", "starts", "last"),
    [
        ("first", 1, "before the service was ready; the service ends"),
        ("later", 11, "again and again; the service ends"),
    ],
)
def test_what_does_not_start_ends_the_service(when: str, starts: int, last: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SUPERVISED, when],
        input=b"." * 100,
        capture_output=True,
        env=environment(),
        cwd=ROOT,
        timeout=LONG,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.count(b"start") == starts
    assert done.stdout.count(b"ready") == int(when == "later")
    assert done.stderr.decode().splitlines()[-1].endswith(last)


STOPPING = """
import os, selectors, signal, time
from searchd.cli.supervisor import READY, Supervisor, Worker

class Counted(selectors.DefaultSelector):
    looks = 0

    def select(self, timeout=None):
        Counted.looks += 1
        return super().select(timeout)

def serve(child, seconds):
    child.tell(READY)
    try:
        time.sleep(1000)
    except KeyboardInterrupt:
        time.sleep(seconds)

workers = [Worker("1", lambda child: serve(child, 0)), Worker("2", lambda child: serve(child, 1))]
stop = lambda: os.kill(os.getpid(), signal.SIGTERM)
status = Supervisor(workers, stop, _selector=Counted()).run()
print(status, Counted.looks)
"""


def test_the_supervisor_sleeps_while_workers_stop() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPING],
        capture_output=True,
        env=environment(),
        cwd=ROOT,
        timeout=LONG,
        check=True,
    )
    status, looks = map(int, done.stdout.split())
    assert status == 0
    assert looks < 100  # ten in a second, and one for each signal and word


WITHOUT_ROOM = """
import errno, logging, os, signal, sys, time
from searchd.cli import supervisor
from searchd.cli.supervisor import READY, Supervisor, Worker

logging.basicConfig(format="%(message)s")
parent, fork = os.getpid(), os.fork
left = int(sys.argv[1])
starts = 0

def failing():
    global left
    if starts == int(sys.argv[2]) and left:
        left -= 1
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
    return fork()

def serve(child):
    child.tell(READY)
    try:
        time.sleep(1000)
    except KeyboardInterrupt:
        pass

def announce():
    global starts
    starts = 1
    os.kill(worker.pid, signal.SIGKILL)

def stop_when_there_again():
    if starts and not left and worker.is_ready:
        os.kill(parent, signal.SIGTERM)
    return time.monotonic()

os.fork = failing
worker = Worker("1", serve)
before = len(os.listdir("/dev/fd"))
status = Supervisor([worker], announce, clock=stop_when_there_again).run()
print(status, len(os.listdir("/dev/fd")) - before)
"""


@pytest.mark.parametrize(
    ("failures", "when", "status", "last"),
    [
        pytest.param(2, 1, 0, "started in 0.4 s", id="later"),
        pytest.param(1, 0, 1, "before the service was ready; the service ends", id="at-first"),
    ],
)
def test_a_system_without_room_for_a_process(
    failures: int, when: int, status: int, last: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ROOM, str(failures), str(when)],
        capture_output=True,
        env=environment(),
        cwd=ROOT,
        timeout=LONG,
        check=True,
        text=True,
    )
    assert done.stdout.split() == [str(status), "0"]  # and all descriptors are closed
    assert "worker 1 did not start (Resource temporarily unavailable)" in done.stderr
    assert done.stderr.splitlines()[-1].endswith(last)
