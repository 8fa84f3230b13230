"""The query language through an engine: what each form finds, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchd.engine import Engine
from searchd.errors import QuerySyntaxError
from tests.searchd.query.language import write_documents


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    directory = tmp_path_factory.mktemp("language") / "index"
    write_documents(directory)
    with Engine(directory) as opened:
        yield opened


RANGES = [
    pytest.param("date:[2020 TO 2021]", "bcd", id="both-years-whole"),
    pytest.param("date:{2020 TO 2022}", "d", id="years-excluded"),
    pytest.param("date:[2020 TO 2021}", "bc", id="end-excluded"),
    pytest.param("date:{2019 TO 2020]", "bc", id="start-excluded"),
    pytest.param("date:[* TO 2020]", "abc", id="open-start"),
    pytest.param("date:[2021 TO *]", "de", id="open-end"),
    pytest.param("date:[* TO *]", "abcde", id="any-value"),
    pytest.param("date:[2020-06 TO 2020-06]", "c", id="one-month"),
    pytest.param("date:[٢٠٢٠ TO ٢٠٢١]", "bcd", id="arabic-digits"),
    pytest.param("date:[2020-06-15T12:00 TO 2021-12-31]", "cd", id="moment-to-day"),
    pytest.param("price:[-5 TO 7.5]", "abc", id="negative-and-fraction"),
    pytest.param("price:{-5 TO 7.5}", "b", id="numbers-excluded"),
    pytest.param("year:[2000 TO 2010]", "bcd", id="number-field"),
    pytest.param("date>=2021", "de", id="at-least"),
    pytest.param("date>2020", "de", id="after-the-year"),
    pytest.param("date<2020", "a", id="before-the-year"),
    pytest.param("date<=2020", "abc", id="to-the-end-of-the-year"),
    pytest.param("date:>=2021", "de", id="colon-and-sign"),
    pytest.param("date=2020", "bc", id="equals"),
    pytest.param("date!=2020", "adef", id="not-equal"),
    pytest.param("price!=5", "acdef", id="number-not-equal"),
    pytest.param("price:-5", "a", id="negative-number"),
    pytest.param("price>=-5", "abcd", id="at-least-a-negative-number"),
    pytest.param("year<2000", "a", id="below"),
    pytest.param("category!=تاريخ", "bdef", id="keyword-not-equal"),
    pytest.param("category=سيرة", "b", id="keyword-equals"),
    pytest.param('category="أخبار العراق"', "e", id="keyword-of-two-words"),
    pytest.param("date >= 2021", "de", id="spaces-around-the-sign"),
    pytest.param("date≥2021", "de", id="one-sign-for-at-least"),
    pytest.param("كتاب date>=2020", "abcde", id="beside-a-word"),
    pytest.param("+كتاب +date>=2020", "bc", id="beside-a-word-both-needed"),
    pytest.param("كتاب AND date:[2020 TO *]", "bc", id="and"),
    pytest.param("year<2000 OR year>2015", "ae", id="or"),
    pytest.param("كتاب NOT date<2020", "bc", id="not"),
    pytest.param("كتاب -date:[2020 TO 2020]", "a", id="minus"),
    pytest.param("* -date:[* TO *]", "f", id="without-a-value"),
    pytest.param("date:(>=2020 AND <2021)", "bc", id="group-of-comparisons"),
    pytest.param("(date>=2020 AND price<50)", "bc", id="in-parentheses"),
    pytest.param("date:*", "abcde", id="any-value-by-star"),
    pytest.param("price:(-5 OR 5)", "ab", id="negative-numbers-in-a-group"),
    pytest.param("price:(NOT -5)", "bcdef", id="not-a-negative-number"),
    pytest.param("date:(2019 OR >2021)", "ae", id="group-of-a-value-and-a-comparison"),
    pytest.param("date:(!2020)", "adef", id="exclamation-mark-in-a-group"),
    pytest.param('category:("أخبار العراق" | سيرة)', "be", id="group-of-values"),
    pytest.param('date>="2021-06"', "de", id="value-in-quotation-marks"),
    pytest.param("date>= 2021", "de", id="space-after-the-sign"),
    pytest.param("\u200fdate>=2021", "de", id="after-a-control"),
    pytest.param("price<=٧٫٥", "abc", id="arabic-fraction"),
    pytest.param("date:{* TO 2020}", "a", id="open-start-end-excluded"),
    pytest.param("title:*", "abcdef", id="any-word-in-a-text"),
    pytest.param("author:*", "a", id="any-word-in-an-extra-text"),
    pytest.param("category:* -category:تاريخ", "bde", id="any-keyword"),
    pytest.param("*:*", "abcdef", id="every-document-as-elsewhere"),
    pytest.param("!date:2020 +كتاب", "a", id="exclamation-mark-before-a-field"),
    pytest.param("date>=2020 AND (price<6 | price>50)", "bd", id="operators"),
    pytest.param("seen:[2020-02-29 TO 2020-02-29]", "b", id="extra-date-field"),
]

NAMES = [
    pytest.param("عنوان:مجلة", "c", id="title"),
    pytest.param("العنوان:مجلة", "c", id="title-with-article"),
    pytest.param("نص:رياضة", "d", id="text"),
    pytest.param("النص:رياضة", "d", id="text-with-article"),
    pytest.param("id:a", "a", id="id-in-english"),
    pytest.param("معرف:a", "a", id="id"),
    pytest.param("المعرّف:b", "b", id="id-with-mark"),
    pytest.param("تاريخ:2021", "d", id="date"),
    pytest.param("تاريخ>=2021", "de", id="date-compared"),
    pytest.param("التاريخ:[2020 TO 2021]", "bcd", id="date-range"),
    pytest.param("مؤلف:حسين", "a", id="author"),
    pytest.param("تصنيف:رياضة", "d", id="category"),
    pytest.param("الفئة:رياضة", "d", id="category-otherwise"),
    pytest.param("عنوان: مجلة", "c", id="a-space-makes-it-text"),
    pytest.param("id:(a OR b)", "ab", id="ids"),
    pytest.param("id!=a", "bcdef", id="every-other-id"),
    pytest.param("معرف:zzz", "", id="no-such-id"),
    pytest.param("نص:(مجلة | جريدة)", "ce", id="group-in-a-text"),
    pytest.param('متن:"الأدب والكتاب"', "c", id="phrase-in-a-text"),
    pytest.param("كاتب:طه", "a", id="writer"),
    pytest.param("+تاريخ>=2020 +كتاب", "bc", id="date-required"),
    pytest.param("-id:a كتاب", "bc", id="id-excluded"),
]

ALTERNATIVES = [
    pytest.param("مجلة | جريدة", "ce", id="bar"),
    pytest.param("مجلة|جريدة", "ce", id="bar-without-spaces"),
    pytest.param("مجلة || جريدة", "ce", id="two-bars"),
    pytest.param("كتاب && مؤرخ", "b", id="two-ampersands"),
    pytest.param("كتاب AND (مؤرخ | مجلة)", "bc", id="bar-in-a-group"),
    pytest.param("+(مجلة | جريدة) -الأدب", "e", id="bar-in-a-required-group"),
    pytest.param("كتاب !مؤرخ", "ac", id="exclamation-mark"),
    pytest.param("كتاب && !مؤرخ", "ac", id="and-exclamation-mark"),
    pytest.param("title:(مجلة | جريدة)", "ce", id="bar-in-a-field"),
    pytest.param('"كتاب كبير" | رياضة', "bd", id="bar-after-a-phrase"),
    pytest.param("مجل*|جريد*", "ce", id="bar-between-patterns"),
]

NEAR = [
    pytest.param('"كتاب تاريخ"~5', "a", id="in-order-stays-in-order"),
    pytest.param('"كتاب تاريخ"~~5', "ab", id="any-order"),
    pytest.param('"تاريخ كتاب"~~5', "ab", id="any-order-turned"),
    pytest.param('"كتاب تاريخ"~~3', "a", id="any-order-window-too-small"),
    pytest.param('"كتاب تاريخ"~~4', "ab", id="any-order-window-just-enough"),
    pytest.param('"تاريخ كتاب"~~0', "a", id="adjacent-in-any-order"),
    pytest.param('"تاريخ كتاب"~~', "a", id="without-a-number"),
    pytest.param('"تاريخ كتاب مدينة"~~1', "a", id="three-words"),
    pytest.param('"كتاب كتاب"~~20', "", id="a-repeated-word-needs-two"),
    pytest.param('text:"تاريخ كتاب"~~٥', "ab", id="in-a-field"),
    pytest.param('="تاريخ كتاب"~~0', "a", id="exact-forms"),
    pytest.param('="الأدب كتاب"~~0', "", id="other-forms"),
    pytest.param('="كتاب المدينة"~0', "a", id="exact-forms-adjacent"),
    pytest.param('title:"المدينة كتاب"~~0', "a", id="in-the-title"),
    pytest.param('"مدينة كتاب تاريخ قديمة"~~0', "a", id="four-words"),
    pytest.param('"مدينة كتاب تاريخ قديمة"~~9 -id:b', "a", id="with-an-operator"),
    pytest.param('+"تاريخ كتاب"~~2', "a", id="required"),
    pytest.param('"كتاب"~~3', "abc", id="one-word"),
    pytest.param('="كتاب المدينة"~1', "a", id="exact-forms-in-order"),
    pytest.param("«كتاب تاريخ»~~5", "ab", id="other-quotation-marks"),
]


@pytest.mark.parametrize(("query", "expected"), [*RANGES, *NAMES, *ALTERNATIVES, *NEAR])
def test_what_is_found(engine, query, expected):
    assert "".join(sorted(engine.ids(query))) == expected


REFUSED = [
    pytest.param("كتاب^", 4, "number", id="boost-without-a-number"),
    pytest.param("^5", 0, "before", id="boost-of-nothing"),
    pytest.param("كتاب ^5", 5, "before", id="boost-after-a-space"),
    pytest.param("كتاب^x", 4, "number", id="boost-of-a-letter"),
    pytest.param("كتاب^-2", 4, "number", id="boost-negative"),
    pytest.param("كتاب^0", 4, "from 0.001 to 1000", id="boost-of-zero"),
    pytest.param("كتاب^1001", 4, "from 0.001 to 1000", id="boost-too-large"),
    pytest.param("كتاب^" + "9" * 5000, 4, "from 0.001 to 1000", id="boost-enormous"),
    pytest.param("كتاب^1e3", 4, "number", id="boost-with-exponent"),
    pytest.param("كتاب^2^3", 6, "one", id="boost-twice"),
    pytest.param('"كتاب تاريخ"^', 12, "number", id="boost-of-a-phrase"),
    pytest.param("(كتاب)^x", 6, "number", id="boost-of-a-group"),
    pytest.param("date:2020^2", 9, "no score", id="boost-of-a-date"),
    pytest.param("date>=2020^2", 10, "no score", id="boost-of-a-comparison"),
    pytest.param("category:تاريخ^2", 14, "no score", id="boost-of-a-keyword"),
    pytest.param("*^2", 1, "no score", id="boost-of-everything"),
    pytest.param("((كتاب^1000)^1000)", 6, "from 0.001 to 1000", id="boosts-multiplied"),
    pytest.param("كتاب^2~", 6, "before", id="tilde-after-a-boost"),
    pytest.param("title>=2021", 5, "title:", id="compared-text"),
    pytest.param("author=حسين", 6, "author:", id="equals-text"),
    pytest.param("yaer>=2021", 0, "no field 'yaer'", id="compared-unknown"),
    pytest.param("سنةالنشر>=2021", 0, "no field 'سنةالنشر'", id="compared-unknown-in-arabic"),
    pytest.param("a>b", 0, "no field 'a'", id="compared-letters"),
    pytest.param("title:[a TO b]", 6, "no order", id="range-of-text"),
    pytest.param("category:[أ TO ب]", 9, "no order", id="range-of-keywords"),
    pytest.param("category>أدب", 8, "no order", id="order-of-keywords"),
    pytest.param("date:[2020 TO 2021", 5, "not closed", id="range-not-closed"),
    pytest.param("date:[2020 2021]", 5, "TO", id="range-without-to"),
    pytest.param("date:[2020 to 2021]", 5, "TO", id="range-with-a-small-to"),
    pytest.param("date:[2021 TO 2020]", 5, "nothing", id="range-turned"),
    pytest.param("date:[أمس TO 2020]", 6, "not a date", id="range-of-no-date"),
    pytest.param("date:[2020 TO غدا]", 14, "not a date", id="range-to-no-date"),
    pytest.param("[2020 TO 2021]", 0, "field", id="range-without-a-field"),
    pytest.param("date>=", 4, "value", id="comparison-without-a-value"),
    pytest.param("date>=أمس", 6, "not a date", id="comparison-with-no-date"),
    pytest.param("price>غال", 6, "not a number", id="comparison-with-no-number"),
    pytest.param("price:غال", 6, "not a number", id="no-number"),
    pytest.param("date=>2021", 4, ">=", id="sign-turned"),
    pytest.param("date==2021", 4, "=", id="two-equals-signs"),
    pytest.param('"كتاب تاريخ"~~100', 12, "at most 99", id="window-too-wide"),
    pytest.param('"كتاب تاريخ"~x', 12, "number", id="slop-of-a-letter"),
    pytest.param('"كتاب تاريخ"~1.5', 12, "number", id="slop-of-a-fraction"),
    pytest.param("كتاب~~2", 4, "quotation", id="any-order-of-a-word"),
    pytest.param("كتاب~0.8", 4, "number", id="fuzzy-fraction"),
    pytest.param("(كتاب تاريخ)~2", 12, "~", id="tilde-after-a-group"),
    pytest.param('"كتاب"*', 6, r"\*", id="star-after-a-quotation"),
    pytest.param("(كتاب)*", 6, r"\*", id="star-after-a-group"),
    pytest.param("كتاب NEAR/5 تاريخ", 5, "~~5", id="near-as-a-word"),
    pytest.param("| كتاب", 0, "before", id="bar-first"),
    pytest.param("كتاب |", 5, "after", id="bar-last"),
    pytest.param("كتاب | | تاريخ", 5, "after", id="bar-twice"),
    pytest.param("title:كتاب|مجلة", 10, "parentheses", id="bar-glued-to-a-field"),
    pytest.param("كتاب && ", 5, "after", id="ampersands-last"),
    pytest.param("title::كتاب", 5, "colon", id="two-colons-after-a-field"),
    pytest.param("date>2020 <2021", 10, "name of a field", id="second-comparison-without-a-field"),
    pytest.param("نشر >= 2021", 4, "name of a field", id="unknown-name-before-a-spaced-sign"),
    pytest.param("title :كتاب", 5, "without a space", id="space-before-the-colon"),
    pytest.param("title = كتاب", 6, "title:", id="spaced-sign-after-a-text"),
    pytest.param('"كتاب تاريخ" ~3', 13, "right after", id="space-before-the-slop"),
    pytest.param('category:"أ ب"~2', 10, "whole values", id="slop-of-a-keyword"),
    pytest.param("category:أد*", 9, "whole values", id="pattern-of-a-keyword"),
    pytest.param("id>a", 2, "no order", id="order-of-ids"),
    pytest.param("id:a*", 3, "whole values", id="pattern-of-an-id"),
    pytest.param('*"كتاب"', 0, r"\*", id="star-before-a-quotation"),
    pytest.param("date<>2020", 4, "!=", id="unequal-as-elsewhere"),
    pytest.param(
        "date:2020-2021", 5, r"not a date.*a range is date:\[2020 TO 2021\]", id="range-with-a-dash"
    ),
    pytest.param("date:2020..2021", 5, r"not a date.*date:\[2020 TO 2021\]", id="range-with-dots"),
    pytest.param("تاريخ:أمس", 6, "not a date", id="no-date-by-an-arabic-name"),
    pytest.param("عنوان>كتاب", 5, "title:", id="compared-text-by-an-arabic-name"),
    pytest.param("title:(>=5)", 7, "name of a field", id="comparison-in-a-text"),
    pytest.param("date:[2020 TO 2021]^3", 19, "no score", id="boost-of-a-range"),
    pytest.param("(date>=2020 category:أدب)^3", 25, "no score", id="boost-of-conditions-alone"),
    pytest.param("كتاب^^2", 4, "number", id="two-carets"),
    pytest.param("كتاب^1/2", 4, "number", id="boost-of-a-quotient"),
    pytest.param("Author:حسين", 0, "author", id="field-in-capitals"),
    pytest.param("titel:كتاب", 0, "title", id="field-misspelled"),
]


@pytest.mark.parametrize(("query", "position", "reason"), REFUSED)
def test_what_is_refused(engine, query, position, reason):
    with pytest.raises(QuerySyntaxError, match=reason) as caught:
        engine.search(query)
    assert caught.value.position == position
    assert caught.value.query == query


PROSE = [
    "C++", "3>2", "3 > 2", "a > b", "10:30", "2:255", "قال: نعم", "قال:نعم", "عنوان: شيء",
    "https://example.org/a=b&c=d", "الرئيسية > أخبار > رياضة", "الرئيسية>أخبار", "<3", ":-)", "^_^", "هههه ^_^",
    "R&D", "AT&T", "x = 5", "a=b", "E=mc2", "100%", "#وسم @user", "[1] المرجع", "{نص}", "رائع!", "!!", "ماذا?!",
    "هههه^^", ":)", "شكرا :)", "شكرا:)", ":(", "<33", "> نص منقول", "<b>نص</b>", "if x = 5", "تاريخ > جغرافيا",
    "{نص بين قوسين}", "كذا/كذا", "أ.ب.ج", "3 × 4", "50%+", "لا!", "قال :نعم", "«نص»~".replace("~", ""),
    "->", "=>", "<- عودة", "20/8", "F-16", "آب/أغسطس", "السعر < 100", "C#", "$5", "user@example.org", "«قوس",
    "1) أولا".replace(")", "."), "ق.م.", "نعم...", "a & b", "٣:٤٥", "و/أو", "std::vector", "~5", "خبر - موقع", "½",
]  # fmt: skip


@pytest.mark.parametrize("query", PROSE)
def test_prose_is_searched_as_words(engine, query):
    """Pasted text is never refused for a sign that stands in it."""
    searched = [term.surface for term in engine.search(query).terms]
    plain = [term.surface for term in engine.search(query, syntax="plain").terms]
    assert sorted(searched) == sorted(plain)


PARTS = st.sampled_from(
    [
        *["كتاب", "تاريخ", "مجلة", "الكتب", "في", "و"],
        *" \t\"'()[]{}<>=!|&^~*?:+-.,،\u200f١2",
        *("title:", "عنوان:", "date:", "date>=", "price", "category:", "id:", "author", "x:"),
        *(
            "2020",
            "-5",
            "أدب",
            "a",
            "^2",
            "^0.5",
            "~2",
            "~~3",
            " TO ",
            "[2020 TO 2021]",
            "{* TO 5]",
        ),
        *(" AND ", " OR ", " NOT ", " | ", " && ", " !", '"كتاب تاريخ"', "كتا*", "كتاب~"),
    ]
)


@settings(max_examples=300)
@given(st.lists(PARTS, max_size=14).map("".join))
@example('"كتاب تاريخ"~~3^2 | title:(كتاب^3 -date>=2020)')
@example("date:(>=2020 AND <2021)^2")
def test_any_query_is_answered_and_adds_up_or_is_refused_at_one_of_its_characters(engine, query):
    try:
        results = engine.search(query, explain=True)
    except QuerySyntaxError as error:
        assert 0 <= error.position < len(query)
        return
    assert results.total == engine.count(query) == len(engine.ids(query))
    for hit in results:
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, rel=1e-4)
        for snippet in hit.snippets:
            ends = [0, *(end for mark in snippet.highlights for end in (mark.start, mark.end))]
            assert ends == sorted(ends)
            assert ends[-1] <= len(snippet.text)
