"""Facets and filters as links: what a result can be narrowed by, and what narrows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.document import FieldValue
from searchd.document_highlights import HighlightedDocument
from searchd.facets import Facet, FacetCounts
from searchd.filter_tree import Filter, In
from searchd.index_info import IndexInfo
from searchd.results import Results
from searchd.service.page.addresses import SearchAddress
from searchd.service.page.rendering import Words

_MOST_FIELDS = 6
_VALUES = 8
_MORE_VALUES = 200


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet: the number of documents that have it, and where choosing it leads.

    `count` is None for a chosen value that is not among the most frequent ones.
    """

    value: str
    count: int | None
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class FacetPanel:
    """The facet of one field; `others` values are not shown."""

    field: str
    links: tuple[FacetLink, ...]
    others: int
    is_expanded: bool


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A filter in force, of a field with a value or as it is written, and the way without it."""

    field: str
    value: str
    url: str


def requested_facets(info: IndexInfo, address: SearchAddress) -> list[Facet]:
    """Return the facets of an index: the years of the dates, and its first keyword fields."""
    keywords = [name for name, kind in info.fields if kind == "keyword"][:_MOST_FIELDS]
    facets = [
        Facet(name, limit=_MORE_VALUES if name == address.more else _VALUES) for name in keywords
    ]
    years = _MORE_VALUES if address.more == "date" else _VALUES
    return [Facet("date", interval="year", order="-value", limit=years), *facets]


def field_names(info: IndexInfo) -> list[str]:
    """Return the names of the extra fields of an index, which a query may name."""
    standard = ("title", "text", "date")
    return [name for name, _kind in info.fields if name not in standard]


def chosen_filters(address: SearchAddress) -> list[Filter]:
    """Return a filter for each field of which values are chosen: any of them."""
    fields = dict.fromkeys(field for field, _value in address.chosen)
    return [
        In(field, tuple(value for name, value in address.chosen if name == field))
        for field in fields
    ]


def facet_panels(results: Results, address: SearchAddress) -> tuple[FacetPanel, ...]:
    """Return the facets of a result that tell documents apart, or of which a value is chosen."""
    panels = (_panel(counts, address) for counts in results.facets)
    return tuple(panel for panel in panels if _tells_apart(panel, results.total))


def _tells_apart(panel: FacetPanel, total: int) -> bool:
    links = panel.links
    return len(links) > 1 or any(each.chosen or (each.count or 0) < total for each in links)


def _panel(counts: FacetCounts, address: SearchAddress) -> FacetPanel:
    field = counts.field
    found = {_shown(counts, each.value): each.count for each in counts.values if each.count}
    chosen = [value for name, value in address.chosen if name == field]
    links = [
        FacetLink(value, count, value in chosen, address.toggled(field, value).url())
        for value, count in found.items()
    ]
    beyond = [
        FacetLink(value, None, True, address.toggled(field, value).url())
        for value in chosen
        if value not in found
    ]
    return FacetPanel(field, (*beyond, *links), counts.others, address.more == field)


def _shown(counts: FacetCounts, value: str) -> str:
    """Return a value as it is chosen and shown: of a date its year."""
    return value[:4] if counts.field == "date" else value


def filter_chips(address: SearchAddress) -> Sequence[FilterChip]:
    """Return the filters in force, in the order of the address."""
    chosen = [
        FilterChip(field, value, address.toggled(field, value).url())
        for field, value in address.chosen
    ]
    written = [FilterChip("", text, address.without_filter(text).url()) for text in address.filters]
    return [*chosen, *written]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of a document; the values of keywords lead to other documents with them."""

    name: str
    is_keyword: bool


def fields_of(
    document: HighlightedDocument, info: IndexInfo, words: Words
) -> list[tuple[ShownField, list[str]]]:
    """Return the extra fields of a document that have values, with the values as they are shown."""
    types = dict(info.fields)
    matches = document.field_matches
    return [
        (
            ShownField(name, types.get(name) == "keyword"),
            [words.marked(str(value), matches[name])]
            if name in matches
            else _values_of(value, words),
        )
        for name, value in document.fields.items()
        if value not in ("", ())
    ]


def _values_of(value: FieldValue, words: Words) -> list[str]:
    match value:
        case datetime():
            return [words.formatting.date(value)]
        case bool() | str():
            return [str(value)]
        case int() | float():
            return [words.formatting.number(value, 6)]
    return list(value)
