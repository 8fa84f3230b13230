"""Dates of other formats: the first of several values that a date field can take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from indexer.scalars import parse_date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = re.compile(r"(\d{4})(?:[/.-](\d{1,2})(?:[/.-](\d{1,2}))?)?(?:/.*)?", re.ASCII)


def first_date(candidates: Iterable[str | None]) -> str:
    """Return the first candidate that is a date, in a form that `parse_date` takes, else nothing.

    Read are ISO 8601, the dates of mail (`Mon, 05 Oct 2026 10:00:00 +0300`) and `1907/3/16`.

    >>> first_date([None, "غرة محرم", "1907/3/16"])
    '1907-03-16'
    """
    return next((date for each in candidates if each and (date := _iso(each.strip()))), "")


def from_parts(year: str, month: str = "", day: str = "") -> str:
    """Return a date of its parts, of which the month may be an English name; else nothing.

    >>> from_parts("1907", "March", "16")
    '1907-03-16'
    """
    month = month.strip()
    if month[:3].lower() in _MONTHS:
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    parts = [year.strip()]
    if month.isdecimal():
        parts.append(month)
        if day.strip().isdecimal():
            parts.append(day.strip())
    return first_date(["-".join(parts), year])


def _iso(written: str) -> str:
    if parts := _PARTS.fullmatch(written):
        written = "-".join(part.zfill(2) for part in parts.groups() if part and int(part))
    if _is_date(written):
        return written
    try:
        date = parsedate_to_datetime(written)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _is_date(written: str) -> bool:
    try:
        return parse_date(written) > datetime.min.replace(tzinfo=UTC)
    except ValueError:
        return False
