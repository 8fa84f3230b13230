"""Compile the lexicon from a dictionary, lists written by hand, and word frequencies.

    python -m analyzers.compile.lexicon

It needs the packages simplemma and wordfreq (the extra `lexicon`) and writes `data/lexicon.bin`:
the entries of `analyzers.compile.lexicon_entries`, and for each lemma the stems of its words, found by
reading every word of wordfreq with those entries. The file holds a digest of the lists and of the
versions of the packages. Tests compare it and the stems of a sample, so compile again after a change
of the stemmer, of a list or of the rules.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from analyzers.compile.lexicon_entries import Entries, weight_of
from analyzers.compile.lexicon_sources import LETTERS, Dictionary, read_forms
from analyzers.compile.protected_words import LEAST_FREQUENCY, Frequencies, surface_frequencies
from analyzers.morphology.lexicon import ENCODING, HEADER, LEXICON_FILE, MAGIC, Entry, Lexicon
from analyzers.morphology.reading import Morphology
from analyzers.stemming.light_stemmer import SHIPPED_LISTS, fold_hamza, shipped_protection, stem
from analyzers.word_files import DATA

BROKEN_PLURALS = "broken_plurals.txt"
BY_HAND = "lexicon.txt"

ENTRIES_IN_A_BUCKET = 24

RAREST_STEM = 0.002
"""A stem that a smaller share of a lemma's running words has is left out, if no form has it."""


def stems_by_lemma(
    entries: Mapping[str, str], reader: Morphology, surfaces: Mapping[str, float]
) -> dict[str, list[tuple[str, int]]]:
    """Return the stems that words of each lemma have, the most frequent first, with their shares.

    Every form of the lexicon and every word of `surfaces` counts.
    """
    protection = shipped_protection()
    of_lemma: defaultdict[str, Counter[str]] = defaultdict(Counter)
    of_stem: Counter[str] = Counter()
    for surface, frequency in surfaces.items():
        if not LETTERS.fullmatch(surface):
            continue
        base = stem(surface, protection)
        of_stem[base] += frequency  # type: ignore[assignment]  # a counter of shares
        lemma = reader.lemma(surface)
        of_lemma[lemma][base] += frequency  # type: ignore[assignment]
    known: defaultdict[str, set[str]] = defaultdict(set)
    for form, lemma in entries.items():
        base = stem(form, protection)
        known[lemma].add(base)
        of_lemma[lemma].setdefault(base, 0)
    found: dict[str, list[tuple[str, int]]] = {}
    for lemma, stems in of_lemma.items():
        least = RAREST_STEM * stems.total()
        kept = [
            (base, max(1, min(10, round(10 * frequency / (of_stem[base] or 1)))))
            for base, frequency in stems.most_common()
            if frequency >= least or base in known[lemma]
        ]
        if [base for base, _share in kept] != [lemma]:
            found[lemma] = kept
    return found


def source_digest(parts: Iterable[bytes]) -> bytes:
    """Return the digest of what the file is compiled from."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(hashlib.blake2b(part).digest())
    return digest.digest()


def sources() -> list[bytes]:
    """Return what the file is compiled from: versions of the packages, and the lists."""
    files = [DATA / name for name in (*SHIPPED_LISTS, "stopwords.txt", BY_HAND, BROKEN_PLURALS)]
    packages = (f"{name} {version(name)}".encode() for name in ("simplemma", "wordfreq"))
    return [*packages, *(path.read_bytes().replace(b"\r\n", b"\n") for path in files)]


def pack(
    entries: Mapping[str, Entry],
    stems: Mapping[str, list[tuple[str, int]]],
    digest: bytes,
) -> bytes:
    """Return the bytes of a lexicon's file."""
    forms_of: defaultdict[str, list[str]] = defaultdict(list)
    for form in sorted(entries, key=lambda form: (-entries[form].weight, form)):
        forms_of[entries[form].lemma].append(form)
    form_records = [
        (form, "" if lemma == form else lemma, f"-{weight}" if verb else str(weight))
        for form, (lemma, weight, verb) in sorted(entries.items())
    ]
    lemmas = sorted({*forms_of, *stems})
    lemma_records = [
        (
            lemma,
            " ".join(forms_of[lemma]),
            " ".join(base + "123456789X"[share - 1] for base, share in stems.get(lemma, ())),
        )
        for lemma in lemmas
    ]
    buckets = [*_buckets(form_records), *_buckets(lemma_records)]
    forms_count = _bucket_count(len(form_records))
    bounds = [0]
    for bucket in buckets:
        bounds.append(bounds[-1] + len(bucket))
    numbers = [*bounds, *map(crc32, buckets)]
    tables = b"".join(number.to_bytes(4, "little") for number in numbers)
    header = HEADER.pack(forms_count, len(buckets) - forms_count, crc32(tables), digest)
    return b"".join((MAGIC, header, tables, *buckets))


def _bucket_count(records: int) -> int:
    return max(1, records // ENTRIES_IN_A_BUCKET)


def _buckets(records: list[tuple[str, str, str]]) -> list[bytes]:
    buckets: list[list[str]] = [[] for _ in range(_bucket_count(len(records)))]
    for record in records:
        buckets[crc32(record[0].encode()) % len(buckets)] += record
    return ["\n".join(fields).encode(ENCODING) for fields in buckets]


def compile_entries() -> tuple[dict[str, Entry], Frequencies]:
    """Return what the lexicon says of every form, and the frequencies of surface forms."""
    surfaces = surface_frequencies()
    frequencies = Frequencies()
    for surface, frequency in surfaces.items():
        frequencies[fold_hamza(surface)] += frequency
    pairs = DefaultDictionaryFactory().get_dictionary("ar").items()
    maker = Entries(
        Dictionary(dict(pairs)),
        read_forms(DATA / BY_HAND),
        read_forms(DATA / BROKEN_PLURALS),
        frequencies,
    )
    return maker.compile(), surfaces


def main() -> None:
    """Write the lexicon."""
    entries, surfaces = compile_entries()
    entries.update(_wholes(_reader(entries), surfaces))
    lemmas = {form: entry.lemma for form, entry in entries.items()}
    stems = stems_by_lemma(lemmas, _reader(entries), surfaces)
    _replace(DATA / LEXICON_FILE, pack(entries, stems, source_digest(sources())))


def _reader(entries: Mapping[str, Entry]) -> Morphology:
    """Return a morphology with these entries, before the stems of their lemmas are known."""
    path = DATA / f"{LEXICON_FILE}.new"
    _replace(path, pack(entries, {}, bytes(16)))
    lexicon = Lexicon(path)
    path.unlink()
    return Morphology(lexicon)


def _replace(path: Path, data: bytes) -> None:
    """Write a file that others may have mapped into memory."""
    new = path.with_suffix(".writing")
    new.write_bytes(data)
    new.replace(path)


def _wholes(reader: Morphology, surfaces: Frequencies) -> Iterator[tuple[str, Entry]]:
    """Yield entries for words whose first letters are their own and would be read as clitics."""
    for word in sorted(shipped_protection().starts):
        proclitics = reader.analyze(word).proclitics
        if surfaces.family(word) < LEAST_FREQUENCY or not proclitics or "ال" in proclitics:
            continue
        base = stem(word)
        lemma = reader.lexicon.lemma(base) or base
        yield fold_hamza(word), Entry(lemma, weight_of(surfaces.family(word)))


if __name__ == "__main__":
    main()
