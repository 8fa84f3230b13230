"""SQLite: the rows of the tables of a database, which is opened so that nothing can change it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfileobj

from indexer.errors import SourceError
from indexer.sources.encodings import UndecodableError, decode
from indexer.sources.limits import RECORD_LIMIT
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record
from indexer.temporary_folder import TemporaryFolder

_COPY_BYTES = 1 << 20
_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
)
_VIRTUAL = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"
_READABLE = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name"
_SHADOWS = (
    "data",
    "idx",
    "content",
    "docsize",
    "config",
    "segments",
    "segdir",
    "stat",
    "node",
    "parent",
    "rowid",
)
"""What the names of the tables that belong to a virtual table end with."""

_MAX_NAMED = 20


def read_sqlite(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per row of the table that `--table` names, or of all tables.

    Columns keep their names and types; values that are BLOBs are left out. The id is the name of the
    file with the table and the row id (`books.db#pages/12`); of a table that was named, the column
    `id` where it has one. Where there is no column `text` or `title`, the text is all the texts of
    the row. Raises SourceError for a file that is no database, is damaged, or has no such table.
    """
    with _path_of(source) as path, _reporting(), closing(_connect(path)) as database:
        named = source.file.options.table
        tables = [named] if named else _tables(database)
        _check_tables(database, tables)
        share = (source.file.size or 0) // max(sum(_count(database, each) for each in tables), 1)
        for table in tables:
            yield from _rows(source, database, table, share, is_named=bool(named))


@contextmanager
def _path_of(source: Input) -> Iterator[Path]:
    """Give the path of the database, of a temporary copy where it is compressed or within a file."""
    path = source.file.path
    if path is not None and source.is_seekable:
        log = path.with_name(f"{path.name}-wal")
        if log.is_file() and log.stat().st_size:
            raise SourceError(
                f"the newest changes of the database are in {log.name} beside it; close the program "
                f"that writes to it, or run: sqlite3 FILE 'PRAGMA wal_checkpoint(TRUNCATE)'"
            )
        yield path
        return
    with TemporaryFolder() as folder:
        copy = folder / "copy.sqlite"
        with copy.open("wb") as file:
            copyfileobj(source.stream, file, _COPY_BYTES)
        yield copy


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    database = sqlite3.connect(uri, uri=True, isolation_level=None)
    database.text_factory = _text
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, RECORD_LIMIT)
    database.execute("PRAGMA trusted_schema = OFF")
    return database


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        try:
            return decode(value)
        except UndecodableError:
            return value.decode("utf-8", "replace")


@contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # of the message or of a name
        raise SourceError(
            f"the database cannot be read ({error}); check it with: "
            f"sqlite3 FILE 'PRAGMA integrity_check'"
        ) from error


def _tables(database: sqlite3.Connection) -> list[str]:
    """Return the tables with rows of their own, without those that serve full-text indexes."""
    virtual = [name for (name,) in database.execute(_VIRTUAL)]
    shadows = {f"{name}_{end}" for name in virtual for end in _SHADOWS}
    return [name for (name,) in database.execute(_TABLES) if name not in shadows]


def _check_tables(database: sqlite3.Connection, tables: list[str]) -> None:
    known = [name for (name,) in database.execute(_READABLE)]
    for table in tables:
        if table not in known:
            shown = ", ".join(known[:_MAX_NAMED]) + (", ..." if len(known) > _MAX_NAMED else "")
            raise SourceError(
                f"the database has no table {table!r}; its tables are: {shown or 'none'}"
            )


def _count(database: sqlite3.Connection, table: str) -> int:
    count: int = database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0]
    return count


def _rows(
    source: Input, database: sqlite3.Connection, table: str, size: int, *, is_named: bool
) -> Iterator[Record]:
    keys, cursor = _select(database, table)
    names = [column[0] for column in cursor.description][1:]
    has_text = "text" in names or "title" in names
    for number, (row_id, *row) in enumerate(cursor, 1):
        key = number if row_id is None else row_id
        found = dict(zip(names, row, strict=True))
        values: dict[str, object] = {
            name: value for name, value in found.items() if not isinstance(value, bytes)
        }
        if keys:
            key = "/".join(str(values.get(name)) for name in keys)
        if not is_named or values.get("id") is None:
            values["id"] = f"{source.file.name}#{table}/{key}"
        if not has_text:
            values["text"] = "\n".join(each for each in row if isinstance(each, str) and each)
        yield Record(f"{source.origin}#{table}/{key}", values, size)


def _select(database: sqlite3.Connection, table: str) -> tuple[list[str], sqlite3.Cursor]:
    """Return the columns that identify a row where it has no row id, and the rows.

    The first column of a row is its row id, or NULL.
    """
    quoted = _quoted(table)
    columns = database.execute("SELECT name, pk FROM pragma_table_info(?)", (table,))
    keys = [name for name, _ in sorted(filter(lambda column: column[1], columns), key=_place)]
    try:
        return [], database.execute(f"SELECT rowid, * FROM {quoted}")
    except sqlite3.OperationalError:  # a view, or a table WITHOUT ROWID
        return keys, database.execute(f"SELECT NULL, * FROM {quoted}")


def _place(column: tuple[str, int]) -> int:
    return column[1]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
