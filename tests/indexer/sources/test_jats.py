from __future__ import annotations

import pytest

from indexer.places import Place, PlaceKind
from tests.indexer.sources.conftest import values_of

META = """<front><journal-meta><journal-title-group><journal-title>مجلة</journal-title>
</journal-title-group><publisher><publisher-name>ناشر</publisher-name></publisher></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1/a</article-id>
<title-group><article-title>عنوان <italic>المقال</italic></article-title><subtitle>فرعي</subtitle>
</title-group><contrib-group><contrib contrib-type="author"><name><surname>علي</surname>
<given-names>محمد</given-names></name></contrib><contrib contrib-type="author"><collab>لجنة</collab>
</contrib><contrib contrib-type="editor"><collab>محرر</collab></contrib></contrib-group>
<pub-date><day>5</day><month>3</month><year>2020</year></pub-date>
<abstract><p>ملخص</p></abstract><kwd-group><kwd>علم</kwd></kwd-group></article-meta></front>"""


def article(body: str, front: str = "") -> bytes:
    doctype = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS.dtd">'
    return f'{doctype}<article xml:lang="ar">{front}<body>{body}</body></article>'.encode()


def test_metadata(read_stored):
    (item,) = read_stored("a.xml", article("<p>نص</p>", META))
    assert values_of(item) == {
        "id": "a.xml",
        "title": "عنوان المقال: فرعي",
        "author": ["محمد علي", "لجنة"],
        "date": "2020-03-05",
        "journal": "مجلة",
        "publisher": "ناشر",
        "subject": ["علم"],
        "doi": "10.1/a",
        "url": "https://doi.org/10.1/a",
        "language": "ar",
        "text": "ملخص\nنص",
    }


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(
            "<sec><title>باب</title><p>قال<xref ref-type='fn'>1</xref> زيد<fn><p>شرح</p></fn>.</p></sec>",
            "باب\nقال زيد.\nشرح",
            id="footnote",
        ),
        pytest.param("<p>كما <xref ref-type='bibr'>[1, 2]</xref> ثبت</p>", "كما ثبت", id="numbers"),
        pytest.param(
            "<p>كما (<xref ref-type='bibr'>علي 2010</xref>)</p>", "كما (علي 2010)", id="names-stay"
        ),
        pytest.param("<p>ا&nbsp;ب<break/>ج</p>", "ا ب ج", id="entities-and-breaks"),
        pytest.param("<list><list-item><p>أ</p></list-item></list>", "أ", id="list"),
        pytest.param(
            "<p>عدد <inline-formula><tex-math>x</tex-math></inline-formula></p>", "عدد", id="tex"
        ),
    ],
)
def test_text(read_stored, body, text):
    (item,) = read_stored("a.xml", article(body))
    assert item.values["text"] == text


def test_sections_are_places(read_stored):
    (item,) = read_stored("a.nxml", article("<sec><title>باب</title><p>نص</p></sec>"))
    assert item.places == (Place(0, PlaceKind.CHAPTER, "باب"),)


def test_a_file_of_several_articles(read_stored):
    markup = (
        b"<pmc-articleset>" + article("<p>x</p>", META).partition(b">")[2] + b"</pmc-articleset>"
    )
    (item,) = read_stored("a.xml", markup)
    assert (values_of(item)["id"], item.is_named) == ("a.xml#10.1/a", False)
