"""CMaps give the text of codes, the numbers of glyphs and the lengths of codes; what is wrong is skipped."""

from __future__ import annotations

import pytest

from indexer.sources.pdf.cmaps import parse_cmap


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        pytest.param("1 beginbfchar <01> <0628> endbfchar", {1: "ب"}, id="one-letter"),
        pytest.param("1 beginbfchar <0203> <06440627> endbfchar", {0x203: "لا"}, id="ligature"),
        pytest.param("1 beginbfchar <01> <D835DC9C> endbfchar", {1: "\U0001d49c"}, id="surrogates"),
        pytest.param("1 beginbfchar <01> <62> endbfchar", {1: "b"}, id="one-byte"),
        pytest.param("1 beginbfchar <01> <06 28\n> endbfchar", {1: "ب"}, id="spaces-in-digits"),
        pytest.param(
            "1 beginbfrange <01> <03> <0628> endbfrange", {1: "ب", 2: "ة", 3: "ت"}, id="range"
        ),
        pytest.param(
            "1 beginbfrange <01> <02> [<0631> <06440627>] endbfrange", {1: "ر", 2: "لا"}, id="array"
        ),
        pytest.param(
            "1 beginbfrange <01> <02> <06440622> endbfrange", {1: "لآ", 2: "لأ"}, id="last-unit"
        ),
        pytest.param(
            "1 beginbfchar <01> <0628> endbfchar 1 beginbfchar <02> <0631> endbfchar",
            {1: "ب", 2: "ر"},
            id="two-blocks",
        ),
    ],
)
def test_the_texts_of_codes(table: str, texts: dict[int, str]) -> None:
    assert parse_cmap(table.encode()).texts == texts


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("", id="empty"),
        pytest.param("1 beginbfchar <01> <0628>", id="without-end"),
        pytest.param("1 beginbfchar <01> endbfchar", id="code-alone"),
        pytest.param("1 beginbfrange <01> <02> endbfrange", id="range-alone"),
        pytest.param("1 beginbfrange <05> <02> <0628> endbfrange", id="turned-range"),
        pytest.param("1 beginbfrange <01> <02> <D800> endbfrange", id="half-of-a-pair"),
    ],
)
def test_what_is_wrong_is_skipped(table: str) -> None:
    assert parse_cmap(table.encode()).texts == {}


def test_a_range_without_an_end_is_bounded() -> None:
    texts = parse_cmap(b"1 beginbfrange <00000000> <ffffffff> <0000> endbfrange").texts
    assert len(texts) < 0x10000


def test_the_numbers_of_glyphs() -> None:
    cmap = parse_cmap(
        b"1 begincidchar <41> 7 endcidchar 1 begincidrange <0100> <0102> 20 endcidrange"
    )
    assert cmap.cids == {0x41: 7, 0x100: 20, 0x101: 21, 0x102: 22}


def test_codes_of_several_lengths() -> None:
    cmap = parse_cmap(b"2 begincodespacerange <00> <7f> <8000> <ffff> endcodespacerange")
    assert cmap.codes(b"\x41\x81\x02\x42") == [0x41, 0x8102, 0x42]
    assert cmap.codes(b"\x81") == [0x81]  # cut off
