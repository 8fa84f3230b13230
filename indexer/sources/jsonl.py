"""JSON Lines: one object per line, whose members are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Never

from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.lines import damage_reason, utf8_lines
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

_NAMES = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def read_jsonl(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per line; blank lines are skipped, a bad line is a BadRecord.

    Values keep their JSON types; `indexer.mapping` refuses those that a field cannot have.
    """
    lines, encoding = utf8_lines(source)
    prefix = f"{source.origin}:"
    parse = json.JSONDecoder(parse_constant=_refuse_constant).decode
    measure = source.measure
    blank = 0
    for number, line in enumerate(lines, 1):
        if line.isspace():
            blank += len(line)
            continue
        size = measure(len(line) + blank)
        blank = 0
        if len(line) > RECORD_LIMIT:
            yield BadRecord(f"{prefix}{number}", too_long("the line"), size)
            continue
        try:
            values = parse(line.decode())
        except (ValueError, RecursionError) as error:
            if isinstance(error, UnicodeDecodeError):
                reason = damage_reason(error, encoding)
            else:
                reason = _explain(error)
            yield BadRecord(f"{prefix}{number}", reason, size)
            continue
        if type(values) is dict:
            yield Record(f"{prefix}{number}", values, size)
        else:
            reason = f"the line holds {_NAMES[type(values)]}; each line must hold one JSON object"
            yield BadRecord(f"{prefix}{number}", reason, size)


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON value; write null or leave the member out")


def _explain(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return (
            f"not valid JSON: {error.msg} at column {error.colno}; "
            f"each line must hold one whole JSON object"
        )
    if isinstance(error, RecursionError):
        return "the JSON is nested too deeply; flatten the object"
    return explain_value(error)


def explain_value(error: ValueError) -> str:
    """Return the reason why a value is refused, also where it is Python that refuses it."""
    if "int_max_str_digits" in str(error):
        return "a number has more digits than can be read; write it as a text"
    return str(error)
