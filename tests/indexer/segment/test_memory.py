from __future__ import annotations

import random
import threading

import pytest

from indexer.segment.memory import Memory

ROOM = 100_000
"""Large beside what an entry takes beside its arrays."""


class Calls:
    """A memory, and which values were computed."""

    def __init__(self, capacity: int) -> None:
        self.memory = Memory(capacity)
        self.computed: list[object] = []

    def ask(self, key: object, size: int = ROOM) -> object:
        def compute() -> tuple[str, object]:
            self.computed.append(key)
            return ("value", key)

        assert self.memory.recall(key, compute, lambda _value: size) == ("value", key)
        return key

    def remembers(self, key: object, size: int = ROOM) -> bool:
        """Tell whether a key needs no computing. It then counts as asked for."""
        before = len(self.computed)
        self.ask(key, size)
        return len(self.computed) == before


def test_a_value_is_computed_once():
    calls = Calls(10 * ROOM)
    for _ in range(3):
        calls.ask("a")
        calls.ask(("a", 1))
    assert calls.computed == ["a", ("a", 1)]


@pytest.mark.parametrize("value", [None, 0, (), False])
def test_a_value_that_looks_like_none_is_remembered(value):
    memory = Memory(ROOM)
    assert memory.recall("a", lambda: value, lambda _value: 0) is value
    assert memory.recall("a", lambda: pytest.fail("again"), lambda _value: 0) is value


def test_the_oldest_goes_first():
    calls = Calls(int(3.5 * ROOM))
    for key in "abcd":
        calls.ask(key)
    assert [calls.remembers(key) for key in "bcd"] == [True] * 3
    assert not calls.remembers("a")


def test_what_was_asked_for_again_stays_for_another_round():
    calls = Calls(int(3.5 * ROOM))
    for key in ("a", "b", "c", "a", "d"):
        calls.ask(key)
    assert calls.computed == ["a", "b", "c", "d"]
    assert calls.remembers("a")
    assert not calls.remembers("b")


def test_it_goes_when_it_was_not_asked_for_since():
    calls = Calls(int(3.5 * ROOM))
    for key in ("a", "a", "b", "c", "d", "e", "f", "g"):
        calls.ask(key)
    assert not calls.remembers("a")


def test_a_value_in_use_outlives_any_number_of_others():
    calls = Calls(int(4.5 * ROOM))
    for number in range(200):
        calls.ask("often")
        calls.ask(number)
    assert calls.computed.count("often") == 1


def test_values_that_are_all_in_use_make_room_too():
    calls = Calls(int(3.5 * ROOM))
    for key in "abcabcd":
        calls.ask(key)
    assert len(calls.computed) == 4
    assert sum(map(calls.remembers, "abc")) >= 2


def test_an_entry_larger_than_all_room_is_kept_alone():
    calls = Calls(2 * ROOM)
    calls.ask("small")
    calls.ask("large", 9 * ROOM)
    assert calls.remembers("large")
    assert not calls.remembers("small")


def test_small_values_are_bounded_in_number():
    """A key and its objects take room, although the value says that it is nothing."""
    calls = Calls(ROOM)
    for number in range(5000):
        calls.ask(number, 0)
    assert not calls.remembers(0, 0)
    assert calls.remembers(4999, 0)


def test_an_error_leaves_nothing():
    memory = Memory(ROOM)

    def fail() -> None:
        raise OSError("no such page")

    with pytest.raises(OSError, match="no such page"):
        memory.recall("a", fail, lambda _value: 0)
    assert memory.recall("a", lambda: 1, lambda _value: 0) == 1


class Held:
    """Counts the values that something still refers to, and their summed size."""

    def __init__(self) -> None:
        self.count = 0
        self.size = 0

    def value(self, key: int, size: int) -> Value:
        self.count += 1
        self.size += size
        return Value(self, key, size)


class Value:
    """A value that says when nothing refers to it any more."""

    def __init__(self, held: Held, key: int, size: int) -> None:
        self.held = held
        self.key = key
        self.size = size

    def __del__(self) -> None:
        self.held.count -= 1
        self.held.size -= self.size


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("capacity", [0, 1000, 50_000, 3_000_000])
def test_the_size_never_exceeds_the_capacity_but_by_one_entry(capacity, seed):
    rng = random.Random(seed)
    memory = Memory(capacity)
    held = Held()
    sizes: dict[int, int] = {}
    most = 0
    for _ in range(3000):
        key = int(rng.paretovariate(0.3)) % 500
        size = sizes.setdefault(key, rng.choice([0, 10, 5000, 90_000]))
        found = memory.recall(
            key, lambda key=key, size=size: held.value(key, size), lambda value: value.size
        )
        assert found.key == key
        del found
        assert held.size <= capacity or held.count == 1
        most = max(most, held.size)
    assert most >= 0.9 * capacity, "it forgets although there is room"


def test_threads_share_a_memory():
    memory = Memory(30 * ROOM)
    held = Held()
    wrong: list[object] = []

    def ask(seed: int) -> None:
        rng = random.Random(seed)
        try:
            for _ in range(4000):
                key = rng.randrange(80)
                found = memory.recall(key, lambda key=key: [key], lambda _value: ROOM)
                if found != [key]:
                    wrong.append((key, found))
        except BaseException as error:  # noqa: BLE001 - the test shows it
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []

    # It has kept count: of new values, as many have room as in a memory that one thread used.
    for key in range(1000, 1100):
        memory.recall(key, lambda key=key: held.value(key, ROOM), lambda value: value.size)
    assert held.count == 29
