"""Bytes in one of the old Arabic encodings: which it is, of one word where the lexicon knows it."""

from __future__ import annotations

import unicodedata

import pytest

from benchmarks.corruptions import corrupt
from indexer.sources.code_pages import CodePage, detect_code_page
from indexer.sources.encodings import detect

TEXT = "مشروع قانون الموازنة العامة في لبنان وقد أقره المجلس أمس"
ENCODINGS = ["cp1256", "iso8859_6", "cp720", "mac_arabic"]


def in_cp864(text: str, *, visual: bool) -> bytes:
    """Return a text in code page 864, which has a few shapes of each letter."""
    shaped = corrupt("presentation forms", text)
    characters = reversed(shaped) if visual else shaped
    return b"".join(map(_in_cp864, characters))


def _in_cp864(character: str) -> bytes:
    letters = unicodedata.normalize("NFKC", character)
    shapes = [chr(code) for code in range(0xFE80, 0xFEFD)]
    same = [each for each in shapes if unicodedata.normalize("NFKC", each) == letters]
    initial = [each for each in same if unicodedata.decomposition(each).startswith("<initial>")]
    before = initial if "<medial>" in unicodedata.decomposition(character) else []
    for each in (character, *before, *same):
        try:
            return each.encode("cp864")
        except UnicodeEncodeError:
            continue
    return b"".join(map(_in_cp864, letters)) if len(letters) > 1 else b"?"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT, id="sentence"),
        pytest.param("رواية قصيرة عن البحر", id="four-words"),
        pytest.param("الموازنة العامة", id="two-words"),
        pytest.param("كتاب", id="ktab"),
        pytest.param("مدرسة", id="madrasa"),
        pytest.param("فلسطين", id="filastin"),
        pytest.param("القاهرة", id="cairo"),
        pytest.param("Windows هو نظام تشغيل من شركة Microsoft", id="latin-words"),
    ],
)
def test_the_text_is_read(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    found = detect_code_page(data)
    assert found is not None
    assert data.decode(found.name).split() == text.split()  # MacArabic has two spaces


@pytest.mark.parametrize("visual", [False, True])
def test_code_page_864(visual: bool) -> None:
    assert detect_code_page(in_cp864(TEXT, visual=visual)) == CodePage("cp864")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_long_texts_leave_no_doubt(encoding: str) -> None:
    assert detect(TEXT.encode(encoding) * 3).doubt == ""


@pytest.mark.parametrize("encoding", ["iso8859_6", "cp1256"])
def test_one_word_leaves_doubt(encoding: str) -> None:
    doubt = detect("كتاب".encode(encoding)).doubt
    assert doubt.startswith(f"read as {encoding}, could be ")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("Müller heißt er, schön und größer".encode("cp1252"), id="german"),
        pytest.param("été à la crêperie".encode("cp1252"), id="french"),
        pytest.param("Большая часть текста".encode("cp1251"), id="russian"),
        pytest.param(b"\x80\x81\x82", id="no-letters"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_arabic(data: bytes) -> None:
    assert detect_code_page(data) is None
