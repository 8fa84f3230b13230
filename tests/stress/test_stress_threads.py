"""Threads that search while a writer commits: every answer is that of a committed generation."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Hashable
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.engine import Engine
from tests.stress.sample import ANALYZER, FIELDS, answer

pytestmark = pytest.mark.stress

THREADS = 8
SEARCHES = 20_000
COMMITS = 200
DOCUMENTS = 250

QUERIES: tuple[tuple[str, dict[str, object]], ...] = (
    ("كتاب", {"snippets": 0}),
    ("كتاب مدرسة جيل", {"snippets": 0}),
    ('"كتاب المدرسة"', {"snippets": 0}),
    ('"رقم كتاب"~3', {"snippets": 0}),
    ("+جيل -مدرسة", {"snippets": 0}),
    ("title:جيل", {"snippets": 1, "limit": 3}),
    ("كتا*", {"snippets": 0}),
    ("جبل~", {"snippets": 0}),
    ("*", {"snippets": 0, "filters": ["section=قسم1"], "sort": "-price"}),
    ("العلامة", {"snippets": 1}),
)


def document(number: int, commit: int) -> Document:
    words = ("كتاب", "مدرسة", "المدرسة", "والكتاب", "جيل", f"رقم{commit % 9}", "رقم كتاب المدرسة")
    chance = random.Random(number * 1009 + commit)
    return Document(
        str(number),
        " ".join(chance.choices(words, k=chance.randrange(5, 60))),
        title=f"جيل {commit}" if number % 5 == 0 else "",
        fields={"section": f"قسم{number % 3}", "price": chance.randrange(100)},
    )


def commit_once(directory: Path, commit: int) -> None:
    chance = random.Random(commit)
    with IndexWriter(
        directory, analyzer=ANALYZER, rebuild=commit % 40 == 39, memory_mb=400 * (commit % 10 != 5)
    ) as writer:
        # Every answer tells which generation it is of.
        writer.upsert(Document("العلامة", f"العلامة كتاب جيل {commit}", title=f"جيل {commit}"))
        for number in chance.sample(range(DOCUMENTS), DOCUMENTS if commit % 40 == 39 else 12):
            writer.upsert(document(number, commit))
        for number in chance.sample(range(DOCUMENTS), 6):
            writer.delete(str(number))
        writer.commit(optimize=commit % 25 == 24)


class Searches:
    """Threads that search until they are told to stop, and what they were answered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._done = 0
        self._counting = threading.Lock()
        self.writing = True
        self.answers: list[list[tuple[int, Hashable]]] = [[] for _ in range(THREADS)]
        self.errors: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(number,)) for number in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, number: int) -> None:
        chance = random.Random(number)
        try:
            while self._next():
                query = chance.randrange(len(QUERIES))
                self.answers[number].append((query, answer(self._engine, *QUERIES[query])))
        except BaseException as error:  # noqa: BLE001 - the test shows it
            self.errors.append(error)

    def _next(self) -> bool:
        with self._counting:
            self._done += 1
            return self._done <= SEARCHES or self.writing

    @property
    def share(self) -> float:
        """How much of the searches is done."""
        return self._done / SEARCHES

    def finish(self) -> None:
        self.writing = False
        for thread in self._threads:
            thread.join()


def answers_now(directory: Path) -> list[Hashable]:
    """Return what an engine answers that knows no other generation."""
    with Engine(directory, analyzer=ANALYZER) as engine:
        return [answer(engine, query, options) for query, options in QUERIES]


def test_every_answer_is_that_of_a_committed_generation(tmp_path: Path) -> None:
    directory = tmp_path / "index"
    with IndexWriter(directory, FIELDS, analyzer=ANALYZER) as writer:
        for number in range(DOCUMENTS):
            writer.upsert(document(number, 0))
        writer.commit()
    expected = [answers_now(directory)]
    with Engine(directory, analyzer=ANALYZER) as engine:
        searches = Searches(engine)
        try:
            for commit in range(1, COMMITS + 1):
                while searches.share < (commit - 1) / COMMITS and not searches.errors:
                    threading.Event().wait(0.001)  # commits spread evenly over the searches
                commit_once(directory, commit)
                expected.append(answers_now(directory))
        finally:
            searches.finish()
    assert searches.errors == []
    check(expected, searches.answers)
    verify_index(directory)


def check(expected: list[list[Hashable]], answers: list[list[tuple[int, Hashable]]]) -> None:
    """Check that each answer is of a generation, and that no thread goes back to an older one."""
    generations_of: list[dict[Hashable, list[int]]] = [{} for _query in QUERIES]
    for generation, found in enumerate(expected):
        for query, known in enumerate(found):
            generations_of[query].setdefault(known, []).append(generation)
    seen = Counter[int]()
    for thread in answers:
        newest = 0
        for query, found in thread:
            assert found in generations_of[query], (QUERIES[query], found)
            # An answer may be that of several generations: the earliest that is not a step back.
            later = [number for number in generations_of[query][found] if number >= newest]
            assert later, f"{QUERIES[query]} was answered by an older generation than before"
            newest = later[0]
            seen[newest] += 1
    total = sum(map(len, answers))
    print(f"{total} searches saw {len(seen)} of {len(expected)} generations")  # noqa: T201
    assert total >= SEARCHES
    assert len(seen) > COMMITS / 2
