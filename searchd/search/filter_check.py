"""Whether a condition of a filter can be asked of its field: the field exists and has such values."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.fields import FieldType
from searchd.errors import FilterSyntaxError
from searchd.filter_tree import OPERATORS, Between, Compare, Condition, Exists, In, written_value
from searchd.search.field_values import value_range

Fields = Mapping[str, FieldType]
"""The fields of an index, with their types."""


def check_condition(condition: Condition, fields: Fields) -> None:
    """Check a condition by the fields of an index.

    Raises LookupError for a field that the index does not have or cannot compare, and ValueError for a value that the field cannot have and for an order
    of what has none; the messages are for the user.
    """
    name = condition.field
    field_type = fields.get(name)
    if isinstance(condition, Exists):
        if field_type is None:
            raise LookupError(f"there is no field {name!r}; this index has {', '.join(fields)}")
        return
    if field_type is None or field_type is FieldType.TEXT:
        raise LookupError(
            f"there is no field {name!r} to filter by; this index has {filterable(fields)}"
            + ("; search its words in the query" if field_type else "")
        )
    if isinstance(condition, Compare) and condition.operator not in OPERATORS:
        raise ValueError(f"there is no operator {condition.operator!r}; use {' '.join(OPERATORS)}")
    ordered = isinstance(condition, Between) or (
        isinstance(condition, Compare) and condition.operator not in ("=", "!=")
    )
    if ordered and field_type is FieldType.KEYWORD:
        raise ValueError(
            f"the field {name!r} holds keywords, which have no order; use {name}= or {name}!="
        )
    ranges = [value_range(each, name, field_type) for each in _values(condition)]
    if isinstance(condition, Between) and len(ranges) == 2 and ranges[0][0] > ranges[1][1]:
        raise ValueError(
            "nothing is in this range, which ends before it begins; write the lower value first"
        )


def check_tree_condition(condition: Condition, fields: Fields) -> None:
    """Check a condition that no text was written for. Raises FilterSyntaxError."""
    try:
        check_condition(condition, fields)
    except (LookupError, ValueError) as error:
        raise FilterSyntaxError(f"the filter {str(condition)!r}: {error.args[0]}") from None


def filterable(fields: Fields) -> str:
    """Return the names of the fields that have values to compare, for messages."""
    names = [name for name, kind in fields.items() if kind is not FieldType.TEXT and name != "id"]
    return ", ".join(names)


def _values(condition: Condition) -> list[str]:
    match condition:
        case Compare():
            return [written_value(condition.value)]
        case In():
            return list(map(written_value, condition.values))
        case Between():
            ends = (condition.lower, condition.upper)
            return [written_value(end) for end in ends if end is not None]
        case _:
            return []
