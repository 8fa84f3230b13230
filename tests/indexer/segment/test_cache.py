from __future__ import annotations

import gc
import random
import threading
import weakref

import pytest

from indexer.segment.cache import SizedCache

ROOM = 100_000
"""Large beside what an entry takes beside its arrays."""


class Calls:
    """A region of a cache, and which values were computed."""

    def __init__(self, capacity: int) -> None:
        self.cache = SizedCache(capacity)
        self.region = self.cache.region(self.size_of)
        self.sizes: dict[object, int] = {}
        self.computed: list[object] = []

    def size_of(self, value: tuple[str, object]) -> int:
        return self.sizes[value[1]]

    def ask(self, key: object, size: int = ROOM) -> object:
        self.sizes[key] = size

        def compute() -> tuple[str, object]:
            self.computed.append(key)
            return ("value", key)

        assert self.region.get_or_compute(key, compute) == ("value", key)
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
    region = SizedCache(ROOM).region(lambda _value: 0)
    assert region.get_or_compute("a", lambda: value) is value
    assert region.get_or_compute("a", lambda: pytest.fail("again")) is value


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
    assert calls.remembers("large", 9 * ROOM)
    assert not calls.remembers("small")


def test_small_values_are_bounded_in_number():
    """A key and its objects take room, although the value says that it is nothing."""
    calls = Calls(ROOM)
    for number in range(5000):
        calls.ask(number, 0)
    assert not calls.remembers(0, 0)
    assert calls.remembers(4999, 0)


def test_an_error_leaves_nothing():
    region = SizedCache(ROOM).region(lambda _value: 0)

    def fail() -> None:
        raise OSError("no such page")

    with pytest.raises(OSError, match="no such page"):
        region.get_or_compute("a", fail)
    assert region.get_or_compute("a", lambda: 1) == 1


def test_equal_keys_of_two_regions_are_two_entries():
    cache = SizedCache(10 * ROOM)
    frequencies, postings = cache.region(lambda _value: 8), cache.region(lambda _value: 8)
    assert frequencies.get_or_compute(("text", "stem", "كتاب"), lambda: 3) == 3
    assert postings.get_or_compute(("text", "stem", "كتاب"), lambda: [1, 2]) == [1, 2]


def test_regions_share_one_bound():
    cache = SizedCache(int(3.5 * ROOM))
    regions = [cache.region(lambda _value: ROOM) for _ in range(5)]
    for number, region in enumerate(regions):
        region.get_or_compute("key", lambda number=number: number)
    computed = []
    for number, region in reversed(list(enumerate(regions))):
        region.get_or_compute("key", lambda number=number: computed.append(number))
    assert computed == [1, 0], "the two oldest were evicted"


def test_a_region_that_is_gone_gives_its_room_back():
    cache = SizedCache(int(3.5 * ROOM))
    kept, dropped = cache.region(lambda _value: ROOM), cache.region(lambda _value: ROOM)
    kept.get_or_compute("kept", lambda: 1)
    for key in "ab":
        dropped.get_or_compute(key, lambda: 2)
    full = cache.size
    assert 3 * ROOM <= full <= cache.capacity
    del dropped
    assert cache.size < full - 2 * ROOM
    for key in "cd":
        kept.get_or_compute(key, lambda: 3)
    assert kept.get_or_compute("kept", lambda: pytest.fail("again")) == 1


def test_values_are_freed_with_their_region_at_once():
    """A segment that no snapshot holds any more must close its file without a collection."""

    class Array:
        pass

    cache = SizedCache(10 * ROOM)
    region = cache.region(lambda _value: ROOM)
    array = weakref.ref(region.get_or_compute("a", Array))
    gc.disable()
    try:
        del region
        assert array() is None
    finally:
        gc.enable()


def test_thousands_of_regions_leave_nothing():
    """An index with many commits opens a region for each generation."""
    cache = SizedCache(1000 * ROOM)
    for _ in range(3000):
        region = cache.region(lambda _value: 10)
        region.get_or_compute("a", lambda: 1)
    del region
    assert cache.size == 0


@pytest.mark.parametrize("seed", range(8))
def test_the_size_never_exceeds_the_capacity_but_by_one_entry(seed):
    rng = random.Random(seed)
    calls = Calls(rng.choice([0, 1000, 50_000, 3_000_000]))
    for _ in range(3000):
        key = int(rng.paretovariate(0.3)) % 500
        size = calls.sizes.get(key, rng.choice([0, 10, 5000, 90_000]))
        calls.ask(key, size)
        kept = calls.region.entries
        assert calls.cache.size == sum(entry.size for entry in kept.values())
        assert calls.cache.size <= calls.cache.capacity or len(kept) == 1


def test_threads_share_a_cache():
    cache = SizedCache(30 * ROOM)
    regions = [cache.region(lambda _value: ROOM) for _ in range(2)]
    wrong: list[object] = []

    def ask(seed: int) -> None:
        rng = random.Random(seed)
        try:
            for _ in range(4000):
                key = rng.randrange(80)
                found = regions[key % 2].get_or_compute(key, lambda key=key: [key])
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
    assert cache.size <= cache.capacity
