"""The parameters of a search that ask for more than its page: facets and groups."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from searchd.service.models import (
    MAX_FACET_LENGTH,
    MAX_FACETS,
    MAX_FILTER_LENGTH,
    MAX_FILTERS,
    MAX_HTTP_GROUP_SIZE,
    MAX_SORT_LENGTH,
    SearchParameters,
)


class RefinedSearchParameters(SearchParameters):
    """The parameters of `GET /search`. Unknown names are refused, so that a typo is an error."""

    facets: list[Annotated[str, Field(min_length=1, max_length=MAX_FACET_LENGTH)]] = Field(
        default_factory=list,
        alias="facet",
        max_length=MAX_FACETS,
        description=(
            "A field whose values are counted over the whole result: `category`, `date:year`, "
            "`date:month`, `date:day`, `price:100` for intervals, `price:[0 TO 100}[100 TO *]` for "
            "ranges; then `,limit=20`, `,order=count` (or `value`, `-value`), `,min=1`, "
            "`,prefix=...`. May be repeated."
        ),
        examples=[["category", "date:year"]],
    )
    facet_filters: list[Annotated[str, Field(min_length=1, max_length=MAX_FILTER_LENGTH)]] = Field(
        default_factory=list,
        alias="facet_filter",
        max_length=MAX_FILTERS,
        description=(
            "A filter with conditions on one field, which does not narrow the counts of the facet "
            "of that field. May be repeated: every one must hold."
        ),
        examples=[["date >= 2020"]],
    )
    group_by: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_SORT_LENGTH,
        description="A keyword field: the hits are the best of each value of it, and `limit` and "
        "`offset` count groups.",
        examples=["category"],
    )
    group_size: int = Field(
        3, ge=1, le=MAX_HTTP_GROUP_SIZE, description="The largest number of hits of a group."
    )
