"""Indexing in a process of its own, so that time, CPU and peak memory are of one engine alone.

    python -m benchmarks.indexing ENGINE CORPUS DIRECTORY

indexes and prints what it took as JSON; `run_engine` runs that.
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
    """What one run took, from the JSON Lines file to a committed index, imports left out.

    `cpu` is user and system time of the process and its children, in seconds like `wall`;
    `memory` the peak of them all together and `disk` the size of the index, in bytes.
    """

    wall: float
    cpu: float
    memory: int
    disk: int = 0


def run_engine(engine: str, corpus: Corpus, directory: Path) -> Indexing:
    """Index a corpus into a new directory by an engine in a new process."""
    directory.mkdir(parents=True)
    command = [sys.executable, "-m", "benchmarks.indexing", engine]
    command += [str(corpus.path), str(directory)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    highest = 0
    while True:
        try:
            output, _errors = process.communicate(timeout=_SAMPLING_SECONDS)
            break
        except subprocess.TimeoutExpired:
            highest = max(highest, memory.of_tree(process.pid))
    if process.returncode:
        raise SystemExit(f"{engine} could not index {corpus.path}; its error stands above")
    measured = Indexing(**json.loads(output))
    disk = sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())
    return replace(measured, memory=max(measured.memory, highest), disk=disk)


def main() -> None:
    """Index and print what it took."""
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
