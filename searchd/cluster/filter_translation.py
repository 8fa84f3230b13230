"""Filters as a cluster understands them: the same documents as `searchd.search.filters` lets through."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.cluster.mapping import terms_field
from indexer.fields import FieldType
from indexer.scalars import clean
from indexer.segment.columns import fold_keyword
from searchd.cluster.requests import EVERYTHING, Query, any_of
from searchd.filter_tree import (
    Between,
    Compare,
    Condition,
    Exists,
    Filter,
    FilterAnd,
    FilterNot,
    FilterOr,
    In,
    written_value,
)
from searchd.search.field_values import value_range
from searchd.search.filter_check import check_tree_condition

Fields = Mapping[str, FieldType]
"""The fields of an index, with their types."""


def filter_query(tree: Filter, fields: Fields) -> Query:
    """Return the query of the documents that a filter lets through. Raises FilterSyntaxError."""
    match tree:
        case FilterNot():
            return {"bool": {"must_not": [filter_query(tree.member, fields)]}}
        case FilterAnd():
            members = [filter_query(member, fields) for member in tree.members]
            return {"bool": {"filter": members}} if members else EVERYTHING
        case FilterOr():
            return any_of([filter_query(member, fields) for member in tree.members])
        case _:
            return condition_query(tree, fields)


def condition_query(condition: Condition, fields: Fields) -> Query:
    """Return the query of the documents that meet one condition. Raises FilterSyntaxError."""
    check_tree_condition(condition, fields)
    match condition:
        case Compare(name, operator, value):
            return _compare(name, operator, written_value(value), fields)
        case Exists(name):
            return _exists(name, fields)
        case In(name, values):
            written = [written_value(value) for value in values]
            if name == "id":
                return {"terms": {"id": written}}
            if fields[name] is FieldType.KEYWORD:
                return {"terms": {f"columns.{name}": [fold_keyword(each) for each in written]}}
            return any_of([_compare(name, "=", each, fields) for each in written])
        case Between(name):
            ends = (
                (condition.lower, ">=" if condition.with_lower else ">"),
                (condition.upper, "<=" if condition.with_upper else "<"),
            )
            found = [
                _compare(name, operator, written_value(end), fields)
                for end, operator in ends
                if end is not None
            ]
            return {"bool": {"filter": found or [_exists(name, fields)]}}


def _exists(name: str, fields: Fields) -> Query:
    if name == "id":
        return EVERYTHING
    text = fields[name] is FieldType.TEXT
    return {"exists": {"field": terms_field(name, "stem") if text else f"columns.{name}"}}


def _compare(name: str, operator: str, value: str, fields: Fields) -> Query:
    if name == "id" or fields[name] is FieldType.KEYWORD:
        column = "id" if name == "id" else f"columns.{name}"
        wanted = clean(value) if name == "id" else fold_keyword(clean(value))
        equal: Query = {"term": {column: wanted}}
    else:
        low, high = value_range(value, name, fields[name])
        ends = {
            "<": {"lt": low},
            "<=": {"lte": high},
            ">": {"gt": high},
            ">=": {"gte": low},
        }
        if operator in ends:
            return {"range": {f"columns.{name}": ends[operator]}}
        equal = {"range": {f"columns.{name}": {"gte": low, "lte": high}}}
    return equal if operator == "=" else {"bool": {"must_not": [equal]}}


def id_query(document_id: str) -> Query:
    """Return the query of the document with an id."""
    return {"bool": {"filter": [{"term": {"id": clean(document_id)}}]}}
