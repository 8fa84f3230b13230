"""Refinement: the facets, facet filters and groups of a search, checked before it runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from searchd.errors import SearchArgumentError
from searchd.facets import Facet, parse_facet
from searchd.filter_tree import Filter
from searchd.groups import MOST_GROUP_HITS
from searchd.search_arguments import MOST_HITS, check_filters, check_text, check_whole

MOST_FACETS = 50
"""The most facets of one search."""


class Refinement(NamedTuple):
    """What a search does besides finding its page; `group_by` is None without groups."""

    facets: tuple[Facet, ...]
    facet_filters: tuple[str | Filter, ...]
    group_by: str | None
    group_size: int


def check_refinement(
    facets: object, facet_filters: object, group_by: object, group_size: object, limit: int
) -> Refinement:
    """Return the refinement of a search for a page of `limit` hits or groups.

    Raises SearchArgumentError, and FilterSyntaxError for a facet that cannot be understood.
    """
    field = None if group_by is None else check_text("group_by", group_by)
    size = check_whole("group_size", group_size, 1)
    if size > MOST_GROUP_HITS:
        raise SearchArgumentError("group_size", f"may be {MOST_GROUP_HITS} at most, not {size}")
    if field is not None and size * limit > MOST_HITS:
        raise SearchArgumentError(
            "group_size",
            f"{limit} groups of {size} hits are more than {MOST_HITS:,}; ask for fewer of either",
        )
    return Refinement(
        _check_facets(facets), check_filters(facet_filters, "facet_filters"), field, size
    )


def _check_facets(facets: object) -> tuple[Facet, ...]:
    if facets is None:
        return ()
    if isinstance(facets, str | Facet) or not isinstance(facets, Iterable):
        raise SearchArgumentError("facets", f"facets are a list: [{facets!r}]")
    found = []
    for each in facets:
        if not isinstance(each, str | Facet):
            raise SearchArgumentError(
                "facets",
                f"must be facets, or texts such as 'category' or 'date:month', not {each!r}",
            )
        found.append(parse_facet(each) if isinstance(each, str) else each)
    if len(found) > MOST_FACETS:
        raise SearchArgumentError("facets", f"may be {MOST_FACETS} at most, not {len(found)}")
    return tuple(found)
