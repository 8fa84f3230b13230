from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.term_dictionary import BLOCK, TermDictionary, write_term_dictionary

WORDS = ["", "2", "a", "ab", "z", "ا", "اب", "ابن", "ب", "تاج", "٣", "😀"]


def dictionary(directory: Path, terms: Iterable[str]) -> TermDictionary:
    path = directory / "a.segment"
    with ArrayFileWriter(path) as writer:
        write_term_dictionary(writer, "it", sorted(term.encode() for term in terms))
        writer.finish({})
    return TermDictionary(ArrayFile(path), "it")


class TestFind:
    def test_terms_are_numbered_in_order(self, tmp_path):
        words = dictionary(tmp_path, WORDS)
        assert words.size == len(WORDS)
        for number, word in enumerate(sorted(WORDS)):
            assert words.find(word.encode()) == number
            assert words.term(number) == word.encode()
        assert words.all() == sorted(word.encode() for word in WORDS)

    @pytest.mark.parametrize("missing", ["b", "اا", "ابنا", "\0", "😀😀", "ي" * 1000])
    def test_others_have_none(self, tmp_path, missing):
        assert dictionary(tmp_path, WORDS).find(missing.encode()) is None

    @pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
    def test_many_at_once(self, tmp_path, count):
        terms = sorted(f"{number:o}".encode() for number in range(count))
        words = dictionary(tmp_path, [term.decode() for term in terms])
        asked = [b"", b"/", *reversed(terms), b"10/", b"\xd8\xa7", *terms]
        assert words.find_all(asked) == [terms.index(t) if t in terms else -1 for t in asked]
        assert words.find_all([]) == []
        assert words.terms_of([*reversed(range(count)), *range(count)]) == [*terms[::-1], *terms]

    @pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK + 1])
    def test_a_number_without_a_term(self, tmp_path, count):
        words = dictionary(tmp_path, [f"{number:o}" for number in range(count)])
        for read in (words.term, lambda number: words.terms_of([0, number])):
            with pytest.raises(IndexError):
                read(count)

    @pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
    def test_the_edges_of_blocks(self, tmp_path, count):
        terms = sorted(f"{number:o}".encode() for number in range(count))
        words = dictionary(tmp_path, [term.decode() for term in terms])
        assert (words.size, words.all()) == (count, terms)
        assert [words.find(term) for term in terms] == list(range(count))
        assert words.find(terms[-1] + b"0") is None
        assert words.find(terms[0][:-1]) is None
        for start in {0, BLOCK - 1, BLOCK, count - 1} & set(range(count)):
            assert words.terms(range(start, count)) == terms[start:]

    def test_an_empty_dictionary(self, tmp_path):
        words = dictionary(tmp_path, [])
        assert (words.size, words.all(), words.find(b""), words.find(b"a")) == (0, [], None, None)
        assert not words.prefix_range(b"")


class TestPrefix:
    @pytest.mark.parametrize("prefix", ["", "a", "ab", "abc", "ا", "اب", "ت", "ث", "😀", "0"])
    def test_the_terms_that_begin_with_it(self, tmp_path, prefix):
        words = dictionary(tmp_path, WORDS)
        found = [term.decode() for term in words.terms(words.prefix_range(prefix.encode()))]
        assert found == [word for word in sorted(WORDS) if word.startswith(prefix)]

    def test_the_highest_code_points(self, tmp_path):
        terms = ["\U0010ffff", "\U0010ffffا", "\uffff", "ب"]
        words = dictionary(tmp_path, terms)
        assert len(words.prefix_range("\U0010ffff".encode())) == 2
        assert len(words.prefix_range(b"")) == 4


@settings(deadline=None, max_examples=150)
@given(
    st.sets(st.text("اأبتث aZz\0é😀", max_size=4), max_size=200),
    st.lists(st.text("اأبتث aZz\0é😀", max_size=4), max_size=20),
)
def test_like_a_sorted_list(terms, asked):
    with tempfile.TemporaryDirectory() as directory:
        words = dictionary(Path(directory), terms)
        every = sorted(terms)
        assert [term.decode() for term in words.all()] == every
        for text in [*asked, *every]:
            number = words.find(text.encode())
            assert number == (every.index(text) if text in terms else None)
            found = words.terms(words.prefix_range(text.encode()))
            assert [term.decode() for term in found] == [
                word for word in every if word.startswith(text)
            ]
