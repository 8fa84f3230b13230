from __future__ import annotations

import pytest

from indexer.places import Place, PlaceKind
from tests.indexer.sources.conftest import values_of


def tei(body: str, header: str = "", attributes: str = 'xml:lang="ar"') -> bytes:
    return (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0" {attributes}><teiHeader><fileDesc>{header}'
        f"</fileDesc></teiHeader><text><body>{body}</body></text></TEI>"
    ).encode()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("<p>وكان\n   <num>سبعة</num> رجال</p><p>ثم</p>", "وكان سبعة رجال\nثم", id="p"),
        pytest.param("<head>باب</head><lg><l>صدر</l><l>عجز</l></lg>", "باب\nصدر\nعجز", id="verse"),
        pytest.param("<l><seg>صدر</seg><seg>عجز</seg></l>", "صدر عجز", id="halves-of-a-verse"),
        pytest.param("<p>أول<lb/>ثان</p>", "أول ثان", id="line-break"),
        pytest.param('<p>كتا<lb break="no"/>بان</p>', "كتابان", id="line-break-in-a-word"),
        pytest.param('<p>كتا<pb n="2" break="no"/>بان</p>', "كتابان", id="page-break-in-a-word"),
        pytest.param(
            "<p>قال<note>شرح</note> زيد.</p><p>ثم</p>", "قال زيد.\nشرح\nثم", id="footnote"
        ),
        pytest.param('<p>قال <note place="inline">شرح</note></p>', "قال\nشرح", id="inline-note"),
        pytest.param("<p>قال<ref type='noteAnchor'>١</ref> زيد</p>", "قال زيد", id="note-anchor"),
        pytest.param(
            "<p><choice><sic>كتت</sic><corr>كتب</corr></choice> و"
            "<choice><orig>هاذا</orig><reg>هذا</reg></choice></p>",
            "كتب وهذا",
            id="corrections",
        ),
        pytest.param("<p><choice><unclear>ا</unclear></choice></p>", "ا", id="choice-of-one"),
        pytest.param("<p><del>محو</del>بقي<fw>رأس</fw></p>", "بقي", id="deletions-running-heads"),
        pytest.param("<p><app><lem>نص</lem><rdg>غيره</rdg></app></p>", "نص", id="variants"),
        pytest.param("<table><row><cell>أ</cell><cell>ب</cell></row></table>", "أ\nب", id="cells"),
    ],
)
def test_text(read_stored, body, text):
    (item,) = read_stored("a.xml", tei(body))
    assert item.values["text"] == text
    assert item.is_named
    assert item.is_markup


def test_pages_are_places(read_stored):
    body = '<pb n="5"/><p>أول <pb n="6"/>ثان</p><pb/><p>ثالث</p><pb n="7"/>'
    (item,) = read_stored("a.xml", tei(body))
    assert item.values["text"] == "أول ثان\nثالث"
    assert item.places == (Place(0, PlaceKind.PAGE, "5"), Place(4, PlaceKind.PAGE, "6"))


def test_a_note_is_on_the_page_that_refers_to_it(read_stored):
    body = '<pb n="1"/><p>قال<note>شرح</note> ثم <pb n="2"/>ذهب</p><p>نهاية</p>'
    (item,) = read_stored("a.xml", tei(body))
    text = item.values["text"]
    assert text == "قال ثم ذهب\nشرح\nنهاية"
    assert [(text[place.start :].split()[0], place.label) for place in item.places] == [
        ("قال", "1"),
        ("ذهب", "2"),
        ("شرح", "1"),
        ("نهاية", "2"),
    ]


def test_of_several_editions_the_one_with_page_numbers_counts(read_stored):
    body = (
        '<pb ed="web" n="n8-p1"/><pb ed="print" n="369"/><p>أول'
        '<pb ed="web"/> ثان <pb ed="print" n="370"/>ثالث</p>'
    )
    (item,) = read_stored("a.xml", tei(body))
    assert [(place.start, place.label) for place in item.places] == [(0, "369"), (8, "370")]


def test_without_pages_the_places_are_the_chapters(read_stored):
    body = "<div><head>باب <hi>أول</hi></head><p>نص</p></div><div><head>باب ثان</head></div>"
    (item,) = read_stored("a.xml", tei(body))
    assert item.places == (
        Place(0, PlaceKind.CHAPTER, "باب أول"),
        Place(11, PlaceKind.CHAPTER, "باب ثان"),
    )


def test_metadata(read_stored):
    header = (
        "<titleStmt><title type='sub'>فرعي</title><title>المقتبس</title>"
        "<author><persName>محمد كرد علي</persName><persName>Kurd ʿAlī</persName></author></titleStmt>"
        "<publicationStmt><publisher>ناشر</publisher><idno type='url'>https://a.b/c</idno>"
        "<date when='2020'/></publicationStmt>"
        "<sourceDesc><biblStruct><monogr><imprint><date calendar='#islamic'>شعبان ١٣٢٤</date>"
        "<date when='1906-09-20'/><publisher>مطبعة</publisher></imprint></monogr></biblStruct>"
        "</sourceDesc>"
    )
    (item,) = read_stored("a.xml", tei("<p>نص</p>", header))
    assert values_of(item) == {
        "id": "a.xml",
        "title": "المقتبس",
        "author": ["محمد كرد علي"],
        "date": "1906-09-20",
        "publisher": "مطبعة",
        "url": "https://a.b/c",
        "language": "ar",
        "text": "نص",
    }


def test_a_corpus_is_a_record_per_text(read_stored):
    one, two = tei("<p>أ</p>", attributes='xml:id="t1"'), tei("<p>ب</p>")
    corpus = b"<teiCorpus><teiHeader/>\n" + one + b"\n" + two + b"</teiCorpus>"
    items = read_stored("a.xml", corpus)
    ids = [(values_of(item)["id"], item.values["text"], item.is_named) for item in items]
    assert ids == [("a.xml#t1", "أ", False), ("a.xml#3", "ب", False)]


def test_an_empty_text_is_a_bad_record(read_stored):
    (item,) = read_stored("a.xml", tei(""))
    assert item.reason == "<TEI> has neither a title nor a text"
