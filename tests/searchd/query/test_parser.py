"""The parser alone: the tree of a query, and the place of an error in it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.fields import FieldType
from searchd.errors import QuerySyntaxError
from searchd.query import (
    And,
    Boost,
    Clause,
    Clauses,
    Comparison,
    Exact,
    Field,
    FreeText,
    Fuzzy,
    MatchAll,
    Node,
    Not,
    Occur,
    Or,
    Phrase,
    Range,
    Wildcard,
    parse,
    parse_plain,
)
from searchd.query.grammar import GrammarParser

FIELDS = {
    "title": FieldType.TEXT,
    "text": FieldType.TEXT,
    "date": FieldType.DATE,
    "section": FieldType.KEYWORD,
    "price": FieldType.NUMBER,
    "قسم": FieldType.KEYWORD,
}


def shown(node: Node) -> str:
    """Write a tree in one line, so that tables can hold it."""
    match node:
        case Clauses(clauses):
            return " ".join(map(_clause, clauses))
        case FreeText(text):
            return text
        case Phrase(text, _, slop, ordered):
            return f'"{text}"{_slop(slop, ordered)}'
        case Exact(text, _, slop, ordered):
            return f'="{text}"{_slop(slop, ordered)}'
        case Wildcard(text):
            return f"pattern<{text}>"
        case Fuzzy(text, _, distance):
            return f"{text}~{distance}"
        case MatchAll():
            return "*"
        case Comparison(operator, text):
            return f'{operator}"{text}"'
        case Range(lower, upper):
            opening = "{" if lower and not lower.inclusive else "["
            closing = "}" if upper and not upper.inclusive else "]"
            ends = [f'"{end.text}"' if end else "*" for end in (lower, upper)]
            return opening + " TO ".join(ends) + closing
        case Boost(inner, factor):
            return f"{_group(inner)}^{factor:g}"
        case Field(name, inner):
            return f"{name}:{_group(inner)}"
        case And(nodes):
            return "(" + " AND ".join(map(_group, nodes)) + ")"
        case Or(nodes):
            return "(" + " OR ".join(map(_group, nodes)) + ")"
        case Not(inner):
            return f"(NOT {_group(inner)})"


def _slop(slop: int, ordered: bool) -> str:
    return (f"~{slop}" if slop else "") if ordered else f"~~{slop}"


def _clause(clause: Clause) -> str:
    sign = {Occur.SHOULD: "", Occur.MUST: "+", Occur.MUST_NOT: "-"}[clause.occur]
    return sign + _group(clause.node)


def _group(node: Node) -> str:
    return f"[{shown(node)}]" if isinstance(node, Clauses) else shown(node)


SYNTAX = [
    pytest.param("", "", id="empty"),
    pytest.param("  \t\n", "", id="blank"),
    pytest.param("كتاب", "كتاب", id="word"),
    pytest.param("الحشد  الشعبي", "الحشد الشعبي", id="words"),
    pytest.param('"الحشد الشعبي"', '"الحشد الشعبي"', id="phrase"),
    pytest.param("«الحشد الشعبي»", '"الحشد الشعبي"', id="phrase-guillemets"),
    pytest.param("“الحشد الشعبي”", '"الحشد الشعبي"', id="phrase-curly"),
    pytest.param("„a b“", '"a b"', id="phrase-low"),
    pytest.param('«قال "نعم"»', '"قال "نعم""', id="quotes-in-a-phrase"),
    pytest.param('كلمة"عبارة"بعد', 'كلمة "عبارة" بعد', id="phrase-without-spaces"),
    pytest.param('"أ" "ب"', '"أ" "ب"', id="two-phrases"),
    pytest.param('"+أ -ب OR"', '"+أ -ب OR"', id="no-syntax-in-a-phrase"),
    pytest.param('"أ ب"~3', '"أ ب"~3', id="slop"),
    pytest.param('"أ ب"~', '"أ ب"~1', id="slop-default"),
    pytest.param('"أ ب"~٣', '"أ ب"~3', id="slop-arabic-digit"),
    pytest.param('("أ ب"~3)', '["أ ب"~3]', id="slop-in-parentheses"),
    pytest.param("=كتاب", '="كتاب"', id="exact-word"),
    pytest.param('="البيت الأبيض"', '="البيت الأبيض"', id="exact-phrase"),
    pytest.param('+="أ ب" -=ج', '+="أ ب" -="ج"', id="exact-signed"),
    pytest.param("+حشد -شعبي", "+حشد -شعبي", id="signs"),
    pytest.param("−شعبي", "-شعبي", id="minus-sign"),
    pytest.param('+"أ ب" -(ج د)', '+"أ ب" -[ج د]', id="signed-groups"),
    pytest.param("أ AND ب", "(أ AND ب)", id="and"),
    pytest.param("أ OR ب OR ج", "(أ OR ب OR ج)", id="or"),
    pytest.param("أ OR ب AND ج", "(أ OR (ب AND ج))", id="and-binds-tighter-than-or"),
    pytest.param("(أ OR ب) AND ج", "([(أ OR ب)] AND ج)", id="parentheses-first"),
    pytest.param("أ ب OR ج د", "أ (ب OR ج) د", id="or-binds-tighter-than-nothing"),
    pytest.param("أ AND NOT ب", "(أ AND (NOT ب))", id="and-not"),
    pytest.param("أ OR NOT ب AND ج", "(أ OR ((NOT ب) AND ج))", id="not-binds-tightest"),
    pytest.param("أ NOT ب", "أ -ب", id="not-beside-others-is-minus"),
    pytest.param("NOT أ", "-أ", id="not-alone-is-minus"),
    pytest.param("أ AND NOT NOT ب", "(أ AND (NOT (NOT ب)))", id="not-not"),
    pytest.param("+أ OR ب", "+(أ OR ب)", id="sign-of-the-whole-or"),
    pytest.param("((أ))", "[[أ]]", id="nested"),
    pytest.param("(أ)(ب)", "[أ] [ب]", id="groups-without-spaces"),
    pytest.param("title:كتاب", "title:كتاب", id="field"),
    pytest.param("قسم:رياضة", "قسم:رياضة", id="field-in-arabic"),
    pytest.param('title:"أ ب"', 'title:"أ ب"', id="field-phrase"),
    pytest.param("title:(أ ب)", "title:[أ ب]", id="field-group"),
    pytest.param("title:كتا*", "title:pattern<كتا*>", id="field-pattern"),
    pytest.param("title:=كتاب", 'title:="كتاب"', id="field-exact"),
    pytest.param("+title:أ -text:ب", "+title:أ -text:ب", id="field-signed"),
    pytest.param("date:2024-05-01", "date:2024-05-01", id="field-date"),
    pytest.param("title:text:أ", "title:text:أ", id="field-in-field"),
    pytest.param("كتا*", "pattern<كتا*>", id="prefix"),
    pytest.param("*تاب", "pattern<*تاب>", id="suffix"),
    pytest.param("wild?card", "pattern<wild?card>", id="one-letter"),
    pytest.param("ك?ا*", "pattern<ك?ا*>", id="both-wildcards"),
    pytest.param("ك??ب", "pattern<ك??ب>", id="two-letters"),
    pytest.param("كتا*،", "pattern<كتا*>", id="punctuation-after-a-pattern"),
    pytest.param("#كتا*", "pattern<#كتا*>".replace("#", ""), id="hash-before-a-pattern"),
    pytest.param("*", "*", id="all"),
    pytest.param("* -أ", "* -أ", id="all-but"),
    pytest.param("كتاب~", "كتاب~1", id="fuzzy"),
    pytest.param("كتاب~2", "كتاب~2", id="fuzzy-two"),
    pytest.param("كتاب~٢", "كتاب~2", id="fuzzy-arabic-digit"),
    pytest.param("كتاب~0", "كتاب~0", id="fuzzy-none"),
]

PUNCTUATION = [
    pytest.param("F-16", "F-16", id="hyphen-in-a-word"),
    pytest.param("COVID-19", "COVID-19", id="hyphen-before-digits"),
    pytest.param("20/8", "20/8", id="slash"),
    pytest.param("آب/أغسطس", "آب/أغسطس", id="slash-between-words"),
    pytest.param("10:30", "10:30", id="time"),
    pytest.param("- من هو", "من هو", id="dash-before-a-space"),
    pytest.param("بغداد - دمشق", "بغداد دمشق", id="dash-between-spaces"),
    pytest.param("-- أ", "أ", id="two-dashes"),
    pytest.param("--أ", "-أ", id="two-dashes-before-a-word"),
    pytest.param("C++", "C++", id="plus-after"),
    pytest.param("x += 1", "x 1", id="plus-equals"),
    pytest.param("a == b", "a b", id="equals-equals"),
    pytest.param("a = b", "a b", id="equals-between-spaces"),
    pytest.param("a=b", "a=b", id="equals-in-a-word"),
    pytest.param("أ -؟", "أ ؟", id="dash-before-punctuation"),
    pytest.param("من هو?", "من هو?", id="question-mark"),
    pytest.param("من هو؟", "من هو؟", id="arabic-question-mark"),
    pytest.param("ماذا???", "ماذا???", id="question-marks"),
    pytest.param("ماذا?!", "ماذا?!", id="question-and-exclamation"),
    pytest.param("what? why", "what? why", id="question-mark-in-the-middle"),
    pytest.param("https://example.org/", "https://example.org/", id="address-without-query"),
    pytest.param("و", "و", id="waw-alone"),
    pytest.param("أ و ب", "أ و ب", id="waw-between"),
    pytest.param("and or not", "and or not", id="small-operators"),
    pytest.param("AND,", "AND,", id="operator-with-comma"),
    pytest.param("قال:نعم", "قال:نعم", id="arabic-word-before-colon"),
    pytest.param("title: كتاب", "title: كتاب", id="field-name-and-space"),
    pytest.param("note:", "note:", id="colon-at-the-end"),
    pytest.param("std::vector", "std::vector", id="two-colons"),
    pytest.param("a~b", "a~b", id="tilde-in-a-word"),
    pytest.param("~5", "~5", id="tilde-in-front"),
    pytest.param("»أ", "أ", id="closing-mark-alone"),
    pytest.param("«أ", "أ", id="opening-mark-alone"),
    pytest.param("”أ\0", "أ\0", id="closing-mark-and-nul"),
    pytest.param("print()", "print ()", id="empty-parentheses"),
    pytest.param("( -- )", "( -- )", id="parentheses-around-nothing"),
    pytest.param("#الحشد_الشعبي @user", "#الحشد_الشعبي @user", id="hashtag"),
    pytest.param("-#وسم", "-#وسم", id="minus-hashtag"),
    pytest.param(":) أ", "أ", id="smiley"),
    pytest.param("أ:)", "أ:", id="smiley-after-a-word"),
    pytest.param("it's 5$", "it's 5$", id="apostrophe"),
]


@pytest.mark.parametrize(("query", "tree"), SYNTAX)
def test_syntax(query, tree):
    assert shown(parse(query, FIELDS)) == tree


@pytest.mark.parametrize(("query", "tree"), PUNCTUATION)
def test_punctuation_is_no_syntax(query, tree):
    assert shown(parse(query, FIELDS)) == tree


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("http://example.org/a?b=c", id="address"),
        pytest.param("example.org/a?b=c&d=e", id="without-a-scheme"),
        pytest.param("نعم?!لا", id="signs-after-it"),
    ],
)
def test_a_question_mark_among_other_signs_is_text(query):
    assert shown(parse(query)) == query


@pytest.mark.parametrize(
    ("query", "position", "reason"),
    [
        pytest.param('أ "ب ج', 2, "has no partner", id="unclosed-quotation"),
        pytest.param('شاشة 27"', 7, "has no partner", id="inches"),
        pytest.param("أ (ب", 2, "is not closed", id="unclosed-parenthesis"),
        pytest.param("((أ)", 0, "is not closed", id="outer-parenthesis-unclosed"),
        pytest.param("أ) ب", 1, "closes nothing", id="closing-parenthesis"),
        pytest.param("AND أ", 0, "AND needs something before it", id="and-first"),
        pytest.param("OR", 0, "OR needs something before it", id="or-alone"),
        pytest.param("أ AND", 2, "AND needs something after it", id="and-last"),
        pytest.param("أ OR OR ب", 2, "OR needs something after it", id="or-or"),
        pytest.param("+title:(أ OR -ب) ج", 10, "OR needs something after it", id="or-minus"),
        pytest.param("(أ OR) ب", 3, "OR needs something after it", id="or-before-closing"),
        pytest.param("NOT", 0, "NOT needs something after it", id="not-alone"),
        pytest.param("أ AND -ب", 2, "AND needs something after it", id="minus-after-and"),
        pytest.param("+AND", 0, r"\+ needs something after it", id="plus-operator"),
        pytest.param("title:AND", 0, "title needs something after it", id="field-operator"),
        pytest.param("=(أ)", 0, "= needs a word", id="exact-group"),
        pytest.param("=كتا*", 0, "= needs a word", id="exact-pattern"),
        pytest.param("أ author:علي", 2, "no field 'author'.*space after the colon", id="field"),
        pytest.param("كتاب~3", 4, "by 2 letters at most", id="fuzzy-too-far"),
        pytest.param("كتاب~" + "9" * 5000, 4, "by 2 letters at most", id="fuzzy-enormous"),
        pytest.param('"أ ب"~100', 5, "at most 99 words", id="slop-too-wide"),
        pytest.param('"أ ب"~' + "9" * 5000, 5, "at most 99 words", id="slop-enormous"),
        pytest.param("(" * 51 + "أ", 50, "deeper than 50", id="too-deep"),
        pytest.param("(" * 9000, 50, "deeper than 50", id="far-too-deep"),
        pytest.param("أ AND " + "NOT " * 51 + "ب", 206, "deeper than 50", id="too-many-nots"),
    ],
)
def test_errors(query, position, reason):
    with pytest.raises(QuerySyntaxError, match=reason) as caught:
        parse(query, FIELDS)
    assert caught.value.position == position
    assert caught.value.query == query
    assert f"at character {position + 1}:" in str(caught.value)


def test_fifty_levels_are_allowed():
    assert leaves(parse("(" * 50 + "أ" + ")" * 50)) == [("أ", 50)]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        pytest.param('أ "ب ج" =د', ["أ", "ب ج", "د"], id="leaves"),
        pytest.param("  كتا*  ك~", ["كتا*", "ك"], id="pattern-and-fuzzy"),
        pytest.param('+title:(أ OR ب) ،كتا*، ="ج د"', ["أ", "ب", "كتا*", "ج د"], id="within"),
    ],
)
def test_leaves_know_where_they_stood(query, texts):
    assert [query[at : at + len(text)] for text, at in leaves(parse(query, FIELDS))] == texts


def leaves(node: Node) -> list[tuple[str, int]]:
    match node:
        case Clauses(clauses):
            return [term_weight for clause in clauses for term_weight in leaves(clause.node)]
        case And(nodes) | Or(nodes):
            return [term_weight for each in nodes for term_weight in leaves(each)]
        case Not(inner) | Field(_, inner):
            return leaves(inner)
        case Boost(inner, _, position):
            return [*leaves(inner), ("^", position)]
        case Range(lower, upper, position):
            return [*((end.text, end.position) for end in (lower, upper) if end)]
        case MatchAll():
            return []
        case FreeText() | Phrase() | Exact() | Wildcard() | Fuzzy() | Comparison():
            return [(node.text, node.position)]


PARTS = st.sampled_from(
    [
        *'+-−=()"«»“”„~*?:؟،.;!#/\\\0\u200f\u064b 12٣',
        "AND",
        "OR",
        "NOT",
        " AND ",
        "title:",
        "x:",
        "كتاب",
        "و",
        "book",
        "\n",
        "😀",
        "\ud800",
        "~2",
        "http://",
        *"^|&!<>[]{}≥,",
        "^2",
        "^_^",
        "~~3",
        "date>=",
        "date:[2020 TO 2021]",
        " TO ",
        ":)",
        "عنوان:",
        "NEAR/5",
    ]
)


@given(st.lists(PARTS, max_size=25).map("".join) | st.text(max_size=40))
@example("=")
@example('""~')
@example("*~٣")
def test_any_string_parses_or_has_an_error_at_one_of_its_characters(query):
    try:
        found = leaves(parse(query, FIELDS))
    except QuerySyntaxError as error:
        found = [(query[error.position], error.position)]
    for text, position in found:
        assert position >= 0
        assert query[position : position + len(text)] == text


@given(st.text(max_size=40))
def test_plain_text_is_one_leaf(query):
    assert leaves(parse_plain(query)) == [(query, 0)]


def test_a_long_query_is_fast():
    words = " ".join(f"كلمة{number}" for number in range(20_000))
    assert len(parse(words).clauses) == 20_000


@given(
    st.lists(
        st.sampled_from(
            ["ا", "بيت", "AND", "OR", "NOT", " ", "  ", "\t", "\x1c", "\xa0", "٣", "_", "ً", "-"]
        ),
        max_size=12,
    ).map("".join)
)
@example("AND")
@example("xANDy OR")
def test_plain_words_are_read_as_by_the_parser(query):
    """Queries without syntax take a shorter way to the same tree."""
    wanted: object
    try:
        wanted = GrammarParser(query, {}).parse()
    except QuerySyntaxError as error:
        wanted = str(error)
    try:
        assert parse(query) == wanted
    except QuerySyntaxError as error:
        assert str(error) == wanted


def test_long_queries_without_syntax_at_first():
    """Whatever its end is, no query is scanned repeatedly."""
    assert len(parse("ا " * 20_000 + ".").clauses) == 20_001
    assert len(parse("ا" + " " * 100_000 + ".").clauses) == 2


@pytest.mark.parametrize(
    "part",
    ["?", "[", '["', "[ ", "[a TO ", "^", "^1", "~", "1.", "a>", "|", "&", ":)", "!", "a  >"],
)
def test_long_queries_of_signs_are_read_in_linear_time(part):
    started = time.process_time()
    with contextlib.suppress(QuerySyntaxError):
        parse("كتاب " + part * 30_000, FIELDS)
    assert time.process_time() - started < 5
