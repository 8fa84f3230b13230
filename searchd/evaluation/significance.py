"""Statistical significance of the difference between two runs over the same queries.

The test is the two-sided paired randomisation (permutation) test of the difference of means. Null
hypothesis: the two runs are equally good, so that the two values of each query could as well have
been exchanged. The p-value is the share of random exchanges that give a difference of means at
least as far from 0 as the observed one.

Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information
Retrieval Evaluation", CIKM 2007, recommend it over the Wilcoxon and sign tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scipy.stats import permutation_test

RESAMPLES = 10_000
"""The number of random exchanges. If 13 queries or fewer differ, all 2^n exchanges are tried and the
p-value is exact."""

TOLERANCE = 1e-9
"""Values that differ by no more than this are equal."""

_SEED = 20071106
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of a run, compared with a baseline query by query.

    `baseline` and `run` are the means over the queries. `p` is the p-value of this one test: of
    twenty tests of equally good runs, one is expected below 0.05. `better`, `worse` and `equal`
    count the queries on which the run is higher, lower and equal.
    """

    baseline: float
    run: float
    p: float
    better: int
    worse: int
    equal: int

    @property
    def difference(self) -> float:
        """The mean of the run minus that of the baseline."""
        return self.run - self.baseline


def compare(baseline: Mapping[str, float], run: Mapping[str, float]) -> Comparison:
    """Compare one metric of a run with that of a baseline over the same queries.

    The seed is fixed, so the same values give the same p-value. Raises ValueError if the two do
    not have the same queries, or have none.

    >>> compare({"a": 0.5, "b": 0.25, "c": 0.0}, {"a": 1.0, "b": 0.5, "c": 0.0})
    Comparison(baseline=0.25, run=0.5, p=0.5, better=2, worse=0, equal=1)
    """
    if baseline.keys() != run.keys() or not baseline:
        raise ValueError("both runs need the same queries, and at least one")
    differences = np.array([run[query] - value for query, value in baseline.items()])
    # Exchanging equal values changes nothing, so only the others are exchanged.
    changed = differences[np.abs(differences) > TOLERANCE]
    better = int((changed > 0).sum())
    return Comparison(
        baseline=fmean(baseline.values()),
        run=fmean(run.values()),
        p=_p_value(changed),
        better=better,
        worse=changed.size - better,
        equal=differences.size - changed.size,
    )


def largest_losses(
    baseline: Mapping[str, float], run: Mapping[str, float], limit: int
) -> list[tuple[str, float, float]]:
    """Return the queries on which a run loses most against a baseline, the largest loss first.

    Each comes with its value in the baseline and in the run; there are at most `limit` of them.
    """
    losses = [
        (query, value, run[query])
        for query, value in baseline.items()
        if value - run[query] > TOLERANCE
    ]
    return sorted(losses, key=lambda each: each[2] - each[1])[:limit]


def _p_value(differences: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    if differences.size < 2:
        return 1.0  # one value has two signs, both as far from 0
    result = permutation_test(
        (differences,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)
