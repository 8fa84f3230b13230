from __future__ import annotations

import codecs

import pytest

from indexer.sources.encodings import Encoding, UndecodableError, decode, detect

ARABIC = "قال الوزير إن الحكومة ستعمل على تحسين الخدمات، وأضاف أن الأسعار انخفضت.\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", Encoding("utf-8"), id="empty"),
        pytest.param(b"ascii", Encoding("utf-8"), id="ascii"),
        pytest.param(codecs.BOM_UTF8 + b"a", Encoding("utf-8", 3), id="utf8-mark"),
        pytest.param("ك".encode("utf-32"), Encoding("utf-32-le", 4), id="utf32-mark"),
        pytest.param(codecs.BOM_UTF16_BE, Encoding("utf-16-be", 2), id="utf16-mark"),
        pytest.param(ARABIC.encode("utf-16-le"), Encoding("utf-16-le"), id="utf16-arabic"),
        pytest.param("latin text".encode("utf-16-be"), Encoding("utf-16-be"), id="utf16-latin"),
        pytest.param(ARABIC.encode(), Encoding("utf-8"), id="utf8"),
        pytest.param(ARABIC.encode()[:41], Encoding("utf-8"), id="utf8-cut-in-a-character"),
        pytest.param(ARABIC.encode() + b"\xff", Encoding("utf-8"), id="utf8-damaged"),
        pytest.param(ARABIC.encode("cp1256"), Encoding("cp1256"), id="cp1256"),
        pytest.param("كتاب".encode("cp1256"), Encoding("cp1256"), id="cp1256-one-word"),
        pytest.param(ARABIC.encode("iso8859_6"), Encoding("iso8859_6"), id="iso8859-6"),
        pytest.param(
            "قال الوزير إن الحكومة ستعمل على التحسين".encode("cp720"), Encoding("cp720"), id="cp720"
        ),
    ],
)
def test_detect(data, expected):
    assert detect(data) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"\x1f\x8b\x08\x00", "compressed with gzip", id="gzip"),
        pytest.param(bytes(range(256)) * 4, "not text", id="binary"),
    ],
)
def test_what_is_no_text_is_refused(data, reason):
    with pytest.raises(UndecodableError, match=reason) as caught:
        decode(data)
    assert caught.value.line is None


def test_a_legacy_text_that_begins_with_much_ascii():
    text = "x" * 300_000 + "\n" + ARABIC
    assert decode(text.encode("cp1256")) == text


def test_bad_bytes_have_a_line():
    with pytest.raises(UndecodableError, match="c7 are not valid UTF-8") as caught:
        decode((ARABIC * 5).encode() + b"\xc7 \n" + ARABIC.encode())
    assert caught.value.line == 6
