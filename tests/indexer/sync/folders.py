"""Folders that change, and what an index of them must hold."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from indexer import generation as generations
from indexer.indexing import OnError, index_records
from indexer.snapshot import Snapshot
from indexer.sources.discovery import scan
from indexer.sources.reading import read_records
from indexer.sync.report import SyncEvents, SyncReport

Documents = Mapping[str, tuple[str, str]]


def documents_of(directory: Path) -> Documents:
    """Return title and text of each document of an index, by id."""
    if not generations.exists(directory):
        return {}
    found = {}
    for segment in Snapshot(directory).segments:
        for number in segment.live_ids.tolist():
            fields = segment.documents.stored_fields([number])[0]
            assert fields.id not in found, "a document is there twice"
            found[fields.id] = fields.title, segment.documents.text(number)
    return found


def documents_in(folder: Path) -> Documents:
    """Return the same of an index that is made of a folder anew."""
    with tempfile.TemporaryDirectory() as directory:
        made = Path(directory) / "anew"
        index_records(made, read_records(scan([folder])), on_error=OnError.SKIP)
        return documents_of(made)


def settle(folder: Path) -> None:
    """Give every file a time long ago, so that a later change shows in it."""
    for number, path in enumerate(sorted(folder.rglob("*"))):
        if path.is_file():
            time_ns = 10**18 + 1 + number
            os.utime(path, ns=(time_ns, time_ns))


_AUDITED: list[list[str]] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _AUDITED:
        _AUDITED[-1].append(str(arguments[0]))


@contextmanager
def opened_below(folder: Path) -> Iterator[list[str]]:
    """Collect the paths below a folder that are opened, by whatever code."""
    _install()
    opened: list[str] = []
    found: list[str] = []
    _AUDITED.append(opened)
    try:
        yield found
    finally:
        _AUDITED.remove(opened)
        found += [path for path in opened if Path(path).is_relative_to(folder)]


@cache
def _install() -> None:
    """Have every opening of a file reported; once, as a hook stays until the process ends."""
    sys.addaudithook(_audit)


class FolderOperations:
    """Random changes of a folder, which never becomes empty."""

    WORDS = ("كتاب", "مدرسة", "الحشد", "الشعبي", "مكتبة", "قانون", "رئيس", "البرلمان", "سيارة")

    SUFFIXES = (".txt", ".md", ".html", ".jsonl", ".dat")

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self._made = 0
        self.counts: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(6):
            self.create()

    def apply(self) -> str:
        """Do one operation; return its name."""
        operations: tuple[Callable[[], object], ...] = (
            self.create,
            self.create,
            self.change,
            self.move,
            self.delete,
            self.move_directory,
            self.replace_by_rename,
            self.touch,
            self.copy,
            self.edit_records,
        )
        operation = self.random.choice(operations)
        operation()
        name = operation.__name__
        self.counts[name] = self.counts.get(name, 0) + 1
        return name

    def files(self, *suffixes: str) -> list[Path]:
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return [path for path in found if not suffixes or path.suffix in suffixes]

    def directories(self) -> list[Path]:
        return [self.folder, *sorted(path for path in self.folder.rglob("*") if path.is_dir())]

    def text(self) -> str:
        words = self.random.choices(self.WORDS, k=self.random.randrange(3, 30))
        return " ".join(words) + f" {self.random.randrange(10**9)}"

    def _new_path(self, suffix: str) -> Path:
        directory = self.random.choice(self.directories())
        if self.random.random() < 0.3:
            directory /= self.random.choice(("سياسة", "b", "c c"))
            directory.mkdir(exist_ok=True)
        self._made += 1
        return directory / f"{self._made}{suffix}"

    def _records(self, name: str) -> str:
        numbers = self.random.sample(range(8), self.random.randrange(1, 6))
        rows = [{"id": f"{name}-{number}", "text": self.text()} for number in numbers]
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def _content(self, path: Path) -> str:
        match path.suffix:
            case ".jsonl":
                return self._records(path.stem)
            case ".html":
                return f"<title>{self.text()}</title><p>{self.text()}"
            case ".md":
                return f"# {self.text()}\n\n{self.text()}"
            case _:
                return self.text()

    def create_many(self, count: int) -> None:
        """Create files in one directory."""
        directory = self.folder / "many"
        directory.mkdir()
        for number in range(count):
            path = directory / f"m{number}{self.SUFFIXES[number % len(self.SUFFIXES)]}"
            path.write_text(self._content(path), "utf-8")

    def create(self) -> None:
        path = self._new_path(self.random.choice(self.SUFFIXES))
        path.write_text(self._content(path), "utf-8")

    def change(self) -> None:
        path = self.random.choice(self.files())
        path.write_text(self._content(path), "utf-8")

    def edit_records(self) -> None:
        for path in self.files(".jsonl")[:1]:
            path.write_text(self._records(path.stem), "utf-8")

    def move(self) -> None:
        path = self.random.choice(self.files())
        path.rename(self._new_path(path.suffix))

    def delete(self) -> None:
        if len(self.files(".txt", ".md", ".html")) > 3:
            self.random.choice(self.files()).unlink()

    def move_directory(self) -> None:
        directories = self.directories()[1:]
        if not directories:
            return
        chosen = self.random.choice(directories)
        targets = [each for each in self.directories() if not each.is_relative_to(chosen)]
        self._made += 1
        chosen.rename(self.random.choice(targets) / f"dir{self._made}")

    def replace_by_rename(self) -> None:
        """Save like an editor: write another file, and rename it over the old one."""
        path = self.random.choice(self.files())
        draft = path.with_name(f".{path.name}.tmp")
        draft.write_text(self._content(path), "utf-8")
        draft.replace(path)

    def touch(self) -> None:
        os.utime(self.random.choice(self.files()))

    def copy(self) -> None:
        """Write the same content twice, where the id of a document is the name of its file."""
        for path in self.files(".txt", ".md", ".html")[-1:]:
            shutil.copy(path, self._new_path(path.suffix))


AGREE = SyncEvents(confirm=lambda _deletion: True)

Sync = Callable[..., SyncReport]


def write_records(path: Path, *numbers: int) -> None:
    path.write_text("".join(f'{{"id": "r{n}", "text": "سطر {n}"}}\n' for n in numbers), "utf-8")


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    return report.added, report.replaced, report.moved, report.deleted, report.unchanged
