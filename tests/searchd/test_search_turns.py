"""The turns of searches: one after the other, in order, and beside one that takes long."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from searchd import search_turns
from searchd.search_turns import SearchTurns, search_turn

FOREVER = 60.0
"""Seconds that no test comes near: whoever waits for a turn of so long waits for its end."""


class Searches:
    """Searches in threads, each of which has its turn until it is told to end."""

    def __init__(self, turns: SearchTurns) -> None:
        self.turns = turns
        self.begun: list[str] = []
        self._ends: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def start(self, name: str) -> None:
        """Start a search in a thread, and return when it has its turn or waits for it."""
        end = self._ends[name] = threading.Event()
        waiting = len(self.turns._waiting)

        def search() -> None:
            with self.turns:
                self.begun.append(name)
                end.wait(FOREVER)

        self._threads.append(threading.Thread(target=search))
        self._threads[-1].start()
        wait_for(lambda: name in self.begun or len(self.turns._waiting) > waiting)

    def end(self, name: str) -> None:
        self._ends[name].set()

    def end_all(self) -> None:
        for end in self._ends.values():
            end.set()
        for thread in self._threads:
            thread.join(FOREVER)
        assert not any(thread.is_alive() for thread in self._threads)


def wait_for(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + FOREVER
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.fixture
def searches() -> Iterator[Callable[[float], Searches]]:
    made: list[Searches] = []

    def make(seconds: float) -> Searches:
        made.append(Searches(SearchTurns(seconds)))
        return made[-1]

    yield make
    for each in made:
        each.end_all()


def test_searches_follow_each_other_in_order(searches):
    found = searches(FOREVER)
    for name in "abcd":
        found.start(name)
    assert found.begun == ["a"]
    for number, name in enumerate("abc", start=2):
        found.end(name)
        wait_for(lambda number=number: len(found.begun) == number)
    assert found.begun == ["a", "b", "c", "d"]


def test_a_slow_search_does_not_keep_others_waiting(searches):
    found = searches(0.01)
    for name in "abc":
        found.start(name)
    wait_for(lambda: found.begun == ["a", "b", "c"])


def test_the_end_of_a_slow_search_takes_the_turn_from_nobody(searches):
    found = searches(0.05)
    found.start("slow")
    wait_for(lambda: not found.turns._lock.locked() and found.turns._is_free())
    found.turns._seconds = FOREVER
    found.turns._since = -FOREVER
    found.start("next")
    wait_for(lambda: found.begun == ["slow", "next"])
    found.start("last")
    found.end("slow")
    time.sleep(0.02)
    assert found.begun == ["slow", "next"]
    found.end("next")
    wait_for(lambda: found.begun == ["slow", "next", "last"])


def test_a_search_within_a_search_does_not_wait(searches):
    found = searches(FOREVER)
    with found.turns, found.turns:
        pass
    found.start("a")
    assert found.begun == ["a"]


def test_an_interrupted_search_leaves_its_place(searches, monkeypatch):
    found = searches(FOREVER)
    found.start("a")

    def interrupt(_turn: threading.Lock) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(found.turns, "_wait", interrupt)
        with pytest.raises(KeyboardInterrupt), found.turns:
            pytest.fail("it has no turn")
    found.start("b")
    found.end("a")
    wait_for(lambda: found.begun == ["a", "b"])


def test_threads_without_a_lock_of_the_interpreter_do_not_wait(monkeypatch):
    monkeypatch.setattr(search_turns, "_HAS_LOCK", False)
    done = []

    def search() -> None:
        with search_turn():
            done.append(True)

    with search_turn():
        thread = threading.Thread(target=search)
        thread.start()
        thread.join(FOREVER)
        assert done


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_waits_for_no_thread_of_the_other():
    turns = search_turn()
    with turns:
        child = os.fork()
        if not child:
            free = search_turn() is not turns
            os._exit(0 if free else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
