"""Significance: whether one run is better than another by more than the luck of the questions.

The test is the paired randomisation test of the difference of means, which Smucker, Allan and
Carterette recommend for information retrieval (A Comparison of Statistical Significance Tests for
Information Retrieval Evaluation, CIKM 2007) over those of Wilcoxon and of signs. If the two runs
were alike, each question could as well have given its two values to the other run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scipy.stats import permutation_test

RESAMPLES = 10_000
"""How often the values are exchanged at random. With 13 differing questions or fewer every way to
exchange them is tried, so that the probability is exact."""

EQUAL = 1e-9
"""Values that are nearer than this are equal."""

_SEED = 20071106
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure of a run, compared with that of an earlier one question by question.

    `p` is the two-sided probability that runs of equal worth differ by so much. It speaks of one
    measure; of twenty such tests one is below 0.05 by luck.
    """

    before: float
    after: float
    p: float
    better: int
    worse: int
    equal: int

    @property
    def difference(self) -> float:
        """How much higher the mean is than before."""
        return self.after - self.before


def compare(before: Mapping[str, float], after: Mapping[str, float]) -> Comparison:
    """Compare one measure of two runs over the same questions; it is the same at every call.

    Raises ValueError where the questions differ, or there is none.

    >>> compare({"a": 0.5, "b": 0.25, "c": 0.0}, {"a": 1.0, "b": 0.5, "c": 0.0})
    Comparison(before=0.25, after=0.5, p=0.5, better=2, worse=0, equal=1)
    """
    if before.keys() != after.keys() or not before:
        raise ValueError("both runs need the same questions, and at least one")
    differences = np.array([after[query] - value for query, value in before.items()])
    # An exchange of equal values changes nothing, so the others alone are exchanged.
    changed = differences[np.abs(differences) > EQUAL]
    better = int((changed > 0).sum())
    return Comparison(
        before=fmean(before.values()),
        after=fmean(after.values()),
        p=_probability(changed),
        better=better,
        worse=changed.size - better,
        equal=differences.size - changed.size,
    )


def lost_most(
    before: Mapping[str, float], after: Mapping[str, float], most: int
) -> list[tuple[str, float, float]]:
    """Return the questions that lost most, with their values before and after; the worst first."""
    lost = [
        (query, value, after[query])
        for query, value in before.items()
        if value - after[query] > EQUAL
    ]
    return sorted(lost, key=lambda each: each[2] - each[1])[:most]


def _probability(differences: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    if differences.size < 2:
        return 1.0  # one value may have either sign: both are as far from 0
    result = permutation_test(
        (differences,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_AT_ONCE,
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)
