"""Points in time, which an index stores in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time


def in_utc(moment: date) -> datetime:
    """Return a point in time in UTC; without a zone it is taken as UTC, a date as its midnight."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
