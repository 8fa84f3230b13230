"""`searchd verify`: everything of an index read back and checked."""

from __future__ import annotations

from pathlib import Path

import click

from searchd.cli.options import count, index_option
from searchd.cli.progress import open_bar

_BAR = "{percentage:3.0f}% {bar} {elapsed}, {remaining} left"


@click.command()
@index_option
def verify(index_directory: Path) -> None:
    """Read the whole index back and check it.

    Every page of every file is compared with its checksum, and every term, posting, position, id
    and text with the others. A search checks only what it reads.
    """
    from indexer.check.index_check import verify_index

    with open_bar(_BAR) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = verify_index(index_directory, show)
    click.echo(
        f"{index_directory} verified: {count(found.documents, 'document')} "
        f"in {count(found.segments, 'segment')}"
    )
