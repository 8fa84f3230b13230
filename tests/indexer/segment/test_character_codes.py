from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import IndexDamagedError
from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.character_codes import CHARACTERS, CharacterCodes, read_codes

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ARABIC = CharacterCodes("ابتكمن،")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param("كتاب", 4, id="a-byte-each"),
        pytest.param("a\0\n\x7f~?", 6, id="ascii"),
        pytest.param("كتاب سيّد", 4 + 1 + 4 * 4, id="without-codes"),
        pytest.param("😀بك中", 4 + 2 + 4, id="of-three-and-four-bytes"),
        pytest.param("\ufffe\uffff\U0010ffffÿ", 16, id="no-characters-of-any-table"),
    ],
)
def test_a_text_is_coded_and_decoded(text, size):
    data = ARABIC.encode(text)
    assert len(data) == size
    assert ARABIC.decode(data) == text


@given(TEXTS, TEXTS)
def test_any_text(text, sample):
    """With codes that are made of any texts; recoding equals coding."""
    codes = CharacterCodes.of_texts([sample])
    data = codes.encode(text)
    assert codes.decode(data) == text
    assert len(data) <= 2 * len(text.encode())
    for other in (ARABIC, codes, CharacterCodes("")):
        assert other.recode(data, codes) == other.encode(text)


@pytest.mark.parametrize(
    "text", ["", "ab", "كتاب é", "\x80", "\ufffd\ufffe\uffff", "\uf8ff\U0010ffff"]
)
def test_codes_of_any_texts_are_read_as_they_are_written(tmp_path, text):
    codes = CharacterCodes.of_texts([text])
    with ArrayFileWriter(tmp_path / "codes") as writer:
        writer.add(CHARACTERS, codes.array())
        writer.finish({})
    assert read_codes(ArrayFile(tmp_path / "codes")).characters == codes.characters


def test_the_most_frequent_characters_have_codes():
    rare, usual = map(chr, range(0x4E00, 0x4E00 + 400)), "كلمة شائعة"
    codes = CharacterCodes.of_texts([*rare, usual, usual])
    assert len(codes.characters) == 127
    assert len(codes.encode(usual)) == len(usual)
    assert list(codes.characters) == sorted(codes.characters)


def test_usual_characters_have_codes_where_texts_follow():
    text = "الحُروفُ كلُّها، ٠١٢٣٤٥٦٧٨٩؟"
    assert len(CharacterCodes.of_texts(["x"], others_follow=True).encode(text)) == len(text)
    assert not CharacterCodes.of_texts(["x"]).characters


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x90", id="a-code-of-no-character"),
        pytest.param(b"a\xff", id="an-escape-at-the-end"),
        pytest.param(b"\xff\x00\x01", id="an-escape-that-is-cut-off"),
        pytest.param(b"\xff\x44\x00\x00", id="no-code-point"),
        pytest.param(b"\xff\x03\x30\x00", id="a-surrogate"),
        pytest.param(b"\xff\x00\x00\x80", id="eight-bits"),
    ],
)
def test_what_is_no_text(data):
    with pytest.raises(ValueError, match=r"."):
        ARABIC.decode(data)


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([0x628, 0x627], id="not-ascending"),
        pytest.param([0x628, 0x628], id="twice"),
        pytest.param([0x61], id="ascii"),
        pytest.param([0xD800], id="a-surrogate"),
        pytest.param([0xFFFE], id="undefined"),
        pytest.param([0xFFFF_FFFF], id="no-code-point"),
        pytest.param(range(0x4E00, 0x4E80), id="too-many"),
    ],
)
def test_damaged_characters(tmp_path, points):
    with ArrayFileWriter(tmp_path / "a.segment") as writer:
        writer.add(CHARACTERS, np.array(points, np.uint32))
        writer.finish({})
    with pytest.raises(IndexDamagedError, match=r"texts\.characters: not distinct characters"):
        read_codes(ArrayFile(tmp_path / "a.segment"))
