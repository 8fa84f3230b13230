"""`searchd restore`: make an index of a backup again."""

from __future__ import annotations

from pathlib import Path

import click

from searchd.cli.options import count, index_option, json_option, print_json
from searchd.cli.progress import copying_bar


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@index_option
@click.option(
    "--backup",
    "number",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="The number of the backup, as 'searchd backups' lists it. [default: the newest]",
)
@click.option("--force", is_flag=True, help="Replace an index that is there already.")
@click.option(
    "--no-verify",
    is_flag=True,
    help="Compare files with their hashes, but do not check the whole index as 'searchd verify' does.",
)
@click.option(
    "--saved-to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the files that 'searchd backup --save' saved to FOLDER.",
)
@json_option
def restore(
    target: Path,
    index_directory: Path,
    number: int | None,
    force: bool,
    no_verify: bool,
    saved_to: Path | None,
    as_json: bool,
) -> None:
    """Restore an index from the folder of backups TARGET.

    The index is replaced only with --force, by one step as in a commit: a service that has it open
    answers from the restored one with the next search. Files that it has already are not copied. On every
    error the index is as it was.
    """
    from indexer.copies.restore import restore as restore_index

    with copying_bar() as show:
        made, done = restore_index(
            target,
            index_directory,
            number=number,
            force=force,
            verify=not no_verify,
            saved_to=saved_to,
            progress=show,
        )
    if as_json:
        print_json(
            {
                "backup": made.number,
                "created": made.created,
                "generation": done.generation.number,
                "documents": made.documents,
                "copied_files": done.copied,
                "copied_bytes": done.bytes,
                "kept_files": done.kept,
                "verified": not no_verify,
            }
        )
        return
    click.echo(
        f"{index_directory} is backup {made.number} of {made.created}"
        f"{'' if no_verify else ', verified'}: {count(made.documents, 'document')}; "
        f"{count(done.copied, 'file')} copied, {done.kept} there already"
    )
    if made.saved and saved_to is None:
        names = ", ".join(file.name for file in made.saved)
        click.echo(f"it also has {names}; add --saved-to FOLDER to get them", err=True)
