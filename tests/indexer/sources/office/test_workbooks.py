from __future__ import annotations

import pytest

from indexer.places import PlaceKind
from indexer.sources.signatures import OLE_START
from tests.indexer.sources.office.packages import opendocument, xlsx


def cell(value: str, kind: str = "inlineStr") -> str:
    if kind == "inlineStr":
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c t="{kind}"><v>{value}</v></c>'


ROWS = (
    f"<row>{cell('الاسم')}{cell('السعر')}</row>"
    f"<row>{cell('كتاب  جديد')}{cell('12', 'n')}{cell('0.5', 'n')}{cell('1', 'b')}</row><row/>"
)


def test_sheets_are_places_and_rows_are_lines(read):
    (record,) = read(
        "a.xlsx", xlsx({"أسعار": ROWS, "فارغة": "", "ثالثة": f"<row>{cell('نص')}</row>"})
    )
    assert record.values["text"] == "الاسم\tالسعر\nكتاب جديد\t12\t0.5\n\nنص"
    assert [(place.kind, place.label) for place in record.places] == [
        (PlaceKind.SHEET, "أسعار"),
        (PlaceKind.SHEET, "ثالثة"),
    ]


def test_an_opendocument_workbook(read):
    body = (
        '<office:spreadsheet><table:table table:name="أسعار"><table:table-row><table:table-cell '
        'office:value-type="string"><text:p>كتاب</text:p></table:table-cell></table:table-row>'
        "</table:table></office:spreadsheet>"
    )
    meta = "<office:meta><dc:title>قائمة</dc:title></office:meta>"
    (record,) = read("a.ods", opendocument("spreadsheet", body, meta=meta))
    assert (record.values["title"], record.values["text"]) == ("قائمة", "كتاب")
    assert [place.label for place in record.places] == ["أسعار"]


def test_comments_of_an_opendocument_sheet_follow_its_rows(read):
    def table(name: str, comment: str) -> str:
        return (
            f'<table:table table:name="{name}"><table:table-row><table:table-cell '
            f'office:value-type="string">{comment}<text:p>كتاب</text:p></table:table-cell>'
            "</table:table-row></table:table>"
        )

    comment = (
        "<office:annotation><dc:creator>زيد</dc:creator><text:p>يراجع</text:p></office:annotation>"
    )
    body = f"<office:spreadsheet>{table('أ', comment)}{table('ب', '')}</office:spreadsheet>"
    (record,) = read("a.ods", opendocument("spreadsheet", body))
    assert record.values["text"] == "كتاب\nيراجع\n\nكتاب"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("a.xls", OLE_START + bytes(600), "not a sound workbook", id="xls"),
        pytest.param("a.xlsx", xlsx({"أ": ROWS})[:-30], "not a sound file", id="cut-off"),
        pytest.param("a.xlsx", xlsx({"أ": ""}), "holds no text", id="empty"),
    ],
)
def test_what_cannot_be_read_is_named(read, name, data, reason):
    (bad,) = read(name, data)
    assert reason in bad.reason


def test_a_reader_whose_package_is_missing_names_the_command(read, monkeypatch):
    monkeypatch.setattr("indexer.sources.formats.find_spec", lambda _name: None)
    (bad,) = read("a.xlsx", xlsx({"أ": ROWS}))
    assert bad.reason == (
        "reading xlsx files needs the package python_calamine; install it with: "
        "pip install 'searchd[files]'"
    )
