"""Values: text that can be stored, and the dates and numbers that Arabic sources write."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

DATE_FORMS = "2024-05-01, 2024-05-01T13:30+03:00, 20240501, 2024-05 or 2024"
"""The accepted forms of a date, for messages."""

_FOLDED: dict[int, str | None] = {
    ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")
}
_FOLDED |= {ord(digit): str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")}
# Direction marks and isolates are invisible and stand around dates and numbers in Arabic text.
_FOLDED |= dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))

_SIGNS: dict[int, str | None] = {ord("٫"): ".", ord("٬"): None, ord("−"): "-"}
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace what cannot be stored: a lone surrogate by U+FFFD, NUL by a space."""
    if "\0" in text:
        text = text.replace("\0", " ")
    if text.isascii():
        return text
    try:
        text.encode("utf-16-le")  # many times faster than a search, and nearly always enough
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def parse_date(written: str, column: str = "date") -> datetime:
    """Return the point in time that is written, in UTC; without a zone it is taken as UTC.

    ISO 8601 in any of its forms, a year and month, or a year; digits may be Arabic-Indic or
    Persian. A month or year stands for its first moment. Raises ValueError in the user's words.

    >>> parse_date("٢٠٢٤-٠٥-٠١T03:00+03:00").isoformat()
    '2024-05-01T00:00:00+00:00'
    """
    folded = written.translate(_FOLDED).strip()
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
    """Return the number that is written, with Arabic digits, decimal and thousands signs read.

    Infinities and what is no number raise ValueError in the user's words.

    >>> parse_number("١٬٢٣٤٫٥", "price")
    1234.5
    """
    folded = written.translate(_FOLDED).translate(_SIGNS).strip()
    number = float(folded) if _NUMBER.fullmatch(folded) else math.nan
    if not math.isfinite(number):
        raise ValueError(
            f"the column {column!r} holds {written[:60]!r}, which is not a number that can be "
            f"stored; write it like 1234.5 or ١٬٢٣٤٫٥"
        )
    return number
