"""The lexicon: maps word forms to their lemmas, with the frequency of each form.

It covers forms without clitics (كتب, مدن, يقولون); `analyzers.morphology.reading` finds such a form in
a word of a text. Forms and lemmas are spelled like stems: folded by
`analyzers.normalization.folding.fold`, with the hamza seats folded as well. For each lemma there are
also the light stems of its forms, so that an index of stems can answer a search for a lemma.

The shipped lexicon is one file, compiled by `analyzers.compile.lexicon` and mapped into memory. Its
records are hashed into buckets by the CRC-32 of their key. A bucket is read, and its checksum
compared, when a key in it is first looked up; then it is a list in memory. Layout:

    magic | header | bucket bounds | bucket checksums | buckets of forms | buckets of lemmas

The bounds and checksums are unsigned 32-bit little-endian integers; the bounds count bytes from the
end of the checksums. A bucket is text in `ENCODING`, with a line for each field. The fields of a form
are the form, its lemma ("" for itself; with spaces, others after it) and its weight (negative for a
verb form); those of a lemma
are the lemma, its forms, and its stems, each followed by its share (1 to 9, or X for 10).
"""

from __future__ import annotations

import mmap
import struct
import sys
from array import array
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from analyzers.errors import LexiconError
from analyzers.normalization.folding import fold
from analyzers.stemming.hamza import fold_hamza
from analyzers.word_files import DATA_DIR, LEXICON_FILE

MAGIC = b"searchd lexicon 2\n"
HEADER = struct.Struct("<III16s")
"""Number of form buckets and of lemma buckets, CRC-32 of bounds and checksums, source digest."""

ENCODING = "iso8859_6"
"""One byte for a letter: the lexicon contains Arabic letters alone."""

SHARES = "123456789X"
"""The character that the file has for each share of a stem, from 1 to 10."""

USER_WEIGHT = 1 << 10
"""The weight of an entry that a user added; that of a shipped entry is always lower."""

_ADVICE = "install searchd again"


def fold_for_lexicon(word: str) -> str:
    """Return a word as the lexicon spells it.

    >>> fold_for_lexicon("أَطِبّاء"), fold_for_lexicon("مسؤول")
    ('اطباء', 'مسوول')
    """
    return fold_hamza(fold(word))


class LexiconEntry(NamedTuple):
    """The lemma of a form, its weight, and whether it is a form of a verb alone.

    The weight is ten times the decimal logarithm of its occurrences in a thousand million words of
    text; entries of users have `USER_WEIGHT`. A verb form takes neither article nor preposition.
    `others` are other lemmas that the form may belong to: أطقم is of طاقم and of طقم.
    """

    lemma: str
    weight: int
    verb: bool = False
    others: tuple[str, ...] = ()


class StemShare(NamedTuple):
    """A stem of a lemma, and how many tenths of the words with this stem belong to the lemma."""

    stem: str
    share: int


class _LemmaRecord(NamedTuple):
    forms: tuple[str, ...]
    stems: tuple[StemShare, ...]


_NO_LEMMA = _LemmaRecord((), ())


class _LexiconFile:
    """The compiled file, read bucket by bucket. Raises LexiconError where it is not sound."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise LexiconError(f"{path}: cannot read the lexicon ({error}); {_ADVICE}") from error
        start = len(MAGIC) + HEADER.size
        if self._map[: len(MAGIC)] != MAGIC or len(self._map) < start:
            raise LexiconError(f"{path}: not a lexicon of this version; {_ADVICE}")
        forms, lemmas, checksum, digest = HEADER.unpack(self._map[len(MAGIC) : start])
        self.form_buckets: int = forms
        self.lemma_buckets: int = lemmas
        self.digest: bytes = digest
        count = forms + lemmas
        self._first = start + 4 * (2 * count + 1)
        tables = self._map[start : self._first]
        if not forms or not lemmas or crc32(tables) != checksum:
            raise self._damaged()
        numbers = array("I")
        numbers.frombytes(tables)
        if sys.byteorder == "big":
            numbers.byteswap()
        self._bounds, self._checksums = numbers[: count + 1], numbers[count + 1 :]
        if len(self._map) != self._first + self._bounds[-1]:
            raise self._damaged()

    def read_bucket(self, number: int) -> list[str]:
        """Return the fields of all records in a bucket; the buckets of lemmas follow those of forms."""
        start, end = self._bounds[number], self._bounds[number + 1]
        data = self._map[self._first + start : self._first + end]
        if crc32(data) != self._checksums[number]:
            raise self._damaged()
        return data.decode(ENCODING).split("\n") if data else []

    def _damaged(self) -> LexiconError:
        return LexiconError(f"{self.path}: the lexicon is damaged; {_ADVICE}")


class Lexicon:
    """Forms and their lemmas. Threads may share a lexicon.

    `user_entries` map folded forms to folded lemmas; they override the file, see `with_entries`.
    Every method that looks something up raises LexiconError where it meets a damaged bucket.

    >>> lexicon = shipped_lexicon()
    >>> lexicon.lemma("مدن"), lexicon.lemma("مدينه"), lexicon.lemma("قطبزلخ")
    ('مدينه', 'مدينه', None)
    """

    def __init__(self, path: Path, user_entries: Mapping[str, str] | None = None) -> None:
        self.path = path
        self._file = _LexiconFile(path)
        self._buckets: list[list[str] | None]
        self._buckets = [None] * (self._file.form_buckets + self._file.lemma_buckets)
        self._user_lemmas = dict(user_entries or {})
        self._user_entries: dict[str, LexiconEntry] = {}
        self._user_entries = {
            form: LexiconEntry(self._resolve_user_lemma(form), USER_WEIGHT)
            for form in (*self._user_lemmas, *self._user_lemmas.values())
        }

    def __reduce__(self) -> tuple[type[Lexicon], tuple[Path, dict[str, str]]]:
        return Lexicon, (self.path, self._user_lemmas)

    @property
    def digest(self) -> str:
        """The hexadecimal digest of the sources that the file was compiled from."""
        return self._file.digest.hex()

    @property
    def user_entries(self) -> Mapping[str, str]:
        """The lemma of each form that a user added."""
        return self._user_lemmas

    def with_entries(self, entries: Mapping[str, str]) -> Lexicon:
        """Return a lexicon in which each form in `entries` has the given lemma.

        They may be written in any spelling and override the file and entries added before. A lemma
        that is itself a form of another lemma is replaced by that one; an unknown lemma becomes an
        entry of its own.
        """
        folded = {
            fold_for_lexicon(form): fold_for_lexicon(lemma) for form, lemma in entries.items()
        }
        return Lexicon(self.path, {**self._user_lemmas, **folded})

    def _resolve_user_lemma(self, form: str) -> str:
        """Follow the entries of users from a form to its lemma, and that to its lemma in the file."""
        seen = [form]
        while (lemma := self._user_lemmas.get(seen[-1])) is not None:
            if lemma in seen:
                return lemma
            seen.append(lemma)
        return self.lemma(seen[-1]) or seen[-1]

    def find(self, form: str) -> LexiconEntry | None:
        """Return the entry of a folded form, or None."""
        if self._user_entries and form in self._user_entries:
            return self._user_entries[form]
        found = self._find_record(_hash(form) % self._file.form_buckets, form)
        return None if found is None else _entry(form, *found)

    def lemma(self, form: str) -> str | None:
        """Return the lemma of a folded form, or None where the lexicon does not have the form."""
        entry = self.find(form)
        return None if entry is None else entry.lemma

    def __contains__(self, form: str) -> bool:
        return self.find(form) is not None

    def forms_of(self, lemma: str) -> list[str]:
        """Return the forms of a lemma, those of users first, then the most frequent first."""
        added = [form for form, entry in self._user_entries.items() if entry.lemma == lemma]
        shipped = self._find_lemma(lemma).forms
        return added + [form for form in shipped if form not in self._user_entries]

    def stems_of(self, lemma: str) -> list[str]:
        """Return the stems of the words of a lemma, the most frequent first."""
        return [stem for stem, _share in self.stem_shares_of(lemma)]

    def stem_shares_of(self, lemma: str) -> tuple[StemShare, ...]:
        """Return the stems of the words of a lemma with their shares, the most frequent first.

        The stems of entries of users are not included: they depend on the protected words.
        """
        return self._find_lemma(lemma).stems

    def __iter__(self) -> Iterator[str]:
        """Iterate over the forms in the file, in the order of their buckets."""
        for number in range(self._file.form_buckets):
            yield from self._file.read_bucket(number)[::3]

    def _find_lemma(self, lemma: str) -> _LemmaRecord:
        number = self._file.form_buckets + _hash(lemma) % self._file.lemma_buckets
        found = self._find_record(number, lemma)
        if found is None:
            return _NO_LEMMA
        forms, stems = found
        shares = [StemShare(stem[:-1], SHARES.index(stem[-1]) + 1) for stem in stems.split()]
        return _LemmaRecord(tuple(forms.split()), tuple(shares))

    def _find_record(self, number: int, key: str) -> tuple[str, str] | None:
        """Return the other two fields of the record with a key, None where a bucket lacks it."""
        fields = self._buckets[number]
        if fields is None:
            fields = self._buckets[number] = self._file.read_bucket(number)
        keys = fields[::3]  # two dozen, of which one is asked for: a dict costs more than it saves
        if key not in keys:
            return None
        at = 3 * keys.index(key)
        return fields[at + 1], fields[at + 2]


def _entry(form: str, lemmas: str, weight: str) -> LexiconEntry:
    """Return the entry that the fields of a record say."""
    lemma, space, others = lemmas.partition(" ")
    return LexiconEntry(
        lemma or form,
        abs(int(weight)),
        weight[0] == "-",
        tuple(others.split()) if space else (),
    )


def _hash(key: str) -> int:
    return crc32(key.encode("utf-8", "surrogatepass"))


@cache
def shipped_lexicon() -> Lexicon:
    """Open the lexicon that ships. Raises LexiconError where it is missing or damaged."""
    return Lexicon(DATA_DIR / LEXICON_FILE)
