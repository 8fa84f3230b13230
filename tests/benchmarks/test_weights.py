"""`python -m benchmarks.weights`: the grid, the cross-validation over collections, the tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from benchmarks import collections, weights
from benchmarks.collections import Collection
from benchmarks.weights import DEFAULT, OTHER_VALUES, SETTINGS, WORK_LIMITS, Measured, leave_out
from searchd.ranking import DEFAULT_RANKING

SAMPLE = next(collections.find(None))


def halves(_data: Path | None = None) -> Iterator[Collection]:
    """Yield the sample, and two collections with every second query of it."""
    yield SAMPLE
    names = list(SAMPLE.queries)
    for number, name in enumerate(("even", "odd")):
        chosen = names[number::2]
        yield replace(
            SAMPLE,
            name=name,
            queries={query: SAMPLE.queries[query] for query in chosen},
            qrels={query: SAMPLE.qrels[query] for query in chosen},
        )


def measured(**values: list[float]) -> Measured:
    """Return invented figures: nDCG@10 of a setting for each query of each collection."""
    return {
        name: {"nDCG@10": {str(number): value for number, value in enumerate(each)}}
        for name, each in values.items()
    }


class TestSettings:
    def test_the_default_comes_first(self) -> None:
        assert next(iter(SETTINGS.items())) == (DEFAULT, DEFAULT_RANKING)

    def test_no_two_settings_are_equal(self) -> None:
        assert len(set(SETTINGS.values())) == len(SETTINGS)

    def test_the_grid_is_small(self) -> None:
        assert len(SETTINGS) <= 52

    def test_every_parameter_of_the_ranking_is_tried_or_bounds_work(self) -> None:
        names = [field.name for field in fields(DEFAULT_RANKING)]
        assert sorted([*OTHER_VALUES, *WORK_LIMITS]) == sorted(names)

    @pytest.mark.parametrize(("name", "values"), OTHER_VALUES.items())
    def test_each_value_is_tried_with_the_rest_at_the_default(
        self, name: str, values: tuple[float, ...]
    ) -> None:
        default = getattr(DEFAULT_RANKING, name)
        assert min(values) < default < max(values)
        for value in values:
            changed = SETTINGS[f"{name} {value:g}"]
            assert getattr(changed, name) == value
            assert replace(changed, **{name: default}) == DEFAULT_RANKING


class TestLeaveOut:
    def test_the_setting_is_chosen_on_the_other_collections(self) -> None:
        found = leave_out(
            {
                DEFAULT: measured(a=[0.5, 0.5], b=[0.5], c=[0.5]),
                "good elsewhere": measured(a=[0.25, 0.5], b=[0.75], c=[0.5]),
                "good here": measured(a=[1.0, 0.5], b=[0.25], c=[0.25]),
            },
            "a",
        )
        assert (found.chosen, found.best) == ("good elsewhere", "good here")
        assert (found.chosen_value, found.default_value, found.best_value) == (0.375, 0.5, 0.75)
        assert (found.gain, found.optimism, found.p) == (-0.125, 0.375, 1.0)

    def test_each_collection_counts_the_same(self) -> None:
        found = leave_out(
            {
                DEFAULT: measured(a=[0.5], b=[0.5, 0.5, 0.5], c=[0.5]),
                "more questions": measured(a=[0.5], b=[0.75, 0.75, 0.75], c=[0.0]),
            },
            "a",
        )
        assert found.chosen == DEFAULT

    def test_the_default_is_chosen_where_nothing_is_better(self) -> None:
        same = measured(a=[0.5], b=[0.5])
        found = leave_out({DEFAULT: same, "same": same}, "b")
        assert (found.chosen, found.best) == (DEFAULT, DEFAULT)
        assert found.optimism == 0


def run(monkeypatch: pytest.MonkeyPatch, chosen: list[str], *arguments: str) -> None:
    monkeypatch.delenv("SEARCHD_TEST_DATA", raising=False)
    monkeypatch.setattr(weights, "SETTINGS", {name: SETTINGS[name] for name in chosen})
    monkeypatch.setattr(sys, "argv", ["weights", *arguments])
    weights.main()


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]


def test_the_tables_and_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(collections, "find", halves)
    chosen = [DEFAULT, "surface alone", "least_likeness 0.5", "title_weight 1"]
    run(monkeypatch, chosen, "--json", str(tmp_path / "weights.json"))
    _versions, settings, left_out = capsys.readouterr().out.split("\n\n")
    figures = json.loads((tmp_path / "weights.json").read_text("utf-8"))

    header, _rule, *lines = rows(settings)
    assert header == ["setting", "even", "odd", "mean", "to the default"]
    assert [line[0] for line in lines] == list(figures["settings"]) == chosen
    for name, *cells, mean, difference in lines:
        values = [figures["settings"][name][each]["nDCG@10"] for each in ("even", "odd")]
        recalls = [figures["settings"][name][each]["Recall@100"] for each in ("even", "odd")]
        pairs = zip(values, recalls, strict=True)
        assert cells == [f"{value:.4f} ({recall:.3f})" for value, recall in pairs]
        assert mean.startswith(f"{sum(values) / 2:.4f} ")
        assert (float(difference) < -0.05) == (name == "surface alone")
    assert figures["settings"]["title_weight 1"] != figures["settings"][DEFAULT]

    header, _rule, *lines, mean_line = rows(left_out)
    assert header[:4] == ["left out", "chosen on the others", "nDCG@10", "default"]
    assert [line[0] for line in lines] == list(figures["left out"]) == ["even", "odd"]
    assert [line[1] for line in lines] == [
        figures["left out"][name]["chosen"] for name in ("even", "odd")
    ]
    assert mean_line[0] == "mean"


def test_distractors_are_added_to_every_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    distractors = tmp_path / "distractors.jsonl"
    documents = [{"id": query, "text": text} for query, text in SAMPLE.queries.items()]
    distractors.write_text("\n".join(map(json.dumps, documents)), "utf-8")
    run(monkeypatch, [DEFAULT])
    alone = rows(capsys.readouterr().out)
    run(monkeypatch, [DEFAULT], "--among", str(distractors))
    among = rows(capsys.readouterr().out)
    assert float(among[-1][1][:6]) < float(alone[-1][1][:6])


def test_with_one_collection_none_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, [DEFAULT])
    printed = capsys.readouterr().out
    assert [row[0] for row in rows(printed)][-1] == DEFAULT
    assert "left out" not in printed
