"""Encodings: detecting the encoding of an input, and decoding whole files.

The first that fits is taken: a byte order mark; UTF-16 without one, by its bytes 00 and 06; strict
UTF-8; UTF-8 with a few bad bytes; the encoding that a page declares; a legacy Arabic or Western
code page that charset-normalizer finds. Anything else is refused rather than decoded wrongly.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.errors import SourceError

SAMPLE_BYTES = 1 << 18
"""How many bytes of a stream are examined. The encoding of Arabic text shows in far fewer."""

_LEGACY = ["cp1256", "iso8859_6", "cp720", "cp864", "cp1252"]
_LEGACY_SAMPLE_BYTES = 1 << 16

# UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Only character sets: Python also has the codecs rot13, punycode and unicode_escape.
_DECLARABLE = re.compile(
    r"utf-8|cp\d+|iso8859-\d+|koi8-[rut]|mac-\w+|gbk|gb18030|gb2312|big5|euc_\w+|shift_jis"
)
# What authoring tools wrote into Arabic pages of windows-1256, and Arabic encodings for each other.
_OFTEN_WRONG = frozenset({"cp1252", "iso8859-15", "cp1256", "iso8859-6", "cp1250"})
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")

NOT_TEXT_REASON = (
    "is not text in an encoding that can be told; save it as UTF-8, "
    "for example with: iconv -f WINDOWS-1256 -t UTF-8"
)
GZIP_REASON = "is compressed with gzip; end its name in .gz, or unpack it with: gzip -d"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The name of the Python codec of an input, and the bytes of the byte order mark at its start.

    `other` is an encoding that is nearly as likely; empty where there is no doubt.
    """

    name: str
    mark_bytes: int = 0
    other: str = field(default="", compare=False)

    @property
    def doubt(self) -> str:
        """The two encodings between which the bytes do not decide, for messages, or nothing."""
        return f"read as {self.name}, could be {self.other}" if self.other else ""


class UndecodableError(SourceError):
    """Bytes are not valid in the encoding of their file, at `line` (None: in the whole file)."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def detect(sample: bytes, *, declared: str = "") -> Encoding:
    """Detect the encoding from the first bytes of an input, which may end within a character.

    A sample of ASCII alone counts as UTF-8. `declared` is the encoding that the input declares; it
    counts only where the bytes are not UTF-8. Raises UndecodableError where no encoding fits.

    >>> detect("كتاب".encode("cp1256")).name
    'cp1256'
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return Encoding(name, len(mark))
    if sample.startswith(b"\x1f\x8b"):
        raise UndecodableError(GZIP_REASON)
    utf16 = _utf16_without_mark(sample)
    if utf16:
        return Encoding(utf16)
    if _is_utf8(sample):
        return Encoding("utf-8")
    high = _HIGH_BYTE.search(sample)
    start = high.start() if high else 0
    legacy_sample = sample[start : start + _LEGACY_SAMPLE_BYTES]
    if _is_damaged_utf8(legacy_sample):
        return Encoding("utf-8")
    declared_codec = _declared_codec(declared, sample)
    if declared_codec in _OFTEN_WRONG:
        return _certain_code_page(legacy_sample) or Encoding(declared_codec)
    return Encoding(declared_codec) if declared_codec else _legacy(legacy_sample)


def decode(
    data: bytes, *, declared: str = "", on_doubt: Callable[[str], None] | None = None
) -> str:
    """Decode a whole file. Raises UndecodableError with the line of the first bad byte.

    `on_doubt` is called with a message where another encoding is nearly as likely.
    """
    sample = data[:SAMPLE_BYTES]
    encoding = detect(sample, declared=declared)
    if encoding.other and on_doubt is not None:
        on_doubt(encoding.doubt)
    try:
        return data[encoding.mark_bytes :].decode(encoding.name)
    except UnicodeDecodeError as error:
        bad, failure = error.start + encoding.mark_bytes, describe(error, encoding.name)
    high = _HIGH_BYTE.search(data)
    if encoding == Encoding("utf-8") and high and high.start() >= len(sample) - 3:
        # The sample was ASCII: detect again from the first byte that is not.
        encoding = detect(data[high.start() :], declared=declared)
        if encoding.other and on_doubt is not None:
            on_doubt(encoding.doubt)
        try:
            return data.decode(encoding.name)
        except UnicodeDecodeError as error:
            bad, failure = error.start, describe(error, encoding.name)
    raise UndecodableError(failure, data.count(b"\n", 0, bad) + 1)


def describe(error: UnicodeDecodeError, encoding: str) -> str:
    """Return a message for the user: which bytes are wrong, in which encoding, and what to do."""
    wrong = error.object[error.start : error.end].hex(" ")
    return (
        f"the bytes {wrong} are not valid {encoding.upper()}; "
        f"repair the line, or save the whole file as UTF-8"
    )


def _is_utf8(sample: bytes) -> bool:
    """Return whether the sample is UTF-8; its last character may be incomplete."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(sample: bytes) -> bool:
    """Return whether the sample is UTF-8 but for a few bad bytes.

    Text in a code page has hardly any bytes that are valid UTF-8 by chance, so it is UTF-8 where
    valid characters outnumber the bad ones clearly.
    """
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(not character.isascii() for character in text) - bad
    return good > 4 * bad


def _utf16_without_mark(sample: bytes) -> str:
    """Return the byte order of UTF-16 without a mark, "" for any other encoding.

    The high bytes are 00 for ASCII and 06 for Arabic. Ask this before UTF-8: the bytes of most
    Arabic text in UTF-16 are valid ASCII.
    """
    pairs = len(sample) // 2
    if pairs < 2:
        return ""
    for side, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        highs, lows = sample[side : 2 * pairs : 2], sample[1 - side : 2 * pairs : 2]
        likely = highs.count(0) + highs.count(6)
        if likely > 0.7 * pairs and lows.count(0) + lows.count(6) < 0.2 * pairs:
            return name
    return ""


def _declared_codec(declared: str, sample: bytes) -> str:
    """Return the codec of a declared encoding, "" where the sample is no text in it."""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""
    if name in {"iso8859-1", "utf-8"}:
        # Pages that declare Latin-1 mean its superset. UTF-8 was ruled out before.
        name = "cp1252" if name == "iso8859-1" else ""
    if not _DECLARABLE.fullmatch(name):
        return ""
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)
    except (UnicodeDecodeError, LookupError):
        return ""
    return "" if _NOT_TEXT.search(text) else name


def _certain_code_page(sample: bytes) -> Encoding | None:
    """Return the Arabic code page that a sample is in without doubt, whatever its page declares."""
    from indexer.sources.code_pages import detect_code_page

    found = detect_code_page(sample)
    return Encoding(found.name) if found is not None and not found.other else None


def _legacy(sample: bytes) -> Encoding:
    """Return the legacy code page of a sample. Raises UndecodableError."""
    # Both are imported here, because few inputs need them and the imports take long.
    from indexer.sources.code_pages import detect_code_page

    found = detect_code_page(sample)
    if found is not None:
        return Encoding(found.name, other=found.other)
    from charset_normalizer import from_bytes

    match = from_bytes(sample, cp_isolation=_LEGACY).best()
    if match is None or _NOT_TEXT.search(str(match)):
        raise UndecodableError(NOT_TEXT_REASON)
    is_arabic = any("\u0600" <= character <= "\u06ff" for character in str(match))
    return Encoding(match.encoding, other="another" if is_arabic else "")
