"""Indexing in a new process, so that time and peak memory belong to one engine.

    python -m benchmarks.indexing ENGINE CORPUS DIRECTORY

indexes a corpus and prints times and memory as JSON; `run_engine` runs this program.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks import memory
from benchmarks.engines import load
from benchmarks.workload import Corpus

ROOT = Path(__file__).parent.parent

_SAMPLING_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Indexing:
    """The cost of one run, from the JSON Lines file to a committed index, without imports.

    `wall` and `cpu` (user and system time of the process and its children) are in seconds. `memory`,
    the peak of all processes together, and `disk`, the size of the index, are in bytes.
    """

    wall: float
    cpu: float
    memory: int
    disk: int = 0


def run_engine(engine: str, corpus: Corpus, directory: Path) -> Indexing:
    """Index a corpus into a new directory with an engine in a new process.

    Raises SystemExit if the process fails.
    """
    directory.mkdir(parents=True)
    command = [sys.executable, "-m", "benchmarks.indexing", engine]
    command += [str(corpus.path), str(directory)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    peak = 0
    while True:
        try:
            output, _errors = process.communicate(timeout=_SAMPLING_SECONDS)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, memory.of_tree(process.pid))
    if process.returncode:
        raise SystemExit(f"{engine} could not index {corpus.path}; its error is printed above")
    measured = Indexing(**json.loads(output))
    disk = sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())
    return replace(measured, memory=max(measured.memory, peak), disk=disk)


def main() -> None:
    """Index, and print the cost as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("directory", type=Path)
    options = parser.parse_args()
    engine = load(options.engine)
    wall, cpu = time.perf_counter(), memory.cpu_seconds()
    engine.index(options.corpus, options.directory)
    wall, cpu = time.perf_counter() - wall, memory.cpu_seconds() - cpu
    print(json.dumps(asdict(Indexing(wall, cpu, memory.peak()))))


if __name__ == "__main__":
    main()
