"""`searchd info`: properties of an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.options import json_option, location_option, print_json
from searchd.cli.word_files import protected_words_option

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.cluster.address import Location


@click.command()
@location_option
@protected_words_option
@click.option(
    "--sizes", "with_sizes", is_flag=True, help="Also show the size of each part of the index."
)
@json_option
def info(
    index_directory: Location, analyzer: Analyzer | None, with_sizes: bool, as_json: bool
) -> None:
    """Show the size, fields and version of the index.

    Prints the numbers of documents and segments, the number of the last commit (generation), the
    size on disk, the fields with their types, the fingerprint of the analysis that made the terms,
    the version of the file format, and when the index was created.
    """
    import searchd
    from searchd.index_parts import part_sizes

    with searchd.open(index_directory, analyzer=analyzer) as engine:
        found = engine.info()
    if with_sizes and not isinstance(index_directory, Path):
        raise click.UsageError("--sizes goes with an index in a directory")
    parts = part_sizes(index_directory) if isinstance(index_directory, Path) and with_sizes else []
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
                **({"sizes": dict(parts)} if with_sizes else {}),
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
    for part, size in parts:
        click.echo(f"{size:15,} bytes {size / found.bytes:6.1%}  {part}")
