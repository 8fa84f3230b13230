"""A folder kept in step, from the command line: questions, progress and what was done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.damage_report import damage_as_dict, describe_damage, print_damage
from searchd.cli.index_report import print_unread
from searchd.cli.options import count, print_json

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.sync.report import Deletion, SyncOptions, SyncReport


def run_sync(
    directory: Path,
    folder: Path,
    options: SyncOptions,
    *,
    analyzer: Analyzer | None,
    yes: bool,
    quiet: bool,
    as_json: bool,
    verbose: bool,
) -> SyncReport:
    """Make an index equal to a folder, and print what was done."""
    from indexer.indexing import OnError
    from indexer.sync.folder_sync import sync_folder
    from indexer.sync.report import SyncEvents
    from searchd.cli.progress import Progress

    started = time.perf_counter()
    with Progress(None, enabled=not quiet) as progress:
        events = SyncEvents(
            confirm=confirmation(folder, yes=yes, before=progress.hide),
            progress=progress.show,
            on_bad=progress.show_bad_record if options.on_error is OnError.SKIP else None,
            on_damage=(lambda damaged: progress.write(describe_damage(damaged)))
            if verbose
            else None,
        )
        report = sync_folder(directory, folder, options, events, analyzer=analyzer)
    seconds = time.perf_counter() - started
    if as_json:
        print_json(as_dict(report, directory, seconds))
    elif not quiet:
        _print_summary(report, folder, directory, seconds)
        print_damage(report)
        _print_skipped(report)
    return report


def confirmation(
    folder: Path, *, yes: bool, before: Callable[[], None] | None = None
) -> Callable[[Deletion], bool] | None:
    """Return who is asked before many documents are deleted; None without a terminal.

    `before` is called before the question is printed.
    """
    if yes:
        return lambda _deletion: True
    if not _is_terminal():
        return None

    def ask(deletion: Deletion) -> bool:
        if before is not None:
            before()
        return click.confirm(
            f"Delete {deletion.documents:,} of {count(deletion.of, 'document')} of {folder}, "
            f"whose files are gone?",
            abort=True,
            err=True,
        )

    return ask


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def describe(report: SyncReport) -> str:
    """Return what a run did, in one line."""
    parts = [
        f"{report.added:,} added",
        f"{report.replaced:,} replaced",
        f"{report.moved:,} moved",
        f"{report.deleted:,} deleted",
        f"{report.unchanged:,} unchanged",
    ]
    if report.bad:
        parts.append(count(len(report.bad), "bad record"))
    return ", ".join(parts)


def as_dict(report: SyncReport, directory: Path, seconds: float) -> dict[str, object]:
    """Return what a run did, for `--json`."""
    from indexer.sources.discovery import displayed

    return {
        "index": str(directory),
        "added": report.added,
        "replaced": report.replaced,
        "moved": report.moved,
        "deleted": report.deleted,
        "unchanged": report.unchanged,
        "files": report.files,
        "files_read": report.files_read,
        "files_moved": report.files_moved,
        "files_failed": report.files_failed,
        "files_postponed": report.postponed,
        "bad": [{"origin": bad.origin, "reason": bad.reason} for bad in report.bad],
        "damaged": report.damaged,
        "damage": damage_as_dict(report),
        "skipped": [displayed(path) for path in report.skipped],
        "bytes": report.bytes_read,
        "seconds": round(seconds, 3),
    }


def _print_summary(report: SyncReport, folder: Path, directory: Path, seconds: float) -> None:
    click.echo(
        f"{directory} is in step with {folder}: {describe(report)} ({report.files_read:,} of "
        f"{count(report.files, 'file')} read, {seconds:,.1f} s)",
        err=True,
    )
    if report.files_failed:
        click.echo(
            f"not read: {count(report.files_failed, 'file')} with bad records, whose documents stay "
            f"as they were; the next run tries again",
            err=True,
        )
    if report.postponed:
        click.echo(
            f"changed while it was read: {count(report.postponed, 'file')}; the next run reads "
            f"such files again",
            err=True,
        )


def _print_skipped(report: SyncReport) -> None:
    from indexer.sources.discovery import displayed

    unknown = [path for path, reason in report.skipped.items() if not reason]
    others = [(displayed(path), reason) for path, reason in report.skipped.items() if reason]
    print_unread(unknown, others)
