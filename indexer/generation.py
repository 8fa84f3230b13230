"""Generations: the segments of an index after one commit, and what shapes the index.

`searchd.json` is the only file of an index that changes. A commit writes new segment files beside
the old ones and then replaces it, which makes all changes visible at once. It also records what
shapes the index: the format, the analysis, the fields and the title weight. An index of another
shape is refused, because its terms, lengths or arrays would be misread. The file is plain JSON with
a checksum of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from indexer.cluster.address import Location
from indexer.damage import REMEDY, damaged, regular_file_size
from indexer.durable_directories import sync_directory
from indexer.errors import (
    FieldOptionError,
    IndexAccessError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from indexer.fields import (
    DEFAULT_TITLE_WEIGHT,
    STANDARD_FIELDS,
    FieldMap,
    FieldSpec,
    FieldType,
    check_title_weight,
)

FORMAT_VERSION = 7
"""The version of the files of an index; raised by every change that older code cannot read.

An index of a format that is not among READABLE_FORMATS is refused with IndexMismatchError: it is
built again from its sources, not converted. Format 4 records how words are spelled; its segments
may store long texts in parts. Format 5 has other checksums (`indexer.segment.page_checksums`).
The segments of format 6 have texts and stored fields in codes of one byte (`indexer.segment.character_codes`),
and packed positions, codes and numbers of stems (`indexer.segment.packed_values`, `split_values`).
In format 7 the ids of large segments have two bytes (`indexer.segment.id_lists`).
"""

READABLE_FORMATS = frozenset({6, FORMAT_VERSION})
"""The formats that are read; a change to an index makes it one of today's.

Only today's where the version of the analysis was raised: no index of an older format has its terms.
"""

GENERATION_FILE = "searchd.json"
DRAFT_FILE = f"{GENERATION_FILE}.new"
"""Written and made durable before it replaces GENERATION_FILE."""

MAX_GENERATION_BYTES = 1 << 24
"""The size of the file is below this: it has room for more segments than a process can map."""

_LARGEST = 1 << 53
"""Numbers in the file are below this."""

_FILE_NAME = re.compile(r"\w+\.[a-z]+", re.ASCII)
_SEGMENT_FILE = re.compile(r"[0-9a-f]{32}\.(segment|deletions|files)")


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment as a generation lists it.

    `name` is the name of its file, `documents` the number of its documents, `deleted` how many of
    these are deleted. `deletions` names the file with their numbers, "" where there are none.
    """

    name: str
    documents: int
    deleted: int = 0
    deletions: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """The state of an index after a commit.

    `number` counts the commits. `analysis` is the fingerprint of the analysis that made the terms.
    `created` is when the index was created or rebuilt, in ISO 8601. `title_weight` is how many
    times a word of the title counts in the stored lengths of documents. Documents are ordered by
    segment, and by their number in it. `files` names the file with the table of files
    (`indexer.file_table`), "" where no folder is kept in step.
    """

    number: int
    analysis: str
    fields: FieldMap
    created: str
    segments: tuple[SegmentEntry, ...] = ()
    format: int = FORMAT_VERSION
    title_weight: int = DEFAULT_TITLE_WEIGHT
    files: str = ""

    def check_analysis(self, fingerprint: str, directory: Location) -> None:
        """Raise IndexMismatchError where another analysis made the terms of the index."""
        if self.analysis != fingerprint:
            raise IndexMismatchError(
                f"the index at {directory} was built by analysis {self.analysis}, this is "
                f"{fingerprint}: its terms would not match; open it with the protected words that "
                f"it was built with, or {REMEDY}"
            )

    def check_title_weight(self, weight: int, directory: Location) -> None:
        """Raise IndexMismatchError where the stored lengths were made with another title weight."""
        if self.title_weight != weight:
            raise IndexMismatchError(
                f"the index at {directory} counts a word of the title {self.title_weight} times, "
                f"not {weight} times: its document lengths would not fit; use the title weight "
                f"{self.title_weight}, or {REMEDY}"
            )

    def check_fields(self, fields: FieldMap | None, directory: Location) -> None:
        """Raise IndexMismatchError where other extra fields are asked for than the index has."""
        if fields is None:
            return
        existing = {(spec.name, spec.type) for spec in self.fields.extra}
        requested = {(spec.name, spec.type) for spec in fields.extra}
        if existing != requested:
            raise IndexMismatchError(
                f"the index at {directory} has the fields {_names(existing)}, not "
                f"{_names(requested)}; leave --field out to keep them, or build it again with "
                f"'searchd index --rebuild'"
            )

    @property
    def file_names(self) -> list[str]:
        """The names of the files of its segments, and of its table of files."""
        files = (name for entry in self.segments for name in (entry.name, entry.deletions))
        return [name for name in (*files, self.files) if name]

    def next(self, segments: tuple[SegmentEntry, ...]) -> Generation:
        """Return the next generation, of other segments."""
        return replace(self, number=self.number + 1, segments=segments)


def _names(fields: set[tuple[str, FieldType]]) -> str:
    return ", ".join(f"{name}:{kind}" for name, kind in sorted(fields)) or "(no extra field)"


def exists(directory: Path) -> bool:
    """Tell whether there is an index in this directory, which may be damaged."""
    return os.path.lexists(directory / GENERATION_FILE)


def commit_stamp(directory: Path) -> tuple[int, int, int]:
    """Return inode, modification time in ns and size of the file that a commit replaces.

    They differ after every commit, and asking for them does not read the file.

    Raises IndexMissingError or IndexAccessError.
    """
    try:
        # Every search asks: a path object costs more than the question.
        status = os.stat(os.path.join(directory, GENERATION_FILE))  # noqa: PTH116, PTH118
    except (FileNotFoundError, NotADirectoryError):
        raise _missing_index_error(directory) from None
    except OSError as error:
        raise _access_error(directory / GENERATION_FILE, error) from error
    return status.st_ino, status.st_mtime_ns, status.st_size


def content(directory: Path) -> bytes | None:
    """Return the bytes of the file that a commit replaces, None where there is none.

    Raises IndexAccessError, and IndexDamagedError for what is no file of that kind at all.
    """
    path = directory / GENERATION_FILE
    try:
        if regular_file_size(path) > MAX_GENERATION_BYTES:
            raise damaged(path, f"it is larger than {MAX_GENERATION_BYTES:,} bytes")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _access_error(path, error) from error


def read(directory: Path) -> Generation:
    """Read the current generation of the index in a directory.

    Raises IndexMissingError, IndexAccessError, IndexDamagedError, and IndexMismatchError for an
    index of another format.
    """
    data = content(directory)
    if data is None:
        raise _missing_index_error(directory)
    return parse(directory, data)


def parse(directory: Path, data: bytes) -> Generation:
    """Return the generation that `content` of a directory describes.

    Raises IndexDamagedError, and IndexMismatchError for an index of another format.
    """
    path = directory / GENERATION_FILE
    try:
        values = json.loads(data)
        found = values["format"]
        if type(found) is not int or found not in READABLE_FORMATS:
            raise _format_error(directory, found)
        if values["checksum"] != _checksum(values):
            raise IndexDamagedError(f"{path} is damaged: its checksum is wrong; {REMEDY}")
        return Generation(
            number=_count(values["number"]),
            analysis=_text(values["analysis"]),
            fields=_parse_fields(values["fields"]),
            created=_text(values["created"]),
            segments=tuple(_parse_segment(**entry) for entry in _list(values["segments"])),
            format=found,
            title_weight=check_title_weight(values["title_weight"]),
            files=_file_name(_text(values.get("files", ""))),
        )
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        FieldOptionError,
    ) as error:
        raise IndexDamagedError(
            f"{path} is not what searchd writes ({type(error).__name__}: {error}); {REMEDY}"
        ) from error


def _list(value: object) -> list[Any]:
    """Return a list as it is. Raises ValueError for anything else, an empty text too."""
    if not isinstance(value, list):
        raise ValueError(f"{str(value)[:20]!r} is no list")  # noqa: TRY004 - all are damage
    return value


def write(directory: Path, generation: Generation) -> bytes:
    """Make a generation the current one, atomically and durably; return its `content`.

    It becomes one of today's format. The files of its segments must be durable already. The
    modification time is always later than that of the file it replaces, even where the clock is
    coarse or was set back, so that `commit_stamp` never repeats. Raises OSError where the old generation is still the current one,
    and IndexAccessError where the new one is, but may not outlive a crash of the machine.
    """
    values = asdict(replace(generation, format=FORMAT_VERSION))
    if not generation.files:
        del values["files"]
    values["checksum"] = _checksum(values)
    data = json.dumps(values, ensure_ascii=False, indent=1).encode()
    install(directory, data)
    return data


def install(directory: Path, data: bytes) -> None:
    """Make the generation that `data`, a `content`, describes the current one, like `write`."""
    path = directory / GENERATION_FILE
    draft = directory / DRAFT_FILE
    sync_directory(directory)
    draft.unlink(missing_ok=True)  # a link in its place is not followed
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            before, now = path.stat().st_mtime_ns, draft.stat().st_mtime_ns
            if now <= before:
                os.utime(draft, ns=(before + 1, before + 1))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    try:
        sync_directory(directory)
    except OSError as error:
        raise IndexAccessError(
            f"the changes were committed to the index at {directory}, but the disk did not confirm "
            f"it ({error}), and a crash of the machine may undo them; check the disk, then run "
            f"'searchd verify --index {directory}'"
        ) from error


def segment_files(directory: Path) -> list[str]:
    """Return the names of the files in a directory that are named as writers name theirs.

    They may be segments and deletions of any generation. Raises IndexAccessError.
    """
    try:
        return [path.name for path in directory.iterdir() if _SEGMENT_FILE.fullmatch(path.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _access_error(directory, error) from error


def is_segment_file(name: str) -> bool:
    """Whether a name is one that writers give to the files of segments."""
    return _SEGMENT_FILE.fullmatch(name) is not None


def _checksum(values: dict[str, Any]) -> str:
    """Return the checksum of everything in the file but the checksum itself."""
    plain = {name: value for name, value in values.items() if name != "checksum"}
    data = json.dumps(plain, ensure_ascii=True, sort_keys=True).encode()
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def missing_file_error(directory: Path, error: FileNotFoundError) -> IndexDamagedError:
    """Return the error for a file that a generation names and that is not there."""
    return IndexDamagedError(f"the index at {directory} lacks a file ({error.filename}); {REMEDY}")


def unnamed_segments_error(directory: Path, names: Sequence[str]) -> IndexDamagedError:
    """Return the error for files of segments without a generation that names them."""
    return IndexDamagedError(
        f"{directory} holds {len(names)} files of an index, {names[0]} first, but not the "
        f"{GENERATION_FILE} that belongs to them; put it back from where it went, or choose another "
        f"directory with --index, or delete these files if you no longer need them"
    )


def _format_error(directory: Path, found: object) -> IndexMismatchError:
    newer = isinstance(found, int) and found > FORMAT_VERSION
    return IndexMismatchError(
        f"the index at {directory} has format {str(found)[:20]}, this is format {FORMAT_VERSION}; "
        f"{'upgrade searchd, or ' if newer else ''}{REMEDY}"
    )


def _access_error(path: Path, error: OSError) -> IndexAccessError:
    return IndexAccessError(f"{path} cannot be read ({error}); check its permissions")


def _missing_index_error(directory: Path) -> IndexMissingError:
    return IndexMissingError(
        f"there is no index at {directory}; make one with "
        f"'searchd index --index {directory} PATH...'"
    )


def _count(value: object) -> int:
    """Return a number of something as it was read. Raises ValueError for what is none."""
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise ValueError(f"{str(value)[:20]!r} is no number of anything")
    return value


def _text(value: object) -> str:
    """Return a text as it was read. Raises ValueError for what is none."""
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:20]!r} is no text")  # noqa: TRY004 - all are damage
    value.encode()  # raises for a lone surrogate
    return value


def _file_name(value: str) -> str:
    """Return the name of a file, or "" for none. Raises ValueError for what is no such name."""
    if value and not _FILE_NAME.fullmatch(value):
        raise ValueError(f"{value!r} is not the name of a file of an index")
    return value


def _parse_segment(name: str, documents: int, deleted: int, deletions: str) -> SegmentEntry:
    for file in (name, deletions or name):
        _file_name(file or "?")
    if _count(deleted) > _count(documents) or bool(deleted) != bool(deletions):
        raise ValueError(f"{deleted} of {documents} documents cannot be deleted in {name!r}")
    return SegmentEntry(name, documents, deleted, deletions)


def _parse_fields(values: dict[str, Any]) -> FieldMap:
    extra = tuple(
        FieldSpec(_text(spec["name"]), FieldType(spec["type"]), _text(spec["column"]))
        for spec in _list(values["extra"])
    )
    names = [spec.name for spec in extra]
    if len({*names, *STANDARD_FIELDS}) < len(names) + len(STANDARD_FIELDS):
        raise ValueError(f"fields of one name are among {', '.join(names)}")
    columns = {name: _text(values[name]) for name in STANDARD_FIELDS}
    return FieldMap(**columns, extra=extra)
