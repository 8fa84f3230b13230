from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources import BadRecord, Record, read_records


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("<p>الـ<b>كتاب</b> <i>جد</i>يد</p>", "الـكتاب جديد", id="inline-joins"),
        pytest.param("<p>أ</p><p>ب</p>", "أ\nب", id="paragraphs"),
        pytest.param("<div>أ<div>ب</div>ج</div>", "أ\nب\nج", id="nested-blocks"),
        pytest.param("أ<br>ب<br/>ج", "أ\nب\nج", id="line-breaks"),
        pytest.param("<ul><li>أ<li>ب</ul>", "أ\nب", id="list"),
        pytest.param("<table><tr><td>أ<td>ب</table>", "أ\nب", id="cells"),
        pytest.param("<p>أ\n   ب&nbsp;ج &amp; د</p>", "أ ب ج & د", id="white-space-entities"),
        pytest.param(
            "<header><nav>ق</nav>رأس</header><script>x</script><style>y</style><aside>ج</aside>"
            "<noscript><p>ن</p></noscript><template><p>ت</p></template><form>بحث</form>"
            "<p>نص</p><footer>ذيل</footer><!-- تعليق -->",
            "رأس\nنص",
            id="surroundings-dropped",
        ),
        pytest.param(
            "<p>قرأ <ruby>كلمة<rt>شرح</rt></ruby> واحدة", "قرأ كلمة واحدة\nشرح", id="ruby"
        ),
        pytest.param(
            "<p><ruby>سندس<rp>(</rp><rt>حرير</rt><rp>)</rp></ruby> أخضر<p>نص",
            "سندس أخضر\nحرير\nنص",
            id="ruby-with-brackets",
        ),
        pytest.param(
            "<p><ruby>ك<rt>k</rt>تب<rt>tb</rt></ruby>", "كتب\nk tb", id="ruby-within-a-word"
        ),
        pytest.param("<p><ruby><rb>قلم<rtc><rt>يراع</ruby>", "قلم\nيراع", id="ruby-of-old-pages"),
        pytest.param("<p><rt>وحده</rt>", "وحده", id="ruby-text-alone"),
        pytest.param("<form id=aspnetForm><p>نص</p></form>", "نص", id="page-in-a-form-kept"),
    ],
)
def test_text_of_the_body(read_stored, body, text):
    (item,) = read_stored("a.html", f"<meta charset=utf-8><body>{body}</body>".encode())
    assert item.values["text"] == text


@pytest.mark.parametrize(
    ("markup", "column", "value"),
    [
        pytest.param(
            "<h1><ruby>كلمة<rt>شرح</rt></ruby> جديدة</h1><p>نص", "title", "كلمة جديدة", id="ruby"
        ),
        pytest.param("<title> خبر\n جديد </title><h1>آخر</h1>", "title", "خبر جديد", id="title"),
        pytest.param(
            '<meta property="og:title" content="خبر"><h1>آخر</h1>', "title", "خبر", id="og"
        ),
        pytest.param("<h1>خبر</h1><p>نص", "title", "خبر", id="h1"),
        pytest.param("<title>خبر | صحيفة</title><h1>خبر</h1>", "title", "خبر", id="site"),
        pytest.param(
            "<title>خبر - صحيفة</title><h1>خبر</h1><p>نص", "text", "نص", id="site-and-text"
        ),
        pytest.param("<title>خبر عاجل</title><h1>خبر</h1>", "title", "خبر عاجل", id="no-site"),
        pytest.param("<h1>خبر</h1><p>نص", "text", "نص", id="title-not-twice"),
        pytest.param('<html lang="ar"><p>نص', "lang", "ar", id="lang"),
        pytest.param('<link rel=canonical href="https://a.b/c">', "url", "https://a.b/c", id="url"),
        pytest.param(
            '<meta property="article:published_time" content="2024-05-01T10:00:00Z">'
            '<time datetime="2020-01-01">',
            "date",
            "2024-05-01T10:00:00Z",
            id="published",
        ),
        pytest.param(
            '<time datetime="2h"></time><time datetime="2020-01-01">',
            "date",
            "2020-01-01",
            id="time-that-is-a-date",
        ),
    ],
)
def test_columns(read_stored, markup, column, value):
    (item,) = read_stored("a.htm", markup.encode())
    assert item.values[column] == value


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        pytest.param("<meta charset=windows-1256>", "cp1256", id="declared"),
        pytest.param(
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-6">',
            "iso8859_6",
            id="declared-in-content-type",
        ),
        pytest.param("<meta charset=windows-1256>", "utf-8", id="utf8-declared-wrongly"),
        pytest.param("<meta charset=utf-8>", "cp1256", id="1256-declared-wrongly"),
        pytest.param("<meta charset=rot13>", "cp1256", id="no-character-set"),
        pytest.param("<meta charset=windows-1252>", "utf-16", id="byte-order-mark-wins"),
    ],
)
def test_charset(read_stored, meta, encoding):
    markup = f"<html><head>{meta}</head><body><p>قال الوزير إن الحكومة ستعمل</p></body>"
    (item,) = read_stored("a.html", markup.encode(encoding))
    assert item.values["text"] == "قال الوزير إن الحكومة ستعمل"


@settings(deadline=None)
@given(data=st.binary() | st.text("<>/ptitlebody=\"'!-&;ك ").map(str.encode))
def test_arbitrary_bytes_never_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path: Path = tmp_path_factory.mktemp("any") / "a.html"
    path.write_bytes(data)
    (item,) = read_records([path])
    assert isinstance(item, Record | BadRecord)


def test_a_page_too_deep_for_the_parser_is_refused(read_stored):
    (bad,) = read_stored("a.html", b"<div>" * 4001 + b"x")
    assert "more than 4,000 elements within each other" in bad.reason
    (bad,) = read_stored("a.html", b"<div><b>" * 2001 + b"x" + b"</b></div>" * 2001)
    assert "more than 4,000 elements within each other" in bad.reason


@pytest.mark.parametrize(
    "part", ["<p>x", "<li>x", "<br>x", "<div><b>x</div>", "<ruby>a<rt>x</ruby>"]
)
def test_a_long_page_is_not_deep(read_stored, part):
    (record,) = read_stored("a.html", part.encode() * 5000)
    assert record.values["text"].count("x") == 5000


def test_a_page_of_frames_has_the_text_for_those_without(read_stored):
    markup = (
        "<title>موقع</title><frameset cols='*'><frame src='a.html'>"
        "<noframes><body><p>كتاب<p>قلم</body></noframes></frameset>"
    )
    (item,) = read_stored("a.html", markup.encode())
    assert (item.values["title"], item.values["text"]) == ("موقع", "كتاب\nقلم")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("iso-8859-1", "cp1256"),
        ("windows-1252", "cp1256"),
        ("utf-8", "cp1256"),
        ("iso-8859-6", "cp1256"),
        ("windows-1256", "iso8859_6"),
        ("windows-1256", "cp1256"),
        ("windows-1252", "cp1252"),
    ],
)
def test_the_letters_count_more_than_the_declared_encoding(read_stored, declared, encoding):
    text = "وكان الأحياء والأموات يسمعون هذا الكلام في المدينة القديمة"
    if encoding == "cp1252":
        text = "Les élèves français étaient là, où l’été s’achève déjà"
    markup = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>{text}'
    (item,) = read_stored("a.html", markup.encode(encoding))
    assert item.values["text"] == text
