from __future__ import annotations

import errno
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import weakref
from itertools import product

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexAccessError, WorkerError
from indexer.segment.write.segment_writer import SegmentWriter, SegmentWriterFactory
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from tests.indexer.conftest import TYPED

_WRITING = """
import sys
from pathlib import Path
from indexer.document import Document
from indexer.writer import IndexWriter

if __name__ == "__main__":
    with IndexWriter(Path(sys.argv[1]), processes=2, memory_mb=0) as writer:
        for number in range(4):
            writer.upsert(Document(str(number), "نص"))
        print("ready", flush=True)
        sys.stdin.read()
"""


def test_the_processes_of_a_killed_writer_end(index):
    """They hold both ends of the pipe that work comes through, and would wait for ever."""
    command = [sys.executable, "-c", _WRITING, str(index.directory)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == b"ready\n"
        writing.send_signal(signal.SIGKILL)
        writing.wait()
        assert ended(writing.pid, within=20), "a process of a killed writer is still there"
    index.write()
    assert index.texts() == {}


def test_a_segment_is_written_when_the_bytes_of_its_documents_fill_the_memory(index):
    """Documents without words count too, and so do long ids, titles and values."""
    tiny = [Document(str(number), "") for number in range(5000)]
    index.write(*tiny, memory_mb=1)
    assert len(Snapshot(index.directory).segments) == 3
    values = [
        Document(
            str(number),
            "",
            url="و" * 200,
            fields={"a_keyword": ["وسم"] * 20, "a_text": "؟" * 1000},
        )
        for number in range(250)
    ]
    index.write(*values, memory_mb=1, rebuild=True, fields=TYPED)
    assert len(Snapshot(index.directory).segments) == 3
    assert len(index.texts()) == 250


@pytest.mark.parametrize("processes", [1, 2])
def test_a_segment_is_written_when_its_terms_fill_their_memory(index, processes, monkeypatch):
    """A worker process writes it by itself, so a batch becomes several segments."""
    monkeypatch.setattr("indexer.batch._LEAST_TERM_BYTES", 0)
    monkeypatch.setattr("indexer.batch._TERM_BYTES_OF_MEMORY", 0.01)
    monkeypatch.setattr("indexer.batch._CHARACTERS_PER_MESSAGE", 500)
    letters = [chr(code) for code in range(0x628, 0x63B)]
    words = ["".join(word) for word in product(letters, repeat=4)]
    texts = [" ".join(words[start : start + 2000]) for start in range(0, 80_000, 2000)]
    documents = [Document(str(number % 30), text) for number, text in enumerate(texts)]
    outcomes = index.write(*documents, memory_mb=10 * processes, processes=processes)
    assert outcomes == ["added"] * 30 + ["replaced"] * 10
    assert index.texts() == {document.id: document.text for document in documents}
    assert len(Snapshot(index.directory).segments) >= 4
    verify_index(index.directory)


def test_a_killed_process_is_an_error_that_says_so(index):
    """Whenever it is killed: before a document is sent, while it waits, before the commit."""
    index.write(Document("1", "كتاب"))
    before = index.files()
    for documents in range(3):
        with IndexWriter(index.directory, processes=2, memory_mb=400 * (documents % 2)) as writer:
            writer.upsert(Document("2", "مدرسة " * 100_000))  # starts the first process
            for child in multiprocessing.active_children():
                child.kill()
                child.join()

            def go_on(writer: IndexWriter = writer, more: int = documents) -> None:
                for number in range(more):
                    writer.upsert(Document(f"a{number}", "مدرسة " * 100_000))
                writer.commit()

            with pytest.raises(WorkerError, match=r"was killed.*--memory.*--processes"):
                go_on()
        assert index.files() == before
    assert not multiprocessing.active_children()


def test_a_full_folder_of_temporary_files_is_named(index, tmp_path, monkeypatch):
    index.write(Document("1", "كتاب"))
    before = index.files()

    class Full(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_file() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    for replacement in (Full, no_file):
        monkeypatch.setattr("tempfile.TemporaryFile", replacement)
        with pytest.raises(
            IndexAccessError, match=r"temporary files .*No space left.*temporary.*TMPDIR"
        ):
            index.write(Document("2", "مدرسة"))
        assert index.files() == before
    monkeypatch.undo()
    monkeypatch.setattr("indexer.segment.write.merger.temporary_file", Full)
    with pytest.raises(IndexAccessError, match=r"temporary files .*No space left.*TMPDIR"):
        index.write(Document("2", "مدرسة"), optimize=True)
    assert index.files() == before


def test_a_written_segment_is_not_held_in_memory(index, monkeypatch):
    """Neither its terms nor its documents: a run of many segments needs the memory of one."""
    made: list[weakref.ref[SegmentWriter]] = []
    new = SegmentWriterFactory.new

    def new_noted(factory: SegmentWriterFactory) -> SegmentWriter:
        segment_writer = new(factory)
        made.append(weakref.ref(segment_writer))
        return segment_writer

    monkeypatch.setattr(SegmentWriterFactory, "new", new_noted)
    with IndexWriter(index.directory, memory_mb=0) as writer:
        for number in range(4):
            writer.upsert(Document(str(number), "نص"))
        assert [each() is None for each in made] == [True] * 4 + [False]
        writer.commit()


def ended(group: int, within: float) -> bool:
    """Tell whether every process of a group ends; those that do not are killed."""
    end = time.monotonic() + within
    try:
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False
