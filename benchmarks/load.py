"""The service under load: a real process of `searchd serve`, asked over real sockets.

    python -m benchmarks.load [--data FOLDER] [--documents N] [--seconds N] [--connections N]
                              [--slow N] [--source CHECKOUT] [--json FILE]

1. One kept-alive connection asks for `/health` and `/search`, one request after the other.
2. Saturation: as many connections as cores search as fast as they can.
3. Overload: `--connections` send twice that rate for `--seconds`, while another one asks for `/health`.
4. Slow clients: `--slow` sockets send a request byte by byte, others ask and never read, while one
   kept-alive connection and new ones search.
5. SIGTERM during an overload.

With `--source` the service is that of another checkout, so that two can be compared. The documents
are indexed by the same checkout.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from benchmarks import workload
from benchmarks.http_client import Client, Server, environment, search_target, serving
from benchmarks.report import about
from benchmarks.workload import Corpus

ALONE = 1000
"""Requests of one kept-alive connection."""

NOT_READING = 200
"""Connections that ask for more than the buffers hold, and do not read."""

SLOW_SECONDS = 30
"""How long slow clients are kept."""

WIDE_SEARCH = "&limit=100&snippets=5"

ROOT = Path(__file__).parent.parent


@dataclass(slots=True)
class Latencies:
    """Seconds from sending a request to the end of its response, and how many had which outcome."""

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[int | str] = field(default_factory=Counter)

    async def measure(self, client: Client, target: str) -> None:
        """Send one request; the time counts where it is answered with 200."""
        started = time.perf_counter()
        outcome = await client.get(target)
        self.outcomes[outcome] += 1
        if outcome == 200:
            self.seconds.append(time.perf_counter() - started)

    def at(self, percent: float) -> float:
        """Return a percentile in milliseconds, NaN where nothing was answered."""
        ordered = sorted(self.seconds)
        if not ordered:
            return float("nan")
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1e3

    def __str__(self) -> str:
        outcomes = ", ".join(f"{kind}: {number:,}" for kind, number in self.outcomes.most_common())
        percentiles = " / ".join(f"{self.at(percent):.1f}" for percent in (50, 99, 100))
        return f"{percentiles} ms ({outcomes})"


async def ask_alone(server: Server, targets: Sequence[str], requests: int) -> Latencies:
    """Send requests over one kept-alive connection, one after the other."""
    found = Latencies()
    async with Client(server) as client:
        for target in islice(cycle(targets), requests):
            await found.measure(client, target)
    return found


async def saturate(server: Server, targets: Sequence[str], seconds: float) -> float:
    """Return the answers a second to as many connections as there are cores, without a pause."""
    end = time.perf_counter() + seconds
    found = Latencies()

    async def search(offset: int) -> None:
        async with Client(server) as client:
            for target in islice(cycle(targets), offset, None):
                await found.measure(client, target)
                if time.perf_counter() > end:
                    break

    async with asyncio.TaskGroup() as group:
        for number in range(os.cpu_count() or 1):
            group.create_task(search(number * 7))
    return len(found.seconds) / seconds


async def overload(
    server: Server, targets: Sequence[str], connections: int, rate: float, seconds: float
) -> Latencies:
    """Search over many connections, which together send `rate` requests a second if they can."""
    start = time.perf_counter()
    pause = connections / rate
    found = Latencies()

    async def search(number: int) -> None:
        due = start + number * pause / connections
        async with Client(server) as client:
            for target in islice(cycle(targets), number * 7, None):
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                if time.perf_counter() > start + seconds:
                    break
                await found.measure(client, target)
                due += pause

    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            group.create_task(search(number))
    return found


async def probe(server: Server, target: str, pause: float, *, keep: bool) -> Latencies:
    """Send a request every `pause` seconds until the task is cancelled; `keep` the connection."""
    found = Latencies()
    client = Client(server)
    try:
        while True:
            await found.measure(client, target)
            if not keep:
                client.close()
            await asyncio.sleep(pause)
    except asyncio.CancelledError:
        client.close()
        return found


def open_slow(server: Server, number: int) -> list[socket.socket]:
    """Open sockets that have sent the beginning of a request."""
    sockets = []
    for _ in range(number):
        try:
            slow = socket.create_connection((server.host, server.port), timeout=5)
            slow.setblocking(False)
            slow.send(b"GET /health HTTP/1.1\r\nX-Slow: ")
        except OSError:
            break
        sockets.append(slow)
    return sockets


def open_not_reading(server: Server, target: str, number: int) -> list[socket.socket]:
    """Open sockets that have asked ten times for a long response, and do not read it."""
    request = f"GET {target} HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()
    sockets = []
    for _ in range(number):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect((server.host, server.port))
        reader.setblocking(False)
        reader.send(request * 10)
        sockets.append(reader)
    return sockets


async def drip(sockets: Sequence[socket.socket], seconds: float) -> int:
    """Send a byte over each socket every second; return how many the server has closed."""
    closed: set[socket.socket] = set()
    for _ in range(int(seconds)):
        for number, slow in enumerate(sockets):
            try:
                slow.send(b"x")
            except BlockingIOError:
                pass
            except OSError:
                closed.add(slow)
            if not number % 100:
                await asyncio.sleep(0)
        await asyncio.sleep(1)
    return len(closed)


async def watch_memory(server: Server, found: list[float]) -> None:
    """Add the memory of the service to `found` every second."""
    while True:
        found.append(server.memory())
        await asyncio.sleep(1)


async def measure(
    server: Server, queries: Sequence[str], options: argparse.Namespace
) -> Iterator[tuple[str, str]]:
    """Yield what was measured: a name and the figure."""
    rows: list[tuple[str, str]] = []

    def report(name: str, figure: object) -> None:
        print(f"{name}: {figure}", file=sys.stderr)
        rows.append((name, str(figure)))

    targets = [search_target(query) for query in queries]
    await ask_alone(server, targets, len(targets))
    report("one connection, /health", await ask_alone(server, ["/health"], ALONE))
    report("one connection, /search", await ask_alone(server, targets, ALONE))

    rate = await saturate(server, targets, min(5, options.seconds))
    report("saturation", f"{rate:.0f} searches a second")

    memory: list[float] = []
    watching = asyncio.create_task(watch_memory(server, memory))
    probing = asyncio.create_task(probe(server, "/health", 0.1, keep=True))
    found = await overload(server, targets, options.connections, 2 * rate, options.seconds)
    probing.cancel()
    watching.cancel()
    report(f"{options.connections} connections at twice that rate, /search", found)
    report("answers a second", f"{len(found.seconds) / options.seconds:.0f}")
    report("meanwhile /health", await probing)
    third = max(len(memory) // 3, 1)
    report(
        "memory", f"{max(memory[:third]):.0f} -> {max(memory[-third:]):.0f} MB (first, last third)"
    )

    report("before the slow clients, /search", await ask_alone(server, targets, ALONE // 5))
    slow = open_slow(server, options.slow)
    await beside(server, targets, slow, f"{len(slow):,} slow clients", report)
    unread = open_not_reading(server, targets[0] + WIDE_SEARCH, NOT_READING)
    await beside(server, targets, unread, f"{len(unread)} clients that do not read", report)

    loading = asyncio.create_task(overload(server, targets, options.connections, 2 * rate, 3600))
    await asyncio.sleep(2)
    report("SIGTERM obeyed in", f"{await asyncio.to_thread(server.stop):.1f} s")
    report("its exit status", server.process.returncode)
    loading.cancel()
    return iter(rows)


async def beside(
    server: Server,
    targets: Sequence[str],
    sockets: Sequence[socket.socket],
    name: str,
    report: Callable[[str, object], None],
) -> None:
    """Report how searches are answered beside slow clients, and when these are closed."""
    before = server.memory()
    kept = asyncio.create_task(probe(server, targets[0], 0.05, keep=True))
    anew = asyncio.create_task(probe(server, targets[0], 0.05, keep=False))
    closed = await drip(sockets, SLOW_SECONDS)
    after = server.memory()
    kept.cancel()
    anew.cancel()
    report(f"beside {name}, kept alive", await kept)
    report(f"beside {name}, new connections", await anew)
    report(f"closed within {SLOW_SECONDS} s", f"{closed:,} of {len(sockets):,}")
    report("memory before them, and after", f"{before:.0f} -> {after:.0f} MB")
    for each in sockets:
        each.close()


def build(source: Path, corpus: Corpus, index: Path) -> None:
    """Index a corpus with the program of a checkout."""
    command = [sys.executable, "-m", "searchd", "index", str(corpus.path), "--index", str(index)]
    subprocess.run(
        command, check=True, cwd=source, env=environment(source), stderr=subprocess.DEVNULL
    )


def main() -> None:
    """Print a Markdown table of the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with the corpus and its queries")
    for name, default in (
        ("documents", 8000),
        ("seconds", 60),
        ("connections", 64),
        ("slow", 3000),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help="(default: %(default)s)")
    parser.add_argument("--source", type=Path, default=ROOT, help="checkout of the service")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    data = workload.find_data(options.data)
    source = options.source.resolve()
    with tempfile.TemporaryDirectory(prefix="searchd-load-") as folder:
        corpus = workload.write_corpus(data, Path(folder) / "corpus.jsonl", options.documents)
        queries = [query.written for query in workload.read_queries(data, corpus)]
        build(source, corpus, Path(folder) / "index")
        with serving(source, Path(folder) / "index") as server:
            rows = list(asyncio.run(measure(server, queries, options)))
    print("\n".join(f"- {name}: {value}" for name, value in about().items()))
    print(f"\n| {corpus.documents:,} documents; p50 / p99 / max of what is answered | |\n|---|---|")
    print("\n".join(f"| {name} | {figure} |" for name, figure in rows))
    if options.json:
        text = json.dumps({"about": about(), "figures": dict(rows)}, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
