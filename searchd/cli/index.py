"""`searchd index`: files to an index."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.options import count, index_option, json_option, print_json, typed
from searchd.cli.word_files import protected_words_option

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.fields import FieldMap
    from indexer.indexing import Report
    from indexer.sources import Scan

EXIT_SOME_LEFT_OUT = 3

_NAMED = 5
"""How many of the documents that look reversed the summary names."""

_FORMATS = ("txt", "md", "html", "jsonl", "csv", "tsv", "trec")


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@protected_words_option
@click.option(
    "--field",
    "fields",
    multiple=True,
    type=typed,
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
    metavar="MB",
    default=400,
    show_default=True,
    help="Memory for documents before they are written as a segment.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that analyse and write, beside the one that reads.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
@json_option
def index(
    paths: tuple[str, ...],
    index_directory: Path,
    analyzer: Analyzer | None,
    fields: tuple[str, ...],
    kind: str | None,
    on_error: str,
    rebuild: bool,
    optimize: bool,
    memory_mb: int,
    processes: int,
    quiet: bool,
    as_json: bool,
) -> None:
    """Add files to an index, made where there is none.

    PATH is a directory, a file (.txt .md .html .jsonl .csv .tsv .trec, each also as .gz), or - for
    standard input. A document replaces the one with the same id; unchanged ones are not written
    again. Nothing is changed before the whole run has succeeded.
    """
    from indexer.indexing import OnError, index_records
    from indexer.sources import read_records, scan
    from searchd.cli.progress import Progress

    field_map = _parse_fields(fields)
    found = _outside(scan(paths, format=kind), index_directory, paths)
    started = time.perf_counter()
    with Progress(found.total_bytes, enabled=not quiet) as progress:
        report = index_records(
            index_directory,
            progress.reading(read_records(found, stdin=sys.stdin.buffer)),
            field_map,
            on_error=OnError(on_error),
            analyzer=analyzer,
            rebuild=rebuild,
            optimize=optimize,
            memory_mb=memory_mb,
            processes=processes,
            progress=progress.show,
            on_bad=progress.show_bad_record if on_error == "skip" else None,
        )
    seconds = time.perf_counter() - started
    if as_json:
        print_json(_as_dict(report, found, index_directory, seconds))
    elif not quiet:
        _print_summary(report, found, index_directory, seconds)
    if report.bad:
        sys.exit(EXIT_SOME_LEFT_OUT)


def _parse_fields(options: Sequence[str]) -> FieldMap | None:
    from indexer.errors import FieldOptionError
    from indexer.fields import FieldMap, parse_field_option

    try:
        specs = [parse_field_option(option) for option in options]
        return FieldMap.from_specs(specs) if specs else None
    except FieldOptionError as error:
        raise click.BadParameter(str(error), param_hint="--field") from error


def _real(path: Path) -> Path:
    """Return a path without links; one that leads to itself stays, where `resolve` may raise."""
    return Path(os.path.realpath(path))


def _outside(found: Scan, directory: Path, given: Sequence[str]) -> Scan:
    """Leave out the files of the index itself, where it lies within what is being indexed."""
    place = _real(directory)
    if any(_real(Path(path)).is_relative_to(place) for path in given):
        return found
    return replace(
        found,
        files=tuple(
            file
            for file in found.files
            if file.path is None or not _real(file.path).is_relative_to(place)
        ),
        skipped=tuple(path for path in found.skipped if not _real(path).is_relative_to(place)),
    )


def _print_summary(report: Report, found: Scan, directory: Path, seconds: float) -> None:
    megabytes = report.bytes_read / 1e6
    click.echo(
        f"{count(report.documents, 'document')} into {directory}: {report.added:,} added, "
        f"{report.replaced:,} replaced, {report.unchanged:,} unchanged "
        f"({megabytes:,.1f} MB in {seconds:,.1f} s, {report.documents / seconds:,.0f} documents/s)",
        err=True,
    )
    if report.bad:
        click.echo(f"left out: {count(len(report.bad), 'bad record')}", err=True)
    if report.reversed:
        named = [found.origin or found.id for found in report.first_reversed[:_NAMED]]
        names = ", ".join(named) + (", ..." if report.reversed > len(named) else "")
        click.echo(
            f"warning: {count(report.reversed, 'document')} written from the last letter to the "
            f"first ({names}), as some PDF converters do; no word in them will be found: convert "
            f"them again with another tool, or reverse each line, and index them again",
            err=True,
        )
    if found.skipped:
        kinds = sorted({path.suffix or path.name for path in found.skipped})
        names = ", ".join(kinds[:5]) + (", ..." if len(kinds) > 5 else "")
        click.echo(
            f"not read: {count(len(found.skipped), 'file')} of unknown kind ({names}); "
            f"to read them too name their kind with --format",
            err=True,
        )


def _as_dict(report: Report, found: Scan, directory: Path, seconds: float) -> dict[str, object]:
    from indexer.sources.discovery import displayed

    return {
        "index": str(directory),
        "added": report.added,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "bad": [{"origin": bad.origin, "reason": bad.reason} for bad in report.bad],
        "reversed": report.reversed,
        "first_reversed": [
            {"id": found.id, "origin": found.origin} for found in report.first_reversed
        ],
        "skipped": [displayed(path) for path in found.skipped],
        "bytes": report.bytes_read,
        "seconds": round(seconds, 3),
    }
