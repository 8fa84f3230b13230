"""A service under a soak: its process, the states of its index that were acknowledged, and its clients."""

from __future__ import annotations

import io
import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from indexer.document import Document
from tests.stress.plain_model import PlainModel
from tests.stress.sample import ANALYZER

ROOT = Path(__file__).parents[2]
REFUSED = (503, 429)
STARTS_WITHIN = 120
"""Seconds in which a service that was started must be ready."""

State = dict[str, Document]


class States:
    """What the index held after each acknowledged change, and what a change under way makes of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: list[State] = [{}]
        self._pending: State | None = None

    @property
    def newest(self) -> State:
        return self._states[-1]

    def begin(self, state: State) -> None:
        """Note a change that may be seen from now on."""
        with self._lock:
            self._pending = state

    def acknowledge(self) -> None:
        """Note that the change is durable: nothing older may be seen from now on."""
        with self._lock:
            assert self._pending is not None
            self._states.append(self._pending)
            self._pending = None

    def mark(self) -> int:
        """Return the number of the newest state, before a client asks."""
        return len(self._states) - 1

    def since(self, mark: int) -> list[State]:
        """Return the states that a client may have seen who asked after `mark`."""
        with self._lock:
            pending = [] if self._pending is None else [self._pending]
            return self._states[mark:] + pending


class Service:
    """`searchd serve` over one index, which is killed and started again at the same address."""

    def __init__(self, directory: Path, log: Path) -> None:
        self._directory = directory
        self._log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the service, and wait until it is ready."""
        options = ["--index", self._directory, "--port", str(self._port), "--writable"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "searchd", "serve", *options, "--max-queue", "256"],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            if self._is_ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"the service does not start: {self._log.read_text('utf-8')[-2000:]}")

    def _is_ready(self) -> bool:
        with suppress(OSError, HTTPException):
            ask(f"{self.address}/ready")
            return True
        return False

    def kill(self) -> None:
        """Kill the process, whatever it does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def memory(self) -> int:
        """Return the resident memory that belongs to the process alone, in bytes."""
        assert self._process is not None
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the process is gone")


def ask(address: str, body: object = None, method: str | None = None) -> Any:
    """Return the answer of a request. Raises OSError and HTTPException."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            body = io.BytesIO(error.read())
        raise HTTPError(error.url, error.code, error.reason, error.headers, body) from None


def ask_again(address: str, body: object, method: str, stop: threading.Event) -> None:
    """Send a change until it is acknowledged: one that was cut off may have been made or not."""
    while True:
        try:
            ask(address, body, method)
        except HTTPError as error:
            if error.code == 404 and method == "DELETE":
                return  # deleted by a request whose answer was cut off
            assert error.code in REFUSED, (error.code, error.read())
        except (OSError, HTTPException):
            pass
        else:
            return
        assert not stop.wait(0.05), "the soak ended in the middle of a change"


class Reader:
    """A client that searches, and compares each answer with the states that it may be of."""

    def __init__(self, service: Service, states: States, seed: int) -> None:
        self._service = service
        self._states = states
        self._chance = random.Random(seed)
        self.done = Counter[str]()

    def search(self, questions: list[tuple[str, str, Any]]) -> None:
        """Ask one of the questions: each is a query, a filter, and what a model answers."""
        query, condition, wanted = self._chance.choice(questions)
        parameters = {"q": query, "limit": 100, "snippets": 0}
        if condition:
            parameters["filter"] = condition
        mark = self._states.mark()
        try:
            answer = ask(f"{self._service.address}/search?{urlencode(parameters)}")
        except HTTPError as error:
            assert error.code in REFUSED, (query, error.code, error.read())
            self.done["refused"] += 1
            return
        except (OSError, HTTPException):
            self.done["cut off"] += 1
            time.sleep(0.1)
            return
        found = [hit["id"] for hit in answer["hits"]]
        assert len(found) == len(set(found)) == answer["total"], query
        states = self._states.since(mark)
        assert any(set(found) == answer_of(state, wanted) for state in states), (
            f"{query} {condition}: {sorted(found)} is of none of {len(states)} states"
        )
        self.done["answered"] += 1


def answer_of(state: State, wanted: Any) -> set[str]:
    """Return what a plain model of a state answers."""
    found: set[str] = wanted(PlainModel(ANALYZER, committed=state))
    return found


def content_of(directory: Path) -> dict[str, tuple[str, str]]:
    """Return title and text of every document of an index."""
    import searchd

    with searchd.open(directory) as engine:
        return {each.id: (each.title, each.text) for each in engine.documents("*")}


def is_of_a_state(content: dict[str, tuple[str, str]], states: list[State]) -> bool:
    """Whether an index has just what one of the states has."""
    return any(
        content == {each.id: (each.title, each.text) for each in state.values()} for state in states
    )


@contextmanager
def failing_together(stop: threading.Event, errors: list[BaseException]) -> Iterator[None]:
    """Let an error of one client end all of them."""
    try:
        yield
    except BaseException as error:  # noqa: BLE001 - it is raised by the test
        errors.append(error)
        stop.set()
