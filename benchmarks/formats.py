"""Formats: how fast a file of each kind is read, beside the bare library that others would use.

    python -m benchmarks.formats [--data FOLDER] [--megabytes 1] [--passes 5] [--kind docx ...]

The same paragraphs, of the sample corpus or of `corpus.jsonl.gz` in FOLDER, are written as a file of
each kind, by code of its own. Both readers take it in this process in turn, and the shortest time of
each counts, in seconds of the processor. A reader has to find every word that was written, or the run
fails before it prints a time. The libraries do less: they give a text, without metadata, places, notes
in order and limits. MB/s count the UTF-8 bytes of the paragraphs. The lines end with the ratio of the
two times.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import searchd
from benchmarks import format_files
from benchmarks.bare_readers import BARE_READERS
from benchmarks.checks import WrongAnswerError
from indexer.sources import Record, scan
from indexer.sources.file_reading import read_file

_WORDS_OF_A_PARAGRAPH = 60


@dataclass(frozen=True, slots=True)
class FormatRow:
    """The shortest times of one kind in seconds, for `megabytes` (10^6 bytes) of text."""

    kind: str
    library: str
    megabytes: float
    seconds: float
    library_seconds: float

    @property
    def ratio(self) -> float:
        """How many times as long as the library searchd takes."""
        return self.seconds / self.library_seconds


def paragraphs(data: Path | None, megabytes: float) -> list[str]:
    """Return paragraphs of about so many bytes (10^6), of plain words with single spaces.

    Where the corpus is smaller, it is repeated.
    """
    words: list[str] = []
    left = int(megabytes * 1e6)
    while left > 0:
        for text in _texts(data):
            new = [word for word in text.split() if word.isalpha()]
            words += new
            left -= sum(len(word.encode()) + 1 for word in new)
            if left <= 0:
                break
    starts = range(0, len(words), _WORDS_OF_A_PARAGRAPH)
    return [" ".join(words[start : start + _WORDS_OF_A_PARAGRAPH]) for start in starts]


def _texts(data: Path | None) -> Iterator[str]:
    if data is None:
        folder = Path(__file__).parents[1] / "corpus" / "articles"
        yield from (path.read_text("utf-8") for path in sorted(folder.rglob("*.md")))
        return
    with gzip.open(data / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in islice(lines, 20_000))


def measure(kind: str, texts: Sequence[str], passes: int, folder: Path) -> FormatRow:
    """Write a file of a kind, and time both readers in turn.

    Raises WrongAnswerError where one of them does not find every word.
    """
    path = folder / f"file.{kind}"
    path.write_bytes(format_files.WRITERS[kind](texts))
    library, bare = BARE_READERS[kind]
    readers: tuple[Callable[[Path], str], ...] = (_read, bare)
    wanted = "".join(texts).replace(" ", "")
    for name, read in zip(("searchd", library), readers, strict=True):
        _check(kind, name, "".join(read(path).split()), wanted)
    least = time.get_clock_info("process_time").resolution  # of a file that is read in no time
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(passes):
        for read, seconds in zip(readers, times, strict=True):
            started = time.process_time()
            read(path)
            seconds.append(max(time.process_time() - started, least))
    size = sum(len(text.encode()) for text in texts) / 1e6
    return FormatRow(kind, library, size, *map(min, times))


def _read(path: Path) -> str:
    (file,) = scan([path]).files
    texts = []
    for item in read_file(file):
        if not isinstance(item, Record):
            raise WrongAnswerError(f"{path.name}: {item.reason}")
        texts.append(str(item.values["text"]))
    return "\n".join(texts)


def _check(kind: str, name: str, found: str, wanted: str) -> None:
    """Raise WrongAnswerError where letters were lost; markup that a library leaves in is none."""
    if len(found) < len(wanted) or found[-40:].strip("-") == "":
        raise WrongAnswerError(f"{kind}: {name} found {len(found):,} letters of {len(wanted):,}")
    for place in range(0, len(wanted) - 40, max(len(wanted) // 50, 1)):
        if wanted[place : place + 20] not in found:
            raise WrongAnswerError(f"{kind}: {name} lost {wanted[place : place + 20]!r}")


def table(rows: Sequence[FormatRow]) -> str:
    """Return the rows as a table."""
    lines = [f"{'kind':7}{'text MB':>8}{'MB/s':>8}{'library':>9}{'ratio':>7}  library"]
    lines += [
        f"{row.kind:7}{row.megabytes:>8.1f}{row.megabytes / row.seconds:>8.1f}"
        f"{row.megabytes / row.library_seconds:>9.1f}{row.ratio:>7.2f}  {row.library}"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure each kind and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--megabytes", type=float, default=1.0)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--kind", action="append", choices=list(format_files.WRITERS))
    arguments = parser.parse_args()
    texts = paragraphs(arguments.data, arguments.megabytes)
    print(
        f"searchd {searchd.__version__}, Python {platform.python_version()}, {platform.machine()}"
    )
    with tempfile.TemporaryDirectory(prefix="searchd-") as folder:
        kinds = arguments.kind or list(format_files.WRITERS)
        print(table([measure(kind, texts, arguments.passes, Path(folder)) for kind in kinds]))


if __name__ == "__main__":
    main()
