"""`searchd optimize`: merges the segments of an index while it is searched and written to."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import click

from searchd.cli.options import count, index_option

_NICE = 10
"""How much less of the processor a merge that is due takes, where others want it."""


@click.command()
@index_option
@click.option(
    "--max-segments",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many segments may be left. Fewer are searched faster, more are merged in less time.",
)
@click.option(
    "--due",
    is_flag=True,
    help="Merge only what commits leave to it because it takes long, in place of --max-segments, and "
    "leave the processor to others.",
)
def optimize(index_directory: Path, max_segments: int, *, due: bool) -> None:
    """Merge the segments of an index, so that it is searched faster.

    Searches go on, and so do other writers: their documents are in segments of their own. Deleted
    documents take no space any more in what was merged. It needs as much disk as the merged segments
    take, until it ends.
    """
    from indexer.background_merge import merge_segments_of

    if due:
        with suppress(AttributeError, OSError):  # Windows has no such thing
            os.nice(_NICE)
    started = time.monotonic()
    done = merge_segments_of(index_directory, most_segments=None if due else max_segments)
    seconds = time.monotonic() - started
    click.echo(
        f"{index_directory}: {count(done.before, 'segment')} before, {done.after} now, "
        f"{count(done.documents, 'document')} ({seconds:.1f} s)"
    )
    if done.given_up:
        click.echo(
            f"{count(done.given_up, 'merge')} given up, since a writer had replaced the segments",
            err=True,
        )
