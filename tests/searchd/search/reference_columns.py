"""Filters and sort keys, read from the documents themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from analyzers import fold
from analyzers.collation import collation_key
from indexer.document import Document
from indexer.fields import FieldMap, FieldType

Value = str | float | datetime

_CONDITION = re.compile(r"(\w+)(!=|<=|>=|=|<|>)(.*)")


class Columns:
    """The values of documents that filters compare and results are sorted by."""

    def __init__(self, documents: Mapping[str, Document], fields: FieldMap) -> None:
        self._documents = documents
        self.types = {"date": FieldType.DATE}
        self.types |= {spec.name: spec.type for spec in fields.extra if spec.type != FieldType.TEXT}

    def passes(self, i: str, condition: str) -> bool:
        """Tell whether a document passes a filter such as `date>=2024`."""
        match = _CONDITION.fullmatch(condition)
        assert match, condition
        name, operator, written = match.groups()
        values = self.values(i, name)
        low, high = bounds(written, self.types[name])
        match operator:
            case "=":
                return any(low <= value <= high for value in values)  # type: ignore[operator]
            case "!=":
                return not self.passes(i, f"{name}={written}")
            case "<":
                return any(value < low for value in values)  # type: ignore[operator]
            case "<=":
                return any(value <= high for value in values)  # type: ignore[operator]
            case ">":
                return any(value > high for value in values)  # type: ignore[operator]
            case ">=":
                return any(value >= low for value in values)  # type: ignore[operator]
        raise AssertionError(condition)

    def values(self, i: str, name: str) -> list[Value]:
        """Return the values of a document: none, one, or the keywords in their order."""
        document = self._documents[i]
        if name in ("title", "id"):
            return [getattr(document, name)]
        held = document.date if name == "date" else document.fields.get(name)
        match held:
            case None:
                return []
            case str():
                return [fold_keyword(held)]
            case tuple():
                return list(map(fold_keyword, held))
            case datetime():
                return [in_utc(held)]
            case _:
                return [float(held)]

    def sort_value(self, i: str, key: str) -> float:
        """Return a number to sort ascending by a key such as `-price`; no value comes last."""
        name = key.removeprefix("-")
        values = self.values(i, name)
        if not values or not self._key(name, values[0]):
            return math.inf
        match values[0]:
            case str() as text:
                value = float(self._keys(name).index(self._key(name, text)))
            case datetime() as moment:
                value = moment.timestamp()
            case number:
                value = number
        return -value if key.startswith("-") else value

    def _keys(self, name: str) -> list[str]:
        values = (value for i in self._documents for value in self.values(i, name))
        return sorted({self._key(name, value) for value in values})

    @staticmethod
    def _key(name: str, value: Value) -> str:
        return str(value) if name == "id" else collation_key(str(value))


def bounds(written: str, kind: FieldType) -> tuple[Value, Value]:
    """Return the least and the greatest of the values that are written."""
    match kind:
        case FieldType.KEYWORD:
            return fold_keyword(written), fold_keyword(written)
        case FieldType.DATE:
            return moments(written)
        case _:
            return float(written), float(written)


def moments(written: str) -> tuple[datetime, datetime]:
    """Return the first and the last moment of a year, month or day, or a moment twice."""
    if "T" in written:
        moment = in_utc(datetime.fromisoformat(written))
        return moment, moment
    year, month, day = [*map(int, written.split("-")), 0, 0][:3]
    first = datetime(year, month or 1, day or 1, tzinfo=UTC)
    if day:
        following = first + timedelta(days=1)
    elif month:
        following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    else:
        following = datetime(year + 1, 1, 1, tzinfo=UTC)
    return first, following - timedelta(microseconds=1)


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC, which one without a zone is in already."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def fold_keyword(keyword: str) -> str:
    """Return the form in which keywords are compared."""
    return " ".join(map(fold, keyword.split()))
