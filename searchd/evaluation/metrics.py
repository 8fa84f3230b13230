"""Measuring: what a run is worth for each question, by the measures of `ir_measures`.

All measures look at the order of the documents alone. The tools behind `ir_measures` order equal
scores in different ways, so each gets the rank of a document for its score.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

import ir_measures
from ir_measures import AP, RR, R, nDCG

MEASURES = {"nDCG@10": nDCG @ 10, "MRR@10": RR @ 10, "MAP": AP, "Recall@100": R @ 100}
"""The measures by the names they are printed with.

- nDCG@10: the relevance of the first ten documents, each divided by log2(rank + 1), summed, and
  divided by the best sum there could be (Järvelin and Kekäläinen 2002).
- MRR@10: 1 / the rank of the first relevant document, 0 where that is above 10.
- MAP: the mean, over the relevant documents, of the precision at the rank of each; 0 for those
  that the run does not hold, so a deeper run has a slightly higher one.
- Recall@100: the share of the relevant documents that are among the first hundred.
"""

Values = dict[str, float]
"""The value of one measure for each question."""


def measure(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, Values]:
    """Return each of MEASURES for every question that was judged, in the order of `qrels`.

    A question that the run lacks counts 0 in all of them, one that was not judged is left out.
    `run` has the best document of each question first, as `searchd.evaluation.runs` makes it.

    >>> measure({"q": {"a": 1}}, {"q": {"b": 2.0, "a": 1.0}})["MRR@10"]
    {'q': 0.5}
    """
    ranks = {
        query: {document: float(-rank) for rank, document in enumerate(found)}
        for query, found in run.items()
        if query in qrels
    }
    values = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), qrels, ranks):
        values[names[metric.measure]][metric.query_id] = float(metric.value)
    return values


def mean(values: Mapping[str, float]) -> float:
    """Return the mean of a measure over its questions."""
    return fmean(values.values())
