"""Progress bars, on standard error and only if that is a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

from searchd.cli.options import count

if TYPE_CHECKING:
    from tqdm import tqdm

    from indexer.indexing import Report
    from indexer.sources import BadRecord

_COLUMNS, _ROWS = 80, 24
"""The size of a terminal that does not report it."""

_MAX_BAD_RECORDS_SHOWN = 20

_REFRESH_SECONDS = 0.1
"""The shortest time between two refreshes of the bar."""

_READING = "{percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {rate_fmt}, {remaining} left{postfix}"
_READING_UNKNOWN_SIZE = "{n_fmt} {rate_fmt}, {elapsed}{postfix}"
_COPYING = "{percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {rate_fmt}, {remaining} left"
_WRITING = "{n_fmt} read in {elapsed}, writing the index{postfix}"

_Record = TypeVar("_Record")


def open_bar(bar_format: str, total: int | None = None, *, enabled: bool = True) -> tqdm[NoReturn]:
    """Return a tqdm bar that is shown if standard error is a terminal, and removed when closed."""
    from tqdm import tqdm

    try:
        has_size = os.get_terminal_size(sys.stderr.fileno()).columns > 0
    except (OSError, ValueError):
        has_size = False
    return tqdm(
        total=total,
        unit="B",
        unit_scale=True,
        disable=None if enabled else True,  # None: disabled unless standard error is a terminal
        smoothing=0,  # the mean rate: compressed input is read in bursts
        # Some containers and serial lines report 0 columns, for which tqdm shows nothing.
        dynamic_ncols=has_size,
        ncols=None if has_size else _COLUMNS,
        nrows=None if has_size else _ROWS,
        leave=False,
        bar_format=bar_format,
    )


class Progress:
    """The progress bar of an indexing run: bytes, files, pages, documents, rate, remaining time.

    `total_bytes` is None if the size of the input is not known. Use it as a context manager,
    which removes the bar at its end.
    """

    def __init__(self, total_bytes: int | None, *, enabled: bool) -> None:
        from tqdm import tqdm

        bar_format = _READING if total_bytes else _READING_UNKNOWN_SIZE
        self._bar = open_bar(bar_format, total_bytes, enabled=enabled)
        self._write = tqdm.write
        self._started = time.monotonic()
        self._next = self._started + _REFRESH_SECONDS
        self._report: Report | None = None
        self._bad_records = 0
        self._files = 0
        self._pages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.close()

    def reading(self, records: Iterable[_Record]) -> Iterator[_Record]:
        """Yield the records; after the last one show that the index is being written."""
        for record in records:
            for place in getattr(record, "places", ()):
                self._pages += place.kind == "page"
            yield record
        self._refresh()
        self._bar.bar_format = _WRITING
        self._refresh()

    def count_file(self, _file: object) -> None:
        """Count a file that was read."""
        self._files += 1

    def show(self, report: Report) -> None:
        """Show the progress of a run, at most every `_REFRESH_SECONDS`."""
        self._report = report
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _REFRESH_SECONDS
            self._refresh()

    def show_bad_record(self, bad: BadRecord) -> None:
        """Print a bad record above the bar, up to `_MAX_BAD_RECORDS_SHOWN` of them."""
        self._bad_records += 1
        if self._bad_records <= _MAX_BAD_RECORDS_SHOWN:
            self._write(f"{bad.origin}: {bad.reason}", file=sys.stderr)
        elif self._bad_records == _MAX_BAD_RECORDS_SHOWN + 1:
            self._write("more bad records follow; they are only counted", file=sys.stderr)

    def hide(self) -> None:
        """Clear the bar until it is shown again, so that something else can be printed."""
        self._bar.clear()

    def write(self, line: str) -> None:
        """Print a line on standard error, above the bar."""
        self._write(line, file=sys.stderr)

    def _refresh(self) -> None:
        if self._bar.disable or self._report is None:
            return
        self._bar.n = self._report.bytes_read
        rate = self._report.documents / (time.monotonic() - self._started)
        files = f"{count(self._files, 'file')}, " if self._files else ""
        pages = f"{count(self._pages, 'page')}, " if self._pages else ""
        self._bar.set_postfix_str(
            f"{files}{pages}{count(self._report.documents, 'document')}, {rate:,.0f} documents/s"
        )


@contextmanager
def copying_bar() -> Iterator[Callable[[int, int], object]]:
    """Show a bar while files are copied; yield what takes the bytes done and those of all."""
    with open_bar(_COPYING) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
