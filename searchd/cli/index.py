"""`searchd index`: add files to an index."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.damage_report import describe_damage
from searchd.cli.dry_run import report_missing_readers, show_dry_run
from searchd.cli.exit_status import BAD_RECORDS_SKIPPED
from searchd.cli.index_report import print_summary, report_as_dict
from searchd.cli.options import json_option, location_option, print_json, utf8_text
from searchd.cli.reading_options import read_book_field, read_options, reading_options
from searchd.cli.sync_options import check_sync_usage, sync_options
from searchd.cli.word_files import protected_words_option

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.cluster.address import Location
    from indexer.fields import FieldMap
    from indexer.sources import Scan

_FORMATS = (
    *("txt", "md", "html", "jsonl", "csv", "tsv", "trec", "json", "sqlite", "parquet", "xml"),
    *("openiti", "eml", "mbox", "srt", "vtt", "marc", "ris", "bib"),
    *("pdf", "docx", "odt", "rtf", "epub", "pptx", "odp", "xlsx", "xls", "ods", "zip", "tar"),
)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@location_option
@protected_words_option
@click.option(
    "--field",
    "fields",
    multiple=True,
    type=utf8_text,
    metavar="NAME[:TYPE][=COLUMN]",
    help="An extra field besides id, title, text, date and url, read from the column of its name or "
    "from COLUMN; for one of these five, the column that it is read from. TYPE is keyword "
    "(default), text, number or date. May be repeated. The fields of an index are fixed when it "
    "is made.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(_FORMATS),
    help="Format of every file, whatever it holds, and of standard input (default: by the content of "
    "a file, and between formats of text by its name; jsonl for standard input).",
)
@reading_options
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="What to do with a bad record: stop and leave the index unchanged, or skip the record and "
    "exit with status 3.",
)
@click.option(
    "--repair",
    type=click.Choice(["auto", "report", "off"]),
    default="auto",
    show_default=True,
    help="What to do about damaged text (visual order, mojibake, HTML entities, turned ligatures): "
    "mend what is certain and report it, only report it, or not look for it.",
)
@click.option(
    "--rebuild",
    is_flag=True,
    help="Replace the whole index with the documents of these paths. Its extra fields stay the same "
    "unless --field is given.",
)
@click.option(
    "--optimize", is_flag=True, help="Merge the index into one segment, for the fastest search."
)
@click.option(
    "--shards",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Shards of a new index on a cluster (default: 3). Their number is fixed when it is made.",
)
@click.option(
    "--replicas",
    type=click.IntRange(0, 64),
    metavar="N",
    help="Copies of each shard of a new index on a cluster, beside the first (default: 1).",
)
@click.option(
    "--memory",
    "memory_mb",
    type=click.IntRange(16),
    metavar="MB",
    default=400,
    show_default=True,
    help="Memory for buffered documents, in MB, over all processes; a full buffer is written as a "
    "segment. Distinct words take up to two thirds of it besides.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Number of processes that analyze and write segments, and of those that read office files, "
    "PDF and large pages. With 1 a single process analyzes, writes, and reads all other files; with "
    "more, another process reads these.",
)
@click.option(
    "--file-seconds",
    type=click.IntRange(1),
    metavar="SECONDS",
    default=300,
    show_default=True,
    help="The longest time that an office file, a PDF or a large page may take to be read; beyond it "
    "the file is a bad record.",
)
@click.option(
    "--file-memory",
    type=click.IntRange(256),
    metavar="MB",
    default=4096,
    show_default=True,
    help="The most memory that reading such a file may take, where the system limits it.",
)
@click.option(
    "--ocr",
    type=utf8_text,
    default="",
    metavar="COMMAND",
    help="A command that reads the pages of PDF files that have no text: a program and its arguments, "
    "with {image} for the path of an image of the page (PNG) or {pdf} for that of a PDF of it. It "
    "writes the text to its standard output, as in: --ocr 'tesseract {image} - -l ara'.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Index nothing; show how many files of each kind would be read and with what, and which "
    "files would not be read and why.",
)
@sync_options
@click.option("-v", "--verbose", is_flag=True, help="Name every damaged document.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
@json_option
def index(
    paths: tuple[str, ...],
    index_directory: Location,
    analyzer: Analyzer | None,
    fields: tuple[str, ...],
    kind: str | None,
    records_path: str | None,
    table: str | None,
    ids: str | None,
    id_prefix: str,
    passages: bool,
    book_field: str | None,
    on_error: str,
    repair: str,
    rebuild: bool,
    optimize: bool,
    shards: int | None,
    replicas: int | None,
    memory_mb: int,
    processes: int,
    sync: bool,
    yes: bool,
    allow_empty: bool,
    reread: bool,
    file_seconds: int,
    file_memory: int,
    ocr: str,
    dry_run: bool,
    verbose: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Add files to an index, or make a new one.

    PATH is a directory, a file, or - for standard input. Files are text (.txt .md .html), office
    files and books (.pdf .docx .odt .rtf .epub .pptx .odp .xlsx .xls .ods), mail (.eml .mbox),
    subtitles (.srt .vtt), XML (TEI, JATS, RSS, Atom), OpenITI mARkdown, catalogues (.mrc, MARCXML, .ris
    .bib), files of many records (.jsonl .json .csv .tsv .trec .sgml .sqlite .parquet), each also
    compressed (.gz .bz2 .xz .zst), and archives of all these
    (.zip .tar). A document replaces the one with the same id; unchanged documents are
    not written again. The run is one commit: the index changes only if all of it succeeds.

    With --sync, PATH is one folder, and the index is made equal to its files: changed ones are read
    again, renamed ones get their new ids, and the documents of those that are gone are deleted.
    """
    from indexer.indexing import OnError, index_records
    from indexer.repair import Repair
    from indexer.sources import ReadLimits, read_records, scan, with_options
    from searchd.cli.progress import Progress

    field_map = parse_fields(fields)
    options = read_options(records_path, table, ids, field_map)
    field_of_books = read_book_field(passages, book_field)
    check_sync_usage(sync, paths, yes=yes, allow_empty=allow_empty, reread=reread)
    if sync and dry_run:
        raise click.UsageError("--dry-run does not go with --sync")
    _check_cluster_usage(index_directory, shards, replicas, sync=sync)
    if sync:
        assert isinstance(index_directory, Path)
        from indexer.sync.report import SyncOptions
        from searchd.cli.folder_sync import run_sync

        synced = run_sync(
            index_directory,
            Path(paths[0]),
            SyncOptions(
                fields=field_map,
                format=kind,
                reading=options,
                id_prefix=id_prefix,
                book_field=field_of_books,
                on_error=OnError(on_error),
                repair=Repair(repair),
                rebuild=rebuild,
                optimize=optimize,
                memory_mb=memory_mb,
                processes=processes,
                limits=ReadLimits(file_seconds, file_memory, ocr=ocr),
                reread=reread,
                allow_empty=allow_empty,
            ),
            analyzer=analyzer,
            yes=yes,
            quiet=quiet,
            as_json=as_json,
            verbose=verbose,
        )
        if synced.bad:
            sys.exit(BAD_RECORDS_SKIPPED)
        return
    found = with_options(scan(paths, format=kind), options)
    if isinstance(index_directory, Path):
        found = _without_index_files(found, index_directory, paths)
    if dry_run:
        show_dry_run(found, sys.stdin.buffer, as_json=as_json, quiet=quiet)
        return
    report_missing_readers(found, stop=on_error == "stop")
    skipped: list[tuple[str, str]] = []
    started = time.perf_counter()
    with (
        Progress(found.total_bytes, enabled=not quiet) as progress,
        closing(
            read_records(
                found,
                stdin=sys.stdin.buffer,
                processes=processes,
                limits=ReadLimits(file_seconds, file_memory, ocr=ocr),
                on_skip=lambda *skip: skipped.append(skip),
                on_file=progress.count_file,
            )
        ) as records,
    ):
        report = index_records(
            index_directory,
            progress.reading(records),
            field_map,
            on_error=OnError(on_error),
            repair=Repair(repair),
            id_prefix=id_prefix,
            book_field=field_of_books,
            analyzer=analyzer,
            rebuild=rebuild,
            optimize=optimize,
            memory_mb=memory_mb,
            processes=processes,
            shards=shards,
            replicas=replicas,
            progress=progress.show,
            on_bad=progress.show_bad_record if on_error == "skip" else None,
            on_damage=(lambda damaged: progress.write(describe_damage(damaged)))
            if verbose
            else None,
        )
    seconds = time.perf_counter() - started
    if as_json:
        print_json(report_as_dict(report, found, skipped, index_directory, seconds))
    elif not quiet:
        print_summary(report, found, skipped, index_directory, seconds)
    if report.bad:
        sys.exit(BAD_RECORDS_SKIPPED)


def _check_cluster_usage(
    location: Location, shards: int | None, replicas: int | None, *, sync: bool
) -> None:
    """Raise UsageError for options that do not go with where the index is."""
    if isinstance(location, Path):
        if shards is not None or replicas is not None:
            raise click.UsageError("--shards and --replicas go with an index on a cluster")
    elif sync:
        raise click.UsageError(
            "--sync keeps an index in a directory in step; on a cluster index the folder again, which "
            "sends only what has changed, and now and then with --rebuild, which leaves out what is gone"
        )


def parse_fields(options: Sequence[str]) -> FieldMap | None:
    """Return the fields of `--field`, None where none is given. Raises click.BadParameter."""
    from indexer.errors import FieldOptionError
    from indexer.fields import FieldMap, parse_field_option

    try:
        specs = [parse_field_option(option) for option in options]
        return FieldMap.from_specs(specs) if specs else None
    except FieldOptionError as error:
        raise click.BadParameter(str(error), param_hint="--field") from error


def _real(path: Path) -> Path:
    """Return a path with symbolic links resolved; a link to itself stays, as `resolve` may raise."""
    return Path(os.path.realpath(path))


def _without_index_files(found: Scan, directory: Path, given: Sequence[str]) -> Scan:
    """Leave out the files of the index itself, if its directory is within an indexed one."""
    index_path = _real(directory)
    if any(_real(Path(path)).is_relative_to(index_path) for path in given):
        return found
    return replace(
        found,
        files=tuple(
            file
            for file in found.files
            if file.path is None or not _real(file.path).is_relative_to(index_path)
        ),
        skipped=tuple(path for path in found.skipped if not _real(path).is_relative_to(index_path)),
    )
