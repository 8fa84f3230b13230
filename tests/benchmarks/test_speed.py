"""`python -m benchmarks.speed` without Tantivy: its figures, and the checks before they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import checks, comparing, querying, workload
from benchmarks.checks import WrongAnswerError
from benchmarks.counting import count_documents
from benchmarks.engines import SEARCHD_2, WHOOSH, load
from benchmarks.querying import Answers
from benchmarks.searchd_engine import SearchdIndex
from benchmarks.workload import Corpus, Query

DOCUMENTS = 30


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The first documents of the sample."""
    path = tmp_path_factory.mktemp("speed") / "corpus.jsonl"
    return workload.write_corpus(workload.find_data(None), path, DOCUMENTS)


@pytest.fixture(scope="module")
def counts(corpus: Corpus) -> Mapping[Query, int]:
    """Queries that occur in the corpus, with their document frequencies."""
    found = count_documents(corpus.path, workload.read_queries(workload.SAMPLE, corpus))
    return {query: count for query, count in found.items() if count}


@pytest.fixture(scope="module")
def index(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the corpus, built with two processes."""
    directory = tmp_path_factory.mktemp("speed") / "index"
    cost = comparing.build(SEARCHD_2, corpus, directory)
    assert min(cost.wall, cost.cpu, cost.memory, cost.disk) > 0
    return directory


def run(index: Path, queries: Mapping[Query, int]) -> Answers:
    opened = SearchdIndex(index)
    written = {query: query.written for query in queries}
    answers = querying.run_queries({"searchd": (opened, written)}, list(queries), passes=1)
    opened.close()
    return answers["searchd"]


def test_the_totals_are_those_of_reading_the_texts(
    corpus: Corpus, counts: Mapping[Query, int], index: Path
) -> None:
    comparing.check_size(SEARCHD_2, index, corpus)
    assert checks.check_counts(index, counts, copies=1) > 30
    wrong = {query: count + 1 for query, count in counts.items()}
    with pytest.raises(WrongAnswerError, match="searchd counts"):
        checks.check_counts(index, wrong, copies=1)
    with pytest.raises(WrongAnswerError, match=f"holds {DOCUMENTS} documents"):
        comparing.check_size(SEARCHD_2, index, replace(corpus, documents=DOCUMENTS + 1))


def test_every_query_has_times_and_a_total(counts: Mapping[Query, int], index: Path) -> None:
    answers = run(index, counts)
    for values in (answers.totals, answers.first, answers.seconds):
        assert values.keys() == counts.keys()
        assert min(values.values()) > 0
    checks.check_deterministic({"searchd": answers})
    assert checks.check_nonempty({"searchd": answers}) == {"searchd": []}


def test_wrong_answers_end_the_run(counts: Mapping[Query, int], index: Path) -> None:
    answers = run(index, counts)
    nothing = replace(answers, totals=dict.fromkeys(answers.totals, 0))
    with pytest.raises(WrongAnswerError, match="searchd found nothing for"):
        checks.check_nonempty({"searchd": nothing})
    with pytest.raises(WrongAnswerError, match="a and b count differently"):
        checks.check_same_totals(("a", answers), ("b", nothing))
    unstable = replace(answers, unstable=set(counts))
    with pytest.raises(WrongAnswerError, match="different documents in different passes"):
        checks.check_deterministic({"searchd": unstable})


def test_whoosh_counts_the_same_totals(
    corpus: Corpus, counts: Mapping[Query, int], index: Path, tmp_path: Path
) -> None:
    load(WHOOSH).index(corpus.path, tmp_path)
    queries = [query for query in counts if query.shape in ("1-word", "phrase-2")]
    table = comparing.compare_with_whoosh(
        corpus, {"searchd": index, WHOOSH: tmp_path}, queries, passes=1
    )
    assert sum(row.queries for row in table.rows) == len(queries)
    assert {row.shape for row in table.rows} == {"1-word", "phrase-2"}
    for row in table.rows:
        assert {WHOOSH, comparing.STEM, comparing.DEFAULT} <= row.times.keys()
        assert all(0 < times.p50 <= times.p95 for times in row.times.values())


def test_percentiles_are_in_milliseconds() -> None:
    found = querying.percentiles([number / 1000 for number in range(101)])
    assert (found.p50, found.p95) == (pytest.approx(50), pytest.approx(95))
    ratio = found.ratio_to(querying.percentiles([0.025]))
    assert (ratio.p50, ratio.p95) == (pytest.approx(2), pytest.approx(3.8))
