"""Rate limits that several processes share: like those of one process, and for all together."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator

import pytest

from searchd.service.rate_limits import RateLimiter

if sys.platform == "win32":
    pytest.skip("processes are forked on POSIX systems alone", allow_module_level=True)

from searchd.service.workers.shared_rate_limits import SharedBuckets, SharedRateLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def buckets() -> Iterator[SharedBuckets]:
    made = SharedBuckets(sets=64)
    yield made
    made.close()


def test_like_that_of_one_process(buckets: SharedBuckets) -> None:
    draw, clock = random.Random(1), Clock()
    alone = RateLimiter(2.5, clock=clock)
    shared = SharedRateLimiter(2.5, buckets, clock)
    refused = 0
    for _ in range(2000):
        clock.now += draw.expovariate(8)
        caller = draw.choice("abc")
        wait = alone.wait_of(caller)
        assert shared.wait_of(caller) == pytest.approx(wait)
        refused += bool(wait)
    assert 100 < refused < 1900


def test_two_processes_count_together(buckets: SharedBuckets) -> None:
    clock = Clock()
    first, second = (SharedRateLimiter(1, buckets, clock) for _ in range(2))
    answers = [each.wait_of("a") for _ in range(3) for each in (first, second)]
    assert answers == [0, 0, 0, 0, 0, 1]  # the five of the burst, whoever asks


def test_the_rate_may_change_while_tokens_stay(buckets: SharedBuckets) -> None:
    clock = Clock()
    before = SharedRateLimiter(1, buckets, clock)
    while not before.wait_of("a"):
        pass
    assert SharedRateLimiter(4, buckets, clock).wait_of("a") == pytest.approx(0.25)


def test_a_full_set_gives_up_the_least_recent() -> None:
    buckets, clock = SharedBuckets(sets=1), Clock()
    limiter = SharedRateLimiter(0.1, buckets, clock)  # one token at a time
    for number in range(9):
        clock.now += 0.01
        assert not limiter.wait_of(f"caller {number}")
    assert limiter.wait_of("caller 8")
    assert not limiter.wait_of("caller 0")  # it made room for number 8, and begins anew
    buckets.close()


def test_what_a_forked_process_takes_is_gone(buckets: SharedBuckets) -> None:
    limiter = SharedRateLimiter(0.001, buckets)
    child = os.fork()
    if not child:
        os._exit(int(limiter.wait_of("a") > 0))
    assert os.waitpid(child, 0)[1] == 0
    assert limiter.wait_of("a") > 0
