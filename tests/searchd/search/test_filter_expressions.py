"""Filters as expressions: what they let through, their errors, and trees that are written as text."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.errors import FilterSyntaxError, SearchArgumentError
from searchd.filter_tree import (
    OPERATORS,
    Between,
    Compare,
    Exists,
    FilterAnd,
    FilterNot,
    FilterOr,
    In,
)
from searchd.search.filter_masks import FilterMasks
from searchd.search.filter_parser import parse_filter
from tests.searchd.search.test_filters import DOCUMENTS, FIELDS

TYPES = {
    "title": FieldType.TEXT,
    "date": FieldType.DATE,
    "id": FieldType.KEYWORD,
    "section": FieldType.KEYWORD,
    "price": FieldType.NUMBER,
}


@pytest.fixture(params=["one segment", "two segments"])
def engine(request, make_engine):
    if request.param == "one segment":
        return make_engine(DOCUMENTS, fields=FIELDS)
    return make_engine(DOCUMENTS[:3], DOCUMENTS[3:], fields=FIELDS)


EXPRESSIONS = [
    pytest.param("section=رياضة AND price<0", "b", id="and"),
    pytest.param("section=رياضة OR price=0", "abd", id="or"),
    pytest.param("section=رياضة && price<0 || price=0", "bd", id="signs"),
    pytest.param("price=0 OR section=رياضة AND price<0", "bd", id="and-binds-tighter"),
    pytest.param("(price=0 OR section=رياضة) AND price<=0", "bd", id="parentheses"),
    pytest.param("NOT section=رياضة", "cde", id="not"),
    pytest.param("NOT NOT section=رياضة", "ab", id="not-not"),
    pytest.param("NOT price<0 AND price<5", "d", id="not-binds-tightest"),
    pytest.param("NOT(price<0 OR price>0)", "de", id="not-of-parentheses"),
    pytest.param("section IN (سياسة, iraq  news)", "bc", id="in"),
    pytest.param("section IN (سياسة، «Iraq News»)", "bc", id="in-with-arabic-comma"),
    pytest.param("section NOT IN (سياسة)", "acde", id="not-in"),
    pytest.param("price IN (5, ٠)", "ad", id="in-of-numbers"),
    pytest.param("date IN (2023, 2024-05)", "ac", id="in-of-dates"),
    pytest.param("id IN (a, e, zzz)", "ae", id="in-of-ids"),
    pytest.param("EXISTS section", "abc", id="exists"),
    pytest.param("section EXISTS", "abc", id="exists-after"),
    pytest.param("NOT EXISTS price", "e", id="not-exists"),
    pytest.param("price NOT EXISTS", "e", id="not-exists-after"),
    pytest.param("EXISTS author", "ab", id="exists-of-a-text"),
    pytest.param("section:*", "abc", id="any-value"),
    pytest.param('section = "Iraq  News" AND price >= 1', "c", id="quoted"),
    pytest.param("section:رياضة", "ab", id="colon"),
    pytest.param("price:>=5", "ac", id="colon-and-sign"),
    pytest.param("price ≥ 5", "ac", id="mathematical-sign"),
    pytest.param("price:[-2.5 TO 0]", "bd", id="range"),
    pytest.param("price:{-2.5 TO 5}", "d", id="range-without-its-ends"),
    pytest.param("date:[* TO 2023]", "a", id="range-open-below"),
    pytest.param("date:{2024-01 TO *]", "cd", id="range-open-above"),
    pytest.param("price:[* TO *]", "abcd", id="range-open"),
    pytest.param("تاريخ >= 2024 AND date < ٢٠٢٥", "bc", id="arabic-names-and-digits"),
    pytest.param("(((id=a)))", "a", id="nested"),
    pytest.param("section=رياضة\n  AND\tprice<0", "b", id="any-space"),
]


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS)
def test_expressions(engine, expression, expected):
    assert "".join(sorted(engine.ids("*", filters=[expression]))) == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param("بحث (علمي)", "بحث (علمي)", id="parentheses-in-pairs"),
        pytest.param("a)", "a)", id="parenthesis-outside-a-group"),
        pytest.param("a, b", "a, b", id="comma-outside-a-list"),
        pytest.param("Research and Development", "Research and Development", id="small-and"),
        pytest.param("x=y", "x=y", id="sign"),
        pytest.param("R AND D", '"R AND D"', id="operator-in-quotation-marks"),
        pytest.param('a "b" \\c', r'"a \"b\" \c"', id="escaped"),
        pytest.param("«كتاب» جديد", "«كتاب» جديد", id="quotation-within"),
    ],
)
def test_values_with_signs(value, written):
    assert parse_filter(f"section={written}", TYPES) == Compare("section", "=", value)


@pytest.mark.parametrize(
    ("expression", "position", "reason"),
    [
        pytest.param("section=a AND", 13, "no condition here", id="nothing-after-and"),
        pytest.param("OR section=a", 0, "OR needs", id="nothing-before-or"),
        pytest.param("id=a AND && id=a", 9, "&& needs", id="nothing-between"),
        pytest.param("section=a NOT price=5", 10, "AND or OR between", id="no-operator"),
        pytest.param("(section=a", 0, "not closed", id="open-parenthesis"),
        pytest.param("(section=a) )", 12, "closes nothing", id="closing-parenthesis"),
        pytest.param("(section=a) price=5", 12, "AND or OR between", id="two-conditions"),
        pytest.param("section IN (a, b", 11, "list is not closed", id="open-list"),
        pytest.param("section IN ()", 12, "value is missing", id="empty-list"),
        pytest.param("section IN (a,)", 14, "value is missing", id="missing-value"),
        pytest.param("section IN (a OR b)", 14, "separated by commas", id="or-in-a-list"),
        pytest.param('section="a', 8, "no partner", id="open-quotation"),
        pytest.param('section="a" b', 8, "after the closing", id="after-a-quotation"),
        pytest.param("price=5 AND section<a", 20, "no order", id="order-of-keywords"),
        pytest.param("section:[a TO b]", 8, "no order", id="range-of-keywords"),
        pytest.param("price=5 AND price>x", 18, "not a number", id="value"),
        pytest.param("price:[5 TO 1]", 6, "ends before it begins", id="empty-range"),
        pytest.param("id=a AND other=5", 9, "no field 'other'", id="unknown-field"),
        pytest.param("EXISTS other", 0, "no field 'other'", id="unknown-field-exists"),
        pytest.param("id=a AND title=b", 9, "search its words in the query", id="text"),
        pytest.param("price=>5", 5, "write price >= value", id="turned-sign"),
        pytest.param("section=a and price>5", 10, "capitals: AND", id="small-and"),
        pytest.param("section=a أو price IN (5)", 10, "capitals: OR", id="arabic-or"),
        pytest.param("NOT " * 51 + "id=a", 200, "deeper than 50", id="too-deep"),
    ],
)
def test_errors_say_where(expression, position, reason):
    with pytest.raises(FilterSyntaxError, match=reason) as caught:
        parse_filter(expression, TYPES)
    assert caught.value.position == position
    assert f"at character {position + 1}:" in str(caught.value)
    assert caught.value.text == expression


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        pytest.param(Compare("price", ">=", 0.0), "acd", id="number"),
        pytest.param(Compare("date", "=", date(2024, 5, 31)), "c", id="day"),
        pytest.param(Compare("date", "<", datetime(2024, 1, 1, tzinfo=UTC)), "a", id="moment"),
        pytest.param(In("section", ["سياسة", "Iraq News"]), "bc", id="list"),
        pytest.param(Between("price", -2.5, 5, with_lower=False), "ad", id="between"),
        pytest.param(FilterAnd(()), "abcde", id="and-of-nothing"),
        pytest.param(FilterOr(()), "", id="or-of-nothing"),
        pytest.param(
            FilterOr([FilterNot(Exists("price")), Compare("price", "<", 0)]), "be", id="nested"
        ),
    ],
)
def test_trees(engine, tree, expected):
    assert "".join(sorted(engine.ids("*", filters=[tree]))) == expected
    assert engine.count("*", filters=[tree, "id != zzz"]) == len(expected)


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(Compare("other", "=", "1"), id="field"),
        pytest.param(Compare("price", "~", "1"), id="operator"),  # type: ignore[arg-type]
        pytest.param(FilterNot(Compare("price", "=", "x")), id="value"),
        pytest.param(FilterAnd((Between("section", "a", "b"),)), id="order"),
    ],
)
def test_trees_that_are_refused(engine, tree):
    with pytest.raises(FilterSyntaxError, match="price|other|section"):
        engine.count("*", filters=[tree])


@pytest.mark.parametrize(
    "filters",
    [[5], [None], [Compare("price", "=", None)], [FilterNot("id=a")], [FilterOr(("",))]],
)  # fmt: skip
def test_what_is_no_filter_is_refused(engine, filters):
    with pytest.raises(SearchArgumentError, match="must be conditions"):
        engine.count("*", filters=filters)


leaves = st.one_of(
    st.builds(Compare, st.just("section"), st.sampled_from(OPERATORS[:2]), st.text(min_size=1)),
    st.builds(
        Compare, st.just("price"), st.sampled_from(OPERATORS), st.integers(-99, 99).map(str)
    ),
    st.builds(In, st.just("section"), st.lists(st.text(), min_size=1).map(tuple)),
    st.builds(
        Between, st.just("price"), st.none() | st.just("-5"), st.none() | st.just("7.5"),
        st.booleans(), st.booleans(),
    ),
    st.builds(Exists, st.sampled_from(sorted(TYPES))),
)  # fmt: skip


def _several(members):
    return st.lists(members, min_size=2, max_size=3).map(tuple)


trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(FilterNot, inner),
        st.builds(FilterAnd, _several(inner)),
        st.builds(FilterOr, _several(inner)),
    ),
    max_leaves=8,
)


@given(trees)
def test_a_tree_as_text_is_the_same_tree(tree):
    parsed = parse_filter(str(tree), TYPES)
    assert _normal(parsed) == _normal(tree)


def _normal(tree):
    """Return a tree in which an open end is as if it belonged to its range, and field:[* TO *] too."""
    match tree:
        case FilterNot():
            return FilterNot(_normal(tree.member))
        case FilterAnd() | FilterOr():
            return type(tree)(map(_normal, tree.members))
        case Between():
            return Between(
                tree.field,
                tree.lower,
                tree.upper,
                tree.with_lower or tree.lower is None,
                tree.with_upper or tree.upper is None,
            )
    return tree


@given(st.text(alphabet='aن()"«»,،=<>!:[]{}* \\ANDORTEXISTINt', max_size=40))
def test_any_text_is_a_filter_or_an_error_with_a_position(text):
    try:
        parse_filter(f"section = a AND {text}", TYPES)
    except FilterSyntaxError as error:
        assert error.position is not None
        assert 0 <= error.position <= len(error.text)


@pytest.mark.parametrize(
    "text",
    [
        "id IN (" + ", ".join(f"a {number}" for number in range(500)) + ")",
        "(" + " OR ".join(f"id = a {number}" for number in range(500)) + ")",
    ],
    ids=["list", "operators"],
)
def test_the_work_grows_with_the_text_alone(text, monkeypatch):
    from searchd.search import filter_parser

    pattern, searched = filter_parser._END_OF_VALUE, []

    class Counted:
        match = pattern.match

        def search(self, text, start, end=sys.maxsize):
            found = pattern.search(text, start, end)
            searched.append((found.end() if found else min(end, len(text))) - start)
            return found

    monkeypatch.setattr(filter_parser, "_END_OF_VALUE", Counted())
    found = parse_filter(text, TYPES)
    assert len(found.values if isinstance(found, In) else found.members) == 500
    assert sum(searched) < 2 * len(text)


def test_each_condition_is_evaluated_once(engine, monkeypatch):
    evaluated = []
    from searchd.search import filter_masks

    real = filter_masks.condition_mask
    monkeypatch.setattr(
        filter_masks,
        "condition_mask",
        lambda leaf, snapshot: evaluated.append(str(leaf)) or real(leaf, snapshot),
    )
    engine.count("*", filters=["price>0 AND section=رياضة"])
    engine.count("*", filters=["NOT price > 0 OR section = رياضة"])
    assert evaluated == ["price > 0", "section = رياضة"]


def test_equal_numbers_that_are_written_otherwise_are_other_keywords(make_engine):
    documents = [Document(each, "كتاب", fields={"section": each}) for each in ("1", "1.0", "True")]
    engine = make_engine(documents, fields=FieldMap(extra=(FieldSpec("section"),)))
    values = (1, 1.0, True, 1)
    found = [engine.ids("*", filters=[Compare("section", "=", value)]) for value in values]
    assert found == [["1"], ["1.0"], ["True"], ["1"]]
    found = [engine.ids("*", filters=[In("section", [value])]) for value in values]
    assert found == [["1"], ["1.0"], ["True"], ["1"]]


@pytest.mark.parametrize("refused", [Compare("price", ">=", True), Between("price", "*", 5)])
def test_what_is_refused_is_refused_after_what_is_like_it(engine, refused):
    like = Compare("price", ">=", 1) if isinstance(refused, Compare) else Between("price", None, 5)
    engine.count("*", filters=[like])
    with pytest.raises(FilterSyntaxError, match="not a number"):
        engine.count("*", filters=[refused])


def test_masks_do_not_change_when_they_are_combined(engine):
    masks = FilterMasks(engine._searchers.acquire().snapshot)
    (leaf,) = masks.parse(["price>0"])
    before = [mask.tolist() for mask in masks.mask(leaf).masks]
    (both,) = masks.parse(["NOT (price>0 OR section=رياضة) AND price>0"])
    masks.mask(both)
    assert [mask.tolist() for mask in masks.mask(leaf).masks] == before
