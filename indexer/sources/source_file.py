"""Source files: what a scan finds, and readers open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.sources.kinds import Kind
from indexer.sources.options import DEFAULT_OPTIONS, ReadOptions


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    `path` is None for standard input. `name` is the path relative to the directory that was given,
    with `/` between its parts, or the name of the file that was given: the id of a file that is one
    document. `origin` is the path as messages show it. `size` is in bytes on disk, None where it is
    not known in advance (a pipe). `members_kind` is the kind of what is in an archive, where it was
    given. `options` are those of the run. `is_attached` is whether it is an attachment, or in one.
    """

    path: Path | None
    name: str
    kind: Kind
    origin: str
    size: int | None
    members_kind: Kind | None = None
    options: ReadOptions = DEFAULT_OPTIONS
    is_attached: bool = False
