"""UNIMARC: the columns of a record, in ISO 2709 and MARCXML, and what cannot be decoded."""

from __future__ import annotations

import pytest

from indexer.sources import BadRecord
from tests.indexer.sources.conftest import values_of
from tests.indexer.sources.test_marc import marc

BOOK = (
    ("001", "u1"),
    ("010", "$a9961-64-1"),
    ("100", "$a20060312d2005    |||y0frey0103    ba"),
    ("101", "$aara"),
    ("200", "$6a01$7ba$a\x88Al-\x89nahr$eriwāya$fAḥmad"),
    ("200", "$6a01$7fa$aالنهر$eرواية$fأحمد بن محمد"),
    ("210", "$aالجزائر$cدار القصبة$dDL 2005"),
    ("225", "$aروايات$v12"),
    ("330", "$aملخص الرواية"),
    ("606", "$aRoman arabe$y20e siècle$2rameau"),
    ("700", "$7ba$aMuḥammad$bAḥmad$4070"),
    ("700", "$7fa$aمحمد،$bأحمد$4070"),
    ("801", "$aDZ$bBN"),
    ("856", "$uhttps://a.dz/u1"),
)
COLUMNS = {
    "id": "a.mrc#u1",
    "control_number": "u1",
    "title": "النهر رواية",
    "author": ["محمد, أحمد", "Muḥammad, Aḥmad"],
    "date": "2005",
    "publisher": "دار القصبة",
    "place": "الجزائر",
    "subject": ["Roman arabe -- 20e siècle"],
    "series": "روايات 12",
    "language": "ara",
    "isbn": ["9961-64-1"],
    "url": "https://a.dz/u1",
    "text": "النهر رواية أحمد بن محمد\nAl-nahr riwāya Aḥmad\nالجزائر دار القصبة DL 2005\nروايات 12\n"
    "ملخص الرواية\nRoman arabe 20e siècle\nمحمد، أحمد\nMuḥammad Aḥmad",
}


def test_columns(read_stored):
    (item,) = read_stored("a.mrc", marc(*BOOK, coding=" "))
    assert values_of(item) == COLUMNS


def test_marcxml(read_stored):
    fields = "".join(
        f'<controlfield tag="{tag}">{text}</controlfield>'
        if tag < "010"
        else f'<datafield tag="{tag}">'
        + "".join(
            f'<subfield code="{part[0]}">{part[1:]}</subfield>' for part in text.split("$")[1:]
        )
        + "</datafield>"
        for tag, text in BOOK
    )
    leader = "<leader>00923nam0 2200265   450 </leader>"
    (item,) = read_stored(
        "a.xml", f"<collection><record>{leader}{fields}</record></collection>".encode()
    )
    assert values_of(item) == {**COLUMNS, "id": "a.xml#u1"}


def test_without_names_the_statement_of_responsibility_counts(read_stored):
    (item,) = read_stored("a.mrc", marc(("200", "$aالنهر$fأحمد"), coding=" "))
    assert values_of(item)["author"] == ["أحمد"]


def test_a_record_with_both_titles_is_marc_21(read_stored):
    (item,) = read_stored("a.mrc", marc(("200", "$aغيره"), ("245", "$aالنهر")))
    assert values_of(item)["title"] == "النهر"


def test_windows_1256_is_recognised(read_stored):
    fields = (("200", "$aالنهر في قلب المدينة$fأحمد بن محمد"), ("330", "$aقصة رجل يعود إلى مدينته"))
    (item,) = read_stored("a.mrc", marc(*fields, encoding="cp1256", coding=" "))
    assert values_of(item)["title"] == "النهر في قلب المدينة"


@pytest.mark.parametrize("text", ["Re\xcdcits \xc2ecrits"])
def test_an_old_character_set_is_named(read_stored, text):
    (item,) = read_stored("a.mrc", marc(("200", f"$a{text}"), encoding="latin-1", coding=" "))
    assert isinstance(item, BadRecord)
    assert "UNIMARC record in an old character set" in item.reason
