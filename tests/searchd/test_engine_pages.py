"""Pages of results, and the arguments that no search takes."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.document import Document
from searchd.errors import SearchArgumentError, SearchError
from searchd.search_arguments import MOST_HITS


class TestPages:
    @pytest.fixture
    def many(self, make_engine):
        texts = ["كتاب " * (number % 5 + 1) + "نص " * (number % 3) for number in range(50)]
        documents = [Document(str(number), text) for number, text in enumerate(texts)]
        return make_engine(documents[:36], documents[36:])

    @pytest.mark.parametrize("query", ["كتاب", "كتاب نص", "*", "كتاب AND نص", "-نص"])
    @pytest.mark.parametrize("size", [1, 7, 49, 50, 51])
    def test_pages_together_are_one_large_page(self, many, query, size):
        whole = many.search(query, limit=1000).hits
        pages = [many.search(query, limit=size, offset=offset) for offset in range(0, 60, size)]
        assert tuple(hit for page in pages for hit in page.hits) == whole
        assert [hit.rank for hit in whole] == list(range(1, len(whole) + 1))
        assert {page.total for page in pages} == {len(whole)}

    def test_no_hit_is_asked_for(self, many):
        results = many.search("كتاب", limit=0)
        assert (results.total, results.hits) == (50, ())

    @pytest.mark.parametrize("offset", [50, 51, MOST_HITS - 10])
    def test_beyond_the_last(self, many, offset):
        results = many.search("كتاب", offset=offset)
        assert (results.total, results.hits, results.offset) == (50, (), offset)

    @pytest.mark.parametrize(
        "options",
        [
            {"limit": -1},
            {"offset": -1},
            {"limit": MOST_HITS + 1},
            {"limit": 10, "offset": MOST_HITS - 9},
            {"snippets": -1},
            {"snippet_length": 0},
        ],
        ids=str,
    )
    def test_pages_that_cannot_be(self, many, options):
        with pytest.raises(SearchArgumentError, match=r"whole number from|reach past hit 10,000"):
            many.search("كتاب", **options)


class TestArguments:
    def test_what_no_search_can_be_asked_for(self, engine):
        with pytest.raises(TypeError, match=r"filters are a list of conditions: \['date=2024'\]"):
            engine.search("كتاب", filters="date=2024")
        with pytest.raises(ValueError, match="no syntax 'all'; use full or plain"):
            engine.search("كتاب", syntax="all")

    @pytest.mark.parametrize(
        ("arguments", "name"),
        [
            pytest.param({"query": None}, "query", id="no-query"),
            pytest.param({"query": "كتاب".encode()}, "query", id="query-in-bytes"),
            pytest.param({"query": ["كتاب"]}, "query", id="query-in-a-list"),
            pytest.param({"limit": "3"}, "limit", id="limit-in-a-text"),
            pytest.param({"limit": None}, "limit", id="no-limit"),
            pytest.param({"limit": 2.5}, "limit", id="limit-of-a-fraction"),
            pytest.param({"limit": True}, "limit", id="limit-of-a-truth"),
            pytest.param({"offset": "0"}, "offset", id="offset-in-a-text"),
            pytest.param({"offset": MOST_HITS}, "offset", id="offset-too-deep"),
            pytest.param({"filters": "date=2024"}, "filters", id="filters-in-one-text"),
            pytest.param({"filters": [1]}, "filters", id="filters-of-numbers"),
            pytest.param({"filters": {"date": 2024}}, "filters", id="filters-in-a-mapping"),
            pytest.param({"filters": 7}, "filters", id="filters-in-a-number"),
            pytest.param({"sort": ["-date"]}, "sort", id="sort-in-a-list"),
            pytest.param({"sort": 3}, "sort", id="sort-by-a-number"),
            pytest.param({"snippets": "1"}, "snippets", id="snippets-in-a-text"),
            pytest.param({"snippet_length": None}, "snippet_length", id="no-length"),
            pytest.param({"syntax": ["full"]}, "syntax", id="syntax-in-a-list"),
        ],
    )
    def test_arguments_of_a_wrong_type(self, engine, arguments, name):
        with pytest.raises(SearchArgumentError) as caught:
            engine.search(**{"query": "كتاب", **arguments})
        assert caught.value.argument == name
        assert isinstance(caught.value, SearchError)

    @pytest.mark.parametrize("call", ["ids", "count", "analyze"])
    def test_other_calls_check_their_text(self, engine, call):
        with pytest.raises(SearchArgumentError):
            getattr(engine, call)(None)

    def test_numbers_and_conditions_of_other_types(self, engine):
        """Whatever counts as a whole number, and conditions in any order of iteration."""
        found = engine.search("كتاب", limit=np.int64(3), filters=(f for f in ["date>=1000"]))
        assert found.total == engine.count("كتاب", filters=["date>=1000"])

    def test_the_way_out_of_a_sort_in_a_list(self, engine):
        with pytest.raises(SearchArgumentError, match="'-date,title'"):
            engine.search("كتاب", sort=["-date", "title"])
