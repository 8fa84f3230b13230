"""Compiles the lexicon from a dictionary, lists written by hand, and word frequencies.

    python -m analyzers.compile.lexicon [FOLDER]

It needs the packages simplemma and wordfreq (the extra `lexicon`) and writes `lexicon.bin` to `data/`,
or to FOLDER: the entries of `analyzers.compile.lexicon_entries`, and for each lemma the stems of its words, found by
reading every word of wordfreq with those entries. `analyzers.morphology.lexicon` describes the format.

The file has a digest of the lists and of the versions of the packages. Tests compare it, so compile
again after a change of the stemmer, of a list or of the rules.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from zlib import crc32

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from analyzers.compile.lexicon_entries import LexiconBuilder, weight_of
from analyzers.compile.lexicon_sources import (
    BROKEN_PLURAL_LIST,
    LETTERS,
    Dictionary,
    read_lemma_list,
    read_other_lemmas,
)
from analyzers.compile.protected_words import (
    MIN_FREQUENCY,
    SurfaceFrequencies,
    surface_frequencies,
)
from analyzers.morphology.lexicon import (
    ENCODING,
    HEADER,
    MAGIC,
    SHARES,
    Lexicon,
    LexiconEntry,
)
from analyzers.morphology.reading import MorphologicalAnalyzer
from analyzers.stemming.hamza import fold_hamza
from analyzers.stemming.light_stemmer import stem
from analyzers.stemming.protected_words import PROTECTED_WORD_FILES, shipped_protected_words
from analyzers.word_files import DATA_DIR, LEXICON_FILE

LEMMA_LIST = "lexicon.txt"

RECORDS_PER_BUCKET = 24

MIN_STEM_FREQUENCY_SHARE = 0.002
"""A stem with a smaller share of the words of a lemma is left out, unless a form of it has the stem."""


def stems_by_lemma(
    entries: Mapping[str, LexiconEntry],
    morphology: MorphologicalAnalyzer,
    surfaces: Mapping[str, float],
) -> dict[str, list[tuple[str, int]]]:
    """Return the stems of the words of each lemma with their shares, the most frequent first.

    The words are all forms in `entries`, and the surface forms of `surfaces`, which `morphology` reads.
    A form of several lemmas counts for each. A lemma whose only stem is the lemma itself is left out.
    """
    protected = shipped_protected_words()
    stems_of: defaultdict[str, dict[str, float]] = defaultdict(dict)
    stem_totals: defaultdict[str, float] = defaultdict(float)
    for surface, frequency in surfaces.items():
        if not LETTERS.fullmatch(surface):
            continue
        base = stem(surface, protected)
        stem_totals[base] += frequency
        reading = morphology.analyze(surface)
        others = entries[reading.base].others if reading.base in entries else ()
        for lemma in (reading.lemma, *others):
            stems = stems_of[lemma]
            stems[base] = stems.get(base, 0.0) + frequency
    stems_of_forms: defaultdict[str, set[str]] = defaultdict(set)
    for form, entry in entries.items():
        base = stem(form, protected)
        for lemma in (entry.lemma, *entry.others):
            stems_of_forms[lemma].add(base)
            stems_of[lemma].setdefault(base, 0.0)
    found: dict[str, list[tuple[str, int]]] = {}
    for lemma, stems in stems_of.items():
        least = MIN_STEM_FREQUENCY_SHARE * sum(stems.values())
        kept = [
            (base, _share(frequency, stem_totals[base]))
            for base, frequency in sorted(stems.items(), key=itemgetter(1), reverse=True)
            if frequency >= least or base in stems_of_forms[lemma]
        ]
        if [base for base, _share in kept] != [lemma]:
            found[lemma] = kept
    return found


def _share(frequency: float, total: float) -> int:
    """Return how many tenths of the words with a stem belong to a lemma: all, where none is known."""
    return max(1, min(10, round(10 * frequency / total))) if total else 10


def source_digest(parts: Iterable[bytes]) -> bytes:
    """Return the 16-byte digest of the sources of the file."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(hashlib.blake2b(part).digest())
    return digest.digest()


def sources() -> list[bytes]:
    """Return the sources of the file: the versions of the packages, and the content of the lists."""
    names = (*PROTECTED_WORD_FILES, "stopwords.txt", LEMMA_LIST, BROKEN_PLURAL_LIST)
    packages = (f"{name} {version(name)}".encode() for name in ("simplemma", "wordfreq"))
    return [*packages, *((DATA_DIR / name).read_bytes().replace(b"\r\n", b"\n") for name in names)]


def serialize(
    entries: Mapping[str, LexiconEntry],
    stems: Mapping[str, list[tuple[str, int]]],
    digest: bytes,
) -> bytes:
    """Return the bytes of a lexicon's file, for entries by form and stems with shares by lemma."""
    forms_of: defaultdict[str, list[str]] = defaultdict(list)
    for form in sorted(entries, key=lambda form: (-entries[form].weight, form)):
        forms_of[entries[form].lemma].append(form)
    form_records = [
        (
            form,
            " ".join(("" if entry.lemma == form else entry.lemma, *entry.others)),
            f"-{entry.weight}" if entry.verb else str(entry.weight),
        )
        for form, entry in sorted(entries.items())
    ]
    lemma_records = [
        (
            lemma,
            " ".join(forms_of[lemma]),
            " ".join(base + SHARES[share - 1] for base, share in stems.get(lemma, ())),
        )
        for lemma in sorted({*forms_of, *stems})
    ]
    form_buckets, lemma_buckets = _buckets(form_records), _buckets(lemma_records)
    buckets = [*form_buckets, *lemma_buckets]
    bounds = [0]
    for bucket in buckets:
        bounds.append(bounds[-1] + len(bucket))
    numbers = [*bounds, *map(crc32, buckets)]
    tables = b"".join(number.to_bytes(4, "little") for number in numbers)
    header = HEADER.pack(len(form_buckets), len(lemma_buckets), crc32(tables), digest)
    return b"".join((MAGIC, header, tables, *buckets))


def _buckets(records: list[tuple[str, str, str]]) -> list[bytes]:
    """Return the buckets of records, which are hashed by their first field."""
    count = max(1, len(records) // RECORDS_PER_BUCKET)
    buckets: list[list[str]] = [[] for _ in range(count)]
    for record in records:
        buckets[crc32(record[0].encode()) % count] += record
    return ["\n".join(fields).encode(ENCODING) for fields in buckets]


def dictionary_entries(surfaces: SurfaceFrequencies) -> dict[str, LexiconEntry]:
    """Return the entries that depend on no stem, for the frequencies of surface forms."""
    frequencies = SurfaceFrequencies()
    for surface, frequency in surfaces.items():
        frequencies[fold_hamza(surface)] += frequency
    builder = LexiconBuilder(
        Dictionary(dict(DefaultDictionaryFactory().get_dictionary("ar").items())),
        read_lemma_list(DATA_DIR / LEMMA_LIST),
        read_lemma_list(DATA_DIR / BROKEN_PLURAL_LIST),
        frequencies,
        read_other_lemmas(DATA_DIR / BROKEN_PLURAL_LIST),
    )
    return builder.build()


def build_entries(surfaces: SurfaceFrequencies) -> dict[str, LexiconEntry]:
    """Return the entry of every form, for the frequencies of surface forms."""
    entries = dictionary_entries(surfaces)
    entries |= _dropped_hamza_entries(entries, surfaces)
    return entries | dict(_protected_start_entries(entries, surfaces))


def compile_lexicon(surfaces: SurfaceFrequencies) -> bytes:
    """Return the bytes of the lexicon's file, for the frequencies of surface forms."""
    entries = build_entries(surfaces)
    morphology = MorphologicalAnalyzer(_UnwrittenLexicon(entries))
    stems = stems_by_lemma(entries, morphology, surfaces)
    return serialize(entries, stems, source_digest(sources()))


class _UnwrittenLexicon(Lexicon):
    """The entries before the stems of their lemmas are known; it looks up forms and nothing else."""

    def __init__(self, entries: Mapping[str, LexiconEntry]) -> None:
        self._entries = entries

    def find(self, form: str) -> LexiconEntry | None:
        return self._entries.get(form)


def _protected_start_entries(
    entries: Mapping[str, LexiconEntry], surfaces: SurfaceFrequencies
) -> Iterator[tuple[str, LexiconEntry]]:
    """Yield entries for the words with a protected start that would be read with clitics."""
    morphology = MorphologicalAnalyzer(_UnwrittenLexicon(entries))
    for word in sorted(shipped_protected_words().starts):
        proclitics = morphology.analyze(word).proclitics
        frequency = surfaces.with_or_without_article(word)
        if frequency < MIN_FREQUENCY or not proclitics or "ال" in proclitics:
            continue
        base = stem(word)
        lemma = entries[base].lemma if base in entries else base
        yield fold_hamza(word), LexiconEntry(lemma, weight_of(frequency))


def _dropped_hamza_entries(
    entries: Mapping[str, LexiconEntry], surfaces: SurfaceFrequencies
) -> dict[str, LexiconEntry]:
    """Return entries for the words that are written without their final hamza: كهربا."""
    return {
        word: LexiconEntry(entries[word + "ء"].lemma, weight_of(surfaces[word]))
        for word in sorted(shipped_protected_words().dropped_hamza)
        if word + "ء" in entries
    }


def main(folder: Path = DATA_DIR) -> None:
    """Write the lexicon to a folder."""
    path = folder / LEXICON_FILE
    new = path.with_suffix(".writing")
    new.write_bytes(compile_lexicon(surface_frequencies()))
    new.replace(path)  # programs that have the old file mapped into memory keep it


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
