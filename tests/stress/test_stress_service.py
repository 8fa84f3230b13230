"""A soak of the service: one writer, eight readers, backups, replicas, restores and kills.

`SEARCHD_STRESS_SECONDS` sets how long; `SEARCHD_STRESS_SEED` repeats the operations, not their times.
Every acknowledged change must be there, every answer be that of a plain model, and memory stay flat.
"""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.copies.backup import back_up
from indexer.copies.http_source import http_primary
from indexer.copies.replica import replicate
from indexer.copies.restore import restore
from indexer.document import Document
from indexer.errors import IndexBusyError, ReplicaError
from indexer.writer import IndexWriter
from tests.stress.sample import FIELDS
from tests.stress.service_soak import (
    Reader,
    Service,
    State,
    States,
    ask_again,
    content_of,
    failing_together,
    is_of_a_state,
)
from tests.stress.test_stress_soak import PHRASES, SECTIONS, WORDS

pytestmark = pytest.mark.stress

SECONDS = float(os.environ.get("SEARCHD_STRESS_SECONDS", "120"))
SEED = int(os.environ.get("SEARCHD_STRESS_SEED", str(time.time_ns() % 1_000_000)))
READERS = 8
IDS = 90
"""Fewer than an answer may have."""

KILLS_UNTIL = 0.6
"""The share of the time in which the process is killed; then its memory is measured."""

QUESTIONS = [
    *((f'"{word}"', "", lambda model, word=word: model.with_stem(word)) for word in WORDS[:-1]),
    *((f'"{each}"', "", lambda model, each=each: model.with_phrase(each)) for each in PHRASES),
    *((f"{each}*", "", lambda model, each=each: model.with_prefix(each)) for each in "قشنجبz"),
    *(
        ("*", f"section={each}", lambda model, each=each: model.with_value("section", each))
        for each in SECTIONS
    ),
    ("*", "", lambda model: set(model.committed)),
]


class Soak:
    """One service, its clients, and what is done to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.directory = folder / "index"
        with IndexWriter(self.directory, FIELDS) as writer:
            writer.commit()
        self.service = Service(self.directory, folder / "log")
        self.states = States()
        self.stop = threading.Event()
        self.errors: list[BaseException] = []
        self.done = Counter[str]()
        self.backed_up: dict[int, list[State]] = {}
        self.writing = threading.Lock()
        self.memory: list[int] = []
        self.started = time.monotonic()

    def run(self) -> None:
        self.service.start()
        readers = [Reader(self.service, self.states, SEED + each) for each in range(READERS)]
        loops: list[Callable[[], None]] = [
            self.write,
            self.copy,
            self.kill,
            *(lambda each=each: each.search(QUESTIONS) for each in readers),
        ]
        threads = [threading.Thread(target=self._repeat, args=(loop,)) for loop in loops]
        for thread in threads:
            thread.start()
        while not self.stop.wait(1):
            if time.monotonic() - self.started > SECONDS:
                break
        # The writer ends with an acknowledgement, so the others wait for it.
        with self.writing:
            self.stop.set()
        for thread in threads:
            thread.join()
        for reader in readers:
            self.done += reader.done
        if self.errors:
            raise self.errors[0]

    def _repeat(self, loop: Callable[[], None]) -> None:
        with failing_together(self.stop, self.errors):
            while not self.stop.is_set():
                loop()

    chance = random.Random(SEED)

    def write(self) -> None:
        """Push a batch, or delete a document."""
        with self.writing:
            if self.stop.is_set():
                return
            state = dict(self.states.newest)
            if state and self.chance.random() < 0.2:
                gone = self.chance.choice([*state])
                del state[gone]
                self._change(state, f"/documents/{gone}", None, "DELETE")
                return
            documents = [self._document() for _ in range(self.chance.choice((1, 5, 30)))]
            batch = {each.id: each for each in documents}
            body = [
                {"id": each.id, "title": each.title, "text": each.text, **each.fields}
                for each in batch.values()
            ]
            self._change(state | batch, "/documents", body, "POST")
        time.sleep(self.chance.random() * 0.2)

    def _change(self, state: State, path: str, body: object, method: str) -> None:
        self.states.begin(state)
        never = threading.Event()
        ask_again(self.service.address + path, body, method, never)
        self.states.acknowledge()
        self.done["changes"] += 1

    def _document(self) -> Document:
        words = self.chance.choices(WORDS, k=self.chance.choice((1, 5, 40)))
        return Document(
            str(self.chance.randrange(IDS)),
            " ".join(words),
            title=" ".join(self.chance.choices(WORDS, k=2)),
            fields={"section": self.chance.choice(SECTIONS), "price": self.chance.randrange(50)},
        )

    def copy(self) -> None:
        """Make a backup, restore it elsewhere and compare; follow with a replica; sometimes go back."""
        target = self.folder / "backups"
        mark = self.states.mark()
        made = back_up(self.directory, target, keep=3, verify=self.done["backups"] % 5 == 0).backup
        states = self.states.since(mark)
        self.backed_up.setdefault(made.number, states)
        self.done["backups"] += 1
        again = self.folder / "again"
        shutil.rmtree(again, ignore_errors=True)
        restore(target, again)
        content = content_of(again)
        assert is_of_a_state(content, states), "a backup is of no state"
        self.follow()
        if self.done["backups"] % 10 == 0:
            self.go_back(target, made.number, content)
        self.stop.wait(1)

    def follow(self) -> None:
        """Let a replica copy the newest generation of the service."""
        replica = self.folder / "replica"
        mark = self.states.mark()
        try:
            replicate(http_primary(self.service.address), replica)
        except ReplicaError:
            self.done["replicas cut off"] += 1
            return
        assert is_of_a_state(content_of(replica), self.states.since(mark)), (
            "a replica is of no state"
        )
        self.done["replicas"] += 1

    def go_back(self, target: Path, number: int, content: dict[str, tuple[str, str]]) -> None:
        """Restore a backup in place of the index while the service runs."""
        with self.writing:
            (state,) = [each for each in self.backed_up[number] if is_of_a_state(content, [each])][
                :1
            ]
            self.states.begin(state)
            while True:
                try:
                    restore(target, self.directory, number=number, force=True)
                    break
                except IndexBusyError:  # a change that was cut off is still being made
                    time.sleep(0.1)
            self.states.acknowledge()
        self.done["restored in place"] += 1

    def kill(self) -> None:
        """Kill the service now and then; later look at its memory."""
        if self.stop.wait(random.uniform(2, 12)):
            return
        if time.monotonic() - self.started < SECONDS * KILLS_UNTIL:
            self.service.kill()
            self.service.start()
            self.done["kills"] += 1
        else:
            self.memory.append(self.service.memory())


def test_acknowledged_changes_and_answers(tmp_path: Path) -> None:
    soak = Soak(tmp_path)
    try:
        soak.run()
        verify_index(soak.directory)
        assert is_of_a_state(content_of(soak.directory), [soak.states.newest])
        half = len(soak.memory) // 2
        if half > 5:
            early, late = max(soak.memory[:half]), max(soak.memory[half:])
            assert late < 1.2 * early, f"memory grows from {early:,} to {late:,} bytes"
    except BaseException as error:
        error.add_note(f"SEARCHD_STRESS_SEED={SEED}, after {dict(soak.done)}")
        raise
    finally:
        soak.service.kill()
    assert soak.done["changes"]
    assert soak.done["answered"]
    peak = f"{max(soak.memory, default=0) / 1e6:.0f} MB"
    print(f"seed {SEED}: {dict(soak.done)}; {peak} at most")  # noqa: T201
