"""Retrieval metrics of a run against relevance judgments (qrels), computed by `ir_measures`.

Notation: rel_i is the graded relevance of the document at rank i, 0 if it is not judged or judged
below 0, and R the number of relevant documents of a query, those with a relevance of 1 or more.
Every metric is from 0 to 1, higher is better, and 0 for a query without relevant documents. It is
computed for each query; the mean over the queries is reported.

nDCG@10     DCG@10 / IDCG@10 with DCG@k = sum of rel_i / log2(i + 1) over i = 1..k, where IDCG@k is
            the DCG@k of the best possible order of the judged documents.
            Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
            ACM TOIS 20(4), 2002.
MRR@10      1 / rank of the first relevant document; 0 if none is in the first 10.
            Voorhees, "The TREC-8 Question Answering Track Report", 1999.
MAP         Sum of P@i over the ranks i of relevant documents, divided by R, where P@i is the share
            of relevant documents in the first i. Relevant documents that were not retrieved add 0,
            so the value depends on the depth of the run.
            Buckley and Voorhees, "Evaluating evaluation measure stability", SIGIR 2000.
Recall@100  Relevant documents in the first 100, divided by R.

Only the order of a run counts, not its scores. The tools that `ir_measures` calls break ties of
equal scores in different ways, so they are given the negative rank of each document as its score.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

import ir_measures
from ir_measures import AP, RR, R, nDCG

MEASURES = {"nDCG@10": nDCG @ 10, "MRR@10": RR @ 10, "MAP": AP, "Recall@100": R @ 100}
"""The metrics by the names that they are printed with, as measures of `ir_measures`."""

PerQuery = dict[str, float]
"""The value of one metric for each query, by the id of the query."""


def measure(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, PerQuery]:
    """Return the value of each of MEASURES for every query of `qrels`, in the order of `qrels`.

    `run` has the retrieved documents of each query, the best first, as the functions of
    `searchd.evaluation.runs` return it. A query of `qrels` that is not in `run` has the value 0 for
    every metric; a query of `run` without judgments is left out.

    >>> measure({"q": {"a": 1}}, {"q": {"b": 2.0, "a": 1.0}})["MRR@10"]
    {'q': 0.5}
    """
    negative_ranks = {
        query: {document: float(-rank) for rank, document in enumerate(retrieved)}
        for query, retrieved in run.items()
        if query in qrels
    }
    values = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), qrels, negative_ranks):
        values[names[metric.measure]][metric.query_id] = float(metric.value)
    return values


def mean(values: Mapping[str, float]) -> float:
    """Return the mean of a metric over its queries. Raises StatisticsError if there is none."""
    return fmean(values.values())
