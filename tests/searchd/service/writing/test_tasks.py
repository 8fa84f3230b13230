"""Changes that are not waited for, their order, and the bounds of what waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from searchd.service.request_errors import TaskNotFoundError, WritesOverloadedError
from searchd.service.writing import routes
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.tasks import TaskList, TaskState
from searchd.service.writing.write_queue import WriteQueue
from tests.searchd.service.conftest import error_of
from tests.searchd.service.writing.conftest import LINES, Written, lines

ONE = {"id": "1", "text": "نص"}


def ended(written: Written, address: str) -> dict[str, Any]:
    """Return a task when it has ended."""
    for _ in range(2000):
        task: dict[str, Any] = written.client.get(address).json()
        if task["ended"] is not None:
            return task
        time.sleep(0.01)
    raise AssertionError(task)


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let changes of documents wait before their first record, until the event is set."""
    real, go = routes.write_documents, threading.Event()

    def write(index: Any, records: Any, options: Any, count: Any) -> dict[str, Any]:
        go.wait(20)
        return real(index, records, options, count)

    monkeypatch.setattr(routes, "write_documents", write)
    try:
        yield go
    finally:
        go.set()


def test_a_task_tells_what_was_done(written: Written) -> None:
    answer = written.client.post("/documents?wait=false", content=lines(ONE), headers=LINES)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/tasks/{answer.json()['id']}"
    task = ended(written, answer.headers["Location"])
    assert (task["state"], task["kind"], task["index"], task["records"]) == (
        "succeeded",
        "add",
        "news",
        1,
    )
    assert (task["result"]["added"], task["error"]) == (1, None)
    assert task["queued"] <= task["started"] <= task["ended"]
    assert written.ids() == {"1"}


def test_a_task_that_fails_has_the_error_of_the_answer(written: Written) -> None:
    answer = written.client.post("/documents?wait=false", json=[ONE, {"id": "2"}])
    task = ended(written, answer.headers["Location"])
    waited = error_of(written.client.post("/documents", json=[ONE, {"id": "2"}]))
    assert (task["state"], task["error"], task["result"]) == ("failed", waited, None)


def test_changes_are_made_in_the_order_of_their_bodies(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(monkeypatch) as go:
        addresses = [
            written.client.post(
                "/documents?wait=false", json={"id": "1", "text": f"نص {number}"}
            ).headers["Location"]
            for number in range(4)
        ]
        assert written.client.get("/tasks?state=queued").json()["tasks"] != []
        go.set()
        done = [ended(written, address) for address in addresses]
    assert [task["result"]["generation"] for task in done] == [2, 3, 4, 5]
    assert written.engine.get("1").text == "نص 3"


def test_a_task_that_waits_is_cancelled(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(monkeypatch) as go:
        running, waiting = (
            written.client.post("/documents?wait=false", json={"id": name, "text": "نص"})
            for name in ("1", "2")
        )
        address = waiting.headers["Location"]
        assert written.client.delete(address).status_code == 200
        go.set()
        task = ended(written, address)
        ended(written, running.headers["Location"])
    assert (task["state"], task["error"]["code"]) == ("cancelled", "cancelled")
    assert written.ids() == {"1"}
    again = written.client.delete(address)
    assert (again.status_code, error_of(again)["code"]) == (409, "conflict")


def test_a_task_that_reads_documents_is_cancelled_at_the_next(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(monkeypatch) as go:
        started = written.client.post("/documents?wait=false", json=[ONE])
        address = started.headers["Location"]
        while written.client.get(address).json()["state"] != "running":
            time.sleep(0.01)
        written.client.delete(address)
        go.set()
        assert ended(written, address)["state"] == "cancelled"
    assert written.ids() == set()


def test_more_than_may_wait_are_refused_before_their_body(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(monkeypatch) as go:
        most = written.queue.limits.queue
        taken = [
            written.client.post("/documents?wait=false", json={"id": str(n), "text": "نص"})
            for n in range(most)
        ]
        refused = written.client.post("/documents", json=ONE)
        assert (refused.status_code, error_of(refused)["code"]) == (503, "overloaded")
        assert refused.headers["Retry-After"]
        go.set()
        for each in taken:
            ended(written, each.headers["Location"])
    assert written.client.post("/documents", json=ONE | {"id": "later"}).status_code == 200
    assert len(written.ids()) == most + 1


def test_uploads_are_deleted(written: Written) -> None:
    written.client.post("/documents", json=[ONE])
    written.client.post("/documents", json=[{"id": "2"}])
    made = written.queue.uploads._folder
    assert made is not None
    folder = made.path
    assert [path for path in folder.iterdir() if path.suffix != ".lock"] == []
    written.queue.stop()
    assert not folder.exists()


def test_an_unknown_task(written: Written) -> None:
    answer = written.client.get("/tasks/none")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "task_not_found")


def test_the_oldest_that_ended_are_forgotten() -> None:
    tasks = TaskList(kept=2)
    running, *done = (tasks.add("add", "news") for _ in range(5))
    running.start()
    for each in done:
        each.succeed({})
        tasks.note_end(each)
    assert [task.id for task in tasks.list(index=None, state=None, limit=10)] == [
        done[3].id,
        done[2].id,
        running.id,
    ]
    assert tasks.list(index=None, state=TaskState.RUNNING, limit=10) == [running]
    assert tasks.list(index="other", state=None, limit=10) == []
    with pytest.raises(TaskNotFoundError):
        tasks.get(done[0].id)
    running.succeed({})
    tasks.note_end(running)  # it began first and ended last
    assert [task.id for task in tasks.list(index=None, state=None, limit=10)] == [
        done[3].id,
        running.id,
    ]


@pytest.mark.parametrize("used", [False, True], ids=["none", "gone"])
def test_without_a_folder_of_temporary_files_nothing_is_received(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: bool
) -> None:
    if used:
        written.client.post("/documents", content=lines({"id": "1", "text": "نص"}), headers=LINES)
        written.queue.uploads.close()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    body = lines({"id": "2", "text": "نص"})
    answer = written.client.post("/documents", content=body, headers=LINES)
    assert (answer.status_code, error_of(answer)["code"]) == (503, "index_access")
    assert "TMPDIR" in error_of(answer)["message"]
    monkeypatch.undo()
    assert written.client.post("/documents", content=body, headers=LINES).status_code == 200


def test_each_index_has_places_of_its_own(tmp_path: Any) -> None:
    queue = WriteQueue(WriteLimits(queue=1))
    place = queue.take_place(tmp_path / "a")
    queue.take_place(tmp_path / "b")
    with pytest.raises(WritesOverloadedError):
        queue.take_place(tmp_path / "a")
    queue.leave(place)
    queue.leave(place)
    assert queue.take_place(tmp_path / "a").line.places == 1
