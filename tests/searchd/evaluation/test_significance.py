"""The randomisation test, against probabilities counted by hand."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from searchd.evaluation.significance import compare, lost_most


def runs(*differences: float) -> tuple[dict[str, float], dict[str, float]]:
    """Return a run, and a better or worse one."""
    before = {f"q{number}": 0.5 for number in range(len(differences))}
    after = {f"q{number}": 0.5 + each for number, each in enumerate(differences)}
    return before, after


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        # Of the 2**n ways to give the differences their signs, how many sums are as far from 0?
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
def test_probability(differences: list[float], p: float) -> None:
    assert compare(*runs(*differences)).p == pytest.approx(p)


def test_many_differences_are_sampled_and_always_alike() -> None:
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


def test_no_probability_is_0() -> None:
    assert 0 < compare(*runs(*[0.5] * 40)).p < 0.001


def test_counts_and_means() -> None:
    found = compare(*runs(0.1, 0.2, -0.1, 0.0, 1e-12))
    assert (found.better, found.worse, found.equal) == (2, 1, 2)
    assert (found.before, found.after) == (0.5, pytest.approx(0.54))
    assert found.difference == pytest.approx(0.04)


@pytest.mark.parametrize(
    ("before", "after"),
    [pytest.param({}, {}, id="empty"), pytest.param({"a": 1.0}, {"b": 1.0}, id="other-questions")],
)
def test_runs_must_answer_the_same_questions(
    before: dict[str, float], after: dict[str, float]
) -> None:
    with pytest.raises(ValueError, match="the same questions"):
        compare(before, after)


def test_the_questions_that_lost_most() -> None:
    before, after = runs(-0.1, 0.4, -0.3, 0.0, -0.2)
    assert lost_most(before, after, 2) == [("q2", 0.5, 0.2), ("q4", 0.5, 0.3)]
    assert [name for name, *_ in lost_most(before, after, 9)] == ["q2", "q4", "q0"]
