"""`searchd backup`: add a backup of an index to a folder of backups."""

from __future__ import annotations

from pathlib import Path

import click

from searchd.cli.options import count, index_option, json_option, print_json
from searchd.cli.progress import copying_bar


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@index_option
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="Keep the newest N backups, this one among them, and remove older ones. [default: all]",
)
@click.option(
    "--save",
    "saved",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    multiple=True,
    help="Also save a file that belongs to the index and is not in it: protected words, synonyms, a "
    "configuration, keys. May be repeated.",
)
@click.option(
    "--verify",
    is_flag=True,
    help="Read every file of the backup back, also those that older backups have, and copy damaged "
    "ones again.",
)
@click.option(
    "--moved",
    is_flag=True,
    help="Go on with the backups of an index that was at another path before.",
)
@json_option
def backup(
    target: Path,
    index_directory: Path,
    keep: int | None,
    saved: tuple[Path, ...],
    verify: bool,
    moved: bool,
    as_json: bool,
) -> None:
    """Add a backup of the index to the folder TARGET, while it is searched and written to.

    Only files that no older backup in TARGET has are copied. A backup that is cut off leaves the
    older ones whole. Where nothing has changed since the newest backup, there is no new one.
    TARGET has the backups of one index; keep it on another disk or machine.
    """
    from indexer.copies.backup import back_up

    with copying_bar() as show:
        done = back_up(
            index_directory,
            target,
            keep=keep,
            saved=saved,
            verify=verify,
            moved=moved,
            progress=show,
        )
    made = done.backup
    if as_json:
        print_json(
            {
                "backup": made.number,
                "created": made.created,
                "generation": made.generation,
                "documents": made.documents,
                "is_new": done.is_new,
                "bytes": made.size,
                "copied_files": done.copied,
                "copied_bytes": done.copied_bytes,
                "removed_backups": done.removed,
            }
        )
    else:
        state = "" if done.is_new else " was there already and"
        click.echo(
            f"backup {made.number} of {index_directory} in {target}{state} has "
            f"{count(made.documents, 'document')}; "
            f"{count(done.copied, 'file')} copied ({done.copied_bytes:,} of {made.size:,} bytes)"
            + (f", {count(done.removed, 'older backup')} removed" if done.removed else "")
        )
    if done.damaged:
        raise click.ClickException(
            f"the backup was made, but {done.damaged[0]} is damaged, so no files of older backups were "
            f"removed; remove it"
        )
