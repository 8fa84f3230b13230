"""`searchd similar`: the documents most like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from searchd.cli.options import (
    count,
    filter_option,
    json_option,
    location_option,
    print_json,
    utf8_text,
)
from searchd.cli.query import format_hit
from searchd.cli.terminal import use_color, without_controls
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from indexer.cluster.address import Location


@click.command()
@click.argument("document_id", type=utf8_text, metavar="ID")
@location_option
@analyzer_options
@synonyms_options
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1, 10_000),
    metavar="N",
    default=10,
    show_default=True,
    help="Documents that are printed.",
)
@filter_option
@click.option(
    "--snippets",
    type=click.IntRange(0, 20),
    metavar="N",
    default=1,
    show_default=True,
    help="Maximum number of snippets for each document.",
)
@json_option
def similar(
    document_id: str,
    index_directory: Location,
    analyzer: Analyzer | None,
    synonyms: Synonyms | None,
    limit: int,
    filters: tuple[str, ...],
    snippets: int,
    as_json: bool,
) -> None:
    """Print the documents most like the one with an ID, the most like it first.

    They share the words that tell most about it, which are printed to standard error.

    \b
    searchd similar wire-001
    """
    import searchd

    with searchd.open(index_directory, analyzer=analyzer, synonyms=synonyms) as engine:
        found = engine.similar(document_id, limit=limit, filters=filters, snippets=snippets)
    if as_json:
        print_json(found.to_dict())
        return
    for hit in found:
        click.echo(format_hit(hit), color=use_color("auto"))
    words = " ".join(without_controls(term.text) for term in found.terms)
    click.echo(f"{count(found.total, 'document')} with any of: {words or 'no word'}", err=True)
