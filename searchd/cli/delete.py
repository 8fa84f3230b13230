"""`searchd delete`: delete documents by id or by query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searchd.cli.options import count, filter_option, location_option, utf8_text
from searchd.cli.word_files import analyzer_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.cluster.address import Location


@click.command()
@click.argument("ids", nargs=-1, type=utf8_text, metavar="[ID...]")
@location_option
@analyzer_options
@click.option(
    "--query",
    "query_text",
    type=utf8_text,
    metavar="QUERY",
    help="Delete every document that matches this query, in the syntax of 'searchd query'.",
)
@filter_option
@click.option("-y", "--yes", is_flag=True, help="Delete by query without asking.")
def delete(
    ids: tuple[str, ...],
    index_directory: Location,
    analyzer: Analyzer | None,
    query_text: str | None,
    filters: tuple[str, ...],
    yes: bool,
) -> None:
    """Delete documents by ID or by query, in one commit.

    Asks before deleting by query. If an ID is not in the index the other documents are deleted,
    and the exit status is 1.

    \b
    searchd delete news/1.txt news/2.txt
    searchd delete --query '*' --filter category=sport
    """
    from indexer.indexing import delete_documents

    if bool(ids) == (query_text is not None):
        raise click.UsageError("give either document ids or --query")
    if filters and query_text is None:
        raise click.UsageError("--filter goes with --query")
    chosen: Sequence[str] = ids
    if query_text is not None:
        import searchd

        with searchd.open(index_directory, analyzer=analyzer) as engine:
            chosen = engine.ids(query_text, filters=filters)
        if chosen and not yes:
            click.confirm(f"Delete {count(len(chosen), 'document')}?", abort=True, err=True)
    found = delete_documents(index_directory, chosen, analyzer=analyzer)
    click.echo(f"{count(found.deleted, 'document')} deleted", err=True)
    if found.missing and query_text is None:
        raise click.ClickException(f"not in the index: {', '.join(found.missing)}")
