"""Replicas of an index in a directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.copies.held_files import HeldFiles
from indexer.copies.replica import Primary, directory_primary, replicate
from indexer.errors import IndexDamagedError, IndexMissingError, ReplicaError
from indexer.replica_mark import MARK_FILE
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from tests.indexer.copies.conftest import FOUR, Grow, files_of, flip, ids_of


@pytest.fixture
def replica(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "replica"


@pytest.fixture
def source(primary: Path) -> Primary:
    return directory_primary(primary)


def index_files(directory: Path) -> dict[str, bytes]:
    return {name: data for name, data in files_of(directory).items() if name != MARK_FILE}


def test_it_follows(primary: Path, grow: Grow, source: Primary, replica: Path) -> None:
    grow(*FOUR)
    first = replicate(source, replica)
    assert first is not None
    assert replicate(source, replica) is None
    grow("2", deleted=("a",))
    second = replicate(source, replica)
    assert second is not None
    assert (first.copied, first.kept, second.copied, second.kept) == (1, 0, 2, 1)
    grow("3", optimize=True)
    replicate(source, replica, verify=True)
    assert index_files(replica) == index_files(primary), "older files are gone"
    verify_index(replica)


def test_readers_read_on(grow: Grow, source: Primary, replica: Path) -> None:
    grow(*FOUR)
    replicate(source, replica)
    old = Snapshot(replica)
    grow("2", optimize=True)
    replicate(source, replica)
    assert not old.is_current()
    assert old.segments[0].documents.text(0)
    assert ids_of(replica) == {*FOUR, "2"}


def test_a_primary_that_goes_back(
    primary: Path, grow: Grow, source: Primary, replica: Path
) -> None:
    """As after a restore in place of the primary: what counts is the content, not the number."""
    grow(*FOUR)
    before = files_of(primary)
    grow("2", optimize=True)
    replicate(source, replica)
    for path in primary.iterdir():
        path.unlink()
    for name, data in before.items():
        (primary / name).write_bytes(data)
    replicate(source, replica)
    assert ids_of(replica) == set(FOUR)


def test_nobody_else_writes_to_it(grow: Grow, source: Primary, replica: Path) -> None:
    grow("1")
    replicate(source, replica)
    before = files_of(replica)
    with pytest.raises(ReplicaError, match=f"is a replica of {source.name} and takes no changes"):
        IndexWriter(replica)
    with pytest.raises(ReplicaError):
        IndexWriter(replica, rebuild=True)
    assert files_of(replica) == before
    (replica / MARK_FILE).unlink()  # what the message says
    with IndexWriter(replica) as writer:
        assert writer.delete("1")
        writer.commit()


@pytest.mark.parametrize("mark", ["", "[]", '{"source": 1}'])
def test_a_damaged_mark_is_one(grow: Grow, source: Primary, replica: Path, mark: str) -> None:
    grow("1")
    replicate(source, replica)
    (replica / MARK_FILE).write_text(mark)
    with pytest.raises(ReplicaError, match=r"is a replica of \?"):
        IndexWriter(replica)


class TestRefused:
    def test_an_index_of_its_own(self, grow: Grow, source: Primary, replica: Path) -> None:
        grow("1")
        with IndexWriter(replica) as writer:
            writer.commit()
        before = files_of(replica)
        with pytest.raises(ReplicaError, match="is no replica, and would be replaced"):
            replicate(source, replica)
        assert files_of(replica) == before

    def test_itself(self, primary: Path, grow: Grow, source: Primary) -> None:
        grow("1")
        with pytest.raises(ReplicaError):
            replicate(source, primary)

    def test_another_primary(
        self, grow: Grow, source: Primary, replica: Path, tmp_path: Path
    ) -> None:
        grow("1")
        replicate(source, replica)
        with pytest.raises(ReplicaError, match="is a replica of .*primary, not of .*other"):
            replicate(directory_primary(tmp_path / "other"), replica)

    def test_no_index(self, source: Primary, replica: Path) -> None:
        with pytest.raises(IndexMissingError):
            replicate(source, replica)
        assert not replica.exists()


def test_damage_is_not_copied(primary: Path, grow: Grow, source: Primary, replica: Path) -> None:
    grow(*FOUR)
    replicate(source, replica)
    before = files_of(replica)
    grow("2")
    new = set(primary.glob("*.segment")) - {primary / name for name in before}
    flip(new.pop())
    with pytest.raises(IndexDamagedError):
        replicate(source, replica)
    assert files_of(replica) == before


@pytest.mark.parametrize("name", ["searchd.json", "searchd.lock", "x.segment"])
def test_names_that_no_writer_gives(
    primary: Path, grow: Grow, source: Primary, replica: Path, name: str
) -> None:
    """They would take the place of other files of the replica."""
    grow("1")
    old = generations.read(primary)
    entry = old.segments[0]
    (primary / entry.name).rename(primary / "kept")
    renamed = old.next((type(entry)(name, entry.documents),))
    generations.write(primary, renamed)
    (primary / name).touch()
    with pytest.raises(IndexDamagedError, match="which is no file of a segment"):
        replicate(source, replica)


def test_a_killed_copy_is_done_again(
    grow: Grow, source: Primary, replica: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(*FOUR)
    grow("2")
    real, calls = HeldFiles.copy, []

    def copy(held: HeldFiles, name: str, write: object) -> None:
        calls.append(name)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(held, name, write)  # type: ignore[arg-type]

    monkeypatch.setattr(HeldFiles, "copy", copy)
    with pytest.raises(KeyboardInterrupt):
        replicate(source, replica)
    assert sorted(files_of(replica)) == ["searchd.lock", MARK_FILE]
    replicate(source, replica)
    assert ids_of(replica) == {*FOUR, "2"}
