"""Terms of texts as a cluster is sent them, and the words that it has not been sent yet.

The table of `indexer.segment.write.term_ids` analyses each distinct word once, many texts together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer
from indexer.segment.trigram_index import trigrams_of
from indexer.segment.write.term_ids import IdArray, TermIds

SEPARATOR = "/"
"""Between the surface form, the spelling and the stem of a word: none of them has it."""

LONGEST_KEY = 512
"""Bytes of the longest `_id` that a cluster takes."""

DEFAULT_TERM_BYTES = 250_000_000
"""Memory for the words that were met; after that they are all forgotten, and sent again."""


class TextTerms(NamedTuple):
    """The terms of a text in order, each kind with spaces between, and their number."""

    stem: str
    surface: str
    written: str
    words: int


class NewWord(NamedTuple):
    """An entry of the index of words: its `_id`, and itself as JSON."""

    key: str
    entry: str


class TermEncoder:
    """Makes the terms of texts. Not for several threads at once."""

    def __init__(self, analyzer: Analyzer, term_bytes: int = DEFAULT_TERM_BYTES) -> None:
        self._analyzer = analyzer
        self._term_bytes = term_bytes
        self._new: list[NewWord] = []
        self._start()

    def _start(self) -> None:
        """Begin with an empty table."""
        self._term_ids = TermIds(self._analyzer, self._term_bytes)
        self._stems: list[str] = []
        self._surfaces: list[str] = []
        self._written: list[str] = []
        self._sent_forms: dict[str, npt.NDArray[np.bool_]] = {}
        self._sent_stems: dict[str, npt.NDArray[np.bool_]] = {}

    def encode(self, texts: Sequence[str], vocabularies: Sequence[str]) -> list[TextTerms]:
        """Return the terms of some texts, whose words are noted in the vocabulary of each."""
        if self._term_ids.is_full:
            self._start()
        ids, lengths = self._term_ids.encode(texts)
        self._name_new_forms()
        ends = lengths.cumsum()
        bounds = zip((ends - lengths).tolist(), ends.tolist(), strict=True)
        found: list[TextTerms] = []
        parts: dict[str, list[IdArray]] = {}
        for vocabulary, (first, last) in zip(vocabularies, bounds, strict=True):
            part = ids[first:last]
            parts.setdefault(vocabulary, []).append(part)
            numbers = part.tolist()
            found.append(
                TextTerms(
                    " ".join(map(self._stems.__getitem__, numbers)),
                    " ".join(map(self._surfaces.__getitem__, numbers)),
                    " ".join(map(self._written.__getitem__, numbers)),
                    len(numbers),
                )
            )
        for vocabulary, of_vocabulary in parts.items():
            self._new += self._not_sent(vocabulary, np.concatenate(of_vocabulary))
        return found

    def take_words(self) -> list[NewWord]:
        """Return the words that were met for the first time since the last call."""
        taken, self._new = self._new, []
        return taken

    def _name_new_forms(self) -> None:
        """Write out the terms of the written forms that the table has new."""
        table, first = self._term_ids, len(self._stems)
        surfaces, stems, spellings = table.surfaces, table.stems, table.spellings
        numbers = table.form_surfaces[first:]
        self._stems += [stems[table.stem_ids[number]] for number in numbers]
        self._surfaces += [surfaces[number] for number in numbers]
        pairs = zip(numbers, table.form_spellings[first:], strict=True)
        self._written += [f"{surfaces[s]}{SEPARATOR}{spellings[each]}" for s, each in pairs]

    def _not_sent(self, vocabulary: str, ids: IdArray) -> Iterator[NewWord]:
        """Yield the words and the stems of some written forms that were not met before."""
        new = _note(self._sent_forms, vocabulary, ids, len(self._stems))
        table = self._term_ids
        field = encode_basestring(vocabulary)
        for form in new.tolist():
            stem, written = self._stems[form], self._written[form]
            spelling = written[len(self._surfaces[form]) + 1 :]
            yield NewWord(
                _key(vocabulary, f"{written}{SEPARATOR}{stem}"),
                f'{{"field":{field},"surface":{encode_basestring(self._surfaces[form])},'
                f'"spelling":{encode_basestring(spelling)},"stem":{encode_basestring(stem)}}}\n',
            )
        stem_ids = np.array(table.stem_ids, np.int32)[np.array(table.form_surfaces, np.int32)[new]]
        names = table.stems
        for number in _note(self._sent_stems, vocabulary, stem_ids, len(names)).tolist():
            stem = names[number]
            trigrams = ",".join(map(encode_basestring, sorted(trigrams_of(stem))))
            yield NewWord(
                _key(vocabulary, stem),
                f'{{"field":{field},"stem":{encode_basestring(stem)},"trigrams":[{trigrams}]}}\n',
            )


def _note(
    sent: dict[str, npt.NDArray[np.bool_]], vocabulary: str, ids: IdArray, size: int
) -> npt.NDArray[np.intp]:
    """Return the distinct ids that were not noted before, ascending, and note them."""
    known = np.zeros(size, np.bool_)
    before = sent.get(vocabulary)
    if before is not None:
        known[: before.size] = before
    met = np.zeros(size, np.bool_)
    met[ids] = True
    new = (met & ~known).nonzero()[0]
    known |= met
    sent[vocabulary] = known
    return new


def _key(vocabulary: str, word: str) -> str:
    """Return the `_id` of an entry: two of one id are the same."""
    key = f"{vocabulary}{SEPARATOR}{word}"
    data = key.encode()
    if len(data) <= LONGEST_KEY:
        return key
    return f"_{hashlib.blake2b(data, digest_size=32).hexdigest()}"
