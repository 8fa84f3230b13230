"""`python -m benchmarks.growth` and `benchmarks.concurrency` over the sample."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from benchmarks import concurrency, growth, workload
from benchmarks.engines import LUCENE_JARS, use_lucene
from benchmarks.searchd_engine import SearchdEngine, SearchdIndex
from benchmarks.workload import Corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    path = tmp_path_factory.mktemp("growth") / "corpus.jsonl"
    return workload.write_corpus(workload.find_data(None), path, 10)


def test_a_grown_corpus_has_new_words_and_ids(corpus: Corpus) -> None:
    documents = list(growth.grown(corpus, 30))
    assert len({document["id"] for document in documents}) == 30
    assert documents[:10] == [
        {**document, "id": f"{document['id']}-0"}
        for document in workload.read_documents(corpus.path)
    ]
    for first, second in zip(documents[:10], documents[10:20], strict=True):
        words = first["text"].split(" "), second["text"].split(" ")
        changed = sum(one != other for one, other in zip(*words, strict=True))
        assert 0 < changed <= max(1, len(words[0]) * growth.CHANGED_SHARE)
    assert list(growth.grown(corpus, 30)) == documents


def test_threads_share_the_queries(corpus: Corpus, tmp_path: Path) -> None:
    SearchdEngine().index(corpus.path, tmp_path)
    queries = ["كتاب", "مدينة", "العراق", "التاريخ", "في"] * 4
    index = SearchdIndex(tmp_path)
    assert len(concurrency.run_threads(index, queries, 3)) == len(queries)
    with pytest.raises(ValueError, match="too long"):
        concurrency.run_threads(FailingIndex(tmp_path), queries, 3)
    index.close()


class FailingIndex(SearchdIndex):
    def search(self, text: str) -> object:  # type: ignore[override]
        if text == "التاريخ":
            raise ValueError("too long")
        return super().search(text)


def test_lucene_needs_its_jars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(LUCENE_JARS, "kept")
    parser = argparse.ArgumentParser()
    with pytest.raises(SystemExit):
        use_lucene(parser, tmp_path)
    assert "has no lucene-core-*.jar; get the jars with: mvn" in capsys.readouterr().err
    (tmp_path / "lucene-core-9.12.3.jar").touch()
    use_lucene(parser, tmp_path)
    assert os.environ[LUCENE_JARS] == str(tmp_path)
