"""`searchd watch`: keep an index in step with a folder as its files change."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

import click

from searchd.cli.extras import missing_extra
from searchd.cli.options import FiniteRange, index_option, utf8_text
from searchd.cli.reading_options import read_book_field, read_options, reading_options
from searchd.cli.sync_options import allow_empty_option, reread_option, yes_option
from searchd.cli.word_files import protected_words_option

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.sync.report import SyncReport

_MAX_NAMED = 5
"""How many bad records of a run are named."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@index_option
@protected_words_option
@click.option(
    "--field",
    "fields",
    multiple=True,
    type=utf8_text,
    metavar="NAME[:TYPE][=COLUMN]",
    help="An extra field of a new index, as for 'searchd index'.",
)
@reading_options
@click.option(
    "--repair",
    type=click.Choice(["auto", "report", "off"]),
    default="auto",
    show_default=True,
    help="What to do about damaged text, as for 'searchd index'.",
)
@click.option(
    "--settle",
    type=FiniteRange(0.05, 3600),
    metavar="SECONDS",
    default=0.5,
    show_default=True,
    help="Read a file when it has not changed for so long, because it may be half written.",
)
@click.option(
    "--poll",
    is_flag=True,
    help="Look at every file each 2 seconds rather than ask the system for changes: for network "
    "folders, which report none.",
)
@yes_option
@allow_empty_option
@reread_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON object in one line for each run."
)
def watch(
    folder: Path,
    index_directory: Path,
    analyzer: Analyzer | None,
    fields: tuple[str, ...],
    records_path: str | None,
    table: str | None,
    ids: str | None,
    id_prefix: str,
    passages: bool,
    book_field: str | None,
    repair: str,
    settle: float,
    poll: bool,
    yes: bool,
    allow_empty: bool,
    reread: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Keep an index in step with FOLDER until Ctrl-C or SIGTERM.

    Begins like 'searchd index --sync FOLDER', and does the same whenever files were added, changed,
    moved or deleted, with a line for each time. Bad records are named and left out, and their files
    read again the next time. Files that are deleted while it runs are deleted from the index without
    asking; where the folder vanishes or becomes empty nothing is. Searches see each change at once.
    """
    from indexer.repair import Repair
    from indexer.sync.folder_watch import WatchEvents, watch_folder
    from indexer.sync.report import SyncOptions
    from searchd.cli.folder_sync import as_dict, confirmation
    from searchd.cli.index import parse_fields

    started = time.perf_counter()

    def show(report: SyncReport) -> None:
        if as_json:
            values = as_dict(report, index_directory, time.perf_counter() - started)
            click.echo(json.dumps(values))
        elif not quiet:
            _print(report)

    def notice(line: str) -> None:
        if not quiet:
            click.echo(f"{time.strftime('%H:%M:%S')} {line}", err=True)

    field_map = parse_fields(fields)
    options = SyncOptions(
        fields=field_map,
        reading=read_options(records_path, table, ids, field_map),
        id_prefix=id_prefix,
        book_field=read_book_field(passages, book_field),
        repair=Repair(repair),
        reread=reread,
        allow_empty=allow_empty,
        settle=settle,
    )
    with _ending(notice):
        try:
            watch_folder(
                index_directory,
                folder,
                options,
                events=WatchEvents(show, notice, confirmation(folder, yes=yes)),
                stop=Event(),
                poll=poll,
                analyzer=analyzer,
            )
        except ImportError as error:
            raise missing_extra("'searchd watch'", "watch", error) from error


def _print(report: SyncReport) -> None:
    from searchd.cli.folder_sync import describe

    click.echo(f"{time.strftime('%H:%M:%S')} {describe(report)}", err=True)
    for bad in report.bad[:_MAX_NAMED]:
        click.echo(f"  {bad.origin}: {bad.reason}", err=True)
    if len(report.bad) > _MAX_NAMED:
        click.echo(f"  and {len(report.bad) - _MAX_NAMED:,} more", err=True)


@contextmanager
def _ending(notice: Callable[[str], None]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the run that is at work, which then changes nothing."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except KeyboardInterrupt as interruption:
        notes = getattr(interruption, "__notes__", ())
        notice(f"stopped; {notes[0]}" if notes else "stopped")
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
