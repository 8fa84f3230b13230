"""Records: the entries of an input, with values by column, before columns become fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.places import Place
from indexer.repair import Damage


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of an input: its values by column.

    `origin` is where it was read (`news.jsonl:17`), for messages.
    `size` is how many bytes of the input, as stored on disk, were read for it. The sizes of all
    records and bad records of a file sum to the size of the file, so a progress bar reaches its
    end. In a compressed file they come in steps of the read buffer.
    `is_named` is true where its id is the path of its file, relative to the folder that was given.
    `is_markup` is true where its values come from markup, so that their character references are
    decoded already.
    `encodings` are the encoding in which it was read and another one that is nearly as likely, for
    messages; empty where there is no doubt.
    `damage` has the kinds of damage that its reader found, each with where, for messages.
    `places` are the places of the value `text`, in order; empty where the file has none.
    """

    origin: str
    values: Mapping[str, object]
    size: int = 0
    is_named: bool = False
    is_markup: bool = False
    encodings: str = ""
    places: tuple[Place, ...] = ()
    damage: Mapping[Damage, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadRecord:
    """An entry, or a whole file, that could not be read, and why, as a message for the user."""

    origin: str
    reason: str
    size: int = 0
