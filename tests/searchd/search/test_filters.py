from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.errors import FilterSyntaxError, QuerySyntaxError

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("قسم"),
        FieldSpec("author", FieldType.TEXT),
        FieldSpec("seen", FieldType.DATE),
    )
)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


DOCUMENTS = [
    Document("a", "كتاب", date=moment(2023, 12, 31, 23, 59, 59, 999_999), fields={
        "section": "رياضة", "price": 5, "قسم": "أول", "author": "علي الوردي"}),
    Document("b", "كتاب كتاب", date=moment(2024, 1, 1), fields={
        "section": ("سياسة", "رِياضه"), "price": -2.5, "author": "طه حسين"}),
    Document("c", "كتاب مدرسة", date=moment(2024, 5, 31, 12, 30), fields={
        "section": "Iraq  News", "price": 1e12, "seen": moment(2024, 2, 29)}),
    Document("d", "مدرسة", date=moment(9999, 12, 31, 23, 59, 59), fields={"price": 0.0}),
    Document("e", "كتاب"),
]  # fmt: skip


@pytest.fixture(params=["one segment", "two segments"])
def engine(request, make_engine):
    if request.param == "one segment":
        return make_engine(DOCUMENTS, fields=FIELDS)
    return make_engine(DOCUMENTS[:4], DOCUMENTS[4:], fields=FIELDS)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param("section=رياضة", "ab", id="keyword"),
        pytest.param("section=الرياضة", "", id="keyword-is-not-stemmed"),
        pytest.param("section=رِيـــاضه", "ab", id="keyword-folded"),
        pytest.param(" section = iraq news ", "c", id="keyword-of-two-words"),
        pytest.param("section=Iraq", "", id="keyword-is-whole"),
        pytest.param("section!=رياضة", "cde", id="keyword-not"),
        pytest.param("قسم=اول", "a", id="field-in-arabic"),
        pytest.param("price=5", "a", id="number"),
        pytest.param("price=٥", "a", id="number-in-arabic-digits"),
        pytest.param("price!=5", "bcde", id="number-not"),
        pytest.param("price<0", "b", id="number-below"),
        pytest.param("price<=0", "bd", id="number-at-most"),
        pytest.param("price>0", "ac", id="number-above"),
        pytest.param("price>=0", "acd", id="number-at-least"),
        pytest.param("price>=-2.5", "abcd", id="number-negative"),
        pytest.param("date=2024", "bc", id="year"),
        pytest.param("date=2023", "a", id="year-to-its-last-moment"),
        pytest.param("date=9999", "d", id="last-year"),
        pytest.param("date=9999-12-31", "d", id="last-day"),
        pytest.param("date=2024-05", "c", id="month"),
        pytest.param("date=٢٠٢٤-٠٥", "c", id="month-in-arabic-digits"),
        pytest.param("date=2024-05-31", "c", id="day"),
        pytest.param("date=20240531", "c", id="day-compact"),
        pytest.param("date=2024-W22-5", "c", id="day-of-a-week"),
        pytest.param("date=2024-05-31T12:30", "c", id="moment"),
        pytest.param("date=2024-05-31T15:30+03:00", "c", id="moment-with-zone"),
        pytest.param("date=2024-05-31T12:31", "", id="another-moment"),
        pytest.param("date!=2024", "ade", id="date-not"),
        pytest.param("date<2024", "a", id="before"),
        pytest.param("date<=2024", "abc", id="until"),
        pytest.param("date>2024", "d", id="after"),
        pytest.param("date>=2024", "bcd", id="from"),
        pytest.param("seen=2024-02", "c", id="extra-date"),
    ],
)
def test_filters(engine, condition, expected):
    assert "".join(sorted(engine.ids("*", filters=[condition]))) == expected
    assert engine.count("*", filters=[condition]) == len(expected)


def test_every_filter_must_hold_and_scores_stay(engine):
    filters = ["section=رياضة", "price<0"]
    assert engine.ids("كتاب", filters=filters) == ["b"]
    (filtered,) = engine.search("كتاب", filters=filters).hits
    scores = {hit.id: hit.score for hit in engine.search("كتاب").hits}
    assert filtered.score == scores["b"]
    assert engine.ids("كتاب", filters=["section=رياضة", "section!=رياضة"]) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("section:رياضة", "ab", id="keyword"),
        pytest.param('section:"iraq news"', "c", id="keyword-of-two-words"),
        pytest.param("+كتاب +section:رياضة", "ab", id="must"),
        pytest.param("كتاب AND NOT section:رياضة", "ce", id="not"),
        pytest.param("section:(رياضة سياسة)", "ab", id="either"),
        pytest.param("section:(رياضة AND سياسة)", "b", id="both"),
        pytest.param("date:2024", "bc", id="year"),
        pytest.param("date:2024-05", "c", id="month"),
        pytest.param("price:5", "a", id="number"),
        pytest.param("author:وردي", "a", id="text"),
        pytest.param('author:"طه حسين"', "b", id="text-phrase"),
        pytest.param("علي", "", id="text-only-by-name"),
    ],
)
def test_columns_in_a_query(engine, query, expected):
    assert "".join(sorted(engine.ids(query))) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param("price", "bdace", id="numbers"),
        pytest.param("-price", "cadbe", id="numbers-falling-missing-last"),
        pytest.param("date", "abcde", id="dates"),
        pytest.param("-date", "dcbae", id="dates-falling-missing-last"),
        pytest.param("section", "cabde", id="keywords"),
        pytest.param("-section", "bacde", id="keywords-falling-missing-last"),
        pytest.param("seen,price", "cbdae", id="second-key"),
        pytest.param("seen, -price", "cadbe", id="second-key-falling"),
        pytest.param("قسم,-date", "adcbe", id="field-in-arabic"),
    ],
)
def test_sorting(engine, sort, expected):
    results = engine.search("*", sort=sort)
    assert "".join(hit.id for hit in results.hits) == expected
    assert all(hit.score is None for hit in results.hits)
    pages = [
        engine.search("*", sort=sort, limit=2, offset=offset).hits for offset in range(0, 8, 2)
    ]
    assert "".join(hit.id for hit in itertools.chain(*pages)) == expected


@pytest.mark.parametrize("sort", ["score", "-score", None])
def test_sorting_by_score_is_the_order_without_sorting(engine, sort):
    results = engine.search("كتاب", sort=sort)
    assert results.hits[0].id == "b"
    assert all(hit.score for hit in results.hits)


def test_score_may_be_one_key_of_several(engine):
    results = engine.search("كتاب", sort="قسم,score")
    assert [hit.id for hit in results.hits][:2] == ["a", "b"]
    assert all(hit.score for hit in results.hits)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        pytest.param("", "cannot be understood", id="empty"),
        pytest.param("section", "write field=value", id="no-operator"),
        pytest.param("=رياضة", "cannot be understood", id="no-name"),
        pytest.param(
            "other=1", "no field 'other'.* has date, section, price, قسم, seen", id="name"
        ),
        pytest.param("title=عنوان", "no field 'title' to filter by", id="text"),
        pytest.param("author=علي", "no field 'author' to filter by", id="extra-text"),
        pytest.param("section<ر", "keywords, which have no order", id="order-of-keywords"),
        pytest.param("price=غال", "not a number", id="no-number"),
        pytest.param("price=", "not a number", id="empty-number"),
        pytest.param("price>1e999", "not a number", id="infinite"),
        pytest.param(
            "date=أمس", "the column 'date' holds 'أمس', which is not a date", id="no-date"
        ),
        pytest.param("seen>2024-13", "the column 'seen' holds", id="no-month"),
    ],
)
def test_filters_that_are_refused(engine, condition, reason):
    with pytest.raises(FilterSyntaxError, match=reason):
        engine.search("*", filters=[condition])


@pytest.mark.parametrize("sort", ["other", "-", "author", "price,", "--price", " "])
def test_sort_keys_that_are_refused(engine, sort):
    with pytest.raises(FilterSyntaxError, match="has score, title, id, date, section, price"):
        engine.search("*", sort=sort)


@pytest.mark.parametrize("query", ["section:ريا*", "section:رياضة~", "price:5~"])
def test_columns_hold_whole_values(engine, query):
    with pytest.raises(QuerySyntaxError, match="holds whole values"):
        engine.search(query)


def test_filters_and_sorting_without_documents(make_engine):
    empty = make_engine([], fields=FIELDS)
    assert empty.search("*", filters=["price>1", "section=a"], sort="-date").hits == ()


def test_a_text_without_words_is_no_value(make_engine):
    engine = make_engine(
        [Document("words", "كتاب", title="عنوان"), Document("none", ""), Document("signs", "... !")]
    )
    assert engine.ids("text:*") == engine.ids("*", filters=["EXISTS text"]) == ["words"]
    assert engine.ids("title:*") == ["words"]
    assert sorted(engine.ids("*", filters=["NOT EXISTS text"])) == ["none", "signs"]
