from __future__ import annotations

import builtins
import unicodedata

import pytest

from indexer.sources import BadRecord, limits
from tests.indexer.sources.conftest import values_of

FIXED = "060101s2006    ua            000 0 ara  "


def marc(
    *fields: tuple[str, str], encoding: str = "utf-8", coding: str = "a", skew: int = 0
) -> bytes:
    """Return a record in ISO 2709; `$` begins a subfield. `skew` falsifies the lengths."""
    directory, body = "", b""
    for tag, text in fields:
        content = text if tag < "010" else f"  {text.replace('$', chr(0x1F))}"
        data = content.encode(encoding) + b"\x1e"
        directory += f"{tag}{len(data) - skew:04}{len(body):05}"
        body += data
    base = 24 + len(directory) + 1
    leader = f"{base + len(body) + 1:05}nam {coding}22{base:05} a 4500"
    assert len(leader) == 24
    return leader.encode() + directory.encode() + b"\x1e" + body + b"\x1d"


BOOK = (
    ("001", "b1"),
    ("008", FIXED),
    ("020", "$a9645625963"),
    ("100", "$6880-01$aAbū al-Khayr, ʻAlī."),
    ("245", "$6880-02$aThuqūb :$bmin jald /$cʻAlī."),
    ("260", "$aal-Qāhirah :$bYāfā,$c2006."),
    ("650", "$aIslam$y20th century.$2lcsh"),
    ("856", "$uhttps://a.b/c"),
    ("880", "$6100-01//r$a\u200fأبو الخير، علي."),
    ("880", "$6245-02//r$aثقوب :$bمن جلد الذات /$cعلي."),
)


def test_columns(read_stored):
    (item,) = read_stored("a.mrc", marc(*BOOK))
    assert values_of(item) == {
        "id": "a.mrc#b1",
        "control_number": "b1",
        "title": "ثقوب : من جلد الذات",
        "author": ["أبو الخير، علي", "Abū al-Khayr, ʻAlī"],
        "date": "2006",
        "publisher": "Yāfā",
        "place": "al-Qāhirah",
        "subject": ["Islam -- 20th century"],
        "language": "ara",
        "isbn": ["9645625963"],
        "url": "https://a.b/c",
        "text": "Abū al-Khayr, ʻAlī.\nأبو الخير، علي.\nThuqūb : min jald / ʻAlī.\n"
        "ثقوب : من جلد الذات / علي.\nal-Qāhirah : Yāfā, 2006.\nIslam 20th century.",
    }


def test_several_records_and_what_is_between_them(read_stored):
    one, two = marc(("001", "1"), ("245", "$aأ")), marc(("245", "$aب"))
    items = read_stored("a.mrc", one + b"\r\n" + two + b"\n\x1a")
    assert [values_of(item)["id"] for item in items] == ["a.mrc#1", "a.mrc#2"]
    assert items[1].origin.endswith("#2")


@pytest.mark.parametrize("coding", ["a", " "], ids=["utf-8", "says-marc-8"])
def test_utf_8_whatever_the_leader_says(read_stored, coding):
    (item,) = read_stored("a.mrc", marc(("245", "$aكتاب"), coding=coding))
    assert item.values["title"] == "كتاب"


def test_windows_1256_of_old_catalogues(read_stored):
    title = "ثقوب في عقل الأمة من جلد الذات إلى صدق الشرح"
    (item,) = read_stored("a.mrc", marc(("245", f"$a{title}"), encoding="cp1256", coding=" "))
    assert item.values["title"] == title


MARC8 = b"\x1b(3cJGH\x1b(B Kit\xe5ab"  # ASMO 449, and ANSEL with the macron before its letter


def marc8() -> bytes:
    """Return a record with the title كتاب Kitāb in MARC-8, whose directory has the right lengths."""
    placeholder = "X" * len(MARC8)
    return marc(("245", f"$a{placeholder}"), coding=" ").replace(placeholder.encode(), MARC8)


def test_marc_8(read_stored):
    pytest.importorskip("pymarc")
    (item,) = read_stored("a.mrc", marc8())
    assert unicodedata.normalize("NFC", item.values["title"]) == "كتاب Kitāb"


def test_marc_8_without_its_library_says_what_to_install(read_stored, monkeypatch):
    imported = builtins.__import__

    def refuse(name, *rest, **named):
        if name.startswith("pymarc"):
            raise ImportError(name)
        return imported(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    items = read_stored("a.mrc", marc(("245", "$aأ")) + marc8())
    assert items[0].values["title"] == "أ"
    assert items[-1].reason.endswith("pip install 'searchd[files]'")


def test_wrong_lengths_in_the_directory(read_stored):
    (item,) = read_stored("a.mrc", marc(*BOOK, skew=2))
    assert item.values["title"] == "ثقوب : من جلد الذات"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"no record\x1d", "it has no leader with two lengths", id="no-leader"),
        pytest.param(marc(("245", "$aأ"))[:-5], "the file ends within it", id="truncated"),
        pytest.param(
            marc(("245", "$aأ")).replace(b"245", b"2!5"), "its directory is damaged", id="directory"
        ),
    ],
)
def test_a_damaged_record_is_bad_and_the_next_is_read(read_stored, data, reason):
    good = marc(("245", "$aأ"))
    first, second = read_stored("a.mrc", good + data)
    assert first.values["title"] == "أ"
    assert isinstance(second, BadRecord)
    assert reason in second.reason
    assert second.origin.endswith("#2")


def test_a_record_that_is_too_long(read_stored, monkeypatch):
    monkeypatch.setattr("indexer.sources.marc.RECORD_LIMIT", 200)
    long, good = marc(("245", "$a" + "x" * 400)), marc(("245", "$aأ"))
    first, second = read_stored("a.mrc", long + good)
    assert first.reason.startswith(f"the record is longer than {limits.RECORD_LIMIT:,}")
    assert second.values["title"] == "أ"


def test_marcxml_has_the_same_columns(read_stored):
    def field(tag: str, text: str) -> str:
        if tag < "010":
            return f'<controlfield tag="{tag}">{text}</controlfield>'
        parts = "".join(
            f'<subfield code="{part[0]}">{part[1:]}</subfield>' for part in text.split("$")[1:]
        )
        return f'<datafield tag="{tag}" ind1=" " ind2=" ">{parts}</datafield>'

    fields = "".join(field(*each) for each in BOOK)
    markup = (
        f'<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim"><marc:record>'
        f"<marc:leader>x</marc:leader>{fields}</marc:record></marc:collection>"
    )
    (item,) = read_stored("a.xml", markup.encode())
    (expected,) = read_stored("a.mrc", marc(*BOOK))
    assert values_of(item) == {**values_of(expected), "id": "a.xml#b1"}
