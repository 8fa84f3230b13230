"""The lexicon: which word of the dictionary a form belongs to, and how frequent the form is.

It answers for forms without clitics (كتب, مدن, يقولون); `analyzers.morphology.reading` finds such a form in a
word of a text. Forms and lemmas are spelled like stems: folded by `analyzers.normalization.folding.fold`, with
the seats of hamza folded as well. A lemma also knows its stems: what the light stemmer makes of
its forms, so that a search for a lemma can be answered by an index of stems.

The shipped lexicon is one file, compiled by `analyzers.compile.lexicon` and mapped into memory. Its
records stand in buckets by a hash; a bucket is read when a word in it is first asked for, so
opening costs next to nothing, and asking again costs a look into a `dict`.

    magic | header | bounds of the buckets | their checksums | buckets of forms | buckets of lemmas
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from analyzers.errors import LexiconError
from analyzers.normalization.folding import fold
from analyzers.stemming.light_stemmer import fold_hamza
from analyzers.word_files import DATA

LEXICON_FILE = "lexicon.bin"
MAGIC = b"searchd lexicon 1\n"
HEADER = struct.Struct("<III16s")
"""Buckets of forms, buckets of lemmas, checksum of the bounds and checksums, digest of the sources."""

ENCODING = "iso8859_6"
"""One byte for a letter. Words hold Arabic letters alone."""

USER_WEIGHT = 1 << 10


def lexical(word: str) -> str:
    """Return a word as the lexicon spells it.

    >>> lexical("أَطِبّاء"), lexical("مسؤول")
    ('اطباء', 'مسوول')
    """
    return fold_hamza(fold(word))


class Entry(NamedTuple):
    """What the lexicon knows of a form: its lemma, its weight, and whether it is a verb's alone.

    The weight is ten times the decadic logarithm of occurrences in a thousand million words; own
    entries have `USER_WEIGHT`. A verb's form takes no article and no preposition.
    """

    lemma: str
    weight: int
    verb: bool = False


class StemShare(NamedTuple):
    """A stem of a lemma, and how much of what has this stem belongs to the lemma, in tenths."""

    stem: str
    share: int


class _Lemma(NamedTuple):
    forms: tuple[str, ...]
    stems: tuple[StemShare, ...]


_NO_LEMMA = _Lemma((), ())


class _File:
    """The compiled file, read bucket by bucket."""

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
        self.buckets_of_forms: int = forms
        self.buckets_of_lemmas: int = lemmas
        self.digest: bytes = digest
        count = forms + lemmas
        self._first = start + 4 * (2 * count + 1)
        tables = self._map[start : self._first]
        if not forms or not lemmas or crc32(tables) != checksum:
            raise self._damaged()
        numbers = struct.unpack(f"<{2 * count + 1}I", tables)
        self._bounds, self._checksums = numbers[: count + 1], numbers[count + 1 :]
        if len(self._map) != self._first + self._bounds[-1]:
            raise self._damaged()

    def bucket(self, number: int) -> list[str]:
        """Return the fields of a bucket."""
        start, end = self._bounds[number], self._bounds[number + 1]
        data = self._map[self._first + start : self._first + end]
        if crc32(data) != self._checksums[number]:
            raise self._damaged()
        return data.decode(ENCODING).split("\n") if data else []

    def _damaged(self) -> LexiconError:
        return LexiconError(f"{self.path}: the lexicon is damaged; {_ADVICE}")


_ADVICE = "install searchd again"


class Lexicon:
    """Forms and their lemmas. One lexicon may be shared by threads.

    >>> lexicon = shipped_lexicon()
    >>> lexicon.lemma("مدن"), lexicon.lemma("مدينه"), lexicon.lemma("قطبزلخ")
    ('مدينه', 'مدينه', None)
    """

    def __init__(self, path: Path, own: Mapping[str, str] | None = None) -> None:
        self.path = path
        self._file = _File(path)
        self._form_buckets: list[dict[str, Entry] | None] = [None] * self._file.buckets_of_forms
        self._lemma_buckets: list[dict[str, _Lemma] | None] = [None] * self._file.buckets_of_lemmas
        self._own = dict(own or {})
        self._own_entries: dict[str, Entry] = {}
        self._own_entries = {
            form: Entry(self._own_lemma(form), USER_WEIGHT)
            for form in (*self._own, *self._own.values())
        }

    def __reduce__(self) -> tuple[type[Lexicon], tuple[Path, dict[str, str]]]:
        return Lexicon, (self.path, self._own)

    @property
    def digest(self) -> str:
        """Hexadecimal digits of what the file was compiled from."""
        return self._file.digest.hex()

    @property
    def own_entries(self) -> Mapping[str, str]:
        """The entries added to the shipped ones."""
        return self._own

    def with_entries(self, entries: Mapping[str, str]) -> Lexicon:
        """Return a lexicon in which these forms have these lemmas, whatever the file says.

        They may be written in any spelling. A lemma that the lexicon knows as a form of another
        stands for that other one, and one that it does not know becomes an entry of its own.
        Entries added before stay where they do not differ.
        """
        folded = {lexical(form): lexical(lemma) for form, lemma in entries.items()}
        return Lexicon(self.path, {**self._own, **folded})

    def _own_lemma(self, form: str) -> str:
        """Return the lemma of an own entry, where one may lead to another or into the file."""
        seen = [form]
        while (lemma := self._own.get(seen[-1])) is not None:
            if lemma in seen:
                return lemma
            seen.append(lemma)
        return self.lemma(seen[-1]) or seen[-1]

    def find(self, form: str) -> Entry | None:
        """Return what is known of a folded form, or None."""
        if self._own_entries and form in self._own_entries:
            return self._own_entries[form]
        key = form.encode("utf-8", "surrogatepass")
        number = crc32(key) % len(self._form_buckets)
        bucket = self._form_buckets[number]
        if bucket is None:
            bucket = self._form_buckets[number] = self._read_forms(number)
        return bucket.get(form)

    def lemma(self, form: str) -> str | None:
        """Return the lemma of a folded form, or None where the lexicon lacks it."""
        entry = self.find(form)
        return None if entry is None else entry.lemma

    def __contains__(self, form: str) -> bool:
        return self.find(form) is not None

    def forms_of(self, lemma: str) -> list[str]:
        """Return the known forms of a lemma, the most frequent first."""
        own = [form for form, entry in self._own_entries.items() if entry.lemma == lemma]
        known = self._find_lemma(lemma).forms
        return own + [form for form in known if form not in self._own_entries]

    def stems_of(self, lemma: str) -> list[str]:
        """Return the stems that words of a lemma have, the most frequent first."""
        return [stem for stem, _share in self.stem_shares_of(lemma)]

    def stem_shares_of(self, lemma: str) -> tuple[StemShare, ...]:
        """Return the stems that words of a lemma have, and how much of each is the lemma's.

        A share of 10 says that what has this stem belongs to the lemma, 1 that little of it does.
        The stems of own entries are not among them: they depend on the words that are protected.
        """
        return self._find_lemma(lemma).stems

    def __iter__(self) -> Iterator[str]:
        """Iterate over the forms of the file, in no useful order."""
        for number in range(len(self._form_buckets)):
            yield from self._read_forms(number)

    def _find_lemma(self, lemma: str) -> _Lemma:
        number = crc32(lemma.encode("utf-8", "surrogatepass")) % len(self._lemma_buckets)
        bucket = self._lemma_buckets[number]
        if bucket is None:
            bucket = self._lemma_buckets[number] = self._read_lemmas(number)
        return bucket.get(lemma, _NO_LEMMA)

    def _read_forms(self, number: int) -> dict[str, Entry]:
        fields = self._file.bucket(number)
        return {
            form: Entry(lemma or form, abs(int(weight)), weight[0] == "-")
            for form, lemma, weight in zip(fields[0::3], fields[1::3], fields[2::3], strict=True)
        }

    def _read_lemmas(self, number: int) -> dict[str, _Lemma]:
        fields = self._file.bucket(len(self._form_buckets) + number)
        return {
            lemma: _Lemma(
                tuple(forms.split()),
                tuple(
                    StemShare(part[:-1], "123456789X".index(part[-1]) + 1) for part in stems.split()
                ),
            )
            for lemma, forms, stems in zip(fields[0::3], fields[1::3], fields[2::3], strict=True)
        }


@cache
def shipped_lexicon() -> Lexicon:
    """Open the lexicon that comes with the package."""
    return Lexicon(DATA / LEXICON_FILE)
