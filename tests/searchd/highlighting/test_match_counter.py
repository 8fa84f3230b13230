from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzers.levels import Level
from searchd.highlighting.highlights import Match
from searchd.highlighting.match_counter import MatchCounter

WEIGHTS = (1.0, 0.3, 5.7)
MATCHES = st.lists(
    st.builds(
        lambda start, size, matcher: Match(
            start, start + size, matcher, WEIGHTS[matcher], Level.STEM
        ),
        st.integers(0, 60),
        st.integers(1, 20),
        st.integers(0, 2),
    ),
    max_size=40,
).map(sorted)
RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=10)


@given(MATCHES, RANGES)
def test_ranges_in_any_order_count_what_lies_wholly_inside(matches, ranges):
    counter = MatchCounter(matches)
    for start, size in ranges:
        counter.move(start, start + size)
        inside = [m.matcher for m in matches if m.start >= start and m.end <= start + size]
        score = sum(
            WEIGHTS[number] * (1 + 0.1 * (inside.count(number) - 1)) for number in set(inside)
        )
        assert abs(counter.score - score) < 1e-9
        assert counter.matchers == sum(1 << number for number in set(inside))


def test_ranges_that_share_matches_cost_no_more_than_the_matches(monkeypatch):
    steps = 0
    for name in ("_add", "_remove"):
        original = getattr(MatchCounter, name)

        def counted(self, number, original=original):
            nonlocal steps
            steps += 1
            original(self, number)

        monkeypatch.setattr(MatchCounter, name, counted)
    matches = [Match(at, at + 1, 0, 1.0, Level.STEM) for at in range(0, 4000, 2)]
    counter = MatchCounter(matches)
    for at in range(0, 4000, 2):
        counter.move(at, at + 1000)
    assert steps <= 2 * len(matches)
