"""SIGKILL at random moments of indexing: the old or the new generation, and the next run succeeds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter

pytestmark = pytest.mark.stress

KILLS = 200
KILLS_OF_SEVERAL_PROCESSES = 15

IDS = 60

Texts = dict[str, str]


def commit_run(directory: Path, run: int, *, processes: int = 1) -> None:
    """Write one run: most documents again, some deleted; now and then rebuilt or optimized."""
    with IndexWriter(
        directory, rebuild=run % 11 == 10, memory_mb=run % 3 * 300, processes=processes
    ) as writer:
        for name, text in run_texts(run).items():
            writer.upsert(Document(name, text, title=f"جولة {run}"))
        for name in deleted_ids(run):
            writer.delete(name)
        writer.commit(optimize=run % 7 == 6)


def run_texts(run: int) -> Texts:
    # With `memory_mb=0` each document is a segment of its own: fewer of them.
    step = 9 if run % 3 == 0 else 2
    chosen = range(run % step, IDS, step)
    return {str(number): f"جولة{run} نص الوثيقة رقم {number} " * 20 for number in chosen}


def deleted_ids(run: int) -> list[str]:
    return [str(number) for number in range(run % 13, IDS, 13)]


def after_run(run: int, before: Texts) -> Texts:
    """Return what the index holds after a run."""
    texts = {**({} if run % 11 == 10 else before), **run_texts(run)}
    for name in deleted_ids(run):
        texts.pop(name, None)
    return texts


def texts_of(directory: Path) -> Texts:
    if not generations.exists(directory):
        return {}
    return {
        segment.documents.stored_fields([number])[0].id: segment.documents.text(number)
        for segment in Snapshot(directory).segments
        for number in segment.live_ids.tolist()
    }


def assert_no_stray_files(directory: Path) -> None:
    entries = generations.read(directory).segments
    needed = {name for entry in entries for name in (entry.name, entry.deletions) if name}
    found = {path.name for path in directory.iterdir()}
    assert found == needed | {"searchd.json", "searchd.lock"}


_FORKING = """
import os, sys, tempfile
from pathlib import Path
from tests.stress.test_stress_kills import commit_run

# Each child is a copy of this process, which has everything imported and every list read.
with tempfile.TemporaryDirectory() as folder:
    commit_run(Path(folder) / "index", 0)
for line in sys.stdin:
    directory, run, processes = line.rstrip("\\n").split("\\t")
    if not (child := os.fork()):
        os.setsid()
        os.write(1, b"child %d\\n" % os.getpid())
        for number in range(int(run), 1_000_000):
            commit_run(Path(directory), number, processes=int(processes))
            os.write(1, b"%d\\n" % number)
    os.waitpid(child, 0)
    os.write(1, b"ended\\n")
"""


@contextmanager
def forking() -> Iterator[subprocess.Popen[str]]:
    path = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", _FORKING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0


def start(process: subprocess.Popen[str], directory: Path, run: int, processes: int = 1) -> int:
    """Start to index from a run on; return the id of the process that does."""
    assert process.stdin is not None
    process.stdin.write(f"{directory}\t{run}\t{processes}\n")
    process.stdin.flush()
    word, child = read_line(process).split()
    assert word == "child"  # which says so before it commits anything
    return int(child)


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the indexing process failed"
    return line.strip()


def runs_until_end(process: subprocess.Popen[str]) -> list[int]:
    """Return the runs that were reported before the process ended."""
    reported = []
    while (line := read_line(process)) != "ended":
        reported.append(int(line))
    return reported


def check(
    directory: Path, before: Texts, first: int, reported: list[int]
) -> tuple[Texts, int, bool]:
    """Check that the index is that of the last reported run, or of the one after it.

    Returns its texts, the next run, and whether a run was committed and not reported.
    """
    expected = before
    for run in range(first, first + len(reported)):
        expected = after_run(run, expected)
    following = after_run(first + len(reported), expected)
    found = texts_of(directory)
    if generations.exists(directory):
        assert verify_index(directory).documents == len(found)
    assert found in (expected, following)
    # Two runs may end with the same texts only where they are the same run.
    unreported = found == following
    return found, first + len(reported) + unreported, unreported


def test_one_process(tmp_path: Path) -> None:
    chance = random.Random(8)
    directory = tmp_path / "فهرس"
    texts: Texts = {}
    run = committed = unreported = empty = 0
    seconds = 0.025  # of a run, here and now
    with forking() as process:
        for kill in range(KILLS):
            first = kill % 8 == 7  # of an index
            if first:
                directory, texts = tmp_path / f"{kill}", {}
            child = start(process, directory, run)
            time.sleep(chance.uniform(0, (1.5 if first else 10) * seconds))
            os.kill(child, signal.SIGKILL)
            reported = runs_until_end(process)
            empty += not generations.exists(directory)
            texts, run, late = check(directory, texts, run, reported)
            committed += len(reported)
            unreported += late
            # The next writer succeeds, and leaves nothing behind that is not of its generation.
            began = time.perf_counter()
            commit_run(directory, run)
            seconds = time.perf_counter() - began
            texts = after_run(run, texts)
            run += 1
            assert texts_of(directory) == texts
            assert_no_stray_files(directory)
            assert verify_index(directory).documents == len(texts)
    print(f"{KILLS} kills, {committed} runs reported, {unreported} not, {empty} before any")  # noqa: T201
    assert committed > KILLS
    assert empty


def test_several_processes(tmp_path: Path) -> None:
    """The processes that it has started end too, and write nothing after the next writer."""
    chance = random.Random(9)
    directory = tmp_path / "فهرس"
    texts: Texts = {}
    run = 0
    with forking() as process:
        for _kill in range(KILLS_OF_SEVERAL_PROCESSES):
            child = start(process, directory, run, processes=2)
            time.sleep(chance.uniform(0.3, 3))
            os.kill(child, signal.SIGKILL)
            texts, run, _late = check(directory, texts, run, runs_until_end(process))
            commit_run(directory, run)
            texts = after_run(run, texts)
            run += 1
            wait_for_the_end_of_group(child)
            # A process may have ended its file after that writer: the next one takes it away.
            commit_run(directory, run)
            texts = after_run(run, texts)
            run += 1
            assert texts_of(directory) == texts
            assert_no_stray_files(directory)


def wait_for_the_end_of_group(group: int) -> None:
    """Wait until no process of a group is left; fail where that takes long."""
    end = time.monotonic() + 20
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(0.02)
        pytest.fail("processes of a killed writer are still there")
