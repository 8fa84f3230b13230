from __future__ import annotations

import pytest

import searchd
from indexer.indexing import index_records
from indexer.places import Place, PlaceKind
from indexer.sources import read_records
from indexer.sources.subtitles import Cue, joined_cues


def srt(*cues: str) -> bytes:
    return "\n\n".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},000\n{text}"
        for number, text in enumerate(cues, 1)
    ).encode()


def test_a_sentence_runs_over_cues(read_stored):
    (item,) = read_stored("a.srt", srt("وكان\nالأحياء", "والأموات يسمعون.", "ثم"))
    assert item.values["text"] == "وكان الأحياء والأموات يسمعون.\nثم"
    assert item.places == (
        Place(0, PlaceKind.CUE, "00:00:01"),
        Place(13, PlaceKind.CUE, "00:00:02"),
        Place(30, PlaceKind.CUE, "00:00:03"),
    )
    assert item.is_named


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param('<font color="#ff0">نص</font> <i>مائل</i>', "نص مائل", id="tags"),
        pytest.param(r"{\an8}نص", "نص", id="position"),
        pytest.param("ك<00:00:01.500><c>تب</c>", "كتب", id="times-within"),
        pytest.param("<v علي>نص", "نص", id="speaker"),
        pytest.param("3 < 5 &amp; ب", "3 < 5 & ب", id="no-tag"),
        pytest.param("1965", "1965", id="a-number-is-text"),
    ],
)
def test_tags_are_dropped(read_stored, text, cleaned):
    (item,) = read_stored("a.srt", srt(text))
    assert item.values["text"] == cleaned


def test_windows_1256_and_no_empty_line_between_cues(read_stored):
    words = "وكان الأحياء والأموات يسمعون هذا الكلام في المدينة"
    data = f"1\r\n0:00:01,5 --> 0:00:02,0\r\n{words}\r\n2\r\n0:00:03,0 --> 0:00:04,0\r\nثم\r\n"
    (item,) = read_stored("a.srt", data.encode("cp1256"))
    assert item.values["text"] == f"{words} ثم"
    assert [place.label for place in item.places] == ["00:00:01", "00:00:03"]


VTT = """WEBVTT - title
Kind: captions
Language: ar

STYLE
::cue { color: red }

NOTE ملاحظة
لا تقرأ

first-id
00:01.000 --> 00:02.000 align:start position:0%
نص

01:00:03.000 --> 01:00:04.000
ثان
"""


def test_vtt(read_stored):
    (item,) = read_stored("a.vtt", VTT.encode())
    assert item.values["text"] == "نص ثان"
    assert item.values["language"] == "ar"
    assert [place.label for place in item.places] == ["00:00:01", "01:00:03"]


@pytest.mark.parametrize(
    ("cues", "text"),
    [
        pytest.param(
            [(0, 2, ["أ ب"]), (2, 2.01, ["أ ب"]), (2.01, 4, ["أ ب", "ج د"]), (4, 4.01, ["ج د"])],
            "أ ب ج د",
            id="rolling",
        ),
        pytest.param([(0, 2, ["أ"]), (2, 3, ["أ ب"]), (3, 4, ["أ ب ج"])], "أ ب ج", id="growing"),
        pytest.param([(0, 5, ["أ"]), (1, 6, ["أ"]), (2, 7, ["ب"])], "أ ب", id="overlapping"),
        pytest.param([(0, 1, ["لا"]), (3, 4, ["لا"])], "لا لا", id="said-again-later"),
        pytest.param([(0, 1, ["أ"]), (1, 2, ["أب"])], "أ أب", id="another-word"),
        pytest.param([(0, 1, ["أ"]), (1, 1, []), (1, 2, ["أ", "ب"])], "أ ب", id="empty-between"),
    ],
)
def test_repeated_lines_are_taken_once(cues, text):
    found = (Cue(start, end, tuple(lines)) for start, end, lines in cues)
    assert joined_cues(found)[0] == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"text alone", "no times of subtitles in the file", id="no-cues"),
        pytest.param(
            srt("كتاب الألفاظ") + b"\xff", "the bytes ff are not valid UTF-8", id="bad-bytes"
        ),
    ],
)
def test_bad_files(read_stored, data, reason):
    (item,) = read_stored("a.srt", data)
    assert reason in item.reason


def test_a_phrase_and_its_snippet_run_over_the_end_of_a_cue(tmp_path):
    (tmp_path / "a.srt").write_bytes(srt("وكان الأحياء", "والأموات يسمعون"))
    index_records(tmp_path / "ix", read_records([tmp_path / "a.srt"]))
    with searchd.open(tmp_path / "ix") as engine:
        (hit,) = engine.search('"الأحياء والأموات"').hits
    assert hit.snippets[0].text == "وكان الأحياء والأموات يسمعون"
    assert hit.snippets[0].place == Place(0, PlaceKind.CUE, "00:00:01")
