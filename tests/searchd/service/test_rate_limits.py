"""Token buckets of callers."""

from __future__ import annotations

import pytest

from searchd.service.rate_limits import RateLimiter, caller_of


class Clock:
    """A clock that is set by hand, in seconds."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_burst_then_the_rate() -> None:
    clock = Clock()
    limiter = RateLimiter(2, 4, clock)
    assert [limiter.wait_of("a") for _ in range(5)] == [0, 0, 0, 0, 0.5]
    clock.time = 0.5
    assert [limiter.wait_of("a") for _ in range(2)] == [0, 0.5]
    clock.time = 100  # a bucket holds no more than the burst
    assert [limiter.wait_of("a") for _ in range(5)] == [0, 0, 0, 0, 0.5]


def test_refused_requests_cost_nothing() -> None:
    clock = Clock()
    limiter = RateLimiter(1, 1, clock)
    assert [limiter.wait_of("a") for _ in range(50)][1:] == [1] * 49
    clock.time = 1
    assert limiter.wait_of("a") == 0


def test_slow_rates_let_one_through() -> None:
    clock = Clock()
    limiter = RateLimiter(0.1, clock=clock)
    assert [limiter.wait_of("a"), limiter.wait_of("a")] == [0, 10]


def test_memory_is_bounded_and_the_busy_stay() -> None:
    clock = Clock()
    limiter = RateLimiter(1, 1, clock, max_callers=10)
    limiter.wait_of("busy")
    for number in range(1000):
        limiter.wait_of(f"caller {number}")
        assert limiter.wait_of("busy") == 1
    assert len(limiter) == 10


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("testclient", "", False),
    ],
)
def test_addresses_of_one_client(one: str, other: str, same: bool) -> None:
    assert (caller_of(one) == caller_of(other)) is same
