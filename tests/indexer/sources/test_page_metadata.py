from __future__ import annotations

import json

import pytest

ARTICLE = {
    "@type": ["NewsArticle"],
    "datePublished": "2024-05-01",
    "author": [{"@type": "Person", "name": "سلمى  الحداد"}, "نادر علي"],
}


def structured(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("markup", "author"),
    [
        pytest.param('<meta name="author" content="سلمى الحداد">', "سلمى الحداد", id="author"),
        pytest.param('<META NAME="DC.Creator" CONTENT="سلمى">', "سلمى", id="dublin-core"),
        pytest.param(
            '<meta name="citation_author" content="أ"><meta name="citation_author" content="ب">',
            "أ, ب",
            id="several",
        ),
        pytest.param(
            '<meta property="article:author" content="https://a.b/c"><a rel="author">نادر</a>',
            "نادر",
            id="address-is-no-name",
        ),
        pytest.param('<span itemprop="author"><b>نادر</b> علي</span>', "نادر علي", id="microdata"),
        pytest.param(structured(ARTICLE), "سلمى الحداد, نادر علي", id="structured-data"),
        pytest.param(structured([{"@graph": [{"@type": "x"}, ARTICLE]}]), "سلمى الحداد, نادر علي", id="graph"),
        pytest.param(structured({"@type": "Person", "author": "أ"}), None, id="no-article"),
        pytest.param('<script type="application/ld+json">{"a"</script>', None, id="broken-data"),
        pytest.param('<meta name="author">', None, id="empty"),
    ],
)  # fmt: skip
def test_the_author(read_stored, markup, author):
    (item,) = read_stored("a.html", f"<meta charset=utf-8>{markup}<p>نص</p>".encode())
    assert item.values.get("author") == author


@pytest.mark.parametrize(
    ("markup", "date"),
    [
        pytest.param(structured(ARTICLE), "2024-05-01", id="structured-data"),
        pytest.param('<meta name="dcterms.date" content="2021-03-14">', "2021-03-14", id="dcterms"),
        pytest.param('<meta name="date" content="2021-03-14">', "2021-03-14", id="old-name"),
        pytest.param('<meta itemprop="datePublished" content="2020-01-02">', "2020-01-02", id="microdata"),
        pytest.param('<meta name="date" content="الأحد">', None, id="no-date"),
        pytest.param(
            '<meta name="date" content="2021-03-14"><time datetime="2020-01-02">', "2020-01-02", id="order-of-trust"
        ),
        pytest.param(structured({"@type": "Article", "datePublished": 5}), None, id="no-text"),
    ],
)  # fmt: skip
def test_the_date(read_stored, markup, date):
    (item,) = read_stored("a.html", f"{markup}<p>نص</p>".encode())
    assert item.values.get("date") == date


def test_the_language_has_the_name_that_other_files_use(read_stored):
    (item,) = read_stored("a.xhtml", b'<html xml:lang="ar"><body><p>x</p>')
    assert (item.values["language"], item.values["lang"]) == ("ar", "ar")
