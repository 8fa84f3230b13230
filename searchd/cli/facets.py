"""Facets and groups on the command line: their options, and how they are printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from searchd.cli.options import count, utf8_text
from searchd.cli.terminal import without_controls

if TYPE_CHECKING:
    from searchd.facets import FacetCounts
    from searchd.results import Results

_Command = TypeVar("_Command", bound=Callable[..., Any])

_MOST_GROUP_HITS = 100


def facet_options(command: _Command) -> _Command:
    """Add `--facet`, `--facet-filter`, `--group-by` and `--group-size`."""
    options = (
        click.option(
            "--facet",
            "facets",
            type=utf8_text,
            multiple=True,
            metavar="FACET",
            help="Count the values of a field in the whole result: FIELD, date:year, date:month, "
            "date:day, price:100 for intervals, 'price:[0 TO 9}[9 TO *]' for ranges; then "
            ",limit=20 ,order=count (or value, -value) ,min=1 ,prefix=TEXT. May be repeated.",
        ),
        click.option(
            "--facet-filter",
            "facet_filters",
            type=utf8_text,
            multiple=True,
            metavar="CONDITION",
            help="A filter on one field that does not narrow the counts of its own --facet. "
            "May be repeated: every condition must hold.",
        ),
        click.option(
            "--group-by",
            type=utf8_text,
            metavar="FIELD",
            help="Print the best documents of each value of a keyword field; --limit counts groups.",
        ),
        click.option(
            "--group-size",
            type=click.IntRange(1, _MOST_GROUP_HITS),
            metavar="N",
            default=3,
            show_default=True,
            help="Documents of each group.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def format_facet(facet: FacetCounts) -> str:
    """Return the lines of a facet: each value after its number of documents."""
    width = max((len(f"{each.count:,}") for each in facet.values), default=1) + 2
    lines = [f"{facet.field}:"]
    lines += [f"{each.count:>{width},}  {without_controls(each.value)}" for each in facet.values]
    rest = []
    if facet.others:
        rest.append(count(facet.others, "other value"))
    if facet.missing:
        rest.append(f"{count(facet.missing, 'document')} without a value")
    if rest or not facet.values:
        lines.append(f"{'':{width}}  {', '.join(rest) or 'no value'}")
    return "\n".join(lines) + "\n"


def group_headings(results: Results) -> dict[int, str]:
    """Return the heading of each group by the index of its first hit."""
    headings = {}
    for group in results.groups:
        if group.value is None:
            text = "without a value"
        else:
            text = f"{without_controls(group.value)}: {count(group.documents, 'document')}"
        headings[group.start] = click.style(f"── {text}", bold=True) + "\n"
    return headings
