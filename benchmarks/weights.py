"""The parameters of the ranking: nDCG@10 of other values, and whether the default is overfitted.

    python -m benchmarks.weights [--data FOLDER] [--among FILE] [--json FILE]

Searches every collection with each setting of `SETTINGS`: the default, each parameter of `Ranking`
at a lower and a higher value with the others unchanged, and a few that change several. A
collection is indexed once for each title weight, because documents are stored with lengths that
include it.

Then cross-validates the choice, leaving one collection out at a time: the setting with the highest
mean nDCG@10 on the other collections is measured on the one left out, next to the default and to
the setting that is best on that collection itself. If the default is about as good as the first,
it is not fitted to the queries of that collection. The difference between the second and the first
is the optimism of choosing a setting on the same queries that it is measured on.

`--among` adds the documents of a file to every collection as distractors. The sample collection of
this project is measured only if there is no other.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from statistics import fmean
from typing import Any

import searchd
from benchmarks import collections
from benchmarks.collections import Collection
from indexer.indexing import index_records
from indexer.sources import read_records
from searchd.evaluation.metrics import PerQuery, mean, measure
from searchd.evaluation.runs import search_run
from searchd.evaluation.significance import compare
from searchd.ranking import DEFAULT_RANKING, LEMMA_ONLY, STEM_ONLY, SURFACE_ONLY, Ranking

DEFAULT = "default"
CHOSEN_BY = "nDCG@10"
_ALSO_PRINTED = "Recall@100"
_DEPTH = 100

OTHER_VALUES: dict[str, tuple[float, ...]] = {
    "lemma": (0, 2),
    "stem": (0, 0.25, 1),
    "surface": (0, 0.1, 0.5),
    "similar": (0, 0.25, 0.75),
    "near": (0, 0.2, 0.8),
    "synonym": (0, 1),
    "rarity": (0, 0.3, 1),
    "k1": (0.9, 2),
    "b": (0.6, 0.9),
    "title_weight": (1, 5),
    "coordination": (0, 0.5),
    "candidates": (50, 200),
    "proximity_window": (3, 10),
    "least_likeness": (0.3, 0.5),
    "most_similar": (5, 20),
    "variant": (0.25, 1),
    "function_word": (0, 0.5),
    "phrase": (0, 1.5),
    "exact_title": (0, 4),
}
"""Other values of each parameter of `Ranking`, each tried with the rest at the default."""

WORK_LIMITS = ("most_expansions", "most_rescored_terms")
"""Parameters of `Ranking` that are not tried: they bound the work of unusually long queries."""

JOINT: tuple[dict[str, float], ...] = (
    {"similar": 0, "near": 0},
    {"similar": 0, "near": 0, "rarity": 0},
    {"stem": 0, "surface": 0.5},
    {"stem": 1, "surface": 0.5},
    {"similar": 0.75, "rarity": 1},
)
"""Values of several parameters that are tried together."""


def _settings() -> dict[str, Ranking]:
    changes = [{name: value} for name, values in OTHER_VALUES.items() for value in values]
    return {
        DEFAULT: DEFAULT_RANKING,
        **{_name(each): _changed(each) for each in (*changes, *JOINT)},
        "lemma alone": LEMMA_ONLY,
        "stem alone": STEM_ONLY,
        "surface alone": SURFACE_ONLY,
    }


def _changed(values: Mapping[str, Any]) -> Ranking:
    return replace(DEFAULT_RANKING, **values)


def _name(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in values.items())


SETTINGS = _settings()
"""The rankings that are compared, by the names they are printed with."""

Measured = dict[str, dict[str, PerQuery]]
"""For each collection and each measure its value for every query."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One fold of the cross-validation: mean nDCG@10 on the collection that was left out.

    `chosen` names the setting that is best on the other collections, `best` the one that is best
    on this collection itself. `p` is the two-sided p-value of the difference between the chosen
    setting and the default (`searchd.evaluation.significance`).
    """

    chosen: str
    chosen_value: float
    default_value: float
    p: float
    best: str
    best_value: float

    @property
    def gain(self) -> float:
        """How much higher the chosen setting is than the default."""
        return self.chosen_value - self.default_value

    @property
    def optimism(self) -> float:
        """How much higher a setting is that was chosen on the collection itself."""
        return self.best_value - self.chosen_value


class Indexes:
    """An index of each collection in a folder, all with one title weight."""

    def __init__(
        self,
        folder: Path,
        found: Sequence[Collection],
        title_weight: int,
        among: Path | None = None,
    ) -> None:
        """Index the collections, with the documents of the file `among` added to each."""
        self._paths = {collection.name: folder / collection.name for collection in found}
        self._collections = found
        distractors = [] if among is None else [among]
        for collection in found:
            # Of two documents with one id the later is kept: that of the collection.
            records = chain(read_records(distractors), read_records([collection.documents]))
            index_records(self._paths[collection.name], records, title_weight=title_weight)

    def measure(self, ranking: Ranking) -> Measured:
        """Return the measures of a ranking for every query of every collection."""
        measured: Measured = {}
        for collection in self._collections:
            with searchd.open(self._paths[collection.name], ranking=ranking) as engine:
                run = search_run(engine, collection.queries, depth=_DEPTH)
            measured[collection.name] = measure(collection.qrels, run)
        return measured


def measure_settings(
    found: Sequence[Collection], among: Path | None = None
) -> Iterator[tuple[str, Measured]]:
    """Yield the measures of each of SETTINGS, those of one title weight after each other."""
    for title_weight in dict.fromkeys(ranking.title_weight for ranking in SETTINGS.values()):
        with tempfile.TemporaryDirectory() as folder:
            indexes = Indexes(Path(folder), found, title_weight, among)
            for name, ranking in SETTINGS.items():
                if ranking.title_weight == title_weight:
                    yield name, indexes.measure(ranking)


def leave_out(measured: Mapping[str, Measured], left_out: str) -> LeftOut:
    """Choose a setting on all collections but one, and return what it gives on that one.

    `measured` has the measures of each setting by its name; of settings that tie the first is
    chosen.
    """
    others = [name for name in measured[DEFAULT] if name != left_out]
    chosen = max(measured, key=lambda name: _mean_over(measured[name], others))
    best = max(measured, key=lambda name: _mean_over(measured[name], [left_out]))
    values = {name: measured[name][left_out][CHOSEN_BY] for name in (chosen, DEFAULT, best)}
    return LeftOut(
        chosen=chosen,
        chosen_value=mean(values[chosen]),
        default_value=mean(values[DEFAULT]),
        p=compare(values[DEFAULT], values[chosen]).p,
        best=best,
        best_value=mean(values[best]),
    )


def _mean_over(measured: Measured, names: Sequence[str], metric: str = CHOSEN_BY) -> float:
    """Return the macro-average of a measure: every collection counts the same."""
    return fmean(mean(measured[name][metric]) for name in names)


def _print_setting(name: str, measured: Measured, default: Measured) -> None:
    cells = [
        f"{_mean_over(measured, names):.4f} ({_mean_over(measured, names, _ALSO_PRINTED):.3f})"
        for names in (*([each] for each in measured), list(measured))
    ]
    difference = _mean_over(measured, list(measured)) - _mean_over(default, list(default))
    print(f"| {name} | {' | '.join(cells)} | {difference:+.4f} |", flush=True)


def _print_left_out(found: Mapping[str, LeftOut]) -> None:
    print("\n| left out | chosen on the others | nDCG@10 | default | difference | p ", end="")
    print("| best on it | optimism |\n|---|---|--:|--:|--:|--:|---|--:|")
    for name, fold in found.items():
        print(
            f"| {name} | {fold.chosen} | {fold.chosen_value:.4f} | {fold.default_value:.4f} "
            f"| {fold.gain:+.4f} | {fold.p:.4f} "
            f"| {fold.best}: {fold.best_value:.4f} | {fold.optimism:+.4f} |"
        )
    means = [
        fmean(getattr(fold, name) for fold in found.values())
        for name in ("chosen_value", "default_value", "gain", "best_value", "optimism")
    ]
    chosen, default, gain, best, optimism = means
    print(f"| mean | | {chosen:.4f} | {default:.4f} | {gain:+.4f} | ", end="")
    print(f"| {best:.4f} | {optimism:+.4f} |")


def main() -> None:
    """Print a Markdown table of the settings and one of the cross-validation.

    `--json` writes the same figures to a file.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SEARCHD_TEST_DATA"),
        help="folder with collections/ (default: $SEARCHD_TEST_DATA, else the sample)",
    )
    parser.add_argument(
        "--among", type=Path, help="add the documents of this file to every collection"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    sample, *others = collections.find(Path(options.data) if options.data else None)
    found = others or [sample]
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}; ", end="")
    print(f"{CHOSEN_BY} ({_ALSO_PRINTED})\n\n| setting | ", end="")
    print(" | ".join(collection.name for collection in found) + " | mean | to the default |")
    print("|---|" + "--:|" * (len(found) + 2), flush=True)
    measured: dict[str, Measured] = {}
    for name, values in measure_settings(found, options.among):
        measured[name] = values
        _print_setting(name, values, measured[DEFAULT])
    left_out = {
        collection.name: leave_out(measured, collection.name)
        for collection in found
        if len(found) > 1
    }
    if left_out:
        _print_left_out(left_out)
    if options.json:
        figures = {
            "settings": {
                name: {
                    collection: {metric: mean(each) for metric, each in values.items()}
                    for collection, values in by_collection.items()
                }
                for name, by_collection in measured.items()
            },
            "left out": {name: asdict(fold) for name, fold in left_out.items()},
        }
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
