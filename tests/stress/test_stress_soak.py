"""A soak: random operations on an index for some minutes, each answer as a plain model gives it.

`SEARCHD_STRESS_SECONDS` sets how long; `SEARCHD_STRESS_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.engine import Engine
from searchd.ranking import Ranking
from tests.stress.plain_model import PlainModel
from tests.stress.sample import ANALYZER, FIELDS

pytestmark = pytest.mark.stress

SECONDS = float(os.environ.get("SEARCHD_STRESS_SECONDS", "120"))
SEED = int(os.environ.get("SEARCHD_STRESS_SEED", str(time.time_ns() % 1_000_000)))

WORDS = (
    "قمر",
    "شجر",
    "نهر",
    "جبل",
    "بحر",
    "مطر",
    "حجر",
    "زهر",
    "ورق",
    "طير",
    "٢٠٢٤",
    "zebra",
    "F-16",
)
PHRASES = ("قمر شجر", "نهر جبل", "بحر مطر حجر", "طير zebra")
SECTIONS = ("أدب", "علوم", "رياضة")

NO_RELATED_WORDS = Ranking(lemma=0, similar=0, synonym=0)
"""The model knows stems alone."""

MERGER = """
import sys
from pathlib import Path
from indexer.background_merge import merge_segments_of
most = int(sys.argv[2])
print("begun", flush=True)
merge_segments_of(Path(sys.argv[1]), most_segments=most or None)
"""

KILLED_WRITER = """
import random, sys
from pathlib import Path
from indexer.writer import IndexWriter
from tests.stress.sample import ANALYZER
from tests.stress.test_stress_soak import random_document
chance = random.Random(int(sys.argv[2]))
writer = IndexWriter(Path(sys.argv[1]), analyzer=ANALYZER)
print("begun", flush=True)
while True:
    writer.upsert(random_document(chance))
    if chance.random() < 0.05:
        writer.delete(str(chance.randrange(400)))
"""


def random_document(chance: random.Random) -> Document:
    """Return a document with one of 400 ids."""
    words = chance.choices(WORDS, k=chance.choice((0, 1, 5, 40, 400)))
    return Document(
        str(chance.randrange(400)),
        " ".join(words),
        title=" ".join(chance.choices(WORDS, k=chance.randrange(4))),
        fields={"section": chance.choice(SECTIONS), "price": chance.randrange(50)},
    )


class Soak:
    """One index and its model."""

    def __init__(self, directory: Path, chance: random.Random) -> None:
        self.directory = directory
        self.chance = chance
        self.model = PlainModel(ANALYZER)
        self.done = Counter[str]()
        with IndexWriter(directory, FIELDS, analyzer=ANALYZER) as writer:
            writer.commit()
        self.engine = self.open()

    def open(self) -> Engine:
        return Engine(self.directory, analyzer=ANALYZER, ranking=NO_RELATED_WORDS)

    def step(self) -> None:
        operations = {
            self.write: 6, self.search: 30, self.reopen: 2, self.verify: 1, self.kill: 1, self.optimize: 1,
            self.move: 1, self.merge_beside_writers: 2, self.kill_merge: 1,
        }  # fmt: skip
        (operation,) = self.chance.choices([*operations], [*operations.values()])
        operation()
        self.done[operation.__name__] += 1

    def write(self) -> None:
        memory_mb = self.chance.choice((0, 400))
        with IndexWriter(self.directory, analyzer=ANALYZER, memory_mb=memory_mb) as writer:
            for _ in range(self.chance.choice((1, 3, 20, 150))):
                if self.chance.random() < 0.2:
                    document_id = str(self.chance.randrange(400))
                    writer.delete(document_id)
                    self.model.delete(document_id)
                else:
                    document = random_document(self.chance)
                    writer.upsert(document)
                    self.model.upsert(document)
            if self.chance.random() < 0.8:
                writer.commit()
                self.model.commit()
        self.model.cancel()  # what was not committed is gone

    def search(self) -> None:
        model, chance = self.model, self.chance
        word = chance.choice(WORDS[:-1])
        phrase = chance.choice(PHRASES)
        section = chance.choice(SECTIONS)
        price = chance.randrange(50)
        prefix = chance.choice("قشنجبzف")
        for query, filters, wanted in (
            (f"+{word}", (), model.with_stem(word)),
            (f'"{phrase}"', (), model.with_phrase(phrase)),
            (f"{prefix}*", (), model.with_prefix(prefix)),
            (f"+{word}", (f"section={section}",), model.with_stem(word) & model.with_value("section", section)),
            (f"price={price}", (), model.with_value("price", price)),
            (f'{word} -"{phrase}"', (), model.with_stem(word) - model.with_phrase(phrase)),
            ("*", (), set(model.committed)),
        ):  # fmt: skip
            found = self.engine.ids(query, filters=filters)
            assert len(found) == len(set(found)), query
            assert set(found) == wanted, query
            shown = self.engine.search(query, filters=filters, limit=5)
            assert shown.total == len(wanted), query
            for hit in shown:
                document = model.committed[hit.id]
                assert (hit.title, hit.fields) == (document.title, document.fields)

    def reopen(self) -> None:
        self.engine.close()
        self.engine = self.open()

    def verify(self) -> None:
        verify_index(self.directory)

    def optimize(self) -> None:
        with IndexWriter(self.directory, analyzer=ANALYZER) as writer:
            writer.commit(optimize=True)

    def merge_beside_writers(self) -> None:
        """Write while another process merges segments, which takes documents away from neither."""
        with self.merging() as merge:
            while merge.poll() is None:
                self.write()
                self.search()
        assert merge.returncode == 0

    def kill_merge(self) -> None:
        """Kill a merge, wherever it is: all is as it was, or merged."""
        with self.merging() as merge:
            time.sleep(0.05 * self.chance.random())
            merge.send_signal(signal.SIGKILL)

    def merging(self) -> subprocess.Popen[bytes]:
        """Return a process that has begun to merge segments."""
        most = str(self.chance.choice((0, 1, 2)))
        merge = subprocess.Popen(
            [sys.executable, "-c", MERGER, str(self.directory), most],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert merge.stdout is not None
        assert merge.stdout.readline() == b"begun\n"
        return merge

    def move(self) -> None:
        """Copy the directory elsewhere, as a backup does, and go on with the copy."""
        self.engine.close()
        copy = self.directory.with_name(f"copy-{self.done['move']}")
        shutil.copytree(self.directory, copy)
        shutil.rmtree(self.directory)
        self.directory = copy
        self.engine = self.open()

    def kill(self) -> None:
        """Kill a writer in the middle of a batch: nothing of it is there."""
        seed = str(self.chance.randrange(1 << 30))
        with subprocess.Popen(
            [sys.executable, "-c", KILLED_WRITER, str(self.directory), seed],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"begun\n"
            time.sleep(self.chance.random())
            writer.send_signal(signal.SIGKILL)


def test_every_answer_is_that_of_a_plain_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that commits leave some segments to be merged in the background.
    monkeypatch.setattr("indexer.pending_segment.MOST_BYTES_IN_COMMIT", 60_000)
    soak = Soak(tmp_path / "index", random.Random(SEED))
    end = time.monotonic() + SECONDS
    try:
        while time.monotonic() < end:
            soak.step()
        soak.reopen()
        soak.search()
        soak.verify()
    except BaseException as error:
        error.add_note(f"SEARCHD_STRESS_SEED={SEED}, after {dict(soak.done)}")
        raise
    finally:
        soak.engine.close()
    print(f"seed {SEED}: {dict(soak.done)}")  # noqa: T201
