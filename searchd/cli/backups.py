"""`searchd backups`: list or check the backups of a folder."""

from __future__ import annotations

from pathlib import Path

import click

from searchd.cli.options import count, json_option, print_json


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--verify", is_flag=True, help="Read every file of every backup and compare it with its hash."
)
@json_option
def backups(target: Path, verify: bool, as_json: bool) -> None:
    """List the backups in the folder TARGET, the newest last.

    The columns are the number, when it was made, the generation, the documents and the bytes of all of
    its files, of which several backups share most. Exits with status 1 where one is damaged.
    """
    from indexer.copies.repository import BackupFolder

    folder = BackupFolder(target)
    found, damaged = folder.backups()
    if as_json:
        print_json(
            [
                {
                    "backup": each.number,
                    "created": each.created,
                    "generation": each.generation,
                    "documents": each.documents,
                    "bytes": each.size,
                    "saved": [file.name for file in each.saved],
                }
                for each in found
            ]
        )
    else:
        for each in found:
            click.echo(
                f"{each.number}  {each.created}  generation {each.generation}  "
                f"{count(each.documents, 'document')}  {each.size:,} bytes"
            )
        click.echo(f"{count(len(found), 'backup')} of {folder.index()}", err=True)
    if damaged:
        raise click.ClickException(f"{damaged[0]} is damaged; remove it, and make a new backup")
    if verify:
        for file in {file for each in found for file in (*each.files, *each.saved)}:
            folder.check(file)
        click.echo("every file is as it was written", err=True)
