from __future__ import annotations

import pytest

from tests.indexer.sources.office.packages import opendocument, package

LAST = "<text:p>آخر</text:p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(
            "<text:h>عنوان<text:span> فرعي</text:span></text:h>", "عنوان فرعي", id="heading"
        ),
        pytest.param('<text:p>أ<text:s text:c="3"/>ب<text:tab/>ج</text:p>', "أ ب ج", id="spaces"),
        pytest.param(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>محذوف</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes><text:p>باق</text:p>",
            "باق",
            id="deleted",
        ),
        pytest.param(
            "<text:p>الجملة<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>حاشية</text:p></text:note-body></text:note> كاملة</text:p>",
            "الجملة كاملة\nحاشية",
            id="note-within-a-sentence",
        ),
        pytest.param(
            "<text:p>الجملة<office:annotation><dc:creator>فلان</dc:creator><text:p>تعليق</text:p>"
            "</office:annotation> كاملة</text:p>",
            "الجملة كاملة\nتعليق",
            id="comment",
        ),
        pytest.param(
            "<text:p>قبل <draw:custom-shape><svg:title>بديل</svg:title><text:p>في الشكل</text:p>"
            "</draw:custom-shape>وبعد</text:p>",
            "قبل وبعد\nفي الشكل",
            id="shape",
        ),
        pytest.param(
            "<table:table><table:table-row><table:table-cell><text:p>أ</text:p></table:table-cell>"
            "<table:table-cell><text:p>ب</text:p></table:table-cell></table:table-row></table:table>",
            "أ\tب",
            id="table",
        ),
        pytest.param(
            "<text:p>يوم <text:date>الأحد</text:date></text:p>", "يوم الأحد", id="date-field"
        ),
    ],
)
def test_the_text_of_the_body(read, body, text):
    data = opendocument(
        "text",
        f"<office:text>{body}{LAST}</office:text>",
        meta="<office:meta><dc:title>كتاب</dc:title><meta:initial-creator>كاتب</meta:initial-creator>"
        "<dc:date>2024-05-01</dc:date><meta:keyword>أ</meta:keyword><meta:keyword>ب</meta:keyword>"
        "</office:meta>",
        styles="<office:master-styles><style:master-page><style:header><text:p>رأس</text:p>"
        "</style:header><style:footer><text:p>ذيل <text:page-number>1</text:page-number></text:p>"
        "</style:footer></style:master-page></office:master-styles>",
    )
    (record,) = read("a.odt", data)
    assert record.values["text"] == f"رأس\n{text}\nآخر\nذيل"
    assert record.values["title"] == "كتاب"
    assert record.values["author"] == "كاتب"
    assert record.values["date"] == "2024-05-01"
    assert record.values["keywords"] == ["أ", "ب"]


def test_an_encrypted_document_is_named(read):
    manifest = "<manifest><encryption-data/></manifest>"
    data = package(
        {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest}
    )
    (bad,) = read("a.odt", data)
    assert bad.reason == "it is encrypted; save it without a password"
