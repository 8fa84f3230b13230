"""What Whoosh offers beside queries: filters, sorting, facets, collectors, highlights, key terms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from whoosh import collectors, highlight, scoring, sorting
from whoosh import query as q
from whoosh.qparser import MultifieldParser, QueryParser

from tests.indexer.whoosh.queries import Queries
from tests.indexer.whoosh.test_equal_to_stock import assert_same, found, material, queries


@pytest.fixture(params=["one-deleted", "seven-deleted"])
def pair(request, pairs):
    return pairs(request.param)


@pytest.fixture
def both(pair):
    with pair.ours.searcher() as ours, pair.stock.searcher() as stock:
        yield ours, stock


@pytest.fixture
def made(pair) -> Queries:
    return queries(pair, seed=8)


def test_filter_and_mask(both, made):
    ours, stock = both
    for _ in range(4):
        query, inside, outside = made.common(), made.term("section"), made.common()
        for options in ({"filter": inside}, {"mask": outside}, {"filter": inside, "mask": outside}):
            assert_same(found(ours, query, **options), found(stock, query, **options))


def test_results_of_one_search_filter_the_next(both, made):
    inside, query = made.common(), made.common()
    ours, stock = (
        found(searcher, query, filter=searcher.search(inside, limit=None)) for searcher in both
    )
    assert_same(ours, stock)


@pytest.mark.parametrize("kind", ["term", "or", "and", "phrase", "and-maybe", "not"])
def test_best_ten_are_the_first_ten_of_all(both, made, kind):
    """Blocks of postings are skipped where only the best are asked for; nothing may be lost."""
    ours, stock = both
    for _ in range(4):
        query = made.make(kind)
        best = ours.search(query, limit=10)
        assert [(hit["id"], hit.score) for hit in best] == found(ours, query)[:10]
        assert len(best) == len(stock.search(query, limit=10))


@pytest.mark.parametrize(
    "sorted_by",
    [
        pytest.param("price", id="number"),
        pytest.param("date", id="date"),
        pytest.param("section", id="keyword"),
        pytest.param("id", id="id"),
        pytest.param(sorting.FieldFacet("price", reverse=True), id="number-down"),
        pytest.param(sorting.FieldFacet("section", reverse=True), id="keyword-down"),
        pytest.param(sorting.MultiFacet(["section", "date"]), id="several"),
        pytest.param(sorting.ScoreFacet(), id="score"),
        pytest.param(sorting.QueryFacet({"a": q.Term("section", "علوم")}, other="b"), id="query"),
    ],
)
def test_sorting(both, made, sorted_by):
    ours, stock = both
    query = made.common()
    assert_same(found(ours, query, sortedby=sorted_by), found(stock, query, sortedby=sorted_by))


@pytest.mark.parametrize(
    "facet",
    [
        pytest.param(sorting.FieldFacet("section"), id="keyword"),
        pytest.param(sorting.FieldFacet("section", allow_overlap=True), id="all-keywords"),
        pytest.param(sorting.RangeFacet("price", -100, 100, 25), id="numbers"),
        pytest.param(sorting.StoredFieldFacet("url"), id="stored"),
    ],
)
def test_facets(both, facet):
    ours, stock = (
        searcher.search(q.Every(), groupedby={"facet": facet}, limit=None).groups("facet")
        for searcher in both
    )
    assert {key: list(map(int, numbers)) for key, numbers in ours.items()} == dict(stock)


def test_a_date_facet_has_none_for_documents_without_a_date(both):
    ours, _stock = both
    groups = ours.search(q.Every(), groupedby="date", limit=None).groups("date")
    assert None in groups
    assert all(key is None or isinstance(key, datetime) for key in groups)


def test_collapse(both, made):
    query = made.common()
    ours, stock = (found(searcher, query, collapse="section") for searcher in both)
    assert_same(ours, stock)


def test_collectors(both, made):
    ours, stock = both
    query = q.Or([made.common(), made.common()])
    outcomes = []
    for searcher in (ours, stock):
        facets = sorting.Facets.from_groupedby("section")
        collector = collectors.FacetCollector(searcher.collector(limit=5, terms=True), facets)
        searcher.search_with_collector(query, collectors.TimeLimitCollector(collector, 60))
        results = collector.results()
        terms = [hit.matched_terms() for hit in results]
        outcomes.append(([hit["id"] for hit in results], results.matched_terms(), terms))
    assert outcomes[0] == outcomes[1]


def test_pages(both, made):
    ours, stock = both
    query = made.common()
    for number in (1, 2):
        pages = [searcher.search_page(query, number, pagelen=7) for searcher in (ours, stock)]
        assert [hit["id"] for hit in pages[0]] == [hit["id"] for hit in pages[1]]


def first_position(_searcher, _field, _text, matcher) -> float:
    return 1.0 / (1 + matcher.value_as("positions")[0])


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(scoring.FunctionWeighting(first_position), id="function"),
        pytest.param(scoring.DebugModel(), id="debug"),
        pytest.param(scoring.ReverseWeighting(scoring.BM25F()), id="reverse"),
        pytest.param(scoring.MultiWeighting(scoring.TF_IDF(), stem=scoring.PL2()), id="multi"),
        pytest.param(scoring.BM25F(B=0.3, K1=2.0), id="bm25f-of-its-own"),
    ],
)
def test_any_other_weighting_scores_a_posting(pair, made, model):
    query = made.common()
    with pair.ours.searcher(weighting=model) as ours, pair.stock.searcher(weighting=model) as stock:
        assert_same(found(ours, query), found(stock, query))


def test_highlights(pair):
    parser = QueryParser("stem", pair.ours.schema)
    word = material(pair)[0]["common"][3]
    with pair.ours.searcher() as searcher:
        for hit in searcher.search(q.Term("text_stem", word), limit=5, terms=True):
            assert '<b class="match' in hit.highlights("text_stem", text=hit["text"])
        results = searcher.search(parser.parse(word), limit=5)
        results.formatter = highlight.UppercaseFormatter()
        assert all(isinstance(hit.highlights("stem", text=hit["text"]), str) for hit in results)


def test_term_vectors_are_the_terms_of_the_document(pair):
    with pair.ours.reader() as reader:
        number = next(n for n, stored in reader.iter_docs() if stored["title"])
        for field in ("stem", "surface", "title_stem", "text_surface"):
            vector = dict(reader.vector_as("weight", number, field))
            positions = dict(reader.vector_as("positions", number, field))
            assert sum(vector.values()) == reader.doc_field_length(number, field)
            for term, weight in vector.items():
                matcher = reader.postings(field, term)
                matcher.skip_to(number)
                assert matcher.id() == number
                assert (matcher.weight(), matcher.value_as("positions")) == (
                    weight,
                    positions[term],
                )


def test_key_terms_and_documents_like_one(pair):
    with pair.ours.searcher() as searcher:
        number = searcher.document_number(id="وثيقة-60")
        terms = searcher.key_terms([number], "stem")
        assert len(terms) == 5
        like = searcher.more_like(number, "stem", top=5)
        assert len(like)
        assert number not in like.docs()
        expanded = searcher.search(q.Term("stem", terms[0][0])).key_terms("text_stem")
        assert expanded


def test_spelling(both):
    ours, stock = both
    for word in ("الكتا", "مدرسه", "العراقق", "في"):
        assert ours.suggest("surface", word) == stock.suggest("surface", word)
        for distance in (1, 2):
            near = [sorted(s.reader().terms_within("stem", word, distance)) for s in both]
            assert near[0] == near[1]


def test_correcting_a_query(pair):
    with pair.ours.searcher() as searcher:
        query = QueryParser("surface", pair.ours.schema).parse("العرقا")
        corrected = searcher.correct_query(query, "العرقا", prefix=2)
        assert corrected.string == "العرق" or (("surface", corrected.string) in searcher.reader())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("والكتاب", q.Term("stem", "كتاب"), id="stemmed"),
        pytest.param("surface:مدرسة", q.Term("surface", "مدرسه"), id="folded"),
        pytest.param("section:الرِّيَاضة", q.Term("section", "الرياضه"), id="keyword"),
        pytest.param('section:"صحة عامة"', q.Term("section", "صحه عامه"), id="keyword-of-two"),
        pytest.param('"الكتاب المدرسي"', q.Phrase("stem", ["كتاب", "مدرسي"]), id="phrase-stemmed"),
        pytest.param("مدر*", q.Prefix("stem", "مدر"), id="prefix"),
        pytest.param("price:[1 TO 7.5]", q.NumericRange("price", 1.0, 7.5), id="numbers"),
        pytest.param("id:وثيقة-3", q.Term("id", "وثيقة-3"), id="id-as-it-is"),
    ],
)
def test_the_query_parser_analyses_like_the_index(pair, text, expected):
    assert QueryParser("stem", pair.ours.schema).parse(text) == expected


def test_a_parsed_date_range_finds_its_days(pair):
    query = QueryParser("stem", pair.ours.schema).parse("date:[20200301 TO 20200430]")
    with pair.ours.searcher() as searcher:
        dates = [hit["date"] for hit in searcher.search(query, limit=None)]
    assert dates
    assert min(dates) >= datetime(2020, 3, 1, tzinfo=UTC)
    assert max(dates) < datetime(2020, 5, 1, tzinfo=UTC)


def test_several_fields_at_once(pair):
    words = material(pair)[0]["common"][:3]
    query = MultifieldParser(["title_stem", "text_stem"], pair.ours.schema).parse(" ".join(words))
    with pair.ours.searcher() as searcher:
        assert searcher.search(query, limit=None)
