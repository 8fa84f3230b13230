"""Robustness: nDCG@10 of the default ranking on corrupted documents with clean queries.

    python -m benchmarks.noise [--data FOLDER] [--seed N] [--json FILE]

For each collection and each corruption of `benchmarks.corruptions`, corrupts the titles and texts,
indexes them like `searchd index`, which repairs what is certain, and searches the clean queries. The
exit status is 1 if nDCG@10 is below 99.4 % of that on clean documents anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import searchd
from benchmarks import collections
from benchmarks.corruptions import CORRUPTIONS, corrupt
from indexer.indexing import index_records
from indexer.sources import Record, read_records
from searchd.evaluation import metrics
from searchd.evaluation.runs import search_run

LEAST_RATIO = 0.994
"""The least ratio to the clean figure."""

_MEASURE = "nDCG@10"
_DEPTH = 10


def corrupted_records(
    collection: collections.Collection, corruption: str | None, seed: int = 0
) -> Iterator[Record]:
    """Yield the documents of a collection with titles and texts corrupted; None changes nothing."""
    for record in read_records([collection.documents]):
        if not isinstance(record, Record):
            raise SystemExit(f"{record.origin}: {record.reason}")
        values = dict(record.values)
        for column in ("title", "text"):
            written = values.get(column)
            if corruption and isinstance(written, str):
                values[column] = corrupt(corruption, written, seed)
        yield replace(record, values=values)


def measure(collection: collections.Collection, corruption: str | None, seed: int = 0) -> float:
    """Return nDCG@10 of the default ranking on a collection with a corruption."""
    with tempfile.TemporaryDirectory() as folder:
        index_records(Path(folder), corrupted_records(collection, corruption, seed))
        with searchd.open(folder) as engine:
            run = search_run(engine, collection.queries, depth=_DEPTH)
    return metrics.mean(metrics.measure(collection.qrels, run)[_MEASURE])


def main() -> None:
    """Print a Markdown table of nDCG@10 and its ratio to the clean documents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SEARCHD_TEST_DATA"),
        help="folder with collections/ (default: $SEARCHD_TEST_DATA, else the sample)",
    )
    parser.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    found = list(collections.find(Path(options.data) if options.data else None))
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}; {_MEASURE}\n")
    print("| corruption | " + " | ".join(collection.name for collection in found) + " |")
    print("|---|" + "---|" * len(found))
    clean = {collection.name: measure(collection, None) for collection in found}
    print("| none | " + " | ".join(f"{value:.4f}" for value in clean.values()) + " |", flush=True)
    figures = {"none": clean}
    missed = []
    for name in CORRUPTIONS:
        figures[name] = {each.name: measure(each, name, options.seed) for each in found}
        ratios = {each: value / clean[each] for each, value in figures[name].items()}
        missed += [f"{name} on {each}" for each, ratio in ratios.items() if ratio < LEAST_RATIO]
        cells = [f"{value:.4f} ({ratios[each]:.1%})" for each, value in figures[name].items()]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    if missed:
        sys.exit("\nless of the clean figure than there must be: " + "; ".join(missed))


if __name__ == "__main__":
    main()
