"""The public surface: what is importable from `searchd` itself, and results as values."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import searchd
from analyzers.errors import AnalyzersError
from indexer.errors import IndexerError
from searchd import errors
from searchd.results import Hit, Results

ROOT = Path(__file__).parents[2]


@pytest.fixture
def results(tmp_path):
    with searchd.IndexWriter(tmp_path / "index") as writer:
        for number in range(5):
            writer.upsert(
                searchd.Document(
                    id=f"<{number}>",
                    title=f"كتاب <b> {number}",
                    text=f"نص عن الكتب & المكتبات {number}",
                    date=datetime(2024, 1, 1, tzinfo=UTC),
                )
            )
        writer.commit()
    with searchd.open(tmp_path / "index") as engine:
        return engine.search("كتاب <x>", limit=3, offset=1, explain=True)


class TestResultsAreASequence:
    def test_length_and_order(self, results):
        assert (len(results), results.total) == (3, 5)
        assert list(results) == list(results.hits)
        assert [hit.rank for hit in results] == [2, 3, 4]

    def test_indexes_and_slices(self, results):
        assert results[0] == results.hits[0]
        assert results[-1].rank == 4
        assert results[1:] == results.hits[1:]
        with pytest.raises(IndexError):
            results[3]

    def test_membership(self, results):
        assert results[1] in results
        assert results.index(results[1]) == 1
        assert next(reversed(results)) == results[-1]

    def test_a_page_without_hits_is_false(self, results):
        assert results
        assert not Results(query="x", total=7, hits=())


def test_results_pickle(results):
    copy = pickle.loads(pickle.dumps(results))
    assert copy == results
    assert copy[0].snippets[0].highlights == results[0].snippets[0].highlights
    assert copy[0].explanation == results[0].explanation


def test_results_in_a_notebook(results):
    html = results._repr_html_()
    assert html.startswith('<div dir="rtl">')
    assert html.count("<li ") == 3
    assert "<mark>كتاب</mark>" in html
    assert "<mark>الكتب</mark> &amp;" in html
    assert "<b>" not in html
    assert "<x>" not in html
    assert "&lt;1&gt;" in html


def test_a_hit_without_title_shows_its_id():
    html = Results("س", 1, (Hit(1, "only-id", "", None),))._repr_html_()
    assert "<strong>only-id</strong>" in html


@pytest.mark.parametrize("name", searchd.__all__)
def test_public_names(name):
    assert getattr(searchd, name) is not None
    assert name in dir(searchd)


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="has no attribute 'serach'"):
        searchd.serach  # noqa: B018


def test_every_error_has_one_of_three_roots():
    roots = (errors.SearchError, IndexerError, AnalyzersError)
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), roots), name


def test_the_names_load_when_they_are_asked_for():
    program = (
        "import sys, searchd; print(*(set(('numpy', 'indexer.writer', 'searchd.engine')) "
        "& sys.modules.keys())); searchd.IndexWriter; print('indexer.writer' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True"]
