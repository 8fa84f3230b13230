"""The metrics, against values computed by hand from their formulas."""

from __future__ import annotations

from math import log2

import pytest

from searchd.evaluation.metrics import MEASURES, mean, measure


def ranking(length: int, **ranks: int) -> dict[str, float]:
    """Return a run of one query with some documents at given ranks."""
    names = {rank: name for name, rank in ranks.items()}
    return {names.get(rank, f"x{rank}"): 1.0 for rank in range(1, length + 1)}


@pytest.mark.parametrize(
    ("judged", "retrieved", "expected"),
    [
        pytest.param({"a": 1}, ranking(9, a=1), (1, 1, 1, 1), id="first"),
        pytest.param({"a": 1}, ranking(9, a=4), (1 / log2(5), 1 / 4, 1 / 4, 1), id="fourth"),
        pytest.param({"a": 1}, ranking(20, a=11), (0, 0, 1 / 11, 1), id="eleventh"),
        pytest.param({"a": 1}, ranking(200, a=101), (0, 0, 1 / 101, 0), id="hundred-and-first"),
        pytest.param({"a": 1}, {}, (0, 0, 0, 0), id="nothing-found"),
        pytest.param({"a": 0}, ranking(5, a=1), (0, 0, 0, 0), id="nothing-relevant"),
        pytest.param(
            {"a": 2, "b": 1, "no": 0, "worse": -1},
            ranking(9, b=1, worse=2, a=3),
            ((1 + 2 / log2(4)) / (2 + 1 / log2(3)), 1, (1 + 2 / 3) / 2, 1),
            id="graded",
        ),
        pytest.param(
            {"a": 1, "b": 1},
            ranking(9, a=2),
            (1 / log2(3) / (1 + 1 / log2(3)), 1 / 2, 1 / 4, 1 / 2),
            id="one-of-two",
        ),
    ],
)
def test_measures(
    judged: dict[str, int], retrieved: dict[str, float], expected: tuple[float, ...]
) -> None:
    values = measure({"q": judged}, {"q": retrieved})
    assert tuple(each["q"] for each in values.values()) == pytest.approx(expected)


def test_the_order_counts_whatever_the_scores_and_ids_are() -> None:
    for names in (("a", "b"), ("b", "a")):
        values = measure({"q": {names[0]: 1}}, {"q": dict.fromkeys(names, 0.5)})
        assert {name: each["q"] for name, each in values.items()} == dict.fromkeys(MEASURES, 1.0)


def test_a_query_without_hits_counts_and_one_without_judgments_does_not() -> None:
    values = measure({"q": {"a": 1}, "r": {"a": 1}}, {"other": {"a": 1.0}, "r": {"a": 1.0}})
    assert values["nDCG@10"] == {"q": 0.0, "r": 1.0}
    assert list(values["MRR@10"]) == ["q", "r"]
    assert mean(values["MAP"]) == 0.5
