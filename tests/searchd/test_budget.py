"""Budgets: a search that costs too much ends, and says at which part of the query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import searchd
from searchd import Document, SearchBudget
from searchd import budget as budgets
from searchd.errors import SearchArgumentError, SearchBudgetError, SearchTimeoutError

WORDS = [f"{first}{second}تب" for first in "ابتثجحخد" for second in "ذرزسشصضط"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("index")
    with searchd.IndexWriter(directory) as writer:
        for number in range(200):
            words = [WORDS[(number * step) % len(WORDS)] for step in range(1, 9)]
            writer.upsert(Document(str(number), " ".join(words), title=WORDS[number % 64]))
        writer.commit()
    return directory


def test_patterns_are_counted(index: Path) -> None:
    with searchd.open(index, budget=SearchBudget(patterns=3)) as engine:
        assert engine.search("اذ* بر* ?زتب").total
        with pytest.raises(SearchBudgetError, match="may have 3 patterns") as caught:
            engine.search("اذ* بر* ?زتب رزتب~")
        assert caught.value.part == "رزتب"


def test_the_words_that_patterns_match_are_counted(index: Path) -> None:
    with searchd.open(index, budget=SearchBudget(expansions=10)) as engine:
        assert engine.search("اذ* بر*").total
        with pytest.raises(SearchBudgetError, match="more than 10 words of the index") as caught:
            engine.search("اذ* ب* ت*")
        assert caught.value.part == "ت*"


def test_postings_are_counted(index: Path) -> None:
    with searchd.open(index, budget=SearchBudget(postings=60)) as engine:
        assert engine.search(WORDS[1]).total
        with pytest.raises(SearchBudgetError, match="more than 60 postings"):
            engine.search(" ".join(WORDS))


class Clock:
    """A clock that counts how often it is read: a second for each time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(budgets.time, "monotonic", clock)
    return clock


SEARCHES: list[tuple[str, Callable[[searchd.Engine, float], object]]] = [
    ("words", lambda engine, timeout: engine.search(" ".join(WORDS[:30]), timeout=timeout)),
    ("unknown", lambda engine, timeout: engine.search("ضذظغقف ظظغغفف غغقققف", timeout=timeout)),
    ("pattern", lambda engine, timeout: engine.search("?ر?? *ذت*", timeout=timeout)),
    ("fuzzy", lambda engine, timeout: engine.search("اذتب~2 برتب~1", timeout=timeout)),
    (
        "phrase",
        lambda engine, timeout: engine.search('"اذتب ارتب" OR "ارتب اذتب"~5', timeout=timeout),
    ),
    (
        "explained",
        lambda engine, timeout: engine.search("اذتب ارتب", explain=True, timeout=timeout),
    ),
    ("counted", lambda engine, timeout: engine.count("اذتب ارتب ازتب", timeout=timeout)),
    ("ids", lambda engine, timeout: engine.ids("اذتب ارتب ازتب", timeout=timeout)),
]


@pytest.mark.parametrize(("name", "search"), SEARCHES)
def test_every_search_asks_for_its_time_until_the_end(
    index: Path, clock: Clock, name: str, search: Callable[[searchd.Engine, float], object]
) -> None:
    with searchd.open(index) as engine:
        search(engine, 1e9)
    needed = clock.now
    assert needed > 5, name
    for seconds in {1.5, needed // 2 + 0.5, needed - 2}:
        clock.now = 0
        with searchd.open(index) as engine, pytest.raises(SearchTimeoutError) as caught:
            search(engine, seconds)
        assert clock.now <= seconds + 3  # nothing is done after the time is up
        assert caught.value.part


def test_the_clock_is_asked_as_often_as_there_is_work(index: Path, clock: Clock) -> None:
    asked = []
    for words in (4, 8, 16, 32):
        with searchd.open(index) as engine:
            clock.now = 0
            engine.search(" ".join(WORDS[:words]), timeout=1e9)
            asked.append(clock.now)
    assert asked[3] > asked[2] + 16 > asked[1] + 24


def test_an_engine_has_a_time_for_every_search(index: Path, clock: Clock) -> None:
    with searchd.open(index, budget=SearchBudget(seconds=2.5)) as engine:
        with pytest.raises(SearchTimeoutError, match="its 2.5 s were over"):
            engine.search("اذتب ارتب")
        assert engine.search("اذتب ارتب", timeout=1e6).total


def test_without_a_time_the_clock_is_not_read(index: Path, clock: Clock) -> None:
    with searchd.open(index) as engine:
        engine.search("اذتب ارتب")
    assert clock.now == 0


def test_a_search_after_one_that_was_ended_is_whole(index: Path) -> None:
    with searchd.open(index) as fresh:
        whole = fresh.search("?ر?? اذتب~")
    with searchd.open(index) as engine:
        with pytest.raises(SearchTimeoutError):
            engine.search("?ر?? اذتب~", timeout=1e-9)
        again = engine.search("?ر?? اذتب~")
    assert [hit.id for hit in again] == [hit.id for hit in whole]


@pytest.mark.parametrize("timeout", [0, -1, "5", True, float("nan")])
def test_a_time_that_is_none_is_refused(index: Path, timeout: object) -> None:
    with searchd.open(index) as engine, pytest.raises(SearchArgumentError, match="timeout"):
        engine.search("اذتب", timeout=timeout)  # type: ignore[arg-type]


@pytest.mark.parametrize("limits", [{"seconds": 0}, {"patterns": -1}, {"postings": 0}])
def test_a_budget_of_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="has to be above 0"):
        SearchBudget(**limits)
