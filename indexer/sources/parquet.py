"""Parquet: a record per row of a table, read in batches. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import SEEK_END
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from indexer.errors import SourceError
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

if TYPE_CHECKING:
    from arro3.core import RecordBatch, RecordBatchReader

_BATCH_ROWS = 256
_END_BYTES = 8
_COPY_BYTES = 1 << 20
_DAMAGED = "not a sound Parquet file ({}); write it again, what was read of it is kept"
_MISSING = (
    "reading Parquet needs the package arro3-io; install it with: pip install 'searchd[parquet]'"
)


def read_parquet(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per row, a few hundred rows at a time.

    Columns keep their names; dates become text in ISO 8601, bytes are left out, and the parts of a
    structure are columns within it (`author.name`). The origin has the number of the row. Where
    there is no column `text` or `title`, the text is all the texts of the row. A file that is
    damaged gives the rows before the damage.
    Raises SourceError where the package is missing.
    """
    number = position = 0
    with _reporting():
        for batch in _open(source):
            names = batch.column_names
            columns = [batch.column(index).to_pylist() for index in range(batch.num_columns)]
            has_text = "text" in names or "title" in names
            size = 0
            if source.is_seekable:
                last, position = position, max(position, source.stream.tell())
                size = position - last
            for row in zip(*columns, strict=True):
                number += 1
                found = {name: _plain(value) for name, value in zip(names, row, strict=True)}
                values = {name: value for name, value in found.items() if value is not None}
                if not has_text:
                    values["text"] = "\n".join(each for each in row if isinstance(each, str))
                yield Record(f"{source.origin}#{number}", values, size)
                size = 0


def _open(source: Input) -> Iterator[RecordBatch]:
    try:
        from arro3.io import read_parquet as read
    except ImportError:
        raise SourceError(_MISSING) from None
    with ExitStack() as resources:
        stream: IO[bytes] = source.stream
        if not source.is_seekable:  # compressed, or a pipe
            stream = resources.enter_context(TemporaryFile())
            copyfileobj(source.stream, stream, _COPY_BYTES)
        _check_end(stream)
        reader: RecordBatchReader = read(stream, batch_size=_BATCH_ROWS)
        yield from reader


def _check_end(stream: IO[bytes]) -> None:
    """Raise SourceError where a file does not end with the length of its footer and `PAR1`."""
    size = stream.seek(0, SEEK_END)
    stream.seek(max(size - _END_BYTES, 0))
    end = stream.read(_END_BYTES)
    stream.seek(0)
    if size < 2 * _END_BYTES or end[4:] != b"PAR1" or int.from_bytes(end[:4], "little") > size:
        raise SourceError(_DAMAGED.format("its footer is missing"))


@contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except (GeneratorExit, KeyboardInterrupt, SystemExit, SourceError, OSError, MemoryError):
        raise
    except BaseException as error:  # the library's own are plain exceptions, or a panic of Rust
        raise SourceError(_DAMAGED.format(error)) from error


def _plain(value: object) -> object:
    """Return a value as a record has it, None for bytes."""
    match value:
        case bytes():
            return None
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() | timedelta():
            return str(value)
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case [tuple(), *_]:  # a map
            return {str(pair[0]): _plain(pair[1]) for pair in value if isinstance(pair, tuple)}
        case list():
            return [_plain(each) for each in value]
        case _:
            return value
