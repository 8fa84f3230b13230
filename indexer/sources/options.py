"""Options: what a user says about how files are read, beside their kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the files of a run.

    `records` is the path to the records of a JSON or XML file, with dots (`data.items`); a dot alone
    is the whole file. `table` is the table of a database to read; without it, all are read.
    `row_ids` is whether records take the number of their row in the file as their id.
    """

    records: str = ""
    table: str = ""
    row_ids: bool = False


DEFAULT_OPTIONS = ReadOptions()
