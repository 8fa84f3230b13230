from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest

from searchd.results import Highlight, Hit, Results, SearchedTerm, Snippet

MOMENT = datetime(2024, 5, 1, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("snippet", "html", "marked"),
    [
        pytest.param(Snippet("نص", 0, 2), "نص", "نص", id="plain"),
        pytest.param(
            Snippet("قرأ الكِتَابَ", 0, 13, (Highlight(4, 13, "surface"),)),
            "قرأ <mark>الكِتَابَ</mark>",
            "قرأ [الكِتَابَ]",
            id="one-highlight",
        ),
        pytest.param(
            Snippet("أ ب ج", 0, 5, (Highlight(0, 1, "surface"), Highlight(4, 5, "surface"))),
            "<mark>أ</mark> ب <mark>ج</mark>",
            "[أ] ب [ج]",
            id="at-both-ends",
        ),
        pytest.param(
            Snippet("أب", 0, 2, (Highlight(0, 1, "surface"), Highlight(1, 2, "surface"))),
            "<mark>أ</mark><mark>ب</mark>",
            "[أ][ب]",
            id="touching",
        ),
        pytest.param(
            Snippet("نص", 5, 7, before=True, after=True), "… نص …", "… نص …", id="cut-at-both-ends"
        ),
        pytest.param(
            Snippet("<script>&\"'</script>", 0, 20, (Highlight(1, 7, "surface"),)),
            "&lt;<mark>script</mark>&gt;&amp;&quot;&#x27;&lt;/script&gt;",
            "<[script]>&\"'</script>",
            id="markup-in-the-text",
        ),
        pytest.param(
            Snippet("<b>", 0, 3, (Highlight(0, 3, "surface"),)),
            "<mark>&lt;b&gt;</mark>",
            "[<b>]",
            id="markup-in-a-highlight",
        ),
        pytest.param(
            Snippet("😀أ", 0, 2, (Highlight(1, 2, "surface"),)),
            "😀<mark>أ</mark>",
            "😀[أ]",
            id="astral",
        ),
    ],
)
def test_rendering(snippet, html, marked):
    assert snippet.to_html() == html
    assert snippet.to_html("b") == html.replace("mark>", "b>")
    assert snippet.render("[", "]") == marked
    assert snippet.render("", "") == marked.replace("[", "").replace("]", "")


HIT = Hit(
    rank=1,
    id="١",
    title="عنوان",
    score=1.5,
    url="http://example.org",
    date=MOMENT,
    fields={"word": "قسم", "words": ("أ", "ب"), "number": 2.5, "moment": MOMENT},
    title_highlights=(Highlight(0, 5, "lemma"),),
    snippets=(Snippet("<نص>", 3, 7, (Highlight(1, 3, "surface"),), before=True),),
)


def test_to_dict_is_plain_and_whole():
    results = Results(
        query='"نص"',
        total=7,
        hits=(HIT, Hit(2, "2", "", None)),
        offset=3,
        terms=(
            SearchedTerm("النص", "النص", "نص", 7, "نص", written="النَّص"),
            SearchedTerm("نصصص", "نصصص", "نصصص", 0, similar=("نص", "نصر"), synonyms=("متن",)),
        ),
        common=("في",),
        suggestions=("نصر",),
        took=0.12345678,
    )
    values = json.loads(json.dumps(results.to_dict(), allow_nan=False))
    assert values == {
        "query": '"نص"',
        "total": 7,
        "offset": 3,
        "took": 0.123457,
        "terms": [
            {
                "text": "النص",
                "surface": "النص",
                "written": "النَّص",
                "stem": "نص",
                "lemma": "نص",
                "documents": 7,
                "similar": [],
                "synonyms": [],
            },
            {
                "text": "نصصص",
                "surface": "نصصص",
                "written": "نصصص",
                "stem": "نصصص",
                "lemma": "",
                "documents": 0,
                "similar": ["نص", "نصر"],
                "synonyms": ["متن"],
            },
        ],
        "common": ["في"],
        "suggestions": ["نصر"],
        "correction": None,
        "conditions": [],
        "facets": [],
        "groups": [],
        "group_count": None,
        "cursor": None,
        "hits": [
            {
                "rank": 1,
                "id": "١",
                "score": 1.5,
                "title": "عنوان",
                "title_highlights": [{"start": 0, "end": 5, "level": "lemma"}],
                "url": "http://example.org",
                "date": "2024-05-01T13:30:00+00:00",
                "fields": {
                    "word": "قسم",
                    "words": ["أ", "ب"],
                    "number": 2.5,
                    "moment": "2024-05-01T13:30:00+00:00",
                },
                "snippets": [
                    {
                        "text": "<نص>",
                        "start": 3,
                        "end": 7,
                        "highlights": [{"start": 1, "end": 3, "level": "surface"}],
                        "before": True,
                        "after": False,
                        "html": "… &lt;<mark>نص</mark>&gt;",
                        "place": None,
                    }
                ],
            },
            {
                "rank": 2,
                "id": "2",
                "score": None,
                "title": "",
                "title_highlights": [],
                "url": "",
                "date": None,
                "fields": {},
                "snippets": [],
            },
        ],
    }


def test_html_may_name_the_levels():
    snippet = Snippet("كتب وكتاب", 0, 9, (Highlight(0, 3, "lemma"), Highlight(4, 9, "stem")))
    assert snippet.to_html(levels=True) == (
        '<mark data-level="lemma">كتب</mark> <mark data-level="stem">وكتاب</mark>'
    )
    assert snippet.to_html() == "<mark>كتب</mark> <mark>وكتاب</mark>"


def test_an_empty_answer():
    assert json.loads(json.dumps(Results("", 0, ()).to_dict()))["hits"] == []


def test_a_title_is_shown_like_a_passage():
    assert HIT.title_snippet().to_html() == "<mark>عنوان</mark>"


def test_results_are_values():
    results = Results("نص", 1, (HIT,))
    assert pickle.loads(pickle.dumps(results)) == results
    with pytest.raises(AttributeError):
        results.total = 5  # type: ignore[misc]
