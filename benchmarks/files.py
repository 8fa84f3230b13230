"""Files: whether phrases that a reader sees in real files are found, and how fast files are read.

    python -m benchmarks.files --data FOLDER [--json FILE]

`FOLDER` has files and `manifest.tsv`: a line for each file with its name, its kind and, in the last
column, its phrases as `where|phrase|tags`, separated by ` ; `; `where` is the number of a page for
formats that have pages. Each file is indexed like `searchd index` does, and each phrase is asked as a
quoted query. The table counts the phrases that are found in their file, and of those with a page the
ones whose snippet names it. Each kind is read once more for the time, with the start of the reader
process, beside the bare library of workbooks. Phrases tagged `o` exist only in pictures and are not
asked.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import searchd
from indexer.errors import SourceError
from indexer.indexing import OnError, index_records
from indexer.sources import BadRecord, Record, read_records

_ONLY_IN_PICTURES = "o"
_CATALOGUE = "mrc"
"""Its phrases are in numbered fields, not on pages."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a file; `page` is the label of its page, empty where it has none."""

    text: str
    page: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of the manifest."""

    name: str
    kind: str
    phrases: tuple[Phrase, ...]


@dataclass(slots=True)
class KindResult:
    """What was found of the files of one kind, and how long reading them took.

    `megabytes` are those of the files as stored; `library_seconds` is the time of the bare library,
    None where there is none.
    """

    files: int = 0
    phrases: int = 0
    found: int = 0
    pages: int = 0
    right_pages: int = 0
    places: int = 0
    megabytes: float = 0.0
    seconds: float = 0.0
    library_seconds: float | None = None
    missed: list[str] = field(default_factory=list)


def read_manifest(folder: Path) -> list[Listed]:
    """Return the files of a manifest that have phrases to ask for."""
    files = []
    lines = (folder / "manifest.tsv").read_text("utf-8").split("\n")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > 2:
            phrases = tuple(_phrases(cells[-1], has_pages=cells[1] != _CATALOGUE))
            if phrases:
                files.append(Listed(cells[0], cells[1], phrases))
    return files


def _phrases(truth: str, *, has_pages: bool) -> Iterator[Phrase]:
    for each in truth.split(" ; "):
        where, text, tags = [*each.split("|"), "", ""][:3]
        if text and _ONLY_IN_PICTURES not in tags:
            yield Phrase(text, where if has_pages and where.isdecimal() else "")


def ask(folder: Path, files: Sequence[Listed]) -> dict[str, KindResult]:
    """Index each file by itself, ask for its phrases, and return what was found by kind."""
    results: dict[str, KindResult] = {}
    for file in files:
        result = results.setdefault(file.kind, KindResult())
        result.files += 1
        result.megabytes += (folder / file.name).stat().st_size / 1e6
        with tempfile.TemporaryDirectory(prefix="searchd-") as directory:
            records = _read([folder / file.name])
            index_records(Path(directory), records, on_error=OnError.SKIP)
            with searchd.open(directory) as engine:
                _ask(engine, file, result)
    return results


def _read(paths: Sequence[Path]) -> Iterator[Record | BadRecord]:
    """Yield the records of files; where one is of no kind that can be read, one bad record."""
    try:
        yield from read_records(paths)
    except SourceError as error:
        yield BadRecord(str(paths[0]), str(error))


def _ask(engine: searchd.Engine, file: Listed, result: KindResult) -> None:
    for phrase in file.phrases:
        result.phrases += 1
        result.pages += bool(phrase.page)
        hits = engine.search(f'"{phrase.text.replace(chr(34), " ")}"', snippets=5).hits
        if not hits:
            result.missed.append(f"{file.name}: {phrase.text}")
            continue
        result.found += 1
        labels = {snippet.place.label for snippet in hits[0].snippets if snippet.place is not None}
        result.right_pages += phrase.page in labels


def time_reading(folder: Path, files: Sequence[Listed], results: dict[str, KindResult]) -> None:
    """Time reading the files of each kind in one run, and the bare library that the reader uses."""
    for kind, result in results.items():
        paths = [folder / file.name for file in files if file.kind == kind]
        started = time.perf_counter()
        for item in _read(paths):
            result.places += len(item.places) if isinstance(item, Record) else 0
        result.seconds = time.perf_counter() - started
        if kind in _WORKBOOKS:
            started = time.perf_counter()
            for path in paths:
                _read_with_calamine(path)
            result.library_seconds = time.perf_counter() - started


_WORKBOOKS = frozenset({"xlsx", "xls", "ods"})


def _read_with_calamine(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(path)) as workbook:
        for name in workbook.sheet_names:
            list(workbook.get_sheet_by_name(name).iter_rows())


def table(results: dict[str, KindResult]) -> str:
    """Return the results as a table, a line for each kind and one for all."""
    lines = [
        f"{'kind':8}{'files':>6}{'phrases':>9}{'found':>7}{'pages':>7}{'right':>7}"
        f"{'MB/s':>8}{'places/s':>10}{'library':>9}"
    ]
    for kind, result in [*sorted(results.items()), ("all", _total(results))]:
        seconds = result.seconds or 1.0
        library = f"{result.library_seconds:.2f} s" if result.library_seconds is not None else ""
        lines.append(
            f"{kind:8}{result.files:>6}{result.phrases:>9}{result.found:>7}{result.pages:>7}"
            f"{result.right_pages:>7}{result.megabytes / seconds:>8.1f}"
            f"{result.places / seconds:>10,.0f}{library:>9}"
        )
    return "\n".join(lines)


def _total(results: dict[str, KindResult]) -> KindResult:
    total = KindResult()
    for result in results.values():
        for name in ("files", "phrases", "found", "pages", "right_pages", "places"):
            setattr(total, name, getattr(total, name) + getattr(result, name))
        total.megabytes += result.megabytes
        total.seconds += result.seconds
    return total


def main() -> None:
    """Measure the files of a folder and print the table; missed phrases go to standard error."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    files = read_manifest(arguments.data)
    results = ask(arguments.data, files)
    time_reading(arguments.data, files, results)
    print(
        f"searchd {searchd.__version__}, Python {platform.python_version()}, {platform.machine()}"
    )
    print(table(results))
    for kind, result in sorted(results.items()):
        for missed in result.missed:
            print(f"missed {kind}: {missed}", file=sys.stderr)
    if arguments.json is not None:
        values = {kind: asdict(result) for kind, result in sorted(results.items())}
        arguments.json.write_text(json.dumps(values, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
