"""The service runs a bounded number of searches, refuses what is too much, and stays answerable."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from searchd.errors import SearchTimeoutError
from searchd.service import ServiceLimits, create_app
from searchd.service.admission import Admission
from searchd.service.errors import OverloadedError
from tests.searchd.service.conftest import client_over, error_of

if TYPE_CHECKING:
    from searchd.engine import Engine

LONG = 60.0


class Gate:
    """Work that waits until it is opened, and counts."""

    def __init__(self) -> None:
        self.started = 0
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._open = threading.Event()

    def __call__(self) -> str:
        with self._lock:
            self.started += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self._open.wait(LONG)
        with self._lock:
            self._at_once -= 1
        return "done"

    def open(self) -> None:
        self._open.set()


class GatedEngine:
    """An engine whose searches wait at a gate and then fail, which the service answers with 500."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def revision(self) -> str:
        return "1"

    def search(self, _query: str, **_options: object) -> Any:
        self._gate()
        raise ZeroDivisionError


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


def limits(
    searches: int = 2, queue: int = 3, queue_seconds: float = LONG, search_seconds: float = LONG
) -> ServiceLimits:
    return ServiceLimits(
        searches=searches, queue=queue, queue_seconds=queue_seconds, search_seconds=search_seconds
    )


async def outcomes(tasks: list[asyncio.Task[str]]) -> list[object]:
    found = await asyncio.gather(*tasks, return_exceptions=True)
    return [each if isinstance(each, str) else type(each) for each in found]


def test_so_many_run_so_many_wait_and_the_others_are_refused(gate: Gate) -> None:
    async def flood() -> list[object]:
        admission = Admission(limits(searches=2, queue=3))
        tasks = [asyncio.create_task(admission.run(gate)) for _ in range(20)]
        await until(lambda: sum(task.done() for task in tasks) == 15)
        await until(lambda: gate.started == 2)
        assert admission.running == 2
        gate.open()
        return await outcomes(tasks)

    found = asyncio.run(flood())
    assert found == ["done"] * 5 + [OverloadedError] * 15
    assert (gate.started, gate.most_at_once) == (5, 2)


def test_what_waits_too_long_is_refused_and_never_starts(gate: Gate) -> None:
    async def wait() -> list[object]:
        admission = Admission(limits(searches=1, queue=3, queue_seconds=0.01))
        running = asyncio.create_task(admission.run(gate))
        await until(lambda: gate.started == 1)
        refused = await outcomes([asyncio.create_task(admission.run(gate)) for _ in range(3)])
        gate.open()
        assert await running == "done"
        assert await admission.run(gate) == "done"
        return refused

    assert asyncio.run(wait()) == [OverloadedError] * 3
    assert gate.started == 2


def test_work_that_is_given_up_keeps_its_place_until_it_ends(gate: Gate) -> None:
    async def give_up() -> None:
        admission = Admission(limits(searches=1, queue=0, search_seconds=0.01))
        with pytest.raises(TimeoutError, match="took longer than"):
            await admission.run(gate)
        assert admission.running == 1
        with pytest.raises(OverloadedError):
            await admission.run(gate)
        gate.open()
        await until(lambda: admission.running == 0)
        assert await admission.run(gate) == "done"

    asyncio.run(give_up())
    assert gate.most_at_once == 1


def test_an_error_is_passed_on_and_frees_the_place() -> None:
    async def fail() -> None:
        admission = Admission(limits(searches=1, queue=0))
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await admission.run(lambda: 1 / 0)
        assert admission.running == 0

    asyncio.run(fail())


def test_others_are_answered_beside_a_search_that_does_not_end(engine: Engine, gate: Gate) -> None:
    class HeavyEngine:
        """The real engine, in which one pattern takes until the gate is opened."""

        def __getattr__(self, name: str) -> Any:
            return getattr(engine, name)

        def search(self, query: str, **options: Any) -> Any:
            if query == "?*?":
                gate()
            return engine.search(query, **options)

    async def ask() -> list[int]:
        bounds = limits(searches=2, queue=0)  # nobody waits: who is not admitted is refused
        app = create_app(HeavyEngine(), limits=bounds)  # type: ignore[arg-type]
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://searchd") as client:
            heavy = asyncio.create_task(client.get("/search", params={"q": "?*?"}))
            await until(lambda: gate.started == 1)
            others = [
                (await client.get(path)).status_code
                for path in (
                    "/search?q=العدس",
                    "/?q=العدس",
                    "/suggest?q=ال",
                    "/documents/law",
                    "/ready",
                )
                for _ in range(2)
            ]
            assert app.state.admission.running == 1
            gate.open()
            return [*others, (await heavy).status_code]

    assert asyncio.run(ask()) == [200] * 11


@pytest.mark.parametrize("path", ["/search?q=x", "/ready"])
def test_health_and_page_answer_while_searches_are_refused(gate: Gate, path: str) -> None:
    async def overload() -> None:
        app = create_app(GatedEngine(gate), limits=limits(searches=2, queue=1))  # type: ignore[arg-type]
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://searchd") as client:
            searches = [asyncio.create_task(client.get("/search?q=x")) for _ in range(3)]
            await until(lambda: gate.started == 2)
            refused = [await client.get(path) for _ in range(10)]
            health, page = await client.get("/health"), await client.get("/")
            gate.open()
            answered = [(await search).status_code for search in searches]
        assert (health.status_code, page.status_code) == (200, 503)
        assert 'role="search"' in page.text
        assert answered == [500, 500, 500]
        for response in refused:
            assert response.status_code == 503
            assert error_of(response)["code"] == "overloaded"
            assert int(response.headers["Retry-After"]) > 0

    asyncio.run(overload())
    assert gate.started == 3


def test_a_search_that_takes_too_long_is_answered(gate: Gate) -> None:
    app = create_app(GatedEngine(gate), limits=limits(search_seconds=0.01))  # type: ignore[arg-type]
    response = client_of(app).get("/search?q=x")
    assert response.status_code == 503
    assert error_of(response)["code"] == "search_timeout"
    assert "longer than 0.01 s" in error_of(response)["message"]
    assert "Retry-After" not in response.headers


def test_the_time_out_of_an_engine_has_the_same_code() -> None:
    class LateEngine:
        def revision(self) -> str:
            return "1"

        def search(self, _query: str, *, timeout: float, **_options: object) -> Any:
            raise SearchTimeoutError("كت*", timeout)

    response = client_over(LateEngine()).get("/search?q=x")
    assert response.status_code == 503
    assert error_of(response)["code"] == "search_timeout"
    assert "'كت*': its 2 s were over" in error_of(response)["message"]


def test_a_query_that_costs_too_much_is_refused(client: Any) -> None:
    response = client.get("/search", params={"q": " ".join(f"?{n}?" for n in range(33))})
    assert response.status_code == 400
    assert error_of(response)["code"] == "query_too_costly"
    assert "32 patterns" in error_of(response)["message"]


def test_retry_after_is_documented(client: Any) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path in ("/search", "/analyze", "/ready"):
        unavailable = paths[path]["get"]["responses"]["503"]
        assert "Retry-After" in unavailable["headers"]
        assert "overloaded" in unavailable["description"]


def client_of(app: Any) -> Any:
    from fastapi.testclient import TestClient

    return TestClient(app)
