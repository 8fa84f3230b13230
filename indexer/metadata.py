"""The metadata file of an index directory: what made the index, and which index is current.

`searchd.json` is ours and is plain JSON. It names the current Whoosh index inside the directory,
so that a rebuild becomes visible all at once, by replacing this one small file.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.errors import (
    FieldOptionError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from indexer.fields import FieldMap, FieldSpec, FieldType

FORMAT_VERSION = 1
"""Raise it with every change of the files of an index that older code cannot read."""

METADATA_FILE = "searchd.json"


@dataclass(frozen=True, slots=True)
class IndexMetadata:
    """What `searchd.json` says.

    `name` is the current Whoosh index in the directory, `analysis` the fingerprint of the analysis
    that made its terms, `fields` the fields it holds and the columns they were read from,
    `created` a time in ISO 8601.
    """

    name: str
    analysis: str
    fields: FieldMap
    created: str
    format: int = FORMAT_VERSION

    def check_analysis(self, fingerprint: str, directory: Path) -> None:
        """Raise IndexMismatchError where the terms were made by another analysis."""
        if self.analysis != fingerprint:
            raise IndexMismatchError(
                f"the index at {directory} was built by analysis {self.analysis}, this is "
                f"{fingerprint}: its terms would not match; build it again with "
                f"'searchd index --rebuild'"
            )


def exists(directory: Path) -> bool:
    """Tell whether there is an index in this directory."""
    return (directory / METADATA_FILE).is_file()


def read(directory: Path) -> IndexMetadata:
    """Read the metadata of an index directory.

    Raises IndexMissingError, IndexDamagedError, or IndexMismatchError for another format.
    """
    path = directory / METADATA_FILE
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(
            f"there is no index at {directory}; make one with "
            f"'searchd index --index {directory} PATH...'"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(
            f"{path} cannot be read ({error}); build the index again with 'searchd index --rebuild'"
        ) from error
    try:
        values = json.loads(text)
        if values["format"] != FORMAT_VERSION:
            raise IndexMismatchError(
                f"the index at {directory} has format {values['format']}, this is format "
                f"{FORMAT_VERSION}; build it again with 'searchd index --rebuild'"
            )
        return IndexMetadata(
            name=_word(values["name"]),
            analysis=_word(values["analysis"]),
            fields=_fields(values["fields"]),
            created=str(values["created"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, FieldOptionError) as error:
        raise IndexDamagedError(
            f"{path} is not the metadata of an index ({type(error).__name__}: {error}); "
            f"build the index again with 'searchd index --rebuild'"
        ) from error


def write(directory: Path, metadata: IndexMetadata) -> None:
    """Replace the metadata of a directory in one step that survives a crash."""
    values = asdict(metadata)
    path = directory / METADATA_FILE
    draft = directory / f"{METADATA_FILE}.new"
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(directory)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable, where the system can."""
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError:
        return  # Windows cannot open a directory
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some network file systems refuse; the rename itself has happened
    finally:
        os.close(descriptor)


def _word(value: object) -> str:
    if not isinstance(value, str) or not value.isalnum():
        raise ValueError(f"{value!r} is not a plain word")
    return value


def _fields(values: dict[str, Any]) -> FieldMap:
    extra = tuple(
        FieldSpec(spec["name"], FieldType(spec["type"]), spec["column"]) for spec in values["extra"]
    )
    columns = {name: str(values[name]) for name in ("id", "title", "text", "date", "url")}
    return FieldMap(**columns, extra=extra)
