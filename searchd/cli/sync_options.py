"""The options of `searchd index --sync`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

yes_option = click.option(
    "-y",
    "--yes",
    is_flag=True,
    help="Delete without asking, also more than a tenth of the documents of the folder.",
)
allow_empty_option = click.option(
    "--allow-empty",
    is_flag=True,
    help="Delete all documents of a folder that is empty or not there. Without it nothing is "
    "deleted then, because a disk may not be mounted.",
)
reread_option = click.option(
    "--reread",
    is_flag=True,
    help="Read every file, also those that have not changed since the last run.",
)


def sync_options(command: _Command) -> _Command:
    """Add `--sync` and the options that go with it."""
    sync = click.option(
        "--sync",
        is_flag=True,
        help="Make the index equal to the files of one folder: add, replace, move and delete. Files "
        "that have not changed are not read. Documents of other folders are not touched.",
    )
    for option in (reread_option, allow_empty_option, yes_option, sync):
        command = option(command)
    return command


def check_sync_usage(sync: bool, paths: Sequence[str], **options: bool) -> None:
    """Raise click.UsageError for options without `--sync`, and for several folders with it."""
    if sync and len(paths) > 1:
        raise click.UsageError("--sync takes one folder; run it once for each")
    for name, is_given in options.items():
        if is_given and not sync:
            raise click.UsageError(f"--{name.replace('_', '-')} goes with --sync")
