from __future__ import annotations

import gc
import random
import threading
import weakref

import pytest

from indexer.segment.cache import SizedCache

SIZE = 100_000
"""The bytes of a value, which are many more than the overhead of its entry."""


class Calls:
    """A region of a cache, and which values were computed."""

    def __init__(self, capacity: int) -> None:
        self.cache = SizedCache(capacity)
        self.region = self.cache.region(self.size_of)
        self.sizes: dict[object, int] = {}
        self.computed: list[object] = []

    def size_of(self, value: tuple[str, object]) -> int:
        return self.sizes[value[1]]

    def ask(self, key: object, size: int = SIZE) -> object:
        self.sizes[key] = size

        def compute() -> tuple[str, object]:
            self.computed.append(key)
            return ("value", key)

        assert self.region.get_or_compute(key, compute) == ("value", key)
        return key

    def is_cached(self, key: object, size: int = SIZE) -> bool:
        """Return whether a key is in the cache. It then counts as used."""
        before = len(self.computed)
        self.ask(key, size)
        return len(self.computed) == before


def test_a_value_is_computed_once():
    calls = Calls(10 * SIZE)
    for _ in range(3):
        calls.ask("a")
        calls.ask(("a", 1))
    assert calls.computed == ["a", ("a", 1)]


@pytest.mark.parametrize("value", [None, 0, (), False])
def test_a_false_value_is_cached(value):
    region = SizedCache(SIZE).region(lambda _value: 0)
    assert region.get_or_compute("a", lambda: value) is value
    assert region.get_or_compute("a", lambda: pytest.fail("again")) is value


def test_the_oldest_entry_is_evicted_first():
    calls = Calls(int(3.5 * SIZE))
    for key in "abcd":
        calls.ask(key)
    assert [calls.is_cached(key) for key in "bcd"] == [True] * 3
    assert not calls.is_cached("a")


def test_an_entry_that_was_used_stays_for_another_round():
    calls = Calls(int(3.5 * SIZE))
    for key in ("a", "b", "c", "a", "d"):
        calls.ask(key)
    assert calls.computed == ["a", "b", "c", "d"]
    assert calls.is_cached("a")
    assert not calls.is_cached("b")


def test_an_entry_that_was_not_used_since_is_evicted():
    calls = Calls(int(3.5 * SIZE))
    for key in ("a", "a", "b", "c", "d", "e", "f", "g"):
        calls.ask(key)
    assert not calls.is_cached("a")


def test_an_entry_in_constant_use_is_never_evicted():
    calls = Calls(int(4.5 * SIZE))
    for number in range(200):
        calls.ask("often")
        calls.ask(number)
    assert calls.computed.count("often") == 1


def test_entries_are_evicted_where_all_are_in_use():
    calls = Calls(int(3.5 * SIZE))
    for key in "abcabcd":
        calls.ask(key)
    assert len(calls.computed) == 4
    assert sum(map(calls.is_cached, "abc")) >= 2


def test_an_entry_larger_than_the_capacity_is_kept_alone():
    calls = Calls(2 * SIZE)
    calls.ask("small")
    calls.ask("large", 9 * SIZE)
    assert calls.is_cached("large", 9 * SIZE)
    assert not calls.is_cached("small")


def test_small_values_are_bounded_in_number():
    """An entry has an overhead, although the size of its value is 0."""
    calls = Calls(SIZE)
    for number in range(5000):
        calls.ask(number, 0)
    assert not calls.is_cached(0, 0)
    assert calls.is_cached(4999, 0)


def test_an_error_is_not_cached():
    region = SizedCache(SIZE).region(lambda _value: 0)

    def fail() -> None:
        raise OSError("no such page")

    with pytest.raises(OSError, match="no such page"):
        region.get_or_compute("a", fail)
    assert region.get_or_compute("a", lambda: 1) == 1


def test_equal_keys_of_two_regions_are_two_entries():
    cache = SizedCache(10 * SIZE)
    frequencies, postings = cache.region(lambda _value: 8), cache.region(lambda _value: 8)
    assert frequencies.get_or_compute(("text", "stem", "كتاب"), lambda: 3) == 3
    assert postings.get_or_compute(("text", "stem", "كتاب"), lambda: [1, 2]) == [1, 2]


def test_regions_share_one_bound():
    cache = SizedCache(int(3.5 * SIZE))
    regions = [cache.region(lambda _value: SIZE) for _ in range(5)]
    for number, region in enumerate(regions):
        region.get_or_compute("key", lambda number=number: number)
    computed = []
    for number, region in reversed(list(enumerate(regions))):
        region.get_or_compute("key", lambda number=number: computed.append(number))
    assert computed == [1, 0], "the two oldest were evicted"


def test_the_size_of_a_freed_region_is_subtracted():
    cache = SizedCache(int(3.5 * SIZE))
    kept, dropped = cache.region(lambda _value: SIZE), cache.region(lambda _value: SIZE)
    kept.get_or_compute("kept", lambda: 1)
    for key in "ab":
        dropped.get_or_compute(key, lambda: 2)
    full = cache.size
    assert 3 * SIZE <= full <= cache.capacity
    del dropped
    assert cache.size < full - 2 * SIZE
    for key in "cd":
        kept.get_or_compute(key, lambda: 3)
    assert kept.get_or_compute("kept", lambda: pytest.fail("again")) == 1


def test_values_are_freed_with_their_region_at_once():
    """A segment that no snapshot holds any more must close its file without a collection."""

    class Array:
        pass

    cache = SizedCache(10 * SIZE)
    region = cache.region(lambda _value: SIZE)
    array = weakref.ref(region.get_or_compute("a", Array))
    gc.disable()
    try:
        del region
        assert array() is None
    finally:
        gc.enable()


def test_thousands_of_regions_leave_nothing():
    """An index with many commits opens a region for each generation."""
    cache = SizedCache(1000 * SIZE)
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


def test_values_that_are_missing_are_computed_together():
    region = SizedCache(100 * SIZE).region(lambda _value: SIZE)
    asked: list[list[str]] = []

    def compute(keys: list[str]) -> list[str]:
        asked.append(keys)
        return [key.upper() for key in keys]

    assert region.get_or_compute_all("aba", compute) == ["A", "B", "A"]
    assert region.get_or_compute_all("bcbd", compute) == ["B", "C", "B", "D"]
    assert region.get_or_compute_all("dcb", compute) == ["D", "C", "B"]
    assert region.get_or_compute_all("", compute) == []
    assert asked == [["a", "b"], ["c", "d"]]


def test_threads_share_a_cache():
    cache = SizedCache(30 * SIZE)
    regions = [cache.region(lambda _value: SIZE) for _ in range(2)]
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
