"""Single values of a record: text that can be stored, and dates and numbers in Arabic notation."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

DATE_FORMS = "2024-05-01, 2024-05-01T13:30+03:00, 20240501, 2024-05 or 2024"
"""The accepted forms of a date, for messages."""

_ASCII_DIGITS: dict[int, str | None] = {
    ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")
}
_ASCII_DIGITS |= {ord(digit): str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")}
# Direction marks and isolates are invisible, and surround dates and numbers in Arabic text.
_ASCII_DIGITS |= dict.fromkeys(
    (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)

_ASCII_SIGNS: dict[int, str | None] = {ord("٫"): ".", ord("٬"): None, ord("−"): "-"}
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
"""Commas that can only be between thousands; that of 1,234 may be a decimal comma."""

_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_SLASHED = re.compile(r"\d{4}/\d{2}(?:/\d{2})?", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace characters that cannot be stored: lone surrogates by U+FFFD, NUL by a space."""
    if "\0" in text:
        text = text.replace("\0", " ")
    if text.isascii():
        return text
    try:
        text.encode("utf-16-le")  # many times as fast as a search, and seldom fails
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def parse_date(written: str, column: str = "date") -> datetime:
    """Parse a date; the result is in UTC. A date without a time zone is in UTC.

    Accepts every form of ISO 8601, a year and month, or a year, in ASCII, Arabic-Indic or Persian
    digits, and 2024/05/01 and 2024/05. A month or year means its first moment. Raises ValueError with a message for the user,
    which names `column`.

    >>> parse_date("٢٠٢٤-٠٥-٠١T03:00+03:00").isoformat()
    '2024-05-01T00:00:00+00:00'
    """
    folded = written.translate(_ASCII_DIGITS).strip()
    if _SLASHED.fullmatch(folded):
        folded = folded.replace("/", "-")
    if _YEAR.fullmatch(folded):
        folded += "-01-01"
    elif _MONTH.fullmatch(folded):
        folded += "-01"
    try:
        date = datetime.fromisoformat(folded)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"the column {column!r} holds {written[:60]!r}, which is not a date; "
            f"write it like {DATE_FORMS}"
        ) from None


def parse_number(written: str, column: str) -> float:
    """Parse a number, also with Arabic digits and Arabic decimal and thousands separators.

    A comma between thousands is taken where it can be nothing else: 1,234.50 and 1,234,567.
    Raises ValueError with a message for the user, which names `column`, for what is no number and
    for infinities.

    >>> parse_number("١٬٢٣٤٫٥", "price")
    1234.5
    """
    folded = written.translate(_ASCII_DIGITS).translate(_ASCII_SIGNS).strip()
    if _GROUPED.fullmatch(folded):
        folded = folded.replace(",", "")
    number = float(folded) if _NUMBER.fullmatch(folded) else math.nan
    if not math.isfinite(number):
        raise ValueError(
            f"the column {column!r} holds {written[:60]!r}, which is not a number that can be "
            f"stored; write it like 1234.5 or ١٬٢٣٤٫٥"
        )
    return number
