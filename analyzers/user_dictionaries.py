"""The words that a user adds to the shipped lists: protected words and entries of the lexicon.

Protected words change stems, so they belong to the fingerprint of the analysis: an index must be
built and opened with the same ones. Entries of the lexicon change lemmas, which are found when a
query is planned; an index need not know them.
"""

from __future__ import annotations

import re
from pathlib import Path

from analyzers.normalization.folding import fold
from analyzers.stemming.light_stemmer import fold_hamza
from analyzers.tokenizer import WORD
from analyzers.word_files import Line, read_lines

_SEPARATOR = re.compile(r"[\t=]")
_ARABIC = re.compile("[\u0621-\u064a]+")


def read_protected_words(path: Path) -> frozenset[str]:
    """Return the surface forms of a file of words that no rule may cut, one on each line.

    Raises WordFileError with the line for one that does not hold exactly one word.
    """
    return frozenset(_word(line, line.text) for line in read_lines(path))


def read_lexicon_entries(path: Path) -> dict[str, str]:
    """Return the entries of a file: a form, a tab or `=`, and the word that it is a form of.

    Both are folded as the lexicon spells them. A lemma is a form of itself and needs no line.
    Raises WordFileError with the line for one that is no entry, and for a form with two lemmas.
    """
    entries: dict[str, str] = {}
    given: dict[str, Line] = {}
    for line in read_lines(path):
        parts = _SEPARATOR.split(line.text)
        if len(parts) != 2:
            raise line.error(
                f"{line.text!r} is no entry; write a form, a tab or =, and its lemma: صحائف = صحيفة"
            )
        form, lemma = (_lexical(line, part) for part in parts)
        if entries.setdefault(form, lemma) != lemma:
            raise line.error(
                f"{parts[0].strip()} has another lemma in line {given[form].number}; "
                f"leave one of the lines out"
            )
        given.setdefault(form, line)
    return entries


def _lexical(line: Line, text: str) -> str:
    """Return one Arabic word as the lexicon spells it."""
    word = _word(line, text)
    if not _ARABIC.fullmatch(word):
        raise line.error(
            f"{text.strip()} is not an Arabic word, which the lexicon is made of; "
            f"a file of synonyms takes words of every script"
        )
    return fold_hamza(word)


def _word(line: Line, text: str) -> str:
    """Return the surface form of the one word in a piece of a line."""
    words = WORD.findall(text)
    if not words or not fold(words[0]):
        raise line.error(
            f"there is no word in {text.strip()!r}; write one, or start with # a comment"
        )
    if len(words) > 1 or " " in fold(words[0]):
        raise line.error(
            f"{text.strip()!r} is {max(len(words), 2)} words to searchd; write one word on a line"
            if line.text == text
            else f"{text.strip()!r} is more than one word; forms and lemmas are single words"
        )
    return fold(words[0])
