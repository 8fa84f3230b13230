"""Reads the words that a user adds to the shipped lists: protected words and lexicon entries.

Protected words change stems, so they are part of the fingerprint: an index must be built and opened
with the same ones. Lexicon entries change lemmas, which are looked up when a query is planned; the
same index serves any of them.
"""

from __future__ import annotations

import re
from pathlib import Path

from analyzers.normalization.folding import fold
from analyzers.stemming.hamza import fold_hamza
from analyzers.tokenizer import WORD
from analyzers.word_files import WordFileLine, read_word_file

_SEPARATOR = re.compile(r"[\t=]")
_ARABIC = re.compile("[\u0621-\u064a]+")


def read_protected_words(path: Path) -> frozenset[str]:
    """Return the surface forms in a file of words that the stemmer must not change, one a line.

    Raises WordFileError for a file that cannot be read and for a line that is not exactly one word.
    """
    return frozenset(_surface_form(line, line.text) for line in read_word_file(path))


def read_lexicon_entries(path: Path) -> dict[str, str]:
    """Return the entries of a file as `{form: lemma}`. A line is a form, a tab or `=`, its lemma.

    Both are folded as the lexicon spells them. A lemma is a form of itself and needs no line.
    Raises WordFileError for a file that cannot be read, for a line that is no entry, and for a form
    that has two lemmas.
    """
    entries: dict[str, str] = {}
    first_lines: dict[str, WordFileLine] = {}
    for line in read_word_file(path):
        parts = _SEPARATOR.split(line.text)
        if len(parts) != 2:
            raise line.error(
                f"{line.text!r} is no entry; write a form, a tab or =, and its lemma: صحائف = صحيفة"
            )
        form, lemma = (_lexicon_form(line, part) for part in parts)
        if entries.setdefault(form, lemma) != lemma:
            raise line.error(
                f"{parts[0].strip()} has another lemma in line {first_lines[form].number}; "
                f"leave one of the lines out"
            )
        first_lines.setdefault(form, line)
    return entries


def _lexicon_form(line: WordFileLine, text: str) -> str:
    """Return one Arabic word as the lexicon spells it."""
    word = _surface_form(line, text)
    if not _ARABIC.fullmatch(word):
        raise line.error(
            f"{text.strip()} is not an Arabic word, which the lexicon is made of; "
            f"a file of synonyms takes words of every script"
        )
    return fold_hamza(word)


def _surface_form(line: WordFileLine, text: str) -> str:
    """Return the surface form of a part of a line that must be one word."""
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
