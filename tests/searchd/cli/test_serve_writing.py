"""`searchd serve --writable` as a process: what outlives its end, whatever ends it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from indexer.write_lock import WriteLock
from tests.searchd.cli.test_program import PROGRAM, environment, invoke

LINES = "application/x-ndjson"
TEXT = "قرأ الطلاب كتابهم في المدرسة، ثم ذهبوا إلى مكتبة الكتاب. " * 20
MANY = 4000


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a service on a free port; yield the process and its address after it is printed."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--writable", *options],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert " at http://" in line, line + process.stderr.read()
        yield process, line.split(" at ")[1].split()[0]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def ask(
    address: str, method: str = "GET", body: bytes | None = None, kind: str = "application/json"
) -> tuple[int, dict[str, Any]]:
    request = Request(address, data=body, method=method, headers={"Content-Type": kind})
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def documents(name: str, count: int) -> bytes:
    return "".join(
        json.dumps({"id": f"{name}{number}", "text": f"{TEXT} {name}"}, ensure_ascii=False) + "\n"
        for number in range(count)
    ).encode()


def begin_long_change(base: str) -> str:
    """Send many documents, and return the address of the task when it reads them."""
    status, task = ask(f"{base}/documents?wait=false", "POST", documents("later", MANY), LINES)
    assert status == 202
    address = f"{base.partition('/indexes')[0]}/tasks/{task['id']}"
    while not (found := ask(address)[1])["records"]:
        assert found["state"] in {"queued", "running"}, found
        time.sleep(0.01)
    return address


def test_acknowledged_documents_outlive_a_kill_and_others_are_not_half_there(
    tmp_path: Path,
) -> None:
    options = ("--indexes", str(tmp_path), "--default-index", "main")
    with serving(*options) as (process, address):
        assert ask(f"{address}/indexes/news", "PUT", b"{}")[0] == 201
        assert ask(f"{address}/aliases/main", "PUT", b'{"index": "news"}')[0] == 200
        assert ask(f"{address}/documents", "POST", documents("first", 20), LINES)[0] == 200
        begin_long_change(f"{address}/indexes/news")
        process.kill()
        process.wait()
    with serving(*options) as (_, address):
        assert ask(f"{address}/search?q=first")[1]["total"] == 20
        assert ask(f"{address}/search?q=later")[1]["total"] in {0, MANY}
        assert ask(f"{address}/tasks")[1] == {"tasks": []}
        status, again = ask(f"{address}/documents", "POST", documents("again", 5), LINES)
        assert (status, again["added"]) == (200, 5)
    assert invoke("verify", "--index", str(tmp_path / "news")).exit_code == 0


def test_sigterm_ends_a_change_that_is_being_made(tmp_path: Path) -> None:
    with serving("--indexes", str(tmp_path)) as (process, address):
        ask(f"{address}/indexes/news", "PUT", b"{}")
        begin_long_change(f"{address}/indexes/news")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, 1)  # 1 where the time was up before all was put away
    assert invoke("verify", "--index", str(tmp_path / "news")).exit_code == 0


def test_one_index_that_can_be_changed(tmp_path: Path) -> None:
    index, texts = tmp_path / "index", tmp_path / "a.txt"
    texts.write_text("نص أول", "utf-8")
    assert invoke("index", str(texts), "--index", str(index), "-q").exit_code == 0
    with serving("--index", str(index)) as (_, address):
        assert ask(f"{address}/documents", "POST", documents("new", 2), LINES)[0] == 200
        assert ask(f"{address}/search?q=*")[1]["total"] == 3
        lock = WriteLock(index)  # of this process, which is another one
        try:
            status, refused = ask(f"{address}/documents/a.txt", "DELETE")
        finally:
            lock.release()
        assert (status, refused["error"]["code"]) == (503, "index_busy")
        assert ask(f"{address}/documents/a.txt", "DELETE")[1]["deleted"] == 1
        assert invoke("index", str(texts), "--index", str(index), "-q").exit_code == 0
        assert ask(f"{address}/search?q=*")[1]["total"] == 3


def test_a_body_may_take_longer_than_a_request(tmp_path: Path) -> None:
    """64 KB of it must arrive in the time; a client that stops is closed."""
    body = documents("slow", 200)
    with serving("--indexes", str(tmp_path), "--client-timeout", "1.5") as (_, address):
        ask(f"{address}/indexes/news", "PUT", b"{}")
        host, port = address.removeprefix("http://").split(":")
        head = (
            f"POST /indexes/news/documents HTTP/1.1\r\nHost: {host}\r\nContent-Type: {LINES}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection((host, int(port)), timeout=60) as slow:
            slow.sendall(head.encode())
            step = len(body) // 4
            assert step > 64 * 1024
            for start in range(0, len(body), step):
                slow.sendall(body[start : start + step])
                time.sleep(0.6)  # over 2.4 s in all
            assert slow.recv(100).startswith(b"HTTP/1.1 200 ")
        with socket.create_connection((host, int(port)), timeout=60) as stopped:
            stopped.sendall(head.encode() + body[: len(body) // 2])
            assert stopped.recv(100) == b""
        assert ask(f"{address}/indexes/news/search?q=slow")[1]["total"] == 200


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--index", "a", "--indexes", "b"), "give either --index or --indexes"),
        (("--default-index", "a"), "--default-index goes with --indexes"),
        (("--indexes", "b", "--default-index", "../a"), "cannot be the name of an index"),
    ],
)
def test_options_that_do_not_go_together(options: tuple[str, ...], message: str) -> None:
    done = invoke("serve", *options)
    assert done.exit_code == 2
    assert message in done.output


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    command = [sys.executable, *PROGRAM[1:], "serve", "--port", "0", "--indexes", "none"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 1
    assert "the folder of the indexes none cannot be read" in done.stderr
