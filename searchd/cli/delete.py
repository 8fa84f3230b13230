"""`searchd delete`: documents out of an index."""

from __future__ import annotations

from pathlib import Path

import click

from searchd.cli.options import filter_option, index_option


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@index_option
@click.option("--query", "query_text", help="Delete every document that matches this query.")
@filter_option
@click.option("-y", "--yes", is_flag=True, help="Do not ask before deleting by query.")
def delete(
    ids: tuple[str, ...],
    index_directory: Path,
    query_text: str | None,
    filters: tuple[str, ...],
    yes: bool,
) -> None:
    """Delete documents by ID, or by a query (`*` and --filter for a whole category)."""
    import searchd
    from indexer.indexing import delete_documents

    if bool(ids) == (query_text is not None):
        raise click.UsageError("give either document ids or --query")
    if filters and query_text is None:
        raise click.UsageError("--filter goes with --query")
    chosen = list(ids)
    with searchd.open(index_directory) as engine:
        if query_text is not None:
            chosen = engine.ids(query_text, filters=filters)
            if chosen and not yes:
                click.confirm(f"Delete {len(chosen):,} documents?", abort=True, err=True)
    deleted = delete_documents(index_directory, chosen) if chosen else 0
    noun = "document" if deleted == 1 else "documents"
    click.echo(f"{deleted:,} {noun} deleted", err=True)
    if deleted < len(set(chosen)):
        raise click.ClickException(
            f"{len(set(chosen)) - deleted:,} of these ids are not in the index"
        )
