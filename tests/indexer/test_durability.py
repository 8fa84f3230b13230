"""What the system is asked to do, in which order, and what happens when it refuses."""

from __future__ import annotations

import errno
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexAccessError
from indexer.writer import IndexWriter

DOCUMENTS = [Document(str(number), f"كتاب رقم {number} " * 40) for number in range(30)]
OTHERS = [Document(str(number), f"مدرسة رقم {number} " * 40) for number in range(5, 25)]


@pytest.fixture
def before(index):
    index.write(*DOCUMENTS)
    index.write(Document("last", "أخير"))
    return index.files()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_files_are_durable_before_they_are_named(index, before, monkeypatch):
    """Segments, their directory, the new `searchd.json`, its name: in this order."""
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        done.append("directory" if path == index.directory else path.suffix)
        real_sync(descriptor)

    def replace(path: Path, target: Path) -> Path:
        done.append(f"named {target.name}")
        return real_replace(path, target)

    monkeypatch.setattr("os.fsync", sync)
    monkeypatch.setattr("pathlib.Path.replace", replace)
    with IndexWriter(index.directory) as writer:
        writer.upsert(Document("0", "غيره"))
        writer.delete("7")
        writer.commit()
    assert done[-4:] == ["directory", ".new", "named searchd.json", "directory"]
    written = done[:-4]
    assert sorted(written) == [".deletions", ".segment", ".segment"], "a batch, a merge, a list"


STEPS = {
    "open": "pathlib.Path.open",
    "sync": "os.fsync",
    "replace": "pathlib.Path.replace",
    "temporary": "tempfile.TemporaryFile",
    "list": "pathlib.Path.iterdir",
}


@contextmanager
def failing(directory: Path, name: str, call: int, error: OSError) -> Iterator[list[int]]:
    """Let one call about a directory fail, counted from 0; yield how many there were."""
    calls = [0]
    owner, attribute = (
        (tempfile, "TemporaryFile")
        if name.startswith("tempfile")
        else (os, "fsync")
        if name.startswith("os")
        else (Path, name.rsplit(".", 1)[1])
    )
    real = getattr(owner, attribute)

    def fail_once(*args, **options):
        elsewhere = owner is Path and not args[0].is_relative_to(directory)
        calls[0] += not elsewhere
        if calls[0] == call + 1 and not elsewhere:
            raise error
        return real(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, attribute, fail_once)
        yield calls


@pytest.mark.parametrize(
    ("number", "optimize"),
    [
        pytest.param(errno.ENOSPC, False, id="ENOSPC-merge"),
        pytest.param(errno.ENOSPC, True, id="ENOSPC-optimize"),
        pytest.param(errno.EACCES, False, id="EACCES-merge"),
        pytest.param(errno.EIO, False, id="EIO-merge"),
        pytest.param(errno.EROFS, False, id="EROFS-merge", marks=pytest.mark.stress),
    ],
)
@pytest.mark.parametrize("step", STEPS)
def test_every_call_that_fails_is_an_access_error_and_keeps_the_old_index(
    index, before, step, number, optimize
):
    """The first call, the second, and so on, until a run has fewer."""
    texts = index.texts()
    for call in range(100):
        refused = False
        with failing(
            index.directory, STEPS[step], call, OSError(number, os.strerror(number))
        ) as calls:
            try:
                with IndexWriter(index.directory, memory_mb=0) as writer:
                    writer.delete("29")
                    for document in OTHERS[:3]:
                        writer.upsert(document)
                    writer.commit(optimize=optimize)
            except IndexAccessError as error:
                assert os.strerror(number) in str(error)
                refused = True
        if calls[0] <= call:
            break
        if not refused:  # after the new generation was named, or where nothing depends on it
            assert step in ("list", "open")
            assert "29" not in index.texts()
            break
        if "29" not in index.texts():  # the last sync: the new name may not be durable
            assert step == "sync"
            break
        assert index.texts() == texts
        index.write()  # the next writer, which takes away what could not be taken away before
        assert index.files() == before
    assert call > 0 or step == "list"
    assert refused == (step == "sync")
    assert "29" not in index.texts()
    verify_index(index.directory)


def write_much(writer: IndexWriter, *, optimize: bool) -> None:
    with writer:
        for number in range(400):
            writer.upsert(Document(str(number), f"{os.urandom(300).hex()} {number}"))
        writer.commit(optimize=optimize)


@pytest.mark.parametrize("optimize", [False, True], ids=["merge", "optimize"])
@pytest.mark.parametrize("size", [0, 1, 100, 1_000, 5_000, 20_000])
def test_a_disk_that_is_full_at_any_point(index, before, size, optimize):
    """A limit on the size of files stands for the end of the disk: writes fail in their middle."""
    texts = index.texts()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = IndexWriter(index.directory)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        with pytest.raises(IndexAccessError, match="the disk has room|make room there"):
            write_much(writer, optimize=optimize)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert index.texts() == texts
    assert index.files() == before
    index.write(*OTHERS)
    verify_index(index.directory)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_without_permission(index, before):
    index.directory.chmod(0o500)
    try:
        with pytest.raises(IndexAccessError, match="may be written to"):
            index.write(*OTHERS)
    finally:
        index.directory.chmod(0o700)
    assert index.files() == before


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_in_the_place_of_the_directory(tmp_path, place):
    (tmp_path / "file").write_bytes(b"not an index")
    with pytest.raises(IndexAccessError):
        IndexWriter(tmp_path / place)
    assert (tmp_path / "file").read_bytes() == b"not an index"
