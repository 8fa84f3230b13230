"""A run of a writer takes effect as a whole or not at all, however it ends."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from indexer import generation as generations
from indexer.document import Document
from indexer.errors import IndexAccessError
from indexer.fields import FieldMap
from indexer.writer import IndexWriter
from tests.indexer.conftest import ONE, OTHER_ONE, TWO, TYPED


class TestEndings:
    """However a writer ends, the directory holds what the current generation needs."""

    @pytest.fixture
    def before(self, index):
        index.write(ONE, TWO)
        index.write(Document("3", "ثالث"))
        return index.files()

    def test_leaving_without_commit(self, index, before):
        with IndexWriter(index.directory) as writer:
            writer.upsert(OTHER_ONE)
            writer.delete("2")
        assert index.files() == before

    def test_cancelling_twice(self, index, before):
        writer = IndexWriter(index.directory)
        writer.upsert(OTHER_ONE)
        writer.cancel()
        writer.cancel()
        assert index.files() == before

    def test_a_closed_writer(self, index, before):
        with IndexWriter(index.directory) as writer:
            writer.commit()
        for call in (lambda: writer.upsert(ONE), lambda: writer.delete("1"), writer.commit):
            with pytest.raises(ValueError, match="this writer is closed"):
                call()
        assert index.files() == before

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
    def test_an_error_between_documents(self, index, before, error):
        def run() -> None:
            with IndexWriter(index.directory) as writer:
                writer.upsert(OTHER_ONE)
                raise error

        with pytest.raises(error):
            run()
        assert index.files() == before

    @pytest.mark.parametrize("step", ["column_values", "pack_stored_fields"])
    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_an_error_within_a_document(self, index, before, error, step, monkeypatch):
        """What is written of half a document cannot be told from the rest: the run is off."""
        self.check_that_the_run_is_off(index, before, error, error, step, monkeypatch)

    def test_no_memory_within_a_document(self, index, before, monkeypatch):
        step = "SegmentWriter._encode"
        monkeypatch.setattr("indexer.segment.write.segment_writer._CHARACTERS_PER_STEP", 5)
        self.check_that_the_run_is_off(
            index, before, MemoryError, IndexAccessError, step, monkeypatch
        )

    def check_that_the_run_is_off(self, index, before, error, raised, step, monkeypatch):

        def fail(*_args):
            raise error

        with IndexWriter(index.directory) as writer:
            writer.upsert(Document("4", "رابع"))
            with monkeypatch.context() as patch:
                patch.setattr(f"indexer.segment.write.segment_writer.{step}", fail)
                with pytest.raises(raised):
                    writer.upsert(OTHER_ONE)
            with pytest.raises(ValueError, match="closed"):
                writer.upsert(Document("5", "خامس"))
        assert index.files() == before
        index.write(Document("6", "سادس"), optimize=True)
        assert index.texts()["6"] == "سادس"

    @pytest.mark.parametrize(
        "step",
        [
            "indexer.segment.array_file.ArrayFileWriter.add",
            "indexer.segment.array_file.ArrayFileWriter.finish",
            "indexer.pending_segment.merge_segments",
            "indexer.generation.write",
            "indexer.generation.json.dumps",
            "os.fsync",
        ],
    )
    @pytest.mark.parametrize(
        ("error", "seen"),
        [
            (OSError(28, "No space left"), IndexAccessError),
            (KeyboardInterrupt(), KeyboardInterrupt),
        ],
        ids=["disk-full", "interrupted"],
    )
    def test_an_error_within_the_commit(self, index, before, step, error, seen, monkeypatch):
        def fail(*_args, **_options):
            raise error

        writer = IndexWriter(index.directory)
        writer.upsert(OTHER_ONE)
        with monkeypatch.context() as patch:
            patch.setattr(step, fail)
            with pytest.raises(seen):
                writer.commit(optimize=True)
        assert index.files() == before
        assert index.write(OTHER_ONE) == ["replaced"]

    def test_an_error_after_a_segment_was_written(self, index, before):
        """A batch that fills the memory becomes a segment before the commit."""
        with IndexWriter(index.directory, memory_mb=0) as writer:
            for number in range(5):
                writer.upsert(Document(str(number), f"نص {number}"))
                writer.upsert(Document("1", f"كتاب {number}"))
            assert len(index.files()) > len(before)
        assert index.files() == before

    def test_a_run_of_many_segments(self, index, before):
        with IndexWriter(index.directory, memory_mb=0) as writer:
            for number in range(10):
                writer.upsert(Document(str(number), f"نص {number}"))
                writer.upsert(Document("last", f"آخر {number}"))
                if number % 3 == 2:
                    assert writer.delete(str(number - 1))
            writer.commit()
        left = {str(n): f"نص {n}" for n in range(10) if n not in (1, 4, 7)}
        assert index.texts() == {**left, "last": "آخر 9"}

    def test_a_first_run_that_fails_leaves_no_index(self, index):
        with IndexWriter(index.directory) as writer:
            writer.upsert(ONE)
        assert index.files() == {}
        assert not generations.exists(index.directory)
        index.write(ONE)
        assert index.texts() == {"1": "كتاب أول"}

    def test_a_first_run_whose_commit_fails_leaves_no_index(self, index, monkeypatch):
        def fail(*_args):
            raise OSError(28, "No space left")

        with monkeypatch.context() as patch, IndexWriter(index.directory) as writer:
            patch.setattr(generations, "write", fail)
            writer.upsert(ONE)
            with pytest.raises(IndexAccessError, match="No space left"):
                writer.commit()
        assert index.files() == {}

    def test_a_rebuild_replaces_everything_at_once(self, index, before):
        with IndexWriter(index.directory, rebuild=True) as writer:
            assert writer.upsert(OTHER_ONE) == "added"
            assert index.texts() == {"1": "كتاب أول", "2": "مدرسة", "3": "ثالث"}
            writer.commit()
        assert index.texts() == {"1": "كتاب آخر"}
        assert before.keys() & index.files().keys() == {"searchd.json"}

    def test_a_rebuild_that_fails_keeps_the_old(self, index, before):
        with IndexWriter(index.directory, rebuild=True) as writer:
            writer.upsert(OTHER_ONE)
        assert index.files() == before

    def test_a_rebuild_of_nothing_is_empty(self, index, before):
        index.write(rebuild=True)
        assert index.texts() == {}

    def test_a_rebuild_keeps_the_fields_or_takes_new_ones(self, index):
        index.write(ONE, fields=TYPED)
        index.write(ONE, rebuild=True)
        assert generations.read(index.directory).fields == TYPED
        index.write(ONE, rebuild=True, fields=FieldMap())
        assert generations.read(index.directory).fields == FieldMap()

    def test_what_a_killed_writer_left_goes_with_the_next(self, index, before):
        for name in (f"{'a' * 32}.segment", f"{'b' * 32}.deletions", "searchd.json.new"):
            (index.directory / name).write_bytes(b"left over")
        (index.directory / "notes.txt").write_bytes(b"not ours")
        index.write(ONE)
        assert index.files() == {**before, "notes.txt": b"not ours"}


_KILLED = """
import sys
from pathlib import Path
from indexer.document import Document
from indexer.writer import IndexWriter

print("ready", flush=True)
for run in range(10_000):
    with IndexWriter(Path(sys.argv[1]), rebuild=run % 4 == 3) as writer:
        for number in range(60):
            writer.upsert(Document(str(number), f"جولة{run} نص رقم {number}"))
        writer.commit()
    print(run, flush=True)
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_writer_leaves_the_old_or_the_new_generation(index, seed):
    command = [sys.executable, "-c", _KILLED, str(index.directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout is not None
        for line in writing.stdout:
            if line.strip() == "1":
                break
        time.sleep(random.Random(seed).uniform(0, 0.25))
        writing.send_signal(signal.SIGKILL)
        reported = [int(line) for line in writing.stdout.read().split()]
    last = max(reported, default=1)
    texts = index.texts()
    runs = {text.split()[0] for text in texts.values()}
    assert len(texts) == 60
    assert runs in ({f"جولة{last}"}, {f"جولة{last + 1}"})
    index.write(Document("next", "بعده"))
    assert index.texts() == {**texts, "next": "بعده"}
    needed = {
        name
        for entry in generations.read(index.directory).segments
        for name in (entry.name, entry.deletions)
        if name
    }
    assert index.files().keys() == needed | {"searchd.json"}
