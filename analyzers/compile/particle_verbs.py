"""Compiles the list of particles with the stems of verbs that are written together with them.

    python -m analyzers.compile.particle_verbs [FOLDER]

It needs the packages simplemma and wordfreq (the extra `lexicon`) and writes `particle_verbs.txt` to
`data/`, or to FOLDER. A line is a particle and the stem of a verb: لايمكن, ماقال, and ايعقل for the
interrogative أ. Left out is what may be another word: لانتخاب is ل and انتخاب, مايكل a name.

The stems are those of the stemmer without this list. Frequencies are shares of running text.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from analyzers.compile.conjugation import conjugate
from analyzers.compile.lexicon import dictionary_entries
from analyzers.compile.protected_words import SurfaceFrequencies, surface_frequencies
from analyzers.morphology.lexicon import LexiconEntry
from analyzers.stemming.light_stemmer import stem
from analyzers.stemming.protected_words import ProtectedWords, shipped_protected_words
from analyzers.stemming.stopwords import is_stopword
from analyzers.word_files import DATA_DIR

PARTICLE_VERB_FILE = "particle_verbs.txt"

MIN_WEIGHT = 18
"""The least weight of a verb form that counts."""

MIN_FREQUENCIES = {"ي": 4e-7, "ت": 4e-7, "ن": 2e-6}
MIN_PAST_FREQUENCY = 4e-6
"""The least frequency of all words with the stem of a verb, by the letter of the person in the present.
Rare verbs look like parts of names."""

MIN_SHORT_FREQUENCY = 2e-6
"""The same for a present of three letters, which has to have ي."""

MAX_JOINED_SHARE = 0.12
"""A word that is more frequent than this share of the verb inside it is another word: مايكل."""

MAX_OTHER_SHARE = 0.1
"""The same for the word that remains if لا is read as ل and an alef: لاتفاق is ل and اتفاق."""

MAX_INTERROGATIVE_SHARES = {"ي": 0.15, "ت": 0.15, "ن": 0.005}
"""The same for أ and a verb, by the letter of the person: انتخب has many of its kind, ايعقل few."""

# fmt: off
_OTHER_WORDS = frozenset((
    "لانسي", "لانظمي", "لاتقلي", "مانعتني", "ماندير", "مانولي", "مانعي", "ماينو", "مايتو", "مايول",
    "مايسي", "ماتمو", "ماتول", "مايرو", "مايهيم", "ماتشا", "ماترن", "ماتفي", "ماينج", "مايرن", "ماتوري",
    "ماتسم", "مادان", "ماكال", "مانجي", "مانسي", "ماشيت", "ماكيب", "ماشيد", "مامرر", "مارات", "ماراج",
    "مازار", "مانزل", "ماهود", "ماكار", "مانتج", "مالحق", "مافيا", "ماركز", "مالوي", "مارستم", "مانكر",
    "لاتفي", "لاتور", "لايات", "مايات", "مايورك", "مايدن", "مايستر", "مايابي", "ماكفي", "ماهان", "ماكيل",
    "ماصدق", "ماحيا", "ماثله", "ماثل", "مالت", "ماجت", "ماتت", "مارس", "مازج", "مازح", "مانع", "ماطل", "ماشي", "مادت",
    "اينعت", "ايمن", "ايسر", "ايفون", "ايسل", "ايدر", "اتلف", "ايرن", "ايمل", "ايدي", "ايلي", "ايمي",
))
# fmt: on
"""Names and other words that are no verb after a particle, though they are as rare as one."""


def find_particle_verbs(
    entries: Mapping[str, LexiconEntry], frequencies: SurfaceFrequencies, words: ProtectedWords
) -> set[str]:
    """Return each particle with each stem of a verb that may be written together with it."""
    totals: defaultdict[str, float] = defaultdict(float)
    for surface, frequency in frequencies.items():
        if len(surface) >= 3:
            totals[stem(surface, words)] += frequency
    found: set[str] = set()
    present, past = _verb_stems(entries, words)
    for base in present:
        short = len(base) == 3
        least = MIN_SHORT_FREQUENCY if short else MIN_FREQUENCIES[base[0]]
        if totals[base] < least or (short and base[0] != "ي") or frequencies.takes_article(base):
            continue
        other = "ا" + base
        other_share = totals[other] / totals[base]
        noun = other in entries and not entries[other].verb  # لأناملها, to her fingers
        if other_share <= MAX_OTHER_SHARE and not noun and base not in past:  # لأتعلم, that I learn
            found.add("لا" + base)
        found.add("ما" + base)
        listed = other in entries or other in words.starts or other in words.ends
        if not listed and other_share <= MAX_INTERROGATIVE_SHARES[base[0]]:
            found.add(other)
    for base in past - present:
        if totals[base] >= MIN_PAST_FREQUENCY and not frequencies.takes_article(base):
            found.add("ما" + base)
    return {
        joined
        for joined in found.difference(_OTHER_WORDS, _in_other_words(entries, frequencies, words))
        if joined[0] == "ا" or totals[joined] <= MAX_JOINED_SHARE * totals[joined[2:]]
    }


def _in_other_words(
    entries: Mapping[str, LexiconEntry], frequencies: SurfaceFrequencies, words: ProtectedWords
) -> Iterator[str]:
    """Yield what would split a known word: مارسوا is not ما and رسوا."""
    for word in {*entries, *filter(frequencies.takes_article, frequencies)}:
        particle, rest = word[:2], word[2:]
        if particle in ("لا", "ما") and len(rest) >= 3 and not is_stopword(word):
            yield particle + stem(rest, words)


def _verb_stems(
    entries: Mapping[str, LexiconEntry], words: ProtectedWords
) -> tuple[set[str], set[str]]:
    """Return the stems of the present forms of verbs, and those of the past forms."""
    present: set[str] = set()
    past: set[str] = set()
    verbs = {entry.lemma for entry in entries.values() if entry.verb}
    for form, (lemma, weight, verb, _others) in entries.items():
        if weight < MIN_WEIGHT or len(form) < 3:
            continue
        # تعلم is a past form of تعلم and a present form of علم.
        is_present = form[0] in "يتن" and not lemma.startswith(form[:2])
        if not verb and not (is_present and lemma in verbs and form in conjugate(lemma)):
            continue
        base = stem(form, words)
        if len(base) >= 3 and (is_present or not is_stopword(form)):
            (present if is_present and base[0] in "يتن" else past).add(base)
    return present, past


def compile_particle_verbs(frequencies: SurfaceFrequencies) -> str:
    """Return the content of the list."""
    words = shipped_protected_words()._replace(verbs=frozenset(), dropped_hamza=frozenset())
    found = find_particle_verbs(dictionary_entries(frequencies), frequencies, words)
    lines = [
        "# Particles with the stems of verbs written together with them; compiled by",
        "# analyzers.compile.particle_verbs from wordfreq (data CC BY-SA 4.0) and simplemma, see NOTICE.",
        *sorted(found),
    ]
    return "\n".join(lines) + "\n"


def main(folder: Path = DATA_DIR) -> None:
    """Write the list to a folder."""
    content = compile_particle_verbs(surface_frequencies())
    (folder / PARTICLE_VERB_FILE).write_text(content, "utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
