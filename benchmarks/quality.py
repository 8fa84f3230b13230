"""Retrieval quality: nDCG@10, MRR@10 and Recall@100 of each ranking on each collection.

    python -m benchmarks.quality [--data FOLDER] [--json FILE]

The measures are those of `ir_measures` (trec_eval's). Questions are searched as prose.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

import ir_measures
from ir_measures import MRR, R, nDCG

import searchd
from benchmarks import collections
from indexer.indexing import index_records
from indexer.sources import read_records
from searchd.ranking import GRADED, STEM_ONLY, SURFACE_ONLY, Ranking

MEASURES = (nDCG @ 10, MRR @ 10, R @ 100)
RANKINGS: dict[str, Ranking] = {
    "surface": SURFACE_ONLY,
    "stem": STEM_ONLY,
    "default": GRADED,
}


def evaluate(index: Path, collection: collections.Collection, ranking: Ranking) -> dict[str, float]:
    """Search every question of a collection and return the mean of each measure."""
    run: dict[str, dict[str, float]] = {}
    with searchd.open(index, ranking=ranking) as engine:
        for name, text in collection.queries.items():
            results = engine.search(text, limit=100, snippets=0, syntax="plain")
            run[name] = {hit.id: hit.score or 0.0 for hit in results.hits}
    means = ir_measures.calc_aggregate(MEASURES, collection.qrels, run)
    return {str(measure): means[measure] for measure in MEASURES}


def main() -> None:
    """Print a Markdown table; write the same as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("SEARCHD_TEST_DATA"))
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}\n")
    print("| collection | ranking | " + " | ".join(map(str, MEASURES)) + " |")
    print("|---|---|" + "---|" * len(MEASURES))
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for collection in collections.find(Path(options.data) if options.data else None):
        with tempfile.TemporaryDirectory() as folder:
            index_records(Path(folder), read_records([collection.documents]))
            for name, ranking in RANKINGS.items():
                means = evaluate(Path(folder), collection, ranking)
                figures.setdefault(collection.name, {})[name] = means
                row = " | ".join(f"{value:.4f}" for value in means.values())
                print(f"| {collection.name} | {name} | {row} |", flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
