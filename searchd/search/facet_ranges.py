"""The explicit ranges of a facet, such as `[0 TO 100}`: what they mean, and which numbers are inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.fields import FieldType
from searchd.errors import FilterSyntaxError, QuerySyntaxError
from searchd.facets import Facet
from searchd.filter_tree import Between, written_value
from searchd.query.conditions import read_range
from searchd.search.field_values import value_range
from searchd.search.filter_check import check_condition


class FacetRange(NamedTuple):
    """A range as it is written, the filter for it, and its bounds, both within it."""

    text: str
    condition: Between
    lower: float
    upper: float

    def count(self, numbers: npt.NDArray[np.float64]) -> int:
        """Return how many numbers are within the range."""
        return int(np.count_nonzero((numbers >= self.lower) & (numbers <= self.upper)))


def facet_ranges(facet: Facet, fields: Mapping[str, FieldType]) -> Iterator[FacetRange]:
    """Yield the ranges of a facet. Raises FilterSyntaxError for what is no range of its field."""
    for text in facet.ranges:
        try:
            found, end = read_range(text, 0, facet.field)
            if end != len(text):
                raise ValueError("after the range comes text")
            lower, upper = found.lower, found.upper
            condition = Between(
                facet.field,
                lower.text if lower else None,
                upper.text if upper else None,
                lower.inclusive if lower else True,
                upper.inclusive if upper else True,
            )
            check_condition(condition, fields)
        except QuerySyntaxError as error:
            raise _refused(facet, text, error.reason) from None
        except (LookupError, ValueError) as error:
            raise _refused(facet, text, str(error)) from None
        yield FacetRange(condition.range_text(), condition, *_bounds(condition, fields))


def number_text(number: float) -> str:
    """Return a number as it is written in filters, the shortest text that means it.

    >>> number_text(100.0), number_text(-0.5), number_text(1e22)
    ('100', '-0.5', '1e+22')
    """
    return repr(number + 0.0).removesuffix(".0")  # -0.0 + 0.0 is 0.0


def _bounds(condition: Between, fields: Mapping[str, FieldType]) -> tuple[float, float]:
    lower, upper = -np.inf, np.inf
    kind = fields[condition.field]
    if condition.lower is not None:
        first, last = value_range(written_value(condition.lower), condition.field, kind)
        lower = first if condition.with_lower else float(np.nextafter(last, np.inf))
    if condition.upper is not None:
        first, last = value_range(written_value(condition.upper), condition.field, kind)
        upper = last if condition.with_upper else float(np.nextafter(first, -np.inf))
    return lower, upper


def _refused(facet: Facet, text: str, reason: str) -> FilterSyntaxError:
    return FilterSyntaxError(f"the facet of {facet.field!r}: the range {text!r}: {reason}")
