"""Runs: what a search writes is what is read back, and the error for every bad line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import searchd
from indexer.document import Document
from indexer.errors import SourceError
from indexer.writer import IndexWriter
from searchd.errors import CollectionError
from searchd.evaluation.metrics import measure
from searchd.evaluation.runs import Run, read_run, search_run, write_run

DOCUMENTS = {
    "z": "كتاب عن البحر",
    "twin b": "كتاب عن الجبل",
    "twin c": "كتاب عن الجبل",
    "twin a": "كتاب عن الجبل",
    "other": "لا شيء هنا",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    directory = tmp_path_factory.mktemp("runs")
    with IndexWriter(directory) as writer:
        for name, text in DOCUMENTS.items():
            writer.upsert(Document(id=name, text=text))
        writer.commit()
    asked = []
    queries = {"sea": 'البحر: "كتاب', "mountain": "كتاب الجبل", "nothing": "ثلاجة"}
    with searchd.open(directory) as engine:
        found = search_run(engine, queries, depth=3, progress=lambda: asked.append(1))
    assert len(asked) == len(queries)
    return found


def test_queries_are_prose_and_ties_keep_the_order_of_the_engine(run: Run) -> None:
    assert list(run) == ["sea", "mountain", "nothing"]
    assert list(run["sea"]) == ["z", "twin b", "twin c"]
    assert list(run["mountain"]) == ["twin b", "twin c", "twin a"]
    assert run["nothing"] == {}
    scores = list(map(np.float32, run["mountain"].values()))
    assert scores == sorted(set(scores), reverse=True)  # as trec_eval reads them
    assert scores[0] - scores[-1] < 1e-5


def test_a_run_file_is_read_back_as_it_was(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "first.run"
    write_run(path, run, "tag")
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 6
    assert [line.split()[0::5][0] for line in lines[:3]] == ["sea"] * 3
    assert lines[1].startswith("sea Q0 twin b 2 ")
    assert lines[1].endswith(" tag")
    again = read_run(path)
    assert list(again) == ["sea", "mountain"]  # a file has no line for a query without hits
    for query, found in again.items():
        assert list(found) == list(run[query])
        assert list(map(np.float32, found.values())) == list(run[query].values())
    qrels = {"sea": {"twin c": 1}, "mountain": {"twin c": 1}, "nothing": {"z": 1}}
    assert measure(qrels, again) == measure(qrels, run)


def test_scores_order_a_run_file_and_ranks_do_not(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    path.write_text(
        "q\tQ0\tlow\t1\t-1.5\tx\nq Q0 high 2 1e3 x\n\nq Q0 a 3 2 x\nq Q0 b 3 2.0 x\n", "utf-8"
    )
    assert list(read_run(path)["q"].items()) == [("high", 1000), ("b", 2), ("a", 2), ("low", -1.5)]


@pytest.mark.parametrize(
    ("written", "line", "reason"),
    [
        pytest.param("", 0, "the file is empty", id="empty"),
        pytest.param("q Q0 a 1 2.5 x\nq Q0 b 2 1.5\n", 2, "it has 5 columns", id="five-columns"),
        pytest.param("q\n", 1, "it has 1 columns", id="one-column"),
        pytest.param("q Q0 a 1 much x\n", 1, "the score 'much' is not a number", id="word"),
        pytest.param("q Q0 a 1 nan x\n", 1, "the score 'nan' is not a number", id="nan"),
        pytest.param("q Q0 a 1 2 x\nq Q0 a 2 1 x\n", 2, "a is listed twice for q", id="twice"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, written: str, line: int, reason: str) -> None:
    path = tmp_path / "a.run"
    path.write_text(written, "utf-8")
    with pytest.raises(CollectionError) as caught:
        read_run(path)
    assert caught.value.origin == (f"{path}:{line}" if line else str(path))
    assert reason in caught.value.reason


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="line break"):
        write_run(tmp_path / "a.run", {"q": {"a\nb": 1.0}}, "tag")
    with pytest.raises(SourceError, match="cannot write"):
        write_run(tmp_path / "none" / "a.run", {"q": {"a": 1.0}}, "tag")
