"""`searchd info`: properties of an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.options import index_option, json_option, print_json
from searchd.cli.word_files import protected_words_option

if TYPE_CHECKING:
    from analyzers import Analyzer


@click.command()
@index_option
@protected_words_option
@json_option
def info(index_directory: Path, analyzer: Analyzer | None, as_json: bool) -> None:
    """Show the size, fields and version of the index.

    Prints the numbers of documents and segments, the number of the last commit (generation), the
    size on disk, the fields with their types, the fingerprint of the analysis that made the terms,
    the version of the file format, and when the index was created.
    """
    import searchd

    with searchd.open(index_directory, analyzer=analyzer) as engine:
        found = engine.info()
    fields = [f"{name} ({kind})" for name, kind in found.fields]
    if as_json:
        print_json(
            {
                "index": found.path,
                "documents": found.documents,
                "generation": found.generation,
                "segments": found.segments,
                "bytes": found.bytes,
                "fields": dict(found.fields),
                "analysis": found.analysis,
                "format": found.format,
                "title_weight": found.title_weight,
                "created": found.created,
            }
        )
        return
    click.echo(f"index       {found.path}")
    click.echo(f"documents   {found.documents:,}")
    click.echo(f"segments    {found.segments} (generation {found.generation})")
    click.echo(f"size        {found.bytes / 1e6:,.1f} MB")
    click.echo(f"fields      {', '.join(fields)}")
    click.echo(f"analysis    {found.analysis} (format {found.format})")
    click.echo(f"title       weight {found.title_weight}")
    click.echo(f"created     {found.created}")
