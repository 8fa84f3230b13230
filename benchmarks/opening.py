"""Start-up: times and memory of opening an index in a new process, and of `searchd query`.

    python -m benchmarks.opening DIRECTORY < QUERIES

opens the index, runs one query per line and prints times and memory as JSON; `measure_opening` runs
this program.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import searchd
import searchd.engine  # imports are not part of what is measured
from benchmarks import memory
from benchmarks.indexing import ROOT
from benchmarks.workload import Query

OPENINGS = 5
COLD_RUNS = 10
QUERIES = 100
BARE_IMPORTS = "import numpy, whoosh.index, click"


@dataclass(frozen=True, slots=True)
class Opening:
    """A new process that opens an index and runs `QUERIES` queries with snippets.

    `opened` and `first` are the seconds of opening and of the first query. `memory` is the growth of
    resident memory since the imports and `anonymous` the part of it that is not mapped from files,
    in bytes; None on systems without `/proc`.
    """

    opened: float
    first: float
    memory: int | None
    anonymous: int | None


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Median wall time of whole processes in seconds: `searchd query`, and `BARE_IMPORTS` alone."""

    query: float
    imports: float


def measure_opening(directory: Path, queries: Sequence[Query]) -> Opening:
    """Return the medians over several new processes."""
    chosen = queries[:: max(1, len(queries) // QUERIES)][:QUERIES]
    lines = "\n".join(query.written for query in chosen)
    command = [sys.executable, "-m", "benchmarks.opening", str(directory)]
    runs = []
    for _ in range(OPENINGS):
        done = subprocess.run(
            command, cwd=ROOT, input=lines.encode(), stdout=subprocess.PIPE, check=True
        )
        runs.append(Opening(**json.loads(done.stdout)))
    return Opening(
        statistics.median(run.opened for run in runs),
        statistics.median(run.first for run in runs),
        _median([run.memory for run in runs]),
        _median([run.anonymous for run in runs]),
    )


def measure_cold_start(directory: Path, query: Query) -> ColdStart:
    """Run both commands in turn, each in a new process, after one unmeasured run of each.

    The unmeasured run fills the page cache and writes bytecode, which an installed program has too.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    search = [sys.executable, "-m", "searchd", "query", "--index", str(directory), query.written]
    imports = [sys.executable, "-c", BARE_IMPORTS]
    times: dict[str, list[float]] = {"query": [], "imports": []}
    for number in range(1 + COLD_RUNS):
        for name, command in (("query", search), ("imports", imports)):
            started = time.perf_counter()
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, check=False
            )
            seconds = time.perf_counter() - started
            if done.returncode:
                raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
            if number:
                times[name].append(seconds)
    return ColdStart(**{name: statistics.median(found) for name, found in times.items()})


def main() -> None:
    """Open the index, run the queries and print times and memory as JSON."""
    queries = sys.stdin.buffer.read().decode().splitlines()
    before = memory.status("VmRSS"), memory.status("RssAnon")
    started = time.perf_counter()
    with searchd.open(Path(sys.argv[1])) as engine:
        opened = time.perf_counter()
        engine.search(queries[0], limit=10)
        first = time.perf_counter()
        for query in queries[1:]:
            engine.search(query, limit=10)
        after = memory.status("VmRSS"), memory.status("RssAnon")
    grown = [
        b - a if a is not None and b is not None else None
        for a, b in zip(before, after, strict=True)
    ]
    print(json.dumps(asdict(Opening(opened - started, first - opened, *grown))))


def _median(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return int(statistics.median(known)) if known else None


if __name__ == "__main__":
    main()
