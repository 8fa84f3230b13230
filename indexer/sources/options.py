"""Options: what a user says about how files are read, beside their kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


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


class ReadLimits(NamedTuple):
    """What reading one file in a reader process may take.

    `seconds` are those of the processor, where the system counts them for a limit; a file may take
    five times as many by the clock. `memory_mb` is the address space of the process in MiB, where
    the system limits it. `output_mb` is what its records may have together, in MiB. `ocr` is the
    command that reads pages without text, "" for none.
    """

    seconds: int = 300
    memory_mb: int = 4096
    output_mb: int = 1024
    ocr: str = ""


DEFAULT_LIMITS = ReadLimits()
