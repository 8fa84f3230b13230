"""Leftovers: files in the directory of an index that no generation needs any more."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from indexer import generation as generations
from indexer.errors import IndexerError, IndexMissingError
from indexer.segment.segment import DELETIONS_SUFFIX, SEGMENT_SUFFIX


def remove_leftovers(directory: Path) -> None:
    """Delete the files of segments that the current generation does not name.

    They are of replaced generations, of failed writers, and of killed ones. Where the generation
    cannot be read nothing is deleted.
    """
    try:
        current = generations.read(directory)
    except IndexMissingError:
        needed = set[str]()
    except IndexerError:
        return
    else:
        needed = {name for entry in current.segments for name in (entry.name, entry.deletions)}
    with suppress(OSError):  # the next writer tries again
        for path in list(directory.iterdir()):
            written = path.suffix in (SEGMENT_SUFFIX, DELETIONS_SUFFIX)
            if path.name == generations.DRAFT_FILE or (written and path.name not in needed):
                with suppress(OSError):  # on Windows a reader may hold it
                    path.unlink()
