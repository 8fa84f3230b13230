"""Speed of reading documents back: sorting by title, a walk over all pages, and export.

    python -m benchmarks.documents --data FOLDER [--documents 200000]

The folder has `corpus.jsonl.gz` (id, title, text), which is repeated until there are so many
documents, each with a title of its own. What is read is counted before a time is printed. Times are
of the processor, so that other programs change them little.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path

import searchd
from benchmarks.checks import WrongAnswerError
from indexer.segment.array_file import ArrayFile
from indexer.segment.sort_keys import TITLE_ARRAYS

_TEXT = 600
"""Code points of each text, so that many documents fit."""

_PASSES = 30


def main() -> None:
    """Print one line for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=200_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="searchd-documents-") as folder:
        directory = Path(folder) / "index"
        with searchd.IndexWriter(directory) as writer:
            for document in islice(_documents(options.data), options.documents):
                writer.upsert(document)
            writer.commit()
        _measure(directory, options.documents)


def _documents(data: Path) -> Iterator[searchd.Document]:
    for copy in count():
        with gzip.open(data / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                values = json.loads(line)
                title = f"{values['title']} {copy}".strip()
                yield searchd.Document(
                    f"{values['id']}-{copy}", values["text"][:_TEXT], title=title
                )


def _measure(directory: Path, documents: int) -> None:
    files = [ArrayFile(path) for path in directory.glob("*.segment")]
    keys = sum(
        file.array(name).all().nbytes for file in files for name in file if TITLE_ARRAYS in name
    )
    size = sum(path.stat().st_size for path in directory.iterdir())
    print(f"{documents:,} documents in {len(files)} segments, {size / 1e6:.0f} MB")
    print(f"keys of titles: {keys / 1e6:.1f} MB, {100 * keys / size:.2f} % of the index")
    with searchd.open(directory) as engine:
        for sort in (None, "title", "-title", "id"):
            first = _time(lambda sort=sort: _search(engine, sort, documents))  # type: ignore[misc]
            again = [
                _time(lambda sort=sort: _search(engine, sort, documents))  # type: ignore[misc]
                for _ in range(_PASSES)
            ]
            print(f"ten of all, sort={sort}: first {first:.1f} ms, then {_median(again)}")
        page = engine.search("*", sort="title", snippets=0)
        for _ in range(_PASSES):
            page = engine.search("*", sort="title", snippets=0, after=page.cursor)
        following = [
            _time(lambda: engine.search("*", sort="title", snippets=0, after=page.cursor))
            for _ in range(_PASSES)
        ]
        print(f"the page after a cursor, sort=title: {_median(following)}")
        for sort in (None, "title"):
            _walk(engine, sort, documents)
    _export(directory, documents)


def _search(engine: searchd.Engine, sort: str | None, documents: int) -> None:
    found = engine.search("*", sort=sort, snippets=0)
    if found.total != documents or len(found) != 10:
        raise WrongAnswerError(f"{found.total:,} documents, not {documents:,}")


def _walk(engine: searchd.Engine, sort: str | None, documents: int) -> None:
    """Read every document, once for the time and once for the memory."""
    started = _seconds()
    read = sum(1 for _ in engine.documents(sort=sort))
    seconds = _seconds() - started
    if read != documents:
        raise WrongAnswerError(f"{read:,} documents, not {documents:,}")
    tracemalloc.start()
    for _document in islice(engine.documents(sort=sort), 20_000):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"all documents, sort={sort}: {seconds:.1f} s, {documents / seconds:,.0f} documents/s, "
        f"{peak / 1e6:.1f} MB of Python's memory at most"
    )


def _export(directory: Path, documents: int) -> None:
    command = [sys.executable, "-m", "searchd", "export", "--index", str(directory)]
    with tempfile.TemporaryFile() as output:
        seconds = _time(lambda: subprocess.run(command, stdout=output, check=True)) / 1000
        size = output.seek(0, 2)
        output.seek(0)
        lines = sum(1 for _ in output)
    if lines != documents:
        raise WrongAnswerError(f"{lines:,} lines, not {documents:,}")
    print(f"export: {size / 1e6:.0f} MB in {seconds:.1f} s, {size / 1e6 / seconds:.0f} MB/s")


def _time(work: Callable[[], object]) -> float:
    """Return the processor time of a function and the processes that it runs, in milliseconds."""
    started = _seconds()
    work()
    return (_seconds() - started) * 1000


def _seconds() -> float:
    """Return the processor time of this process and of those that it ran."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def _median(times: list[float]) -> str:
    low, high = min(times), max(times)
    return f"{statistics.median(times):.1f} ms in the median ({low:.1f}-{high:.1f})"


if __name__ == "__main__":
    main()
