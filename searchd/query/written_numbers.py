"""Long numbers in their other spellings: with and without spaces, hyphens and the code of a country.

A telephone number or an ISBN is one word where its digits stand together (07701234567,
9780306406157), and a word for each group where they do not (0770-123-4567, 978-0-306-40615-7). An
index has what was written, so a query asks for the other spellings as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

MIN_DIGITS = 7
MAX_DIGITS = 15
"""A shorter number is no telephone number, and a longer one no ISBN either (E.164 has 15 digits)."""

MAX_GROUPS = 5
MAX_LAYOUTS = 32
"""How many groups and how many ways to group are tried for one number."""

_ISBN_LENGTHS = (10, 13)
_MIN_COUNTRY_LENGTH = 11
_WITHOUT_ZERO = (9, 10)
"""The lengths of a telephone number without its first 0."""

_MAX_GROUP = 7


def is_long_number(surface: str) -> bool:
    """Tell whether a surface form is a number that may be written in groups."""
    return MIN_DIGITS <= len(surface) <= MAX_DIGITS and surface.isdecimal()


def grouped(surface: str, is_indexed: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """Return the groups that the digits of a long number may be written in, one group for itself.

    Only groups that `is_indexed` knows are used. The first digits may be the code of a country, in
    whose place others write 0, and the other way round.

    >>> grouped("07701234567", {"0770", "770", "123", "4567"}.__contains__)
    [('0770', '123', '4567'), ('770', '123', '4567')]
    >>> grouped("9780306406157", {"978", "0", "306", "40615", "7"}.__contains__)
    [('978', '0', '306', '40615', '7')]
    """
    if not is_long_number(surface):
        return []
    found: list[tuple[str, ...]] = []
    for digits in _with_other_codes(surface):
        if digits != surface and is_indexed(digits):
            found.append((digits,))
        least = 1 if len(digits) in _ISBN_LENGTHS else 2
        found += _layouts(digits, least, MAX_GROUPS, is_indexed)
    found.sort(key=len)
    return list(dict.fromkeys(found))[:MAX_LAYOUTS]


def _with_other_codes(digits: str) -> Iterator[str]:
    yield digits
    if digits.startswith("00"):
        yield digits[2:]
    elif digits.startswith("0"):
        yield digits[1:]
    elif len(digits) >= _MIN_COUNTRY_LENGTH:
        yield "00" + digits
        yield from ("0" + digits[length:] for length in (1, 2, 3))
    elif len(digits) in _WITHOUT_ZERO:
        yield "0" + digits


def _layouts(
    digits: str, least: int, most_groups: int, is_indexed: Callable[[str], bool]
) -> Iterator[tuple[str, ...]]:
    """Yield the ways to cut digits into two groups or more that are indexed."""
    if most_groups < 2:
        return
    for length in range(least, min(_MAX_GROUP, len(digits) - least) + 1):
        group, rest = digits[:length], digits[length:]
        if not is_indexed(group):
            continue
        if len(rest) <= _MAX_GROUP and is_indexed(rest):
            yield group, rest
        for groups in _layouts(rest, least, most_groups - 1, is_indexed):
            yield group, *groups


def joined(surfaces: Sequence[str], start: int) -> tuple[int, list[tuple[str, ...]]]:
    """Return the number of words of a grouped number at `start`, and its other spellings.

    That is 0 where there is none.

    >>> joined(["رقم", "0770", "123", "4567"], 1)
    (3, [('07701234567',), ('770', '123', '4567')])
    """
    stop = start
    while stop < len(surfaces) and surfaces[stop].isdecimal() and len(surfaces[stop]) <= _MAX_GROUP:
        stop += 1
    groups = list(surfaces[start:stop])
    digits = "".join(groups)
    if len(groups) < 2 or not is_long_number(digits):
        return 0, []
    first, *others = groups
    spellings: list[tuple[str, ...]] = [(digits,)]
    if first.startswith("0") and len(first) > 2:
        spellings.append((first.lstrip("0"), *others))
    elif len(first) <= 3 and len(digits) >= _MIN_COUNTRY_LENGTH:
        spellings += [("0" + "".join(others),), ("0" + others[0], *others[1:])]
    elif len(digits) in _WITHOUT_ZERO:
        spellings += [("0" + digits,), ("0" + first, *others)]
    return len(groups), spellings
