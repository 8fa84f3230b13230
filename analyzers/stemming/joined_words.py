"""Splits words that are written together with the next: أبوبكر into أبو and بكر, لايمكن into لا and يمكن.

A space is hard to see after a letter that does not join the next one, so writers leave it out after
the first part of a name (أبو, عبد, نور) and after the particles لا, ما and يا. Such a word has a term
for each part, as it has when the space is there.

What may be split is listed: `joined_words.txt` has the first parts, the names after them and the words
after particles; `particle_verbs.txt` has, compiled, the particles with the stems of verbs. A word that
could be another one (لاعب, ماهر, ياسر, بوليس) is in neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from analyzers.stemming.light_stemmer import ARABIC_WORD, protected_start_of, stem
from analyzers.stemming.protected_words import ProtectedWords, shipped_protected_words
from analyzers.word_files import read_data_text

JOINED_WORD_FILE = "joined_words.txt"
"""The list of first parts and of what follows them, written by hand."""

_ARTICLE = re.compile("(?<=[ادذرزوءه])ال(?:...|له)|(?<=عبد)ال..")
_FIRST_PART = "[وفبل]?(?:لا|ما|يا|[بكع]ما|فيما|مما|انما|اب[وا]|بو|بنو|اخو|عبد|ذ[وا]).."
may_be_joined = re.compile(f"^{_FIRST_PART}|(?<=..)(?:{_ARTICLE.pattern})").search
"""Tells fast which surface forms `split_joined_word` has to look at: one in fifty."""

CANDIDATE_LINE = re.compile(f"\n{_FIRST_PART}|(?<=..)(?:{_ARTICLE.pattern})")
"""Matches in such a surface form, of several that follow a line break each."""

_PARTICLES = {"لا": "لا", "ما": "ما", "يا": "يا"} | dict.fromkeys(
    ("بما", "كما", "عما", "مما", "فيما", "انما"), "ما"
)
"""The particles that are written together with the next word, and under which one it is listed."""

_LONGEST = 1000
"""A surface form of more letters is no joined word. It would be split in quadratic time."""

_PRONOUNS = ("ها", "هم", "نا", "كم", "ني", "ه", "ك")
_BEFORE_PARTICLES = "وف"
_BEFORE_NAMES = "وفبل"
_NO_NOUNS = frozenset(("هما", "كما", "ها", "هم", "هن", "كم", "نا", "ات"))
"""Endings that follow ال where it is no article: إسدالهما, their letting down."""


class _JoinedWords(NamedTuple):
    """The lists of `JOINED_WORD_FILE`."""

    before_article: frozenset[str]
    last_parts: tuple[str, ...]
    after_abu: frozenset[str]
    not_after_abu: frozenset[str]
    not_begun_after_abu: tuple[str, ...]
    after_name_part: dict[str, frozenset[str]]
    after_particle: dict[str, frozenset[str]]


@cache
def _joined_words() -> _JoinedWords:
    lines = read_data_text(JOINED_WORD_FILE).splitlines()
    lists = {
        key: frozenset(words.split())
        for key, tab, words in (line.partition("\t") for line in lines)
        if tab and not key.startswith("#")
    }
    names = lists["names"]
    return _JoinedWords(
        lists["before article"],
        tuple(lists["last parts"]),
        names,
        lists["not after ابو"],
        tuple(lists["not begun after ابو"]),
        {
            "ابا": names,
            "بو": (names | lists["بو"]) - lists["not after بو"],
            "بنو": lists["بنو"],
            "اخو": lists["اخو"],
            "عبد": lists["عبد"],
        },
        {"لا": lists["لا"], "ما": lists["ما"], "يا": lists["يا"] | names},
    )


def split_joined_word(surface: str, protected: ProtectedWords | None = None) -> list[str]:
    """Return the words that a surface form is written together from, or the form alone.

    Without `protected` the shipped lists apply. Nothing that it protects whole is split.

    >>> split_joined_word("وابوعبدالله"), split_joined_word("لايمكن"), split_joined_word("ابواب")
    (['وابو', 'عبد', 'الله'], ['لا', 'يمكن'], ['ابواب'])
    """
    if len(surface) > _LONGEST or not may_be_joined(surface) or not ARABIC_WORD.fullmatch(surface):
        return [surface]
    words = shipped_protected_words() if protected is None else protected
    return list(_parts(surface, words))


def _parts(word: str, protected: ProtectedWords) -> Iterator[str]:
    at = 0 if word in protected.whole else _end_of_first_part(word, protected)
    if not at:
        yield word
        return
    yield from _parts(word[:at], protected)
    yield from _parts(word[at:], protected)


def _end_of_first_part(word: str, protected: ProtectedWords) -> int:
    """Return how many letters the first part of a joined word has, or 0 where it is one word."""
    for start in (0, 1) if word[0] in _BEFORE_PARTICLES else (0,):
        if start and protected_start_of(word, protected):
            break  # ولاياتهم
        for length in (2, 3, 4):
            at = start + length
            particle = _PARTICLES.get(word[start:at])
            if particle and (
                _is_verb_after(particle, word[at:], protected)
                or (length == 2 and _follows_particle(particle, word[at:]))
            ):
                return at
    joined = _joined_words()
    for start in (0, 1) if word[0] in _BEFORE_NAMES else (0,):
        for length in (3, 2):
            at = start + length
            if _follows_name_part(word[start:at], word[at:], joined, clitic=word[:start]):
                return at
    for article in _ARTICLE.finditer(word, 2):
        at = article.start()
        if word[at + 2 :] in _NO_NOUNS:
            continue
        first = word[:at]
        if first in joined.before_article or (
            first[0] in _BEFORE_NAMES and first[1:] in joined.before_article
        ):
            return at
        if len(first) >= 3 and first[-1] != "و" and word[at:] in joined.last_parts:
            return at
    return 0


def _follows_particle(particle: str, rest: str) -> bool:
    # No word begins with لاا, ماا or ياا: the second alef is that of the next word.
    if rest[:1] == "ا" and len(rest) >= 3:
        return True
    listed = _joined_words().after_particle[particle]
    return rest in listed or (particle != "يا" and _without_pronoun(rest) in listed)


def _is_verb_after(particle: str, rest: str, protected: ProtectedWords) -> bool:
    if len(rest) < 3:
        return False
    rest = rest.removesuffix("ني")
    base = stem(rest, protected)
    return (
        particle + base in protected.verbs
        and base[0] == rest[0]  # the clitics of a rest are part of another word: لاستعادة
        and (len(base) > 3 or rest == base)
        and (base[0] not in "يتن" or rest[-1] != "ت" or base[-1] == "ت")
    )


def _without_pronoun(word: str) -> str:
    """Return a word without its last pronoun, of at least three letters."""
    for pronoun in _PRONOUNS:
        if word.endswith(pronoun) and len(word) - len(pronoun) >= 3:
            return word[: -len(pronoun)]
    return ""


def _follows_name_part(part: str, rest: str, joined: _JoinedWords, *, clitic: str) -> bool:
    """Tell whether the rest of a word is a name after أبو and the like, which `_ARTICLE` is not in."""
    if part != "ابو":
        return rest in joined.after_name_part.get(part, ())
    if rest in joined.after_abu:
        return True
    return (
        len(rest) >= 3
        and clitic in ("", "و", "ف")  # بابونج and لابوتا are one word
        and rest[0] not in "اي"  # أبواب, أبوين
        and rest[0] != "ل"  # أبولو
        and rest not in joined.not_after_abu
        and not rest.startswith(joined.not_begun_after_abu)
    )
