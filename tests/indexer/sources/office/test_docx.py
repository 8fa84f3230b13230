from __future__ import annotations

import pytest

from tests.indexer.sources.office.packages import core, docx, package, relations, xml


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(content: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{content}</w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx>"
    "</mc:Choice><mc:Fallback><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
LAST = paragraph(run("آخر"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(paragraph(run("كتا") + run("ب")), "كتاب", id="runs-within-a-word"),
        pytest.param(
            paragraph(run("قال ") + f"<w:ins>{run('قد ')}</w:ins><w:del>{run('لا ')}</w:del>" + run("جاء")),
            "قال قد جاء",
            id="tracked-changes",
        ),
        pytest.param(
            paragraph(f"<w:moveFrom>{run('هنا')}</w:moveFrom><w:moveTo>{run('هناك')}</w:moveTo>"),
            "هناك",
            id="moved",
        ),
        pytest.param(
            paragraph(run("أول ") + BOX.format(paragraph(run("في المربع")), paragraph(run("قديم"))) + run("الجملة")),
            "أول الجملة\nفي المربع",
            id="text-box-within-a-sentence",
        ),
        pytest.param(
            f"<w:sdt><w:sdtContent>{paragraph(run('محتوى'))}</w:sdtContent></w:sdt>",
            "محتوى",
            id="content-control",
        ),
        pytest.param(paragraph(run("ظاهر") + run(" مخفي", "<w:vanish/>")), "ظاهر", id="hidden"),
        pytest.param(paragraph(run("ظاهر", '<w:vanish w:val="0"/>')), "ظاهر", id="not-hidden"),
        pytest.param(
            paragraph("<w:r><w:instrText>PAGE</w:instrText></w:r>" + run("٣")), "٣", id="field"
        ),
        pytest.param(
            paragraph('<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>' + "<w:r><w:t>أ</w:t><w:tab/><w:t>ب</w:t><w:br/><w:t>ج</w:t></w:r>"),
            "أ ب ج",
            id="tabs-and-breaks",
        ),
        pytest.param(
            f"<w:tbl>{row(paragraph(run('أ')), paragraph(run('ب')))}{row(paragraph(run('ج')), paragraph(''))}</w:tbl>",
            "أ\tب\nج",
            id="table",
        ),
        pytest.param(
            f"<w:tbl>{row(paragraph(run('أ')) + paragraph(run('ب')), paragraph(run('ج')))}</w:tbl>",
            "أ\nب\tج",
            id="cell-of-paragraphs",
        ),
        pytest.param(
            f"<w:tbl>{row(f'<w:tbl>{row(paragraph(run(str(1))), paragraph(run(str(2))))}</w:tbl>' + paragraph(''), paragraph(run('3')))}</w:tbl>",
            "1\t2\t3",
            id="table-in-a-table",
        ),
    ],
)  # fmt: skip
def test_the_text_of_the_body(read, body, text):
    (record,) = read("a.docx", docx(body + LAST, properties=core("عنوان")))
    assert record.values["text"] == f"{text}\nآخر"
    assert record.is_named


def test_headers_notes_and_footers_stand_around_the_body(read):
    others = {
        f"{type_}{number}.xml": (type_, paragraph(run(f"{type_} {number // 2}")))
        for type_ in ("footer", "header")
        for number in (2, 3)
    } | {
        "footnotes.xml": ("footnotes", f"<w:footnote>{paragraph(run('حاشية'))}</w:footnote>"),
        "comments.xml": ("comments", f"<w:comment>{paragraph(run('تعليق'))}</w:comment>"),
    }
    (record,) = read("a.docx", docx(paragraph(run("المتن")), others))
    assert record.values["text"].split("\n") == ["header 1", "المتن", "حاشية", "تعليق", "footer 1"]


@pytest.mark.parametrize(
    ("properties", "title"),
    [
        pytest.param(core("من الخصائص", "كاتب", "2024-05-01T10:00:00Z"), "من الخصائص", id="given"),
        pytest.param(core("Normal.dotm"), "العنوان المنسق", id="name-of-a-template"),
        pytest.param(core("Microsoft Word - تقرير"), "تقرير", id="printed"),
        pytest.param("", "العنوان المنسق", id="style-in-another-language"),
    ],
)
def test_the_title(read, properties, title):
    styles = '<w:style w:styleId="a3"><w:name w:val="Title"/></w:style>'
    body = paragraph(run("كلام قبله")) + paragraph(run("العنوان المنسق"), "a3") + LAST
    (record,) = read("a.docx", docx(body, {"styles.xml": ("styles", styles)}, properties))
    assert record.values["title"] == title
    if "كاتب" in properties:
        assert record.values["author"] == "كاتب"
        assert record.values["date"] == "2024-05-01T10:00:00Z"


def test_a_first_line_that_is_the_title_is_not_repeated(read):
    (record,) = read("a.docx", docx(paragraph(run("عنوان قصير")) + LAST))
    assert (record.values["title"], record.values["text"]) == ("عنوان قصير", "آخر")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(docx(""), "holds no text", id="empty"),
        pytest.param(docx(paragraph(run("نص")))[:-40], "not a sound file", id="cut-off"),
        pytest.param(package({"word/x.xml": ""}), "lacks its part word/document.xml", id="no-main"),
        pytest.param(docx("<w:p><w:r>"), "is no well-formed XML", id="malformed"),
        pytest.param(
            package(
                {
                    "_rels/.rels": relations({"rId1": ("officeDocument", "a.xml")}),
                    "a.xml": '<!DOCTYPE a [<!ENTITY b "c">]>' + xml("w:document", "&b;"),
                }
            ),
            "declares entities",
            id="entities",
        ),
        pytest.param(docx("<w:x>" * 2001), "more than 2,000 elements within each other", id="deep"),
    ],
)
def test_what_cannot_be_read_is_named(read, data, reason):
    (bad,) = read("a.docx", data)
    assert reason in bad.reason


def test_parts_expand_to_a_bounded_number_of_bytes(read, monkeypatch):
    monkeypatch.setattr("indexer.sources.office.package.MIN_EXPANDED", 1000)
    monkeypatch.setattr("indexer.sources.office.package.MAX_EXPANSION", 2)
    (bad,) = read("a.docx", docx(paragraph(run("ا" * 100_000))))
    assert "take more than 2 times the size" in bad.reason
