"""Retrieval quality: each ranking and other stemmers on each collection, side by side.

    python -m benchmarks.quality [--data FOLDER] [--json FILE] [--plot FILE]

Questions are searched as prose. The measures are those of `searchd evaluate`. Every row is compared
with the default by nDCG@10: how much higher the default is, and the probability of such a
difference by luck (`searchd.evaluation.significance`).

The other stemmers run in this engine with the same folding, stop words and BM25, by stem alone;
compare them with `stem`.
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
from benchmarks.stemmers import OtherStems, Stem, snowball
from indexer.indexing import index_records
from indexer.sources import read_records
from searchd.engine import Engine
from searchd.evaluation.metrics import MEASURES, PerQuery, mean, measure
from searchd.evaluation.runs import search_run
from searchd.evaluation.significance import compare
from searchd.ranking import DEFAULT_RANKING, LEMMA_ONLY, STEM_ONLY, SURFACE_ONLY, Ranking

DEFAULT = "default"
SYSTEMS: dict[str, Ranking | Stem] = {
    "surface": SURFACE_ONLY,
    "light10": light10,
    "Snowball": snowball,
    "stem": STEM_ONLY,
    "lemma": LEMMA_ONLY,
    DEFAULT: DEFAULT_RANKING,
}
"""The rows of the table: a ranking of this engine, or another function that makes stems."""

DEPTH = 100
PLOTTED = "nDCG@10"

Figures = dict[str, dict[str, dict[str, float]]]
"""The mean of each measure, for each ranking of each collection."""


def evaluate(index: Path, collection: Collection, ranking: Ranking) -> dict[str, float]:
    """Search every question of a collection and return the mean of each measure."""
    with searchd.open(index, ranking=ranking) as engine:
        return _means(_answer(engine, collection))


def measure_systems(collection: Collection) -> dict[str, dict[str, PerQuery]]:
    """Return the measures of every system for each question of a collection."""
    measured: dict[str, dict[str, PerQuery]] = {}
    with tempfile.TemporaryDirectory() as folder:
        index_records(Path(folder), read_records([collection.documents]))
        for name, system in SYSTEMS.items():
            if isinstance(system, Ranking):
                with searchd.open(folder, ranking=system) as engine:
                    measured[name] = _answer(engine, collection)
            else:
                measured[name] = _answer_by(OtherStems(system), collection)
    return measured


def _answer_by(analyzer: OtherStems, collection: Collection) -> dict[str, PerQuery]:
    with tempfile.TemporaryDirectory() as folder:
        analyzer.index(Path(folder), read_records([collection.documents]))
        with analyzer.open(Path(folder)) as engine:
            return _answer(engine, collection)


def _answer(engine: Engine, collection: Collection) -> dict[str, PerQuery]:
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
    """Print a Markdown table and draw it; write the same as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("SEARCHD_TEST_DATA"))
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument(
        "--plot",
        type=Path,
        default=Path("build/quality.svg"),
        help="draw them in this file (.svg, .png)",
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
