"""The title weight in a search: an engine ranks with the weight that the index was built with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import searchd
from indexer.document import Document
from indexer.errors import IndexMismatchError
from indexer.writer import IndexWriter
from searchd.ranking import DEFAULT_RANKING, Ranking

DOCUMENTS = [
    Document("title", "عن المدرسة", title="كتاب"),
    Document("text", "كتاب وكتاب وكتاب وكتاب في المدرسة", title="أخبار"),
    Document("both", "كتاب في المدرسة", title="كتاب المدرسة"),
    Document("neither", "نص", title="المدرسة"),
]


def scores(directory: Path, weight: int, *, repeat: int, query: str) -> dict[str, float]:
    """Index documents whose titles are written `repeat` times, search, and return the scores."""
    with IndexWriter(directory, title_weight=weight) as writer:
        for document in DOCUMENTS:
            writer.upsert(replace(document, title=" ".join([document.title] * repeat)))
        writer.commit()
    # Distances between words differ where a title is repeated, so they must not count here.
    ranking = replace(DEFAULT_RANKING, near=0, phrase=0, exact_title=0, title_weight=weight)
    with searchd.open(directory, ranking=ranking) as engine:
        return {hit.id: hit.score for hit in engine.search(query).hits}


@pytest.mark.parametrize("query", ["كتاب", "كتاب المدرسة", "title:كتاب", '"كتاب"', "كتاب~"])
@pytest.mark.parametrize("weight", [1, 5])
def test_a_word_of_the_title_counts_like_as_many_words(
    tmp_path: Path, weight: int, query: str
) -> None:
    weighted = scores(tmp_path / "weighted", weight, repeat=1, query=query)
    repeated = scores(tmp_path / "repeated", 1, repeat=weight, query=query)
    assert weighted == pytest.approx(repeated)
    assert weighted


def test_the_weight_decides_the_order(tmp_path: Path) -> None:
    orders = [
        list(scores(tmp_path / str(weight), weight, repeat=1, query="كتاب")) for weight in (1, 9)
    ]
    assert orders[0].index("text") < orders[0].index("title")
    assert orders[1].index("title") < orders[1].index("text")


def build(directory: Path, weight: int) -> Path:
    with IndexWriter(directory, title_weight=weight) as writer:
        for document in DOCUMENTS:
            writer.upsert(document)
        writer.commit()
    return directory


def test_a_ranking_of_another_weight_is_refused_with_the_way_out(tmp_path: Path) -> None:
    directory = build(tmp_path / "index", 5)
    with pytest.raises(IndexMismatchError, match=r"title weight 5.*--rebuild"):
        searchd.open(directory, ranking=Ranking())
    with searchd.open(directory, ranking=Ranking(title_weight=5)) as engine:
        assert engine.count("كتاب") == 3


def test_without_a_ranking_the_weight_is_that_of_the_index(tmp_path: Path) -> None:
    directory = build(tmp_path / "index", 5)
    with (
        searchd.open(directory) as default,
        searchd.open(directory, ranking=Ranking(title_weight=5)) as explicit,
    ):
        hits = default.search("كتاب المدرسة").hits
        assert hits == explicit.search("كتاب المدرسة").hits
        assert default.info().title_weight == 5


def test_a_rebuild_with_another_weight_is_seen_by_an_open_engine(tmp_path: Path) -> None:
    directory = build(tmp_path / "index", 5)
    with (
        searchd.open(directory) as default,
        searchd.open(directory, ranking=Ranking(title_weight=5)) as explicit,
    ):
        with IndexWriter(directory, title_weight=2, rebuild=True) as writer:
            writer.upsert(DOCUMENTS[0])
            writer.commit()
        assert default.count("كتاب") == 1
        assert default.info().title_weight == 2
        with pytest.raises(IndexMismatchError, match="title weight 2"):
            explicit.count("كتاب")
