"""`searchd replicate`: keep a copy of an index that follows it."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from searchd.cli.options import FiniteRange, count, index_option, utf8_text
from searchd.cli.progress import copying_bar

if TYPE_CHECKING:
    from indexer.copies.replica import Primary


@click.command()
@click.argument("source", type=utf8_text)
@index_option
@click.option(
    "--every",
    type=FiniteRange(0.1, 86400),
    metavar="SECONDS",
    default=5,
    show_default=True,
    help="How long to wait before it looks for a newer generation.",
)
@click.option("--once", is_flag=True, help="Copy the newest generation, and end.")
@click.option(
    "--key",
    type=utf8_text,
    metavar="KEY",
    envvar="SEARCHD_REPLICATION_KEY",
    show_envvar=True,
    help="An API key of the primary with the scope replicate, for the address of a service.",
)
@click.option(
    "--verify",
    is_flag=True,
    help="Check each new generation as 'searchd verify' does, before it is used.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def replicate(
    source: str,
    index_directory: Path,
    every: float,
    once: bool,
    key: str | None,
    verify: bool,
    quiet: bool,
) -> None:
    """Keep the index a copy of the one at SOURCE, until Ctrl-C or SIGTERM.

    SOURCE is the directory of an index, or the address of a service: http://HOST:8000, or
    https://HOST/indexes/NAME. Only files that are new are copied; each is checked, and only then the
    new generation takes the place of the old one. 'searchd serve' over a replica answers from the newest
    whole generation. Nothing else may write to a replica. While the primary cannot be reached the
    replica stays as it is.
    """
    from indexer.copies.replica import replicate as update
    from indexer.errors import IndexerError

    primary = _primary_of(source, key)

    def run() -> None:
        with copying_bar() as show:
            done = update(primary, index_directory, verify=verify, progress=show)
        if quiet or (done is None and not once):
            return
        if done is None:
            click.echo(
                f"{index_directory} has the newest generation of {primary.name} already", err=True
            )
            return
        click.echo(
            f"{time.strftime('%H:%M:%S')} generation {done.generation.number} of {primary.name}: "
            f"{count(done.copied, 'file')} copied ({done.bytes:,} bytes), {done.kept} there already",
            err=True,
        )

    if once:
        run()
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    failed = ""
    try:
        run()  # what is wrong from the start ends the command
        while True:
            time.sleep(every)
            try:
                run()
                failed = ""
            except IndexerError as error:
                if str(error) != failed:
                    click.echo(f"{time.strftime('%H:%M:%S')} {error}", err=True)
                failed = str(error)
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _primary_of(source: str, key: str | None) -> Primary:
    if "://" in source:
        from indexer.copies.http_source import http_primary

        return http_primary(source, key)
    from indexer.copies.replica import directory_primary

    return directory_primary(Path(source))
