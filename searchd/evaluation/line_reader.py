"""The lines of a text file with their line numbers, for queries, qrels and runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import SourceError
from indexer.sources.discovery import displayed, scan
from indexer.sources.encodings import UndecodableError
from indexer.sources.lines import DecodedLines
from indexer.sources.opening import READ_FAILURES, describe_failure, open_input
from searchd.errors import CollectionError


def read_lines(path: Path | str) -> Iterator[tuple[str, str]]:
    """Yield the origin (`path:line`) and the text of each line that is not blank.

    The text is without its line break. The file may be compressed with gzip and in any encoding
    that `indexer.sources` reads.

    Raises SourceError if the file cannot be read, CollectionError if a line cannot be decoded.
    """
    if Path(path).is_dir():
        raise SourceError(
            f"cannot read {displayed(Path(path))}: a directory; name a file within it"
        )
    (file,) = scan([path], format="txt").files
    try:
        with open_input(file) as source:
            lines = DecodedLines(source)
            for line in lines:
                _size, damage = lines.take()
                origin = f"{file.origin}:{lines.number}"
                if damage:
                    raise CollectionError(origin, damage.partition(": ")[2])
                if not line.isspace():
                    yield origin, line.rstrip("\r\n")
    except UndecodableError as error:
        raise SourceError(f"{file.origin}: {error.reason}") from error
    except READ_FAILURES as error:
        raise SourceError(f"{file.origin}: {describe_failure(error)}") from error
