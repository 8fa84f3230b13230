"""A power cut at any moment shows the old state or the new one: everything is durable before its name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.copies.backup import back_up
from indexer.copies.replica import directory_primary, replicate
from indexer.copies.restore import restore
from indexer.document import Document
from indexer.fields import FieldMap
from indexer.sync.folder_sync import sync_folder
from indexer.writer import IndexWriter
from searchd.api_keys import KeyFile, new_key
from tests.power_loss import CALLS, Event, SystemCalls, faults, from_strace

ROOT = Path(__file__).parents[1]


def commit(folder: Path) -> None:
    """A new index in a folder that is to be made, then a batch, a merge and a list of deletions."""
    for number in range(3):
        with IndexWriter(folder / "deep" / "index") as writer:
            for each in range(8 if number == 0 else 1):
                writer.upsert(Document(f"{number}-{each}", "نص"))
            writer.delete("0-1")
            writer.commit(optimize=number == 2)


def keep_in_step(folder: Path) -> None:
    """A folder with its table of files."""
    (folder / "texts").mkdir()
    (folder / "texts" / "one.txt").write_text("كتاب", "utf-8")
    sync_folder(folder / "index", folder / "texts")


def copies(folder: Path) -> None:
    """Backups, older ones removed, restored indexes and a replica."""
    words = folder / "words.txt"
    words.write_text("كتاب", "utf-8")
    for number in range(2):
        with IndexWriter(folder / "index") as writer:
            writer.upsert(Document(str(number), "نص"))
            writer.commit()
        back_up(folder / "index", folder / "copies" / "backups", keep=1, saved=[words])
        replicate(directory_primary(folder / "index"), folder / "copies" / "replica")
    restore(folder / "copies/backups", folder / "copies/again/index", saved_to=folder / "beside")
    restore(folder / "copies/backups", folder / "index", force=True)


def keys(folder: Path) -> None:
    """Keys that are made and revoked."""
    file = KeyFile(folder / "searchd-keys.json")
    key = new_key(["search"])[1]
    file.add(key)
    file.remove(key.id)


def catalog(folder: Path) -> None:
    """Indexes and aliases of a service."""
    pytest.importorskip("pydantic", reason="the service needs 'serve'")
    from searchd.service.indexes import IndexCatalog

    made = IndexCatalog(folder)
    made.create("news", FieldMap(), None)
    made.create("old", FieldMap(), None)
    made.set_alias("live", "news")
    made.delete("old")


OPERATIONS: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "commit": (commit, {"searchd.json"}),
    "sync": (keep_in_step, {"searchd.json"}),
    "copies": (
        copies,
        {
            "searchd.json",
            "00000001.json",
            "00000002.json",
            "searchd-backups.json",
            "searchd.replica",
        },
    ),
    "keys": (keys, {"searchd-keys.json"}),
    "catalog": (catalog, {"searchd.json", "aliases.json"}),
}
"""What is done, and the trusted names that it gives."""


def names_given(events: list[Event]) -> set[str]:
    """Return the names that files got, without those of segments and of folders that are deleted."""
    targets = {Path(event.target).name for event in events if event.kind == "rename"}
    return {name for name in targets if name.endswith((".json", ".replica"))}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_order_of_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    operation, given = OPERATIONS[name]
    with monkeypatch.context() as patch:
        calls = SystemCalls(tmp_path, patch)
        operation(tmp_path)
    assert names_given(calls.events) == given
    assert ignoring_inputs(faults(calls.events)) == []


def ignoring_inputs(found: list[str]) -> list[str]:
    """Leave out the files that the operations themselves read, which are made here."""
    return [each for each in found if "/texts" not in each and "words.txt" not in each]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_order_of_system_calls(tmp_path: Path) -> None:
    """The same as the kernel sees it, of all operations in one process."""
    folders = [f"{name}={tmp_path / name}" for name in OPERATIONS]
    program = (
        "import sys; from pathlib import Path; from tests.test_power_loss import OPERATIONS\n"
        "for each in sys.argv[1:]:\n"
        "    name, _, folder = each.partition('=')\n"
        "    Path(folder).mkdir()\n"
        "    OPERATIONS[name][0](Path(folder))\n"
    )
    record = tmp_path / "record"
    command = ["strace", "-f", "-y", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", record]
    done = subprocess.run(
        [*command, sys.executable, "-c", program, *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "ptrace" in done.stderr:
        pytest.skip(f"strace may not trace here: {done.stderr[:200]}")
    assert done.returncode == 0, done.stderr
    for name, (_, given) in OPERATIONS.items():
        with record.open(encoding="utf-8", errors="replace") as lines:
            events = list(from_strace(lines, tmp_path / name))
        assert names_given(events) == given, name
        assert ignoring_inputs(faults(events)) == [], name


A, B = "/i/a.segment", "/i/b.segment"
GOOD = [
    Event("create", A),
    Event("write", A),
    Event("sync", A),
    Event("sync", "/i"),
    Event("create", "/i/searchd.json.new"),
    Event("write", "/i/searchd.json.new"),
    Event("sync", "/i/searchd.json.new"),
    Event("rename", "/i/searchd.json.new", "/i/searchd.json"),
    Event("sync", "/i"),
]


class TestFaults:
    """What must be found: each event of a right order left out, or in another place."""

    def test_a_right_order(self) -> None:
        assert faults(GOOD) == []

    @pytest.mark.parametrize(
        ("left_out", "message"),
        [
            (2, f"{A} is not synced before /i/searchd.json"),
            (3, "/i is not synced before /i/searchd.json, with a.segment"),
            (6, "/i/searchd.json.new is not synced before /i/searchd.json"),
            (8, "/i is never synced after /i/searchd.json"),
        ],
    )
    def test_a_sync_is_missing(self, left_out: int, message: str) -> None:
        assert faults(GOOD[:left_out] + GOOD[left_out + 1 :]) == [message]

    def test_a_write_after_the_sync(self) -> None:
        assert faults([*GOOD[:3], Event("write", A), *GOOD[3:]]) == [
            f"{A} is not synced before /i/searchd.json"
        ]

    def test_a_copy_that_is_named_too_early(self) -> None:
        events = [
            Event("create", f"{B}.part"),
            Event("write", f"{B}.part"),
            Event("rename", f"{B}.part", B),
        ]
        assert f"{B}.part is not synced before it is {B}" in faults(events)

    def test_a_record_of_strace(self) -> None:
        lines = [
            '7 openat(AT_FDCWD, "/i/a.segment", O_WRONLY|O_CREAT|O_EXCL, 0666) = 3</i/a.segment>',
            '7 write(3</i/a.segment>, "x"..., 1) = 1',
            "7 fsync(3</i/a.segment> <unfinished ...>",
            '8 openat(AT_FDCWD, "/etc/x", O_RDONLY) = 4</etc/x>',
            "7 <... fsync resumed>)              = 0",
            '7 rename("/i/a.segment", "/i/searchd.json") = 0',
            '7 rename("/i/none", "/i/other") = -1 ENOENT (No such file or directory)',
        ]
        assert list(from_strace(lines, Path("/i"))) == [
            Event("create", A),
            Event("write", A),
            Event("write", A),
            Event("sync", A),
            Event("rename", A, "/i/searchd.json"),
        ]
