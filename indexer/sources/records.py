"""Records: what a source yields before it is known which columns become which fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of an input: its values by column.

    `origin` says where it was read (`news.jsonl:17`), for messages.
    `size` is the number of bytes of the input, as stored on disk, that were read for it. The sizes
    of all records and bad records of a file sum to the size of the file, so a progress bar ends
    at its end; within a compressed file they come in steps of the read buffer.
    `is_named` tells that its id is the name of its file, below the folder that was given.
    """

    origin: str
    values: Mapping[str, object]
    size: int = 0
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class BadRecord:
    """An entry, or a whole file, that could not be read, and the reason in the user's words."""

    origin: str
    reason: str
    size: int = 0
