"""Declension: makes the regular inflections of a noun by rule, without vowels.

These are case, dual, sound plurals and the feminine of nouns and adjectives, spelled as the lexicon
spells words (folded, with folded hamza seats). Broken plurals follow no rule and are listed instead.
The rules also make forms that do not exist; the caller keeps those that occur in texts.
"""

from __future__ import annotations

from collections.abc import Iterator


def inflect(noun: str) -> Iterator[str]:
    """Yield the regular inflections of a noun, without the noun itself.

    >>> list(inflect("مدرسه"))
    ['مدرستان', 'مدرستين', 'مدرسات', 'مدرستا', 'مدرستي']
    >>> "معلمون" in set(inflect("معلم")), "مستشفيات" in set(inflect("مستشفي"))
    (True, True)
    """
    if len(noun) < 3:
        return
    if noun.endswith("ه"):
        base = noun[:-1]
        yield from (base + ending for ending in ("تان", "تين", "ات", "تا", "تي"))
        return
    if noun.endswith(("ات", "ون", "ين")):
        return
    if noun.endswith("اء"):
        base = noun[:-1]
        yield from (base + ending for ending in ("ان", "ين", "ات", "وان", "وين", "وات"))
        yield from (base + "ي" + ending for ending in ("ين", "ون"))
        return
    if noun.endswith("ا"):
        yield from (noun + "ت", noun[:-1] + "يات", noun[:-1] + "وات")
        return
    for ending in ("ا", "ان", "ين", "ون", "ات", "ه", "تان", "تين", "و"):
        yield noun + ending
    if noun.endswith("ي"):
        base = noun[:-1]
        yield from (base + ending for ending in ("ون", "ين"))
