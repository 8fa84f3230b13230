"""The weights of the ranking: what other settings give, and whether these were fitted too closely.

    python -m benchmarks.weights [--data FOLDER] [--among FILE] [--json FILE]

Every collection is indexed once and searched with each of `SETTINGS`: the default, one weight at a
time below and above it, and a few that change several. Then each collection is left out in turn:
the setting that is best on the others is measured on it, beside the default and beside the setting
that is best on it itself. Where the default is about as good as the first, it was not fitted to
these questions; the second says how much a choice by the very questions it is measured on flatters.

With `--among` the documents of a file stand beside those of each collection, and no question asks
for them. The sample collection of this project is measured only where there is no other.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from statistics import fmean
from unittest.mock import patch

import searchd
from benchmarks import collections
from benchmarks.collections import Collection
from indexer.indexing import index_records
from indexer.sources import read_records
from searchd.evaluation.metrics import Values, mean, measure
from searchd.evaluation.runs import search_run
from searchd.evaluation.significance import compare
from searchd.ranking import DEFAULT_RANKING, LEMMA_ONLY, STEM_ONLY, SURFACE_ONLY, Ranking

DEFAULT = "default"
CHOSEN_BY = "nDCG@10"
_ALSO = "Recall@100"
_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Setting:
    """A ranking, and constants by their full names that have another value meanwhile.

    A `title_weight` shapes an index, so the collections are indexed anew with it.
    """

    ranking: Ranking = DEFAULT_RANKING
    constants: tuple[tuple[str, float], ...] = ()
    title_weight: int | None = None

    @contextmanager
    def constants_set(self) -> Iterator[None]:
        """Give the constants their values for a while."""
        with ExitStack() as stack:
            for name, value in self.constants:
                stack.enter_context(patch(name, value))
            yield


WEIGHTS: dict[str, tuple[float, ...]] = {
    "lemma": (0, 2),
    "stem": (0, 0.25, 1),
    "surface": (0, 0.1, 0.5),
    "similar": (0, 0.25, 0.75),
    "near": (0, 0.2, 0.8),
    "synonym": (0, 1),
    "rarity": (0, 0.3, 1),
}
"""Other values of each weight of `Ranking`."""

CONSTANTS: dict[str, tuple[str, tuple[float, ...]]] = {
    "likeness": ("searchd.search.trigram_similarity.LEAST_LIKENESS", (0.3, 0.5)),
    "similar stems": ("searchd.search.trigram_similarity.MOST_SIMILAR", (5, 20)),
    "distance": ("searchd.search.rescorer.NEAR", (3, 10)),
    "k1": ("searchd.search.bm25.K1", (0.9, 2)),
    "b": ("searchd.search.bm25.B", (0.6, 0.9)),
}
"""Constants of the search, and other values of each."""

TITLE_WEIGHTS = (1, 5)
"""Other title weights, each with indexes of its own."""

JOINT: tuple[dict[str, float], ...] = (
    {"similar": 0, "near": 0},
    {"similar": 0, "near": 0, "rarity": 0},
    {"stem": 0, "surface": 0.5},
    {"stem": 1, "surface": 0.5},
    {"similar": 0.75, "rarity": 1},
)
"""Weights of `Ranking` that are changed together."""


def _settings() -> dict[str, Setting]:
    changes = [{name: value} for name, values in WEIGHTS.items() for value in values]
    return {
        DEFAULT: Setting(),
        **{_name(each): Setting(replace(DEFAULT_RANKING, **each)) for each in (*changes, *JOINT)},
        "lemma alone": Setting(LEMMA_ONLY),
        "stem alone": Setting(STEM_ONLY),
        "surface alone": Setting(SURFACE_ONLY),
        **{
            _name({short: value}): Setting(constants=((constant, value),))
            for short, (constant, values) in CONSTANTS.items()
            for value in values
        },
        **{_name({"title": value}): Setting(title_weight=value) for value in TITLE_WEIGHTS},
    }


def _name(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in weights.items())


SETTINGS = _settings()
"""The settings that are compared, by the names they are printed with."""

Measured = dict[str, dict[str, Values]]
"""The values of each measure, question by question, for each collection."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One collection left out: settings by their names, and nDCG@10 on it.

    `chosen` is the best on the other collections, `best` that on this one itself. `p` is the
    probability that the chosen one and the default differ so much by luck.
    """

    chosen: str
    chosen_value: float
    default_value: float
    p: float
    best: str
    best_value: float

    @property
    def gain(self) -> float:
        """How much better than the default is what the other collections chose."""
        return self.chosen_value - self.default_value

    @property
    def optimism(self) -> float:
        """How much better it looks to choose by the collection itself."""
        return self.best_value - self.chosen_value


class Indexes:
    """Collections with an index of each in a folder, `among` the documents of a file."""

    def __init__(
        self,
        folder: Path,
        found: Sequence[Collection],
        among: Path | None = None,
        title_weight: int | None = None,
    ) -> None:
        self._paths = {collection.name: folder / collection.name for collection in found}
        self._collections = found
        others = [] if among is None else [among]
        for collection in found:
            # A document with an id of the collection gives way to that one.
            records = chain(read_records(others), read_records([collection.documents]))
            index_records(self._paths[collection.name], records, title_weight=title_weight)

    def measure(self, setting: Setting) -> Measured:
        """Return the measures of a setting for every question."""
        measured: Measured = {}
        for collection in self._collections:
            # Opened anew, for what an engine remembers was made with other constants.
            index = self._paths[collection.name]
            with setting.constants_set(), searchd.open(index, ranking=setting.ranking) as engine:
                run = search_run(engine, collection.queries, depth=_DEPTH)
            measured[collection.name] = measure(collection.qrels, run)
        return measured


def measure_settings(
    found: Sequence[Collection], among: Path | None = None
) -> Iterator[tuple[str, Measured]]:
    """Yield what each setting gives on every collection."""
    with tempfile.TemporaryDirectory() as folder:
        indexes = Indexes(Path(folder), found, among)
        for name, setting in SETTINGS.items():
            if setting.title_weight is None:
                yield name, indexes.measure(setting)
    for name, setting in SETTINGS.items():
        if setting.title_weight is not None:
            with tempfile.TemporaryDirectory() as folder:
                indexes = Indexes(Path(folder), found, among, setting.title_weight)
                yield name, indexes.measure(setting)


def leave_out(measured: Mapping[str, Measured], left: str) -> LeftOut:
    """Choose a setting by all collections but one, and measure it on that one.

    Of settings that are equally good the first one is chosen.
    """
    others = [name for name in measured[DEFAULT] if name != left]
    chosen = max(measured, key=lambda name: _mean_over(measured[name], others))
    best = max(measured, key=lambda name: _mean_over(measured[name], [left]))
    values = {name: measured[name][left][CHOSEN_BY] for name in (chosen, DEFAULT, best)}
    return LeftOut(
        chosen=chosen,
        chosen_value=mean(values[chosen]),
        default_value=mean(values[DEFAULT]),
        p=compare(values[DEFAULT], values[chosen]).p,
        best=best,
        best_value=mean(values[best]),
    )


def _mean_over(measured: Measured, names: Sequence[str], what: str = CHOSEN_BY) -> float:
    """Return a measure as the mean over collections, each of which counts the same."""
    return fmean(mean(measured[name][what]) for name in names)


def _print_setting(name: str, measured: Measured, default: Measured) -> None:
    cells = [
        f"{_mean_over(measured, names):.4f} ({_mean_over(measured, names, _ALSO):.3f})"
        for names in (*([each] for each in measured), list(measured))
    ]
    difference = _mean_over(measured, list(measured)) - _mean_over(default, list(default))
    print(f"| {name} | {' | '.join(cells)} | {difference:+.4f} |", flush=True)


def _print_left_out(found: Mapping[str, LeftOut]) -> None:
    print("\n| left out | chosen by the others | there | default | difference | p ", end="")
    print("| best there | optimism |\n|---|---|--:|--:|--:|--:|---|--:|")
    for name, left in found.items():
        print(
            f"| {name} | {left.chosen} | {left.chosen_value:.4f} | {left.default_value:.4f} "
            f"| {left.gain:+.4f} | {left.p:.4f} "
            f"| {left.best}: {left.best_value:.4f} | {left.optimism:+.4f} |"
        )
    means = [
        fmean(getattr(left, name) for left in found.values())
        for name in ("chosen_value", "default_value", "gain", "best_value", "optimism")
    ]
    chosen, default, gain, best, optimism = means
    print(f"| mean | | {chosen:.4f} | {default:.4f} | {gain:+.4f} | ", end="")
    print(f"| {best:.4f} | {optimism:+.4f} |")


def main() -> None:
    """Print two Markdown tables; write the same as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("SEARCHD_TEST_DATA"))
    parser.add_argument("--among", type=Path, help="index the documents of this file too")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    sample, *others = collections.find(Path(options.data) if options.data else None)
    found = others or [sample]
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}; ", end="")
    print(f"{CHOSEN_BY} ({_ALSO})\n\n| setting | ", end="")
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
                    collection: {what: mean(each) for what, each in values.items()}
                    for collection, values in by_collection.items()
                }
                for name, by_collection in measured.items()
            },
            "left out": {name: asdict(left) for name, left in left_out.items()},
        }
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
