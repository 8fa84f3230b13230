"""Term scans: what they leave holds every term that matches, and little else."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from indexer.segment import term_scan
from indexer.segment.term_scan import TermScan, TermShape

TERMS = st.sets(st.text("ابتثنلem9\U0001ee00", min_size=1, max_size=7), max_size=60).map(sorted)


def scan_of(terms: list[str]) -> TermScan:
    data = b"\xff".join((b"", *(term.encode() for term in terms), b"")) if terms else b""
    return TermScan(np.frombuffer(data, np.uint8), lambda: None)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let pieces end everywhere, and literals be looked for even among few terms."""
    for name, size in (("PIECE_BYTES", 5), ("PIECE_TERMS", 3), ("STRINGS", 2)):
        monkeypatch.setattr(term_scan, name, size)
    return


def found(scan: TermScan, numbers: np.ndarray) -> list[str]:
    return list(scan.strings(numbers, lambda: None))


@given(TERMS, st.text("ابتe9", min_size=1, max_size=3), st.text("ابتe9", max_size=3))
def test_a_shape_keeps_every_term_that_matches(terms: list[str], first: str, last: str) -> None:
    scan = scan_of(terms)
    shape = TermShape(literals=(first, last) if last else (first,), least=len(first + last))
    kept = found(scan, scan.of_shape(shape, range(scan.size), lambda: None))
    assert set(fnmatch.filter(terms, f"*{first}*{last}*")) <= set(kept)
    if len(kept) > 2:
        assert all(first in term and last in term for term in kept)


@given(TERMS, st.integers(0, 7))
def test_lengths_are_in_code_points(terms: list[str], length: int) -> None:
    scan = scan_of(terms)
    kept = scan.of_shape(TermShape(least=length, most=length), range(scan.size), lambda: None)
    assert found(scan, kept) == [term for term in terms if len(term) == length]


@given(TERMS, st.text("ابتثنلem9", min_size=1, max_size=7), st.integers(1, 2))
def test_no_near_term_is_lost(terms: list[str], word: str, distance: int) -> None:
    scan = scan_of(terms)
    near = [term for term in terms if Levenshtein.distance(term, word) <= distance]
    assert set(near) <= set(found(scan, scan.near(word, distance, lambda: None)))


def test_most_terms_are_ruled_out_without_being_read() -> None:
    terms = sorted(
        f"{first}{second}{third}" for first in "ابتث" for second in "جحخد" for third in "ذرزس"
    )
    scan = scan_of(terms)
    assert len(found(scan, scan.near("اجذ", 1, lambda: None))) == 10
    shape = TermShape(literals=("جذ",), least=3, most=3)
    assert len(found(scan, scan.of_shape(shape, range(scan.size), lambda: None))) == 4


def test_a_pause_comes_with_every_piece() -> None:
    pauses = []
    scan = TermScan(
        np.frombuffer(b"\xffaa\xffab\xffac\xffad\xff", np.uint8), lambda: pauses.append(1)
    )
    assert len(pauses) == 3 + 2  # of 5 bytes, and of 3 terms
    list(scan.strings(np.arange(4), lambda: pauses.append(1)))
    assert len(pauses) == 3 + 2 + 2
