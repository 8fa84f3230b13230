"""The progress bar of indexing, on standard error and only where that is a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

from searchd.cli.options import count

if TYPE_CHECKING:
    from tqdm import tqdm

    from indexer.indexing import Report
    from indexer.sources import BadRecord

_COLUMNS, _ROWS = 80, 24
"""The size of a terminal that does not say it."""

_SHOWN_BAD_RECORDS = 20
_SECONDS_BETWEEN = 0.1

_READING = "{percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {rate_fmt}, {remaining} left{postfix}"
_READING_WITHOUT_END = "{n_fmt} {rate_fmt}, {elapsed}{postfix}"
_WRITING = "{n_fmt} read in {elapsed}, writing the index{postfix}"

_Record = TypeVar("_Record")


def open_bar(bar_format: str, total: int | None = None, *, enabled: bool = True) -> tqdm[NoReturn]:
    """Return a bar that is shown where standard error is a terminal, and disappears at its end."""
    from tqdm import tqdm

    try:
        sized = os.get_terminal_size(sys.stderr.fileno()).columns > 0
    except (OSError, ValueError):
        sized = False
    return tqdm(
        total=total,
        unit="B",
        unit_scale=True,
        disable=None if enabled else True,  # None: where standard error is no terminal
        smoothing=0,  # compressed input is read in jumps, and the time left would jump with it
        # Some containers and serial lines have 0 columns, in which tqdm would show nothing.
        dynamic_ncols=sized,
        ncols=None if sized else _COLUMNS,
        nrows=None if sized else _ROWS,
        leave=False,
        bar_format=bar_format,
    )


class Progress:
    """Shows how far a run is: bytes of the input, documents, and the time that is left.

    `total_bytes` is None where the end is not known. The bar disappears when the block ends.
    """

    def __init__(self, total_bytes: int | None, *, enabled: bool) -> None:
        from tqdm import tqdm

        bar_format = _READING if total_bytes else _READING_WITHOUT_END
        self._bar = open_bar(bar_format, total_bytes, enabled=enabled)
        self._write = tqdm.write
        self._started = time.monotonic()
        self._next = self._started + _SECONDS_BETWEEN
        self._report: Report | None = None
        self._bad_records = 0

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
        """Yield the records; after the last one say that the index is being written."""
        yield from records
        self._refresh()
        self._bar.bar_format = _WRITING
        self._refresh()

    def show(self, report: Report) -> None:
        """Move the bar to where a run is."""
        self._report = report
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _SECONDS_BETWEEN
            self._refresh()

    def show_bad_record(self, bad: BadRecord) -> None:
        """Print a bad record above the bar; after a number of them they are only counted."""
        self._bad_records += 1
        if self._bad_records <= _SHOWN_BAD_RECORDS:
            self._write(f"{bad.origin}: {bad.reason}", file=sys.stderr)
        elif self._bad_records == _SHOWN_BAD_RECORDS + 1:
            self._write("more bad records follow; they are only counted", file=sys.stderr)

    def _refresh(self) -> None:
        if self._bar.disable or self._report is None:
            return
        self._bar.n = self._report.bytes_read
        rate = self._report.documents / (time.monotonic() - self._started)
        self._bar.set_postfix_str(
            f"{count(self._report.documents, 'document')}, {rate:,.0f} documents/s"
        )
