"""Planning: a tree to a plan, from the query, the analysis and the types of the fields alone."""

from __future__ import annotations

import pytest

from analyzers import Analyzer
from indexer.fields import FieldType
from searchd.errors import QuerySyntaxError
from searchd.query import parse
from searchd.search.plan import (
    BooleanQuery,
    ColumnQuery,
    FuzzyQuery,
    MatchAllQuery,
    PhraseQuery,
    Query,
    SurfaceQuery,
    TermQuery,
    WildcardQuery,
    WordsQuery,
)
from searchd.search.planner import plan_query

ANALYZER = Analyzer()
FIELDS = {"title": FieldType.TEXT, "text": FieldType.TEXT, "section": FieldType.KEYWORD}


def plan(query: str) -> Query:
    return plan_query(query, parse(query, FIELDS), ANALYZER, FIELDS.get)


def described(query: Query) -> object:
    """Return a plan as plain tuples, with each word by its surface form."""
    match query:
        case BooleanQuery(should, must, must_not):
            members = {"should": should, "must": must, "must_not": must_not}
            return {name: [*map(described, of)] for name, of in members.items() if of}
        case WordsQuery(words, field, alone):
            return ("words", *(word.terms.surface for word in words), field, alone)
        case TermQuery(word, field):
            return ("term", word.terms.surface, field)
        case SurfaceQuery(word, field):
            return ("surface", word.terms.surface, field)
        case PhraseQuery(words, _typed, field, slop, exact):
            return ("phrase", *(word.terms.surface for word in words), field, slop, exact)
        case WildcardQuery(word, field):
            return ("wildcard", word.text, field)
        case FuzzyQuery(words, _typed, field, distance):
            return ("fuzzy", *(word.terms.surface for word in words), field, distance)
        case ColumnQuery(field, value):
            return ("column", field, value)
        case MatchAllQuery():
            return "all"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("كتب قديمة", {"should": [("words", "كتب", "قديمه", "", True)]}, id="words"),
        pytest.param(
            "كتب +قديمة",
            {"should": [("words", "كتب", "", False)], "must": [("term", "قديمه", "")]},
            id="required",
        ),
        pytest.param(
            "كتب -قديمة",
            {"should": [("words", "كتب", "", True)], "must_not": [("term", "قديمه", "")]},
            id="excluded",
        ),
        pytest.param(
            "كتب AND في",
            {"should": [{"must": [("term", "كتب", ""), ("term", "في", "")]}]},
            id="operators-keep-function-words",
        ),
        pytest.param(
            "كتب OR كتاب",
            {"should": [{"should": [("term", "كتب", ""), ("term", "كتاب", "")]}]},
            id="or",
        ),
        pytest.param("NOT كتب", {"must_not": [("term", "كتب", "")]}, id="not"),
        pytest.param(
            '"كتب في"~2', {"should": [("phrase", "كتب", "في", "", 2, False)]}, id="phrase"
        ),
        pytest.param('"كتب"', {"should": [("term", "كتب", "")]}, id="phrase-of-one-word"),
        pytest.param(
            '="كتب في"', {"should": [("phrase", "كتب", "في", "", 0, True)]}, id="exact-phrase"
        ),
        pytest.param("=كتب", {"should": [("surface", "كتب", "")]}, id="exact-word"),
        pytest.param("كت*", {"should": [("wildcard", "كت*", "")]}, id="pattern"),
        pytest.param("كتب~2", {"should": [("fuzzy", "كتب", "", 2)]}, id="fuzzy"),
        pytest.param("*", {"should": ["all"]}, id="all"),
        pytest.param("title:كتب", {"should": [("term", "كتب", "title")]}, id="field"),
        pytest.param(
            "section:رياضة", {"should": [("column", "section", "رياضة")]}, id="keyword-field"
        ),
        pytest.param(
            "title:(كتب -قديمة)",
            {
                "should": [
                    {
                        "should": [("words", "كتب", "title", True)],
                        "must_not": [("term", "قديمه", "title")],
                    }
                ]
            },
            id="group-in-a-field",
        ),
    ],
)
def test_plans(query, expected):
    assert described(plan(query)) == expected


@pytest.mark.parametrize(
    "query", ['+كتب -"قديمة جدا" (حديثة OR =جديدة) كت* نادر~ title:عنوان', "-كتب", "-(-كتب مدرسة)"]
)
def test_planning_has_no_side_effects(query):
    tree = parse(query, FIELDS)
    planned = [plan_query(query, tree, ANALYZER, FIELDS.get) for _ in range(3)]
    assert planned[0] == planned[1] == planned[2]
    assert hash(planned[0]) == hash(planned[1])
    assert tree == parse(query, FIELDS)


@pytest.mark.parametrize(
    ("query", "position", "reason"),
    [
        pytest.param('كتب "؟"', 5, "no word between these quotation marks", id="quotation"),
        pytest.param("title:؟", 6, "no word to search for", id="operand"),
        pytest.param("section:رياض*", 8, "holds whole values", id="pattern-over-keywords"),
    ],
)
def test_errors_say_where(query, position, reason):
    with pytest.raises(QuerySyntaxError, match=reason) as caught:
        plan(query)
    assert caught.value.position == position
