"""Requests a second of the service at 1, 8 and 64 connections, with and without snippets.

    python -m benchmarks.load_table --data FOLDER [--documents N] [--seconds N] [--rounds N]
                                    [--workers N] [--source CHECKOUT] [--json FILE]

Compared are the service with one process, with `--workers`, that of another checkout (`--source`,
over an index of its own), and a bare FastAPI endpoint that returns the same bytes for every
request: what the framework allows. Each query is sent once to a service: first those of the data folder,
then two or three adjacent words of the documents. `--warm` queries are sent before anything is
measured, because each process reads pages and analyzes words for the first time. The services are asked in turn, several rounds, and each figure is of
the best round of its service. At the end `--workers` get twice the connections that saturate them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from analyzers.tokenizer import WORD
from benchmarks import workload
from benchmarks.http_client import Server, search_target, serving
from benchmarks.load import ROOT, build
from benchmarks.report import about
from benchmarks.workload import Corpus

CONNECTIONS = (1, 8, 64)

TOO_MANY = 128
"""Connections at twice saturation: those of `CONNECTIONS` saturate two cores."""

BARE = """
import pathlib, socket, sys
import uvicorn
from fastapi import FastAPI, Response
app = FastAPI()
bodies = {"1": pathlib.Path(sys.argv[1]).read_bytes(), "0": pathlib.Path(sys.argv[2]).read_bytes()}

@app.get("/search")
async def search(q: str, snippets: str = "1") -> Response:
    return Response(bodies[snippets], media_type="application/json")

# With the number of its protocol, without which asyncio lets each answer wait 40 ms for an ACK.
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
print(listener.getsockname()[1], file=sys.stderr, flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run([listener])
"""


@dataclass(slots=True)
class Cell:
    """One run: seconds of each answer with status 200, and how many requests had which outcome.

    `took` and `processor` are the seconds of the run, and those of processors in the service.
    """

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    took: float = 0.0
    processor: float = 0.0

    @property
    def rate(self) -> float:
        """Answers with status 200 a second."""
        return len(self.seconds) / self.took if self.took else 0.0

    def at(self, percent: float) -> float:
        """Return a percentile in milliseconds."""
        ordered = sorted(self.seconds) or [float("nan")]
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1e3

    def __str__(self) -> str:
        others = {kind: n for kind, n in self.outcomes.items() if kind != "200"}
        wrong = f" ({', '.join(f'{kind}: {n:,}' for kind, n in others.items())})" if others else ""
        each = self.processor / (sum(self.outcomes.values()) or 1) * 1e3
        times = f"{self.at(50):.1f} / {self.at(99):.1f} ms"
        return f"{self.rate:,.0f}/s, {times}, {each:.1f} ms of processors{wrong}"


class Asking(asyncio.Protocol):
    """One connection that sends a request when the last one is answered, until there is none left.

    It is written for little time of its own: the service has the same processors.
    """

    def __init__(self, requests: Iterator[bytes], end: float, cell: Cell) -> None:
        self._requests = requests
        self._end = end
        self._cell = cell
        self._buffer = b""
        self._sent = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Count an answer when it is whole, and send the next request."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length:
            return
        now, status = time.perf_counter(), head[9:12].decode()
        self._cell.outcomes[status] += 1
        if status == "200":
            self._cell.seconds.append(now - self._sent)
        self._buffer = b""
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        """Count a connection that the service closed."""
        if not self.done.done():
            self._cell.outcomes["closed"] += 1
            self.done.set_result(None)

    def _next(self) -> None:
        request = next(self._requests, None)
        self._sent = time.perf_counter()
        if request is None or self._sent > self._end:
            if not self.done.done():
                self.done.set_result(None)
            self._transport.close()
        else:
            self._transport.write(request)


async def ask(server: Server, requests: Iterator[bytes], connections: int, seconds: float) -> Cell:
    """Ask a service over some connections without a pause, for some seconds."""
    cell, before, started = Cell(), server.processor_seconds(), time.perf_counter()
    loop = asyncio.get_running_loop()
    asking = [
        (
            await loop.create_connection(
                lambda: Asking(requests, started + seconds, cell), server.host, server.port
            )
        )[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(each.done for each in asking))
    cell.took = time.perf_counter() - started
    cell.processor = server.processor_seconds() - before
    return cell


def distinct_queries(data: Path, corpus: Corpus) -> Iterator[str]:
    """Yield the queries of a data folder, and then adjacent words of documents; none twice."""
    draw = random.Random(14)
    given = [query.written for query in workload.read_queries(data, corpus)]
    draw.shuffle(given)
    yield from given
    seen = set(given)
    texts = [document["text"] for document in islice(workload.read_documents(corpus.path), 20_000)]
    while True:
        words = WORD.findall(draw.choice(texts)[:3000])
        count = draw.choice((2, 3))
        if len(words) > count:
            start = draw.randrange(len(words) - count)
            query = " ".join(words[start : start + count])
            if query not in seen:
                seen.add(query)
                yield query


def requests_of(queries: Iterator[str], snippets: int) -> Iterator[bytes]:
    """Yield the bytes of a request for each query."""
    for query in queries:
        target = f"{search_target(query)}&snippets={snippets}"
        yield f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


@contextmanager
def serving_bytes(answers: Sequence[bytes], folder: Path) -> Iterator[Server]:
    """Run the bare endpoint, which answers the first for snippets and the second without."""
    names = [folder / f"answer-{number}" for number in range(2)]
    for name, answer in zip(names, answers, strict=True):
        name.write_bytes(answer)
    process = subprocess.Popen(
        [sys.executable, "-c", BARE, *map(str, names)], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        port = int(process.stderr.readline())
        yield Server(process, "127.0.0.1", port)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def typical_answers(server: Server, queries: Iterator[str]) -> list[bytes]:
    """Return the answer of median length to some queries, with snippets and without."""
    sample, found = list(islice(queries, 51)), []
    for snippets in (1, 0):
        bodies = []
        for query in sample:
            address = (
                f"http://{server.host}:{server.port}{search_target(query)}&snippets={snippets}"
            )
            with suppress(HTTPError), urlopen(address) as answer:  # one may take too long
                bodies.append(answer.read())
        found.append(sorted(bodies, key=len)[len(bodies) // 2])
    return found


def measure(
    servers: dict[str, Server], queries: dict[str, Iterator[str]], seconds: float, rounds: int
) -> dict[str, dict[str, Cell]]:
    """Return for each load the best run of each service."""
    found: dict[str, dict[str, Cell]] = {}
    for _ in range(rounds):
        for snippets in (1, 0):
            for connections in CONNECTIONS:
                row = f"{connections} connections, {'with' if snippets else 'without'} snippets"
                for name, server in servers.items():
                    requests = requests_of(queries[name], snippets)
                    cell = asyncio.run(ask(server, requests, connections, seconds))
                    best = found.setdefault(row, {}).setdefault(name, cell)
                    if cell.rate > best.rate:
                        found[row][name] = cell
                    print(f"{row}, {name}: {cell}", file=sys.stderr)
    return found


def main() -> None:
    """Print a Markdown table of the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with the corpus and its queries")
    for name, default in (
        ("documents", 40_000),
        ("seconds", 5),
        ("rounds", 3),
        ("workers", 2),
        ("warm", 1000),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help="(default: %(default)s)")
    parser.add_argument("--source", type=Path, help="another checkout, to compare its service")
    parser.add_argument("--indexes", type=Path, help="folder to keep the indexes in, for more runs")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with ExitStack() as stack:
        kept = options.indexes or stack.enter_context(tempfile.TemporaryDirectory())
        folder = Path(kept).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        data = workload.find_data(options.data)
        corpus = workload.write_corpus(data, folder / "corpus.jsonl", options.documents)
        checkouts = {"own": ROOT} | ({"other": options.source.resolve()} if options.source else {})
        for name, source in checkouts.items():
            if not (folder / name).exists():
                build(source, corpus, folder / name)
        workers = f"{options.workers} workers"
        several = ("--workers", str(options.workers))
        servers = {
            "one process": stack.enter_context(serving(ROOT, folder / "own")),
            workers: stack.enter_context(serving(ROOT, folder / "own", *several)),
        }
        answers = typical_answers(servers[workers], distinct_queries(data, corpus))
        servers["bare FastAPI"] = stack.enter_context(serving_bytes(answers, folder))
        if options.source:
            other = serving(checkouts["other"], folder / "other")
            servers["other checkout"] = stack.enter_context(other)
        queries = {name: distinct_queries(data, corpus) for name in servers}
        for name, server in servers.items():
            warming = requests_of(islice(queries[name], options.warm), 1)
            asyncio.run(ask(server, warming, 2 * options.workers, 600))
        found = measure(servers, queries, options.seconds, options.rounds)
        requests = requests_of(queries[workers], 1)
        too_many = asyncio.run(ask(servers[workers], requests, TOO_MANY, 2 * options.seconds))
    print("\n".join(f"- {name}: {value}" for name, value in about().items()))
    print(f"- an answer: {len(answers[0]):,} bytes, {len(answers[1]):,} without snippets")
    print(f"\n| {corpus.documents:,} documents | {' | '.join(servers)} |")
    print("|---|" + "---|" * len(servers))
    for row, cells in found.items():
        print(f"| {row} | {' | '.join(str(cells[name]) for name in servers)} |")
    print(f"\n{TOO_MANY} connections, {workers}: {too_many}")
    if options.json:
        figures = {
            row: {name: str(cell) for name, cell in cells.items()} for row, cells in found.items()
        }
        text = json.dumps({"about": about(), "figures": figures}, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
