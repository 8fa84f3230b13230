"""The file that marks the directory of a replica, and says which primary it follows."""

from __future__ import annotations

import json
from pathlib import Path

from indexer.errors import IndexAccessError, ReplicaError

MARK_FILE = "searchd.replica"
"""JSON, `{"source": ...}`: the directory or the address of the primary."""


def source_of(directory: Path) -> str | None:
    """Return what the replica in a directory follows, "?" where its mark is damaged.

    None where the directory is of no replica. Raises IndexAccessError.
    """
    try:
        source = json.loads((directory / MARK_FILE).read_bytes())["source"]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise IndexAccessError(
            f"the index at {directory} cannot be read or written ({error}); check the permissions of "
            f"{MARK_FILE}"
        ) from error
    except (ValueError, LookupError, TypeError, RecursionError):
        return "?"
    return source if isinstance(source, str) else "?"


def check_no_replica(directory: Path) -> None:
    """Raise ReplicaError where a directory is of a replica, whose changes would be lost."""
    source = source_of(directory)
    if source is not None:
        raise ReplicaError(
            f"the index at {directory} is a replica of {source} and takes no changes of its own; "
            f"write to that one, or stop 'searchd replicate' and remove {directory / MARK_FILE} to "
            f"go on with this one"
        )
