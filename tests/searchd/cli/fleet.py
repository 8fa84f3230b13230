"""A service of several processes, as the tests of `searchd serve --workers` use it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.searchd.cli.test_program import PROGRAM, ROOT, environment

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


@contextmanager
def running(
    log: Path, *options: str, program: Sequence[str] = PROGRAM, **variables: str
) -> Iterator[Fleet]:
    """Start two workers on a free port; what runs still at the end is killed."""
    process = subprocess.Popen(
        [*program, "serve", "--port", "0", "--workers", "2", *options],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**variables),
        cwd=ROOT,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert "(2 workers, Ctrl-C stops)" in line, line + process.stderr.read()
        yield Fleet(process, line.split()[3], log)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
