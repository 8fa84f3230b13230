"""The report of `searchd index`: what was added, and which files were not read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searchd.cli.damage_report import damage_as_dict, print_damage
from searchd.cli.options import count

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.cluster.address import Location
    from indexer.indexing import Report
    from indexer.sources import Scan

_MAX_NAMED = 5
"""How many file types, or files of other reasons, the summary names."""

Skipped = Sequence[tuple[str, str]]
"""The origin and the reason of each file that was not read, such as one of an archive."""


def print_summary(
    report: Report, found: Scan, skipped: Skipped, directory: Location, seconds: float
) -> None:
    """Print what a run did to standard error, and what it did not read."""
    megabytes = report.bytes_read / 1e6
    what = count(report.documents, "passage" if report.books else "document")
    what += f" of {count(report.books, 'book')}" if report.books else ""
    deleted = f", {report.deleted:,} deleted" if report.deleted else ""
    click.echo(
        f"{what} into {directory}: {report.added:,} added, "
        f"{report.replaced:,} replaced, {report.unchanged:,} unchanged{deleted} "
        f"({megabytes:,.1f} MB in {seconds:,.1f} s, {report.documents / seconds:,.0f} documents/s)",
        err=True,
    )
    if report.bad:
        click.echo(f"skipped: {count(len(report.bad), 'bad record')}", err=True)
    print_damage(report)
    _print_skipped(found, skipped)


def _print_skipped(found: Scan, in_archives: Skipped) -> None:
    from indexer.sources.discovery import displayed

    unknown = [path for path in found.skipped if path not in found.reasons]
    others = [
        (displayed(path), found.reasons[path]) for path in found.skipped if path in found.reasons
    ]
    others += [(origin, reason or "of unknown format") for origin, reason in in_archives]
    print_unread(unknown, others, more="; see them all with --dry-run")


def print_unread(unknown: Sequence[Path], others: Skipped, *, more: str = "") -> None:
    """Print the files of `unknown` format, and the first `others`; `more` follows how many are left."""
    if unknown:
        kinds = sorted({path.suffix or path.name for path in unknown})
        names = ", ".join(kinds[:_MAX_NAMED]) + (", ..." if len(kinds) > _MAX_NAMED else "")
        click.echo(
            f"not read: {count(len(unknown), 'file')} of unknown format ({names}); "
            f"to read them too name their format with --format",
            err=True,
        )
    for origin, reason in others[:_MAX_NAMED]:
        click.echo(f"not read: {origin}: {reason}", err=True)
    if len(others) > _MAX_NAMED:
        click.echo(f"not read: {len(others) - _MAX_NAMED:,} more{more}", err=True)


def report_as_dict(
    report: Report, found: Scan, in_archives: Skipped, directory: Location, seconds: float
) -> dict[str, object]:
    """Return the report of a run as `--json` prints it."""
    from indexer.sources.discovery import displayed

    return {
        "index": str(directory),
        "added": report.added,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "deleted": report.deleted,
        "books": report.books,
        "bad": [{"origin": bad.origin, "reason": bad.reason} for bad in report.bad],
        "damaged": report.damaged,
        "damage": damage_as_dict(report),
        "skipped": [
            *(displayed(path) for path in found.skipped),
            *(origin for origin, _reason in in_archives),
        ],
        "skip_reasons": {
            **{
                displayed(path): found.reasons[path]
                for path in found.skipped
                if path in found.reasons
            },
            **{origin: reason for origin, reason in in_archives if reason},
        },
        "bytes": report.bytes_read,
        "seconds": round(seconds, 3),
    }
