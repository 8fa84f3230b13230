"""Options of `searchd index` that say which records are in a file, and what their ids are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from searchd.cli.options import utf8_text

if TYPE_CHECKING:
    from indexer.fields import FieldMap
    from indexer.sources import ReadOptions

_OPTIONS = (
    click.option(
        "--records",
        "records_path",
        type=utf8_text,
        metavar="PATH",
        help="Where the records of a JSON or XML file are: the names of the members or elements "
        "that lead to them, with dots between (data.items). A dot alone makes one document of the "
        "file.",
    ),
    click.option(
        "--table",
        type=utf8_text,
        metavar="NAME",
        help="The table, or view, of an SQLite database to read (default: all tables).",
    ),
    click.option(
        "--id",
        "ids",
        type=click.Choice(["row"]),
        help="Where ids come from: row gives each record of a file of many records the name of the "
        "file with its number (books.csv#12), for tables without a column of ids.",
    ),
    click.option(
        "--id-prefix",
        type=utf8_text,
        metavar="TEXT",
        default="",
        help="A text with which the id of every document of this run begins, to tell sources apart.",
    ),
    click.option(
        "--passages",
        is_flag=True,
        help="Make documents of the passages of each text (BOOK#p1, BOOK#p2, ...): of its pages, "
        "chapters or sheets, or else of some 300 words. A keyword field has the id of the book, for "
        "--group-by book. Give it in every run.",
    ),
    click.option(
        "--book-field",
        type=utf8_text,
        metavar="NAME",
        help="The keyword field for the book of each passage, which a new index gets (default: book).",
    ),
)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options from --records to --book-field to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_options(
    records: str | None, table: str | None, ids: str | None, field_map: FieldMap | None
) -> ReadOptions:
    """Return what the options say. Raises BadParameter where they contradict each other."""
    from indexer.sources import ReadOptions

    if records is not None and records != "." and not all(records.split(".")):
        raise click.BadParameter(
            f"{records!r} is no path of names with dots between them; write it like data.items",
            param_hint="--records",
        )
    if table == "":
        raise click.BadParameter("it is empty; name a table of the database", param_hint="--table")
    if ids and field_map is not None and field_map.id != "id":
        raise click.BadParameter(
            f"--id row numbers the records, and --field id={field_map.id} takes their ids from a "
            f"column; leave one of them out",
            param_hint="--id",
        )
    return ReadOptions(records or "", table or "", row_ids=ids == "row")


def read_book_field(passages: bool, name: str | None) -> str:
    """Return the field for the book of each passage, empty without `--passages`.

    Raises UsageError for a name without `--passages`, and BadParameter for one that no field has.
    """
    from indexer.errors import FieldOptionError
    from indexer.fields import STANDARD_FIELDS, FieldSpec
    from indexer.passages import DEFAULT_BOOK_FIELD

    if name is None:
        return DEFAULT_BOOK_FIELD if passages else ""
    if not passages:
        raise click.UsageError("--book-field goes with --passages")
    try:
        FieldSpec(name)
    except FieldOptionError as error:
        raise click.BadParameter(str(error), param_hint="--book-field") from error
    if name in STANDARD_FIELDS:
        raise click.BadParameter(
            f"every document has a field {name!r} already; name another one",
            param_hint="--book-field",
        )
    return name
