"""Options and output that several commands share."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

DEFAULT_INDEX = "searchd-index"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def utf8_text(text: str) -> str:
    """Return an argument of the command line decoded as UTF-8, whatever the locale is.

    Bytes that are not UTF-8 become U+FFFD. This is the `type` of every option and argument that
    takes text.
    """
    from indexer.scalars import clean

    try:
        return clean(os.fsencode(text).decode("utf-8", "replace"))
    except UnicodeEncodeError:
        return clean(text)


class FiniteRange(click.FloatRange):
    """The type of options that take a number in a range; inf and nan are in none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return a number. Raises BadParameter."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number", param, ctx)
        return number


class IndexLocation(click.Path):
    """The type of `--index`: a directory, and with `clusters` also the address of an index on a cluster."""

    def __init__(self, *, clusters: bool) -> None:
        super().__init__(file_okay=False, path_type=Path)
        self._clusters = clusters

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Return a path or a ClusterAddress. Raises BadParameter."""
        from indexer.cluster.address import ClusterAddress, is_cluster, parse_location
        from indexer.errors import ClusterAddressError

        if not isinstance(value, ClusterAddress) and not is_cluster(value):
            return super().convert(value, param, ctx)
        try:
            address = parse_location(value)
        except ClusterAddressError as error:
            self.fail(str(error), param, ctx)
        if not self._clusters:
            self.fail(
                f"{address} is on a cluster, and this command works on the files of an index in a "
                f"directory; docs/cluster.md says what a cluster has in its place",
                param,
                ctx,
            )
        return address


def index_option(command: _Command) -> _Command:
    """Add `--index`: the directory of the index."""
    return _index_option("Directory of the index.", clusters=False)(command)


def location_option(command: _Command) -> _Command:
    """Add `--index`: the directory of the index, or its address on a cluster."""
    return _index_option(
        "Directory of the index, or the address of one on a cluster: https://host:9200/news.",
        clusters=True,
    )(command)


def _index_option(description: str, *, clusters: bool) -> Callable[[_Command], _Command]:
    return click.option(
        "--index",
        "index_directory",
        type=IndexLocation(clusters=clusters),
        envvar="SEARCHD_INDEX",
        default=DEFAULT_INDEX,
        show_default=True,
        show_envvar=True,
        help=description,
    )


def json_option(command: _Command) -> _Command:
    """Add `--json`: one JSON document on standard output."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document to standard output."
    )(command)


def color_option(command: _Command) -> _Command:
    """Add `--color`: whether matches are coloured."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour the matches. auto: if the output is a terminal and NO_COLOR is not set.",
    )(command)


def filter_option(command: _Command) -> _Command:
    """Add `--filter`, which may be given several times."""
    return click.option(
        "--filter",
        "filters",
        type=utf8_text,
        multiple=True,
        metavar="CONDITION",
        help="Only documents for which FIELD=VALUE holds; the operators are = != < <= > >=, IN (...), "
        "EXISTS FIELD, AND, OR, NOT and parentheses. May be repeated: every condition must hold.",
    )(command)


def print_json(value: object) -> None:
    """Print a value as indented JSON; escape Arabic only if the output is not in Unicode."""
    import json

    in_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    click.echo(json.dumps(value, ensure_ascii=not in_unicode, indent=2))


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun in the singular or plural.

    >>> count(1, "document"), count(1200, "document"), count(2, "query", "queries")
    ('1 document', '1,200 documents', '2 queries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
