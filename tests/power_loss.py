"""What a program asks the system to do with files, and whether a power cut could show half of it.

A record is a list of `Event`s. `faults` reads it like a file system that keeps nothing by itself: at
the moment a name becomes visible that readers trust, every file that was written must be synced, and every
directory in which a file was made. `SystemCalls` makes the record within the process; `from_strace`
reads that of strace.
"""

# Paths are texts, as calls have them, and the functions of os are what is recorded.
# ruff: noqa: PTH110, PTH112, PTH116, PTH119, PTH120, PTH100

from __future__ import annotations

import builtins
import contextlib
import fnmatch
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TRUSTED = (
    "searchd.json",
    "*/backups/*.json",
    "searchd-backups.json",
    "searchd-keys.json",
    "aliases.json",
    "searchd.replica",
    ".deleted-*",
)
"""What readers trust once it has its name."""

MAY_BE_LOST = ("*.lock", "searchd.unfinished")
"""Files that hold nothing which outlives a crash of the machine."""

DRAFTS = ("*.new", "*.part", ".searchd-keys.json.*")
"""Names that nobody reads; their files must be durable before they get another name."""


class Event(NamedTuple):
    """One call: `write`, `create`, `sync`, `rename` (to `target`) or `remove` of a path."""

    kind: str
    path: str
    target: str = ""


def faults(events: Iterable[Event]) -> list[str]:
    """Return what could be lost, in words; nothing where the order is right."""
    found: list[str] = []
    unsynced: dict[str, None] = {}
    entries: dict[str, list[str]] = {}  # of directories: names that are not durable yet
    waiting: dict[str, str] = {}  # directories in which a trusted name is new
    for event in events:
        name = os.path.basename(event.path)
        if event.kind == "write" and not _fits(name, MAY_BE_LOST):
            unsynced[event.path] = None
        elif event.kind == "create" and not _fits(name, MAY_BE_LOST + DRAFTS):
            entries.setdefault(os.path.dirname(event.path), []).append(name)
        elif event.kind == "sync":
            unsynced.pop(event.path, None)
            entries.pop(event.path, None)
            waiting.pop(event.path, None)
        elif event.kind == "remove":
            unsynced.pop(event.path, None)
            _forget(entries, event.path)
        elif event.kind == "rename":
            _forget(entries, event.path)
            if _is_trusted(event.target):
                found += [f"{path} is not synced before {event.target}" for path in unsynced]
                found += [
                    f"{folder} is not synced before {event.target}, with {names[0]}"
                    for folder, names in entries.items()
                ]
                waiting[os.path.dirname(event.target)] = event.target
            elif event.path in unsynced:
                found.append(f"{event.path} is not synced before it is {event.target}")
            if not _is_trusted(event.target):
                entries.setdefault(os.path.dirname(event.target), []).append(
                    os.path.basename(event.target)
                )
    found += [f"{folder} is never synced after {name}" for folder, name in waiting.items()]
    return found


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _is_trusted(path: str) -> bool:
    return _fits(os.path.basename(path), TRUSTED) or _fits(path, TRUSTED)


def _forget(entries: dict[str, list[str]], path: str) -> None:
    names = entries.get(os.path.dirname(path), [])
    if os.path.basename(path) in names:
        names.remove(os.path.basename(path))
        if not names:
            del entries[os.path.dirname(path)]


class SystemCalls:
    """Records the calls of this process about the files below a folder.

    A file counts as written when it is opened for writing, and where its time or size is another at a
    rename than when it was synced.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.events: list[Event] = []
        self._folder = os.path.realpath(folder)
        self._paths: dict[tuple[int, int], str] = {}
        self._synced: dict[str, tuple[int, int]] = {}
        self._real_open, self._real_sync = io.open, os.fsync
        for owner, name, function in (
            (builtins, "open", self._open),
            (io, "open", self._open),
            (os, "open", self._os_open(os.open)),
            (os, "fsync", self._sync),
            (os, "replace", self._rename(os.replace)),
            (os, "rename", self._rename(os.rename)),
            (os, "unlink", self._remove(os.unlink)),
            (os, "mkdir", self._mkdir(os.mkdir)),
        ):
            patch.setattr(owner, name, function)

    def _note(self, kind: str, path: Any, target: Any = "") -> None:
        where = os.path.abspath(os.fspath(path))
        if where.startswith(self._folder):
            self.events.append(Event(kind, where, target and os.path.abspath(os.fspath(target))))

    def _open(self, file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        if isinstance(file, int):
            return self._real_open(file, mode, *args, **options)
        is_new = not os.path.exists(file)
        opened = self._real_open(file, mode, *args, **options)
        self._opened(file, opened.fileno(), writes=mode.strip("rbt") != "", is_new=is_new)
        return opened

    def _os_open(self, real: Any) -> Any:
        def opening(path: Any, flags: int, *args: Any, **options: Any) -> int:
            is_new = not os.path.exists(path)
            descriptor: int = real(path, flags, *args, **options)
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
            self._opened(path, descriptor, writes=writes, is_new=is_new)
            return descriptor

        return opening

    def _opened(self, path: Any, descriptor: int, *, writes: bool, is_new: bool) -> None:
        status = os.fstat(descriptor)
        self._paths[status.st_dev, status.st_ino] = os.path.abspath(os.fspath(path))
        if writes:
            if is_new:
                self._note("create", path)
            self._note("write", path)

    def _sync(self, descriptor: int) -> None:
        self._real_sync(descriptor)
        status = os.fstat(descriptor)
        path = self._paths.get((status.st_dev, status.st_ino), "")
        self._synced[path] = status.st_mtime_ns, status.st_size
        self._note("sync", path)

    def _rename(self, real: Any) -> Any:
        def renaming(source: Any, target: Any, **options: Any) -> None:
            for path, (time, size) in self._synced.items():
                with contextlib.suppress(OSError):
                    status = os.stat(path)
                    # The time of `searchd.json` is set after its sync, so that it never repeats.
                    if (
                        status.st_mtime_ns > time + 1_000_000 or status.st_size != size
                    ) and not os.path.isdir(path):
                        self._note("write", path)
            real(source, target, **options)
            self._note("rename", source, target)

        return renaming

    def _remove(self, real: Any) -> Any:
        def removing(path: Any, **options: Any) -> None:
            real(path, **options)
            self._note("remove", path)

        return removing

    def _mkdir(self, real: Any) -> Any:
        def making(path: Any, *args: Any, **options: Any) -> None:
            real(path, *args, **options)
            self._note("create", path)

        return making


CALLS = "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir"
"""What strace is to record, with the options `-f -y --seccomp-bpf`, which stops at no other call."""

_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (\d+)(?:<(.*)>)?")
_DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def from_strace(lines: Iterable[str], folder: Path) -> Iterator[Event]:
    """Yield the events of a record of strace about the files below a folder."""
    root = os.path.realpath(folder)
    known = set[str]()
    for line in _joined(lines):
        found = _CALL.match(line)
        if found is None:
            continue
        for event in _events(found[1], found[2], found[4] or ""):
            if event.path.startswith(f"{root}/") or event == Event("sync", root):
                if event.kind != "create" or event.path not in known:
                    yield event
                known.add(event.target or event.path)
                if event.kind in ("remove", "rename"):
                    known.discard(event.path)


def _events(call: str, arguments: str, result: str) -> Iterator[Event]:
    paths = [bytes(each, "latin-1").decode("unicode_escape") for each in _QUOTED.findall(arguments)]
    if call == "openat" and "O_CREAT" in arguments:
        yield Event("create", result)
        yield Event("write", result)
    elif call in ("write", "pwrite64", "ftruncate", "fsync", "fdatasync"):
        descriptor = _DESCRIPTOR.match(arguments)
        kind = "sync" if "sync" in call else "write"
        yield Event(kind, descriptor[1] if descriptor else "")
    elif call.startswith("rename"):
        yield Event("rename", paths[0], paths[1])
    elif call.startswith("unlink") and paths:
        yield Event("remove", paths[0])
    elif call == "mkdir":
        yield Event("create", paths[0])


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, with the two halves of calls that others interrupted put together."""
    halves: dict[str, str] = {}
    for line in lines:
        process = line.partition(" ")[0]
        if "<unfinished ...>" in line:
            halves[process] = line.partition("<unfinished ...>")[0]
        elif "resumed>" in line:
            yield halves.pop(process, "") + line.partition("resumed>")[2]
        else:
            yield line
