from __future__ import annotations

import pytest

from indexer.places import PlaceKind
from tests.indexer.sources.office.packages import epub

METADATA = (
    "<dc:title>كتاب</dc:title><dc:creator>أول</dc:creator><dc:creator>ثان</dc:creator>"
    "<dc:language>ar</dc:language><dc:date>2012</dc:date><dc:publisher>دار</dc:publisher>"
)
PAGES = {
    "b.xhtml": "<html><head><title/></head><body><h1>الثاني</h1><p>نص ثان</p></body></html>",
    "a.xhtml": "<html><head><script src='x'/></head><body><p>نص أول</p><aside>حاشية</aside></body>",
}


def test_chapters_are_places_in_the_order_of_reading(read):
    (record,) = read("a.epub", epub(PAGES, "c1 c0 c1 missing", metadata=METADATA))
    assert record.values == {
        "id": "a.epub",
        "title": "كتاب",
        "author": ["أول", "ثان"],
        "language": "ar",
        "date": "2012",
        "publisher": "دار",
        "text": "نص أول\nحاشية\n\nالثاني\nنص ثان",
    }
    assert [(place.kind, place.label) for place in record.places] == [
        (PlaceKind.CHAPTER, "1"),
        (PlaceKind.CHAPTER, "الثاني"),
    ]


NAV = '<item id="n" href="text/nav.xhtml" media-type="x" properties="nav"/>'
NCX = '<item id="n" href="toc.ncx" media-type="x"/>'


@pytest.mark.parametrize(
    ("more", "others"),
    [
        pytest.param(
            NAV,
            {"OPS__text__nav.xhtml": '<nav><a href="a.xhtml#x">الفصل <b>الأول</b></a></nav>'},
            id="epub-3",
        ),
        pytest.param(
            NCX,
            {
                "OPS__toc.ncx": "<ncx><navPoint><navLabel><text>الفصل الأول</text></navLabel>"
                '<content src="text/a.xhtml"/></navPoint></ncx>'
            },
            id="epub-2",
        ),
    ],
)
def test_titles_come_from_the_table_of_contents(read, more, others):
    (record,) = read("a.epub", epub(PAGES, "c1 n c0", more=more, **others))
    assert [place.label for place in record.places] == ["الفصل الأول", "الثاني"]
    assert "الفصل الأول" not in record.values["text"]


def test_a_book_without_an_order_is_read_in_that_of_its_files(read):
    (record,) = read("a.epub", epub(PAGES, ""))
    assert [place.label for place in record.places] == ["الثاني", "2"]


def test_a_chapter_that_is_missing_costs_that_chapter(read):
    more = '<item id="x" href="text/gone.xhtml" media-type="application/xhtml+xml"/>'
    bad, record = read("a.epub", epub(PAGES, "x c0", more=more))
    assert bad.origin.endswith("a.epub/OPS/text/gone.xhtml")
    assert "lacks its part" in bad.reason
    assert record.values["text"] == "الثاني\nنص ثان"


@pytest.mark.parametrize(
    ("algorithm", "is_protected"),
    [
        ("http://www.idpf.org/2008/embedding", False),
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True),
    ],
)
def test_a_book_that_is_protected_is_named_and_one_with_obfuscated_fonts_is_read(
    read, algorithm, is_protected
):
    encryption = f'<encryption><EncryptionMethod Algorithm="{algorithm}"/></encryption>'
    (item,) = read("a.epub", epub(PAGES, "c0", **{"META-INF__encryption.xml": encryption}))
    assert ("protected against copying" in getattr(item, "reason", "")) is is_protected
