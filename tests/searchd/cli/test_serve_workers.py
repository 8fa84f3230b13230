"""`searchd serve --workers`: several processes that answer as one."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from indexer.temporary_folder import delete_abandoned_folders
from tests.searchd.cli.fleet import LONG, Fleet, running, wait_until
from tests.searchd.cli.test_program import invoke

if sys.platform == "win32":
    pytest.skip("processes are forked on POSIX systems alone", allow_module_level=True)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    log = folder / "log"
    options = ["--writable", "--access-log", "--rate-limit", "500"]
    files = ["--indexes", str(folder / "indexes"), "--log-file", str(log)]
    with running(log, *files, *options) as started:
        yield started
        started.process.send_signal(signal.SIGTERM)
        assert started.process.wait(LONG) == 0
        assert started.process.stderr is not None
        assert started.process.stderr.read() == ""


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


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
def test_the_sockets_of_a_supervisor_that_is_killed_are_deleted_by_the_next(tmp_path: Path) -> None:
    indexes = tmp_path / "indexes"
    indexes.mkdir()
    options = ["--indexes", str(indexes)]
    with (
        TemporaryDirectory(dir="/tmp") as made,  # the path of a socket is short
        running(tmp_path / "log", *options, TMPDIR=made) as fleet,
    ):
        temporary = Path(made)
        (folder,) = temporary.glob("searchd-tmp-*")
        then = time.time() - 3600
        os.utime(folder, (then, then))
        delete_abandoned_folders(temporary)
        assert sorted(each.name for each in folder.iterdir() if each.is_socket()) == ["1", "2"]
        workers = fleet.pids()
        fleet.process.kill()
        fleet.process.wait()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
        assert folder.exists()
        delete_abandoned_folders(temporary)
        assert not folder.exists()


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
