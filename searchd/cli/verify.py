"""`searchd verify`: a full check of an index, like Lucene's CheckIndex."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from indexer.cluster.address import Location

from searchd.cli.options import count, location_option
from searchd.cli.progress import open_bar

_BAR = "{percentage:3.0f}% {bar} {elapsed}, {remaining} left"


@click.command()
@location_option
def verify(index_directory: Location) -> None:
    """Read the whole index and check that it is intact.

    Compares every page of every file with its checksum, and checks that terms, postings,
    positions, ids and stored texts agree with each other. A search checks only the pages that it
    reads. Exits with status 1 and names the file if anything is damaged.

    Of an index on a cluster every document is read and compared with the hash of its content and with
    its length; the files are the cluster's own.
    """
    from indexer.check.verification import verify_location

    with open_bar(_BAR) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = verify_location(index_directory, show)
    click.echo(
        f"{index_directory} verified: {count(found.documents, 'document')} "
        f"in {count(found.segments, 'segment')}"
        + (f", {count(found.files, 'file')} kept in step" if found.files else "")
    )
