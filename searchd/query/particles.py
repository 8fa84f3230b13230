"""Particles of one letter, which belong to the next word, and which some writers put apart.

By the rules و and ف, and the prepositions ب, ل and ك, are a part of the word that follows:
`السماء والأرض`. In print and on the web a space often comes between them: `السماء و الأرض`.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.stemming.light_stemmer import ARABIC_WORD, explain
from analyzers.stemming.protected_words import ProtectedWords

_PARTICLES = frozenset("وفبلك")


def joined_particles(words: Sequence[str]) -> list[str]:
    """Return surface forms with each lone particle joined to the word after it.

    >>> joined_particles(["السماء", "و", "الارض"]), joined_particles(["ل", "المدرسه"])
    (['السماء', 'والارض'], ['للمدرسه'])
    """
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _PARTICLES and ARABIC_WORD.fullmatch(word):
            particle = joined.pop()
            joined.append(
                "لل" + word[2:] if particle == "ل" and word[:2] == "ال" else particle + word
            )
        else:
            joined.append(word)
    return joined


def separate_particles(words: Sequence[str], protected: ProtectedWords) -> list[str]:
    """Return surface forms with the first particle of each apart from its word.

    >>> from analyzers.stemming.protected_words import shipped_protected_words
    >>> separate_particles(["السماء", "والارض", "وزير", "للمدرسه"], shipped_protected_words())
    ['السماء', 'و', 'الارض', 'وزير', 'ل', 'المدرسه']
    """
    separate: list[str] = []
    for word in words:
        particle = word[:1]
        if particle not in _PARTICLES or not _begins_with(particle, word, protected):
            separate.append(word)
        elif word.startswith("لل"):
            separate += (particle, "ال" + word[2:])
        else:
            separate += (particle, word[1:])
    return separate


def _begins_with(particle: str, word: str, protected: ProtectedWords) -> bool:
    proclitics = explain(word, protected).proclitics
    return bool(proclitics) and proclitics[0].text[0] == particle
