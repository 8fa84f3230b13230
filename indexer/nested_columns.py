"""Nested columns: a value within objects and lists, by a name with dots."""

from __future__ import annotations

from collections.abc import Mapping


def nested_value(values: Mapping[str, object], column: str) -> object:
    """Return the value of a column within another one, None where there is none.

    Of a list of objects it is the list of the values that they have. A column whose own name has
    the dots is not looked for here.

    >>> nested_value({"author": {"name": "ن"}}, "author.name")
    'ن'
    >>> nested_value({"tags": [{"name": "أ"}, {"name": "ب"}]}, "tags.name")
    ['أ', 'ب']
    """
    found: object = values
    for name in column.split("."):
        found = _member(found, name)
        if found is None:
            return None
    return found


def _member(value: object, name: str) -> object:
    match value:
        case Mapping():
            return value.get(name)
        case list() | tuple():
            members: list[object] = []
            for each in value:
                found = _member(each, name)
                if isinstance(found, list):
                    members += found
                elif found is not None:
                    members.append(found)
            return members or None
        case _:
            return None
