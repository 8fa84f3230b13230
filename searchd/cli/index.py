"""`searchd index`: files to an index."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.options import index_option, json_option, print_json

if TYPE_CHECKING:
    from indexer.indexing import Report
    from indexer.sources import BadRecord, Scan

EXIT_SOME_LEFT_OUT = 3

_SHOWN_BAD_RECORDS = 20
_FORMATS = ("txt", "md", "html", "jsonl", "csv", "tsv", "trec")


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME[:TYPE][=COLUMN]",
    help="A field to keep beside id, title, text, date and url, or the column that one of these "
    "is read from. TYPE is keyword (default), text, number or date. May be repeated.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(_FORMATS),
    help="Kind of every file, whatever its name; of standard input too (default there: jsonl).",
)
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="What a bad record does: end the run and keep the old index, or be left out.",
)
@click.option("--rebuild", is_flag=True, help="Build the index again from these paths alone.")
@click.option("--optimize", is_flag=True, help="Merge the index into one segment.")
@click.option(
    "--memory",
    "memory_mb",
    type=click.IntRange(16),
    default=256,
    show_default=True,
    help="Memory for postings before they go to temporary files, in MB.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
@json_option
def index(
    paths: tuple[str, ...],
    index_directory: Path,
    fields: tuple[str, ...],
    kind: str | None,
    on_error: str,
    rebuild: bool,
    optimize: bool,
    memory_mb: int,
    quiet: bool,
    as_json: bool,
) -> None:
    """Add files to an index, made where there is none.

    PATH is a directory, a file (.txt .md .html .jsonl .csv .tsv .trec, each also as .gz), or - for
    standard input. A document replaces the one with the same id; unchanged ones are not written
    again. Nothing is changed before the whole run has succeeded.
    """
    from indexer.fields import FieldMap, parse_field_option
    from indexer.indexing import OnError, index_records
    from indexer.sources import read_records, scan

    specs = [parse_field_option(option) for option in fields]
    found = scan(paths, format=kind)
    started = time.perf_counter()
    with _progress(found, enabled=not quiet) as progress:
        report = index_records(
            index_directory,
            read_records(found, stdin=sys.stdin.buffer),
            FieldMap.from_specs(specs) if specs else None,
            on_error=OnError(on_error),
            rebuild=rebuild,
            optimize=optimize,
            memory_mb=memory_mb,
            progress=progress,
            on_bad=_print_bad_record() if on_error == "skip" else None,
        )
    seconds = time.perf_counter() - started
    if as_json:
        print_json(_as_dict(report, index_directory, seconds))
    elif not quiet:
        _print_summary(report, found, index_directory, seconds)
    if report.bad:
        sys.exit(EXIT_SOME_LEFT_OUT)


@contextmanager
def _progress(found: Scan, *, enabled: bool) -> Iterator[Callable[[Report], None]]:
    """Show a bar on standard error, where that is a terminal."""
    from tqdm import tqdm

    total = found.total_bytes
    with tqdm(
        total=total,
        unit="B",
        unit_scale=True,
        disable=None if enabled else True,
        smoothing=0.1,
        bar_format=None
        if total is None
        else "{percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {rate_fmt}, {remaining} left{postfix}",
    ) as bar:
        started = time.monotonic()

        def show(report: Report) -> None:
            seconds = time.monotonic() - started or 1.0
            if bar.update(report.bytes_read - bar.n):
                bar.set_postfix_str(
                    f"{report.documents:,} documents, {report.documents / seconds:,.0f} documents/s",
                    refresh=False,
                )

        yield show
        if not bar.disable:
            bar.refresh()


def _print_bad_record() -> Callable[[BadRecord], None]:
    """Return a function that prints each bad record above the bar, up to a number of them."""
    from tqdm import tqdm

    count = 0

    def show(bad: BadRecord) -> None:
        nonlocal count
        count += 1
        if count <= _SHOWN_BAD_RECORDS:
            tqdm.write(f"{bad.origin}: {bad.reason}", file=sys.stderr)
        elif count == _SHOWN_BAD_RECORDS + 1:
            tqdm.write("more bad records follow; they are only counted", file=sys.stderr)

    return show


def _print_summary(report: Report, found: Scan, directory: Path, seconds: float) -> None:
    megabytes = report.bytes_read / 1e6
    click.echo(
        f"{report.documents:,} documents into {directory}: {report.added:,} added, "
        f"{report.replaced:,} replaced, {report.unchanged:,} unchanged "
        f"({megabytes:,.1f} MB in {seconds:,.1f} s, {report.documents / seconds:,.0f} documents/s)",
        err=True,
    )
    if report.bad:
        click.echo(f"{len(report.bad):,} bad records were left out", err=True)
    if found.skipped:
        names = ", ".join(sorted({path.suffix or path.name for path in found.skipped})[:5])
        click.echo(
            f"{len(found.skipped):,} files of unknown kind were not read ({names}); "
            f"name their kind with --format",
            err=True,
        )


def _as_dict(report: Report, directory: Path, seconds: float) -> dict[str, object]:
    return {
        "index": str(directory),
        "added": report.added,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "bad": [{"origin": bad.origin, "reason": bad.reason} for bad in report.bad],
        "bytes": report.bytes_read,
        "seconds": round(seconds, 3),
    }
