"""What `searchd index --dry-run` shows: which files would be read, with what, and which not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

import click

from searchd.cli.extras import install_command
from searchd.cli.options import count, print_json
from searchd.cli.progress import open_bar

if TYPE_CHECKING:
    from indexer.sources import BadRecord, Kind, Scan

_FILES = "{n_fmt} files looked at{postfix}"


def show_dry_run(found: Scan, stdin: BinaryIO, *, as_json: bool, quiet: bool) -> None:
    """Print the files of a scan by kind, with those in archives, and what is not read and why."""
    from indexer.sources import BadRecord, files_to_read
    from indexer.sources.discovery import displayed

    skipped = [(displayed(path), found.reasons.get(path, "")) for path in found.skipped]
    bad: list[BadRecord] = list(found.unreadable)
    files: Counter[Kind] = Counter()
    sizes: Counter[Kind] = Counter()
    with open_bar(_FILES, enabled=not quiet) as bar:
        bar.unit_scale = False
        for file in files_to_read(found, stdin, lambda *skip: skipped.append(skip)):
            bar.update(1)
            if isinstance(file, BadRecord):
                bad.append(file)
                continue
            files[file.kind] += 1
            sizes[file.kind] += file.size or 0
    kinds = [_row(kind, files[kind], sizes[kind]) for kind in sorted(files)]
    if as_json:
        print_json(
            {
                "kinds": kinds,
                "skipped": [{"path": path, "reason": reason} for path, reason in skipped],
                "bad": [{"origin": each.origin, "reason": each.reason} for each in bad],
            }
        )
        return
    _print(kinds, skipped, bad)


def report_missing_readers(found: Scan, *, stop: bool) -> None:
    """Say of which kinds files cannot be read because a package is missing, and how to install it.

    Where the run would stop at the first of them, raises ClickException instead.
    """
    from indexer.sources.formats import format_of

    kinds = Counter(file.kind for file in found.files)
    missing = {kind: files for kind, files in kinds.items() if not format_of(kind).is_installed}
    if not missing:
        return
    files = " and ".join(count(missing[kind], f"{kind.upper()} file") for kind in sorted(missing))
    packages = sorted({format_of(kind).package for kind in missing})
    extras = sorted({format_of(kind).extra for kind in missing})
    message = (
        f"{files} cannot be read: {', '.join(packages)} is not installed; install it "
        f"{install_command(','.join(extras))}"
    )
    if stop:
        raise click.ClickException(f"{message}, or leave such files out with --on-error skip")
    click.echo(message, err=True)


def _row(kind: Kind, files: int, size: int) -> dict[str, object]:
    from indexer.sources.formats import format_of

    form = format_of(kind)
    return {
        "kind": str(kind),
        "files": files,
        "bytes": size,
        "package": form.package,
        "missing_extra": "" if form.is_installed else form.extra,
    }


def _print(
    kinds: list[dict[str, object]], skipped: list[tuple[str, str]], bad: list[BadRecord]
) -> None:
    click.echo(f"{'kind':8}{'files':>10}{'MB':>12}  read with")
    for row in kinds:
        reader = row["package"] or "searchd"
        if extra := row["missing_extra"]:
            reader = f"{reader}, which is missing; install it {install_command(str(extra))}"
        click.echo(f"{row['kind']:8}{row['files']:>10,}{row['bytes'] / 1e6:>12,.1f}  {reader}")  # type: ignore[operator]
    for path, reason in skipped:
        click.echo(f"not read: {path}: {reason or 'of no kind that can be read'}")
    for each in bad:
        click.echo(f"bad: {each.origin}: {each.reason}")
    total = sum(int(str(row["files"])) for row in kinds)
    click.echo(
        f"{count(total, 'file')} would be read, {len(skipped):,} not, {len(bad):,} bad", err=True
    )
