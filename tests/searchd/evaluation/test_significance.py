"""The paired randomisation test, against p-values counted by hand."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from searchd.evaluation.significance import compare, largest_losses


def runs(*differences: float) -> tuple[dict[str, float], dict[str, float]]:
    """Return a baseline of 0.5 for each query, and a run that differs from it by these values."""
    baseline = {f"q{number}": 0.5 for number in range(len(differences))}
    run = {f"q{number}": 0.5 + each for number, each in enumerate(differences)}
    return baseline, run


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        # The share of the 2**n choices of signs whose sum is at least as far from 0.
        pytest.param([0.0, 0.0], 1.0, id="all-equal"),
        pytest.param([0.3], 1.0, id="one"),
        pytest.param([0.1, 0.2, 0.3], 2 / 8, id="three-better"),
        pytest.param([-0.1, -0.2, -0.3], 2 / 8, id="three-worse"),
        pytest.param([0.1, 0.0, 0.2, 0.0, 0.3], 2 / 8, id="equal-ones-change-nothing"),
        pytest.param([0.5, 0.4, -0.1], 4 / 8, id="one-worse"),
        pytest.param([0.25, -0.25], 1.0, id="balanced"),
        pytest.param([0.2] * 10, 2 / 1024, id="ten-better"),
        pytest.param([0.25] * 5 + [-0.25], 14 / 64, id="five-to-one"),
    ],
)
def test_p_value(differences: list[float], p: float) -> None:
    assert compare(*runs(*differences)).p == pytest.approx(p)


def test_many_differences_are_sampled_with_a_fixed_seed() -> None:
    random = Random(3)
    differences = [random.choice([0.1, 0.2, 0.3, -0.2]) * 0.5 for _ in range(16)]
    found = compare(*runs(*differences))
    sums = [
        abs(sum(sign * each for sign, each in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=16)
    ]
    exact = sum(each >= abs(sum(differences)) - 1e-9 for each in sums) / len(sums)
    assert found.p == pytest.approx(exact, abs=0.015)
    assert compare(*runs(*differences)) == found


def test_no_p_value_is_0() -> None:
    assert 0 < compare(*runs(*[0.5] * 40)).p < 0.001


def test_counts_and_means() -> None:
    found = compare(*runs(0.1, 0.2, -0.1, 0.0, 1e-12))
    assert (found.better, found.worse, found.equal) == (2, 1, 2)
    assert (found.baseline, found.run) == (0.5, pytest.approx(0.54))
    assert found.difference == pytest.approx(0.04)


@pytest.mark.parametrize(
    ("baseline", "run"),
    [pytest.param({}, {}, id="empty"), pytest.param({"a": 1.0}, {"b": 1.0}, id="other-queries")],
)
def test_runs_must_have_the_same_queries(baseline: dict[str, float], run: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="the same queries"):
        compare(baseline, run)


def test_largest_losses() -> None:
    baseline, run = runs(-0.1, 0.4, -0.3, 0.0, -0.2)
    assert largest_losses(baseline, run, 2) == [("q2", 0.5, 0.2), ("q4", 0.5, 0.3)]
    assert [name for name, *_ in largest_losses(baseline, run, 9)] == ["q2", "q4", "q0"]
