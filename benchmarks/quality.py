"""Retrieval quality: the metrics of each ranking and of other stemmers on each collection.

    python -m benchmarks.quality [--data FOLDER] [--json FILE] [--plot FILE]

Queries are searched as prose. The metrics are those of `searchd evaluate`. Every row is compared
with the default by nDCG@10: the difference of the means, and its p-value in a paired randomisation
test (`searchd.evaluation.significance`).

light10 and Snowball replace the stemmer of this engine, with the same folding, stop words and BM25;
compare them with the row `stem`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

import searchd
from benchmarks import collections
from benchmarks.collections import Collection
from benchmarks.light10 import light10
from benchmarks.plotting import draw
from benchmarks.stemmers import Stemmer, StemmerAnalyzer, snowball
from indexer.indexing import index_records
from indexer.sources import read_records
from searchd.engine import Engine
from searchd.evaluation.metrics import MEASURES, PerQuery, mean, measure
from searchd.evaluation.runs import search_run
from searchd.evaluation.significance import compare
from searchd.ranking import DEFAULT_RANKING, LEMMA_ONLY, STEM_ONLY, SURFACE_ONLY, Ranking

DEFAULT = "default"
SYSTEMS: dict[str, Ranking | Stemmer] = {
    "surface": SURFACE_ONLY,
    "light10": light10,
    "Snowball": snowball,
    "stem": STEM_ONLY,
    "lemma": LEMMA_ONLY,
    DEFAULT: DEFAULT_RANKING,
}
"""The rows of the table: a ranking of this engine, or another stemmer."""

DEPTH = 100
PLOTTED = "nDCG@10"

Figures = dict[str, dict[str, dict[str, float]]]
"""The mean of each metric, by collection and ranking."""


def evaluate(index: Path, collection: Collection, ranking: Ranking) -> dict[str, float]:
    """Search every query of a collection and return the mean of each metric."""
    with searchd.open(index, ranking=ranking) as engine:
        return _means(_evaluate(engine, collection))


def measure_systems(collection: Collection) -> dict[str, dict[str, PerQuery]]:
    """Return the metrics of every system for each query of a collection."""
    measured: dict[str, dict[str, PerQuery]] = {}
    with tempfile.TemporaryDirectory() as folder:
        index_records(Path(folder), read_records([collection.documents]))
        for name, system in SYSTEMS.items():
            if isinstance(system, Ranking):
                with searchd.open(folder, ranking=system) as engine:
                    measured[name] = _evaluate(engine, collection)
            else:
                measured[name] = _evaluate_stemmer(StemmerAnalyzer(system), collection)
    return measured


def _evaluate_stemmer(analyzer: StemmerAnalyzer, collection: Collection) -> dict[str, PerQuery]:
    with tempfile.TemporaryDirectory() as folder:
        analyzer.index(Path(folder), read_records([collection.documents]))
        with analyzer.open(Path(folder)) as engine:
            return _evaluate(engine, collection)


def _evaluate(engine: Engine, collection: Collection) -> dict[str, PerQuery]:
    return measure(collection.qrels, search_run(engine, collection.queries, depth=DEPTH))


def _means(measured: dict[str, PerQuery]) -> dict[str, float]:
    return {name: mean(values) for name, values in measured.items()}


def _print_rows(collection: Collection, measured: dict[str, dict[str, PerQuery]]) -> None:
    for name, values in measured.items():
        cells = [f"{value:.4f}" for value in _means(values).values()]
        against = ["", ""]
        if name != DEFAULT:
            compared = compare(values[PLOTTED], measured[DEFAULT][PLOTTED])
            against = [f"{compared.difference:+.4f}", f"{compared.p:.4f}"]
        print(f"| {collection.name} | {name} | {' | '.join([*cells, *against])} |", flush=True)


def main() -> None:
    """Print a Markdown table of the metrics and draw a plot of nDCG@10."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SEARCHD_TEST_DATA"),
        help="folder with collections/ (default: $SEARCHD_TEST_DATA, else the sample)",
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument(
        "--plot",
        type=Path,
        default=Path("build/quality.svg"),
        help="draw the plot in this file, .svg or .png (default: %(default)s)",
    )
    options = parser.parse_args()
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}\n")
    print(f"| collection | ranking | {' | '.join(MEASURES)} | default is higher by | p |")
    print("|---|---|" + "--:|" * (len(MEASURES) + 2))
    figures: Figures = {}
    for collection in collections.find(Path(options.data) if options.data else None):
        measured = measure_systems(collection)
        _print_rows(collection, measured)
        figures[collection.name] = {name: _means(each) for name, each in measured.items()}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    draw(figures, PLOTTED, options.plot)


if __name__ == "__main__":
    main()
