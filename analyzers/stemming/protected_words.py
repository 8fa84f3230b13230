"""Protected words: the exceptions to the rules of the stemmer, and the lists that ship."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from analyzers.word_files import read_word_list


class ProtectedWords(NamedTuple):
    """The exceptions to the rules, as surface forms.

    No proclitic is stripped from a word in `starts`, no ending from one in `ends`. A word in
    `prefixed` begins with a proclitic although it is short or looks like an inflected word of
    `starts`. `verbs` are particles with the stems of verbs that can be written together with them;
    `dropped_hamza` are words in اء without their last letter. Words in `whole` are never split.
    `prefixed_names` are kept whole, but are a preposition and a noun as well: باسم.
    """

    starts: frozenset[str]
    ends: frozenset[str]
    prefixed: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    dropped_hamza: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    prefixed_names: frozenset[str] = frozenset()

    def with_user_words(self, words: frozenset[str]) -> ProtectedWords:
        """Return these exceptions with more words, from which nothing is stripped."""
        if not words:
            return self
        return self._replace(
            starts=self.starts | words,
            ends=self.ends | words,
            prefixed=self.prefixed - words,
            whole=self.whole | words,
            prefixed_names=self.prefixed_names - words,
        )


PROTECTED_WORD_FILES = (
    "protected_starts.txt",
    "protected_ends.txt",
    "prefixed.txt",
    "protected_words.txt",
    "particle_verbs.txt",
    "dropped_hamza.txt",
)
"""The lists that ship: compiled ones, and `protected_words.txt`, which is written by hand."""


@cache
def shipped_protected_words() -> ProtectedWords:
    """Load the lists that ship. Raises DataFileError where one cannot be read."""
    starts, ends, prefixed, by_hand, verbs, dropped_hamza = PROTECTED_WORD_FILES
    names = read_word_list(by_hand)
    return ProtectedWords(
        read_word_list(starts, by_hand),
        read_word_list(ends, by_hand),
        read_word_list(prefixed) - names,
        read_word_list(verbs),
        read_word_list(dropped_hamza),
        prefixed_names=read_word_list(prefixed) & names,
    )
