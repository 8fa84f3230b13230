"""The report of `benchmarks.speed`, as Markdown and as JSON."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import searchd
from benchmarks.comparing import (
    DEFAULT,
    STEM,
    TANTIVY_FEWER,
    WHOOSH_FEWER,
    IndexRow,
    QueryTable,
)
from benchmarks.engines import LUCENE, SEARCHD, SEARCHD_OPTIMIZED, TANTIVY, WHOOSH
from benchmarks.indexing import ROOT
from benchmarks.opening import COLD_RUNS, OPENINGS, QUERIES, ColdStart, Opening
from benchmarks.querying import Percentiles

_PACKAGES = ("numpy", "tantivy", "whoosh3")


@dataclass(slots=True)
class Report:
    """The figures of one run; parts that were not measured are empty or None."""

    indexing: list[IndexRow] = field(default_factory=list)
    queries: QueryTable | None = None
    repeated: IndexRow | None = None
    whoosh: QueryTable | None = None
    opening: Opening | None = None
    cold: ColdStart | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON, with the machine, versions and command."""
        return {"about": about(), **asdict(self)}

    def to_markdown(self) -> Iterator[str]:
        """Yield the lines of the report."""
        yield from (f"- {name}: {value}" for name, value in about().items())
        if self.indexing:
            yield from _indexing(self.indexing)
        if self.queries:
            yield from _against_peers(self.queries)
        if self.repeated:
            row = self.repeated
            yield ""
            yield (
                f"Indexing and optimizing these {row.documents:,} documents "
                f"({row.megabytes:,.0f} MB): {row.cpu_rate:.2f} MB/s of CPU, "
                f"{row.wall_rate:.2f} MB/s, disk {row.disk_ratio:.2f} of the text, "
                f"peak {row.peak_megabytes:,.0f} MB."
            )
        if self.opening and self.cold:
            yield from _starting(self.opening, self.cold)
        if self.whoosh:
            yield from _against_whoosh(self.whoosh)


def about() -> dict[str, str]:
    """Return the machine, the versions, the commit and the command."""
    versions = [f"searchd {searchd.__version__}", f"Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} unknown")
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        "versions": ", ".join(versions),
        "commit": _commit(),
        "command": shlex.join(
            ["python", "-m", f"benchmarks.{Path(sys.argv[0]).stem}", *sys.argv[1:]]
        ),
    }


def _indexing(rows: Sequence[IndexRow]) -> Iterator[str]:
    yield "\n## Indexing\n"
    yield "From JSON Lines to a committed index. MB are UTF-8 bytes of the texts / 10^6.\n"
    yield (
        "| engine | documents | MB | MB/s of CPU | ÷ Tantivy | MB/s | ÷ Tantivy "
        "| disk / text | ÷ Tantivy | peak MB |"
    )
    yield "|---|" + "--:|" * 9
    peer = next(row for row in rows if row.engine == TANTIVY)
    for row in rows:
        yield (
            f"| {row.engine} | {row.documents:,} | {row.megabytes:,.1f} "
            f"| {row.cpu_rate:.2f} | {row.cpu_rate / peer.cpu_rate:.2f} "
            f"| {row.wall_rate:.2f} | {row.wall_rate / peer.wall_rate:.2f} "
            f"| {row.disk_ratio:.2f} | {row.disk_ratio / peer.disk_ratio:.2f} "
            f"| {row.peak_megabytes:,.0f} |"
        )
    by_name = {row.engine: row for row in rows}
    if WHOOSH in by_name:
        times = by_name[SEARCHD].cpu_rate / by_name[WHOOSH].cpu_rate
        yield f"\n{SEARCHD} indexes {times:.1f} times as many MB/s of CPU as {WHOOSH}."


def _against_peers(table: QueryTable) -> Iterator[str]:
    has_lucene = LUCENE in table.rows[0].times
    yield f"\n## Queries over {table.documents:,} documents\n"
    yield (
        "p50 / p95 over the queries in milliseconds, for the best ten and the exact count, with "
        "parsing, warm caches, one thread. searchd removes stop words from a query that has other "
        "words; Tantivy runs the queries with and without them. searchd's hits have id and title, "
        "Tantivy's are addresses. Single words and phrases are the same queries in both columns of "
        "Tantivy; their difference is the noise of the measurement.\n"
    )
    yield (
        f"| shape | queries | with stop words | matches: Tantivy | searchd "
        f"| {TANTIVY} | {TANTIVY_FEWER} | {STEM} | ÷ Tantivy | ÷ without stop words "
        f"| {DEFAULT} | ÷ Tantivy | ÷ without stop words | snippets add |{f' {LUCENE} |' * has_lucene}"
    )
    yield "|---|" + "--:|" * (13 + has_lucene)
    for row in table.rows:
        times = row.times
        cells = [
            row.shape,
            str(row.queries),
            str(row.ignored),
            f"{row.found[TANTIVY]:,.0f}",
            f"{row.found[STEM]:,.0f}",
            _times(times[TANTIVY]),
            _times(times[TANTIVY_FEWER]),
        ]
        for name in (STEM, DEFAULT):
            cells.append(_times(times[name]))
            cells.append(_ratio(times[name].ratio_to(times[TANTIVY])))
            cells.append(_ratio(times[name].ratio_to(times[TANTIVY_FEWER])))
        cells.append(_times(row.extra) if row.extra else "")
        if has_lucene:
            cells.append(_times(times[LUCENE]))
        yield f"| {' | '.join(cells)} |"
    yield from _first(table)
    yield (
        f"\nChecked: {table.counted} totals of searchd by surface form are those of reading the texts; "
        f"every pass returned the same documents; {_exceptions(table)}."
    )


def _first(table: QueryTable) -> Iterator[str]:
    yield "\n### New questions\n"
    yield (
        "The first pass over the same queries after opening the index: caches hold only what earlier "
        "queries have in common with a query, and searchd verifies the checksum of each page of its "
        "files that it reads for the first time. Lucene has searched other words before, so that "
        "its code is compiled.\n"
    )
    peers = [name for name in (TANTIVY, LUCENE) if name in table.rows[0].first]
    names = (*peers, STEM, DEFAULT)
    yield f"| shape | {' | '.join(names)} |"
    yield "|---|" + "--:|" * len(names)
    for row in table.rows:
        yield f"| {row.shape} | {' | '.join(_times(row.first[name]) for name in names)} |"


def _against_whoosh(table: QueryTable) -> Iterator[str]:
    yield f"\n## Queries over {table.documents:,} documents, and stock Whoosh\n"
    yield (
        "As above. Whoosh has searchd's analyzer and runs the queries as written and without stop "
        "words, both without counting. «Times as fast» compares with these two.\n"
    )
    yield (
        f"| shape | queries | {WHOOSH} | {WHOOSH_FEWER} "
        f"| {STEM} | times as fast | | {DEFAULT} | times as fast | |"
    )
    yield "|---|" + "--:|" * 9
    for row in table.rows:
        peers = [row.times[name] for name in (WHOOSH, WHOOSH_FEWER)]
        cells = [row.shape, str(row.queries), *map(_times, peers)]
        for name in (STEM, DEFAULT):
            own = row.times[name]
            cells += [_times(own), *(_ratio(peer.ratio_to(own), ".1f") for peer in peers)]
        yield f"| {' | '.join(cells)} |"
    yield f"\nChecked: both count the same totals; {_exceptions(table)}."


def _starting(opening: Opening, cold: ColdStart) -> Iterator[str]:
    yield f"\n## Start-up, with the {SEARCHD_OPTIMIZED.removeprefix('searchd, ')} index\n"
    yield "| | |\n|---|--:|"
    yield f"| opening, median of {OPENINGS} new processes | {opening.opened * 1e3:.1f} ms |"
    yield f"| the first query after it | {opening.first * 1e3:.1f} ms |"
    if opening.memory is not None and opening.anonymous is not None:
        yield (
            f"| memory of opening and {QUERIES} queries, without the imports "
            f"| {opening.memory / 1e6:.0f} MB |"
        )
        yield f"| of which not mapped from files | {opening.anonymous / 1e6:.0f} MB |"
    yield f"| `searchd query`, cold, median of {COLD_RUNS} | {cold.query * 1e3:.0f} ms |"
    yield (f'| `python -c "import numpy, whoosh.index, click"` | {cold.imports * 1e3:.0f} ms |')
    yield f"| ratio | {cold.query / cold.imports:.2f} |"


def _exceptions(table: QueryTable) -> str:
    named = [f"{name}: {len(found)}" for name, found in table.exceptions.items() if found]
    return f"exceptions: {', '.join(named)}" if named else "no exceptions"


def _times(times: Percentiles) -> str:
    return f"{times.p50:.3f} / {times.p95:.3f}"


def _ratio(ratio: Percentiles, form: str = ".2f") -> str:
    return f"{ratio.p50:{form}} / {ratio.p95:{form}}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _commit() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    if commit is None:
        return "unknown"
    return f"{commit} with changes" if _git("status", "--porcelain") else commit


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
