"""`searchd verify`: a full check of an index, like Lucene's CheckIndex."""

from __future__ import annotations

from pathlib import Path

import click

from searchd.cli.options import count, index_option
from searchd.cli.progress import open_bar

_BAR = "{percentage:3.0f}% {bar} {elapsed}, {remaining} left"


@click.command()
@index_option
def verify(index_directory: Path) -> None:
    """Read the whole index and check that it is intact.

    Compares every page of every file with its checksum, and checks that terms, postings,
    positions, ids and stored texts agree with each other. A search checks only the pages that it
    reads. Exits with status 1 and names the file if anything is damaged.
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
        + (f", {count(found.files, 'file')} kept in step" if found.files else "")
    )
