"""Removal of files in the directory of an index that its current generation does not name."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from indexer import generation as generations
from indexer.errors import IndexerError, IndexMissingError
from indexer.segment.segment import DELETIONS_SUFFIX, SEGMENT_SUFFIX


def remove_unused_files(directory: Path) -> None:
    """Delete the segment and deletion files that the current generation does not name.

    Such files belong to replaced generations and to writers that failed or were killed. Nothing is
    deleted where the generation cannot be read. Errors of the system are ignored: the next writer
    tries again.
    """
    try:
        current = generations.read(directory)
    except IndexMissingError:
        needed = set[str]()
    except IndexerError:
        return
    else:
        needed = {name for entry in current.segments for name in (entry.name, entry.deletions)}
    with suppress(OSError):
        for path in list(directory.iterdir()):
            is_segment_file = path.suffix in (SEGMENT_SUFFIX, DELETIONS_SUFFIX)
            if path.name == generations.DRAFT_FILE or (is_segment_file and path.name not in needed):
                with suppress(OSError):  # on Windows a reader may have it open
                    path.unlink()
