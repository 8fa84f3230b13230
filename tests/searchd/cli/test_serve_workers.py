"""`searchd serve --workers`: several processes that answer as one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from tests.searchd.cli.test_program import PROGRAM, ROOT, environment, invoke

if sys.platform == "win32":
    pytest.skip("processes are forked on POSIX systems alone", allow_module_level=True)

LONG = 60.0


class Answer(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str]


class Fleet:
    """A running service, and requests that each open a connection, so that any process may answer."""

    def __init__(self, process: subprocess.Popen[str], address: str, log: Path) -> None:
        self.process = process
        self.address = address
        self.log = log

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = Request(self.address + path, data, headers, method=method)
        try:
            with urlopen(request, timeout=LONG) as answer:
                return _read(answer.status, answer)
        except HTTPError as error:
            with error:
                return _read(error.code, error)

    def metrics(self) -> dict[str, float]:
        lines = self.ask("GET", "/metrics").body.splitlines()
        return {
            line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
            for line in lines
            if line[0] != "#"
        }

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]


def _read(status: int, answer: Any) -> Answer:
    text = answer.read().decode()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    is_json = headers.get("content-type") == "application/json"
    return Answer(status, json.loads(text) if is_json else text, headers)


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    log = folder / "log"
    options = ["--workers", "2", "--writable", "--access-log", "--rate-limit", "500"]
    files = ["--indexes", str(folder / "indexes"), "--log-file", str(log)]
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", *files, *options],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert "(2 workers, Ctrl-C stops)" in line, line + process.stderr.read()
        yield Fleet(process, line.split()[3], log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_changes_are_seen_by_all(fleet: Fleet) -> None:
    assert fleet.ask("PUT", "/indexes/a", {"fields": []}).status == 201
    for number in range(4):
        document = {"id": str(number), "title": "كتاب", "text": "نص"}
        written = fleet.ask("POST", "/indexes/a/documents", [document])
        assert (written.status, written.body["documents"]) == (200, number + 1)
        found = [fleet.ask("GET", f"/indexes/a/search?q={quote('كتاب')}") for _ in range(4)]
        assert [each.body["total"] for each in found] == [number + 1] * 4
        assert len({each.headers["etag"] for each in found}) == 1  # one for all processes


def test_tasks_are_known_to_all(fleet: Fleet) -> None:
    fleet.ask("PUT", "/indexes/tasks", {"fields": []})
    started = fleet.ask("POST", "/indexes/tasks/documents?wait=false", [{"id": "1", "text": "نص"}])
    assert started.status == 202
    place = started.headers["location"]
    wait_until(lambda: fleet.ask("GET", place).body["state"] == "succeeded")
    assert {fleet.ask("GET", place).status for _ in range(6)} == {200}
    assert fleet.ask("GET", "/tasks/none").status == 404


def test_an_index_that_is_made_anew_has_its_new_fields(fleet: Fleet) -> None:
    for field in ("old", "new"):
        settings = {"fields": [{"name": field, "type": "keyword"}]}
        assert fleet.ask("PUT", "/indexes/again", settings).status == 201
        fleet.ask("POST", "/indexes/again/documents", [{"id": field, "text": "نص", field: "x"}])
        filtered = f"/indexes/again/search?q=*&filter={field}%3Dx"
        assert {fleet.ask("GET", filtered).body["total"] for _ in range(6)} == {1}
        assert fleet.ask("DELETE", "/indexes/again").status == 200
        gone = f"/indexes/again/search?q={field}"
        assert {fleet.ask("GET", gone).status for _ in range(6)} == {404}


def test_metrics_are_those_of_all(fleet: Fleet) -> None:
    before = sum(v for n, v in fleet.metrics().items() if n.startswith("searchd_requests_total"))
    for _ in range(6):
        fleet.ask("GET", "/health")
    found = fleet.metrics()
    names = [f'searchd_worker_up{{worker="{worker}"}}' for worker in ("1", "2", "writer")]
    assert [found[name] for name in names] == [1, 1, 1]
    after = sum(v for n, v in found.items() if n.startswith("searchd_requests_total"))
    assert after == before + 7  # and the first question for metrics
    memory = [name for name in found if name.startswith("process_resident_memory_bytes")]
    assert len(memory) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
def test_a_process_that_is_killed_is_started_anew(fleet: Fleet) -> None:
    fleet.ask("PUT", "/indexes/killed", {"fields": []})
    first = fleet.pids()
    assert len(first) == 3
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    # What is sent meanwhile waits: the sockets are those of the supervisor.
    written = fleet.ask("POST", "/indexes/killed/documents", [{"id": "1", "text": "نص"}])
    assert written.status == 200
    wait_until(lambda: len(fleet.pids()) == 3)
    assert not set(first) & set(fleet.pids())
    lines = fleet.log.read_text("utf-8").splitlines()
    assert sum("was ended by signal 9; another is started in 0.1 s" in line for line in lines) == 3


def test_each_reloads(fleet: Fleet) -> None:
    wait_until(
        lambda: set(fleet.metrics().values()) >= {1.0} and fleet.ask("GET", "/ready").status == 200
    )

    def reloads() -> int:
        return len(re.findall("INFO searchd.service: reloaded", fleet.log.read_text("utf-8")))

    before = reloads()
    fleet.process.send_signal(signal.SIGHUP)
    wait_until(lambda: reloads() >= before + 3)
    assert fleet.ask("GET", "/health").status == 200


def test_requests_are_logged_once(fleet: Fleet) -> None:
    fleet.ask("PUT", "/indexes/logged", {"fields": []})
    lines = [line for line in fleet.log.read_text("utf-8").splitlines() if "method=PUT" in line]
    ids = [line.partition("request_id=")[2].split()[0] for line in lines]
    assert len(ids) == len(set(ids)) > 0
    assert "route=/indexes/{name} status=201" in lines[-1]


SUPERVISED = """
import logging, os, sys, time
from searchd.cli import supervisor
from searchd.cli.supervisor import Supervisor, Worker, READY

logging.basicConfig(format="%(message)s")
supervisor.pause_after = lambda failures: 0.0
if sys.argv[1] == "hangs":
    supervisor.SILENT_SECONDS, supervisor.MOST_FAILURES = 0.3, 1

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


HANGING = """
import sys, time
from searchd.cli import http_server, main, supervisor
supervisor.SILENT_SECONDS, http_server._TICKS_PER_SIGN = 6.0, 2  # a sign is late only where it hangs
sys.exit(main())
"""


def test_a_process_that_hangs_is_replaced(tmp_path: Path) -> None:
    indexes = tmp_path / "indexes"
    options = ["--indexes", str(indexes), "--writable", "--workers", "2", "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING, "serve", *options],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=ROOT,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert "(2 workers" in line, line + process.stderr.read()
        fleet = Fleet(process, line.split()[3], tmp_path / "log")
        before = fleet.pids()
        os.kill(before[0], signal.SIGSTOP)
        lines = [process.stderr.readline() for _ in range(2)]
        assert f"(process {before[0]}) hangs: no sign of life for 6 s; it is ended" in lines[0]
        assert "was ended by signal 9; another is started in 0.1 s" in lines[1]
        assert fleet.ask("GET", "/indexes").status == 200
        wait_until(lambda: len(fleet.pids()) == len(before))
        after = fleet.pids()
        assert before[0] not in after
        assert set(before[1:]) < set(after)  # those that do not hang stay
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


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


def test_an_index_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    done = invoke("serve", "--index", tmp_path / "none", "--workers", "2", "--port", "0")
    assert done.exit_code == 1
    assert done.stderr.count("there is no index") == 1


@pytest.mark.parametrize("address", ["localhost:4318", "ftp://localhost", "http://"])
def test_the_address_of_a_collector_is_checked(tmp_path: Path, address: str) -> None:
    done = invoke("serve", "--index", tmp_path, "--otlp-endpoint", address)
    assert done.exit_code == 2
    assert "write one such as http://localhost:4318" in done.stderr


def test_traces_need_their_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "searchd.service.telemetry", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    done = invoke("serve", "--index", tmp_path, "--otlp-endpoint", "http://localhost:4318")
    assert done.exit_code == 1
    assert "the extra telemetry (opentelemetry is missing)" in " ".join(done.stderr.split())
    assert "[telemetry]'" in done.stderr
