"""Term ids: a number for every written form, surface form and stem that a writer has met."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence, Set
from itertools import chain, compress, filterfalse, islice, repeat
from operator import eq, not_
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer
from analyzers.normalization.spelling import UNKNOWN, spelling
from analyzers.normalization.turned_ligatures import repair_turned_word
from analyzers.normalization.turned_text import mend_turned_text
from analyzers.ordinary_words import ordinary_spelling, ordinary_surface_forms
from analyzers.pretokenizer import ChunkIdTable, split_at_separators
from analyzers.tokenizer import WORD

IdArray = npt.NDArray[np.int32]

DEFAULT_MAX_BYTES = 250_000_000
"""The memory after which a table counts as full where no other is asked for."""

_BYTES_PER_CHUNK = 360
_BYTES_PER_CHARACTER = 4
"""Memory of a distinct chunk and of each of its characters, in all tables; measured."""

LONG_TEXT = 1 << 17
"""Longer texts, in characters, are tokenized in pieces of this size, which bounds the memory of it."""

_PIECE_END = re.compile(r"[ \n](?=[^\W_])")
"""A space that no word has inside, because a letter or digit follows it."""


_NO_WORD = "\ue000"
"""A character for private use, which is in no word."""


class WantedTerms(NamedTuple):
    """Terms that will be looked up: stems, and surface forms with all others of their stems."""

    stems: set[str]
    surfaces: set[str]


class TermIds:
    """Ids of written forms, surface forms and stems, each counted from 0 as they first occur.

    One table may serve several segments. When it `is_full`, with about `max_bytes` of memory, the
    segment should be written and the next one start an empty table, which bounds memory whatever
    the texts hold.

    Each distinct chunk is tokenized and analysed once. A chunk has the id of its written form; one
    of several words, of none, or with turned ligatures has an id below 0, which counts such chunks
    from -1 down.

    `stem_ids`: the id of the stem of each surface form, by the id of the form.
    `form_surfaces`, `form_spellings`: the id of the surface form and the id of the spelling of each
    written form, by its id.
    """

    def __init__(self, analyzer: Analyzer, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        self._characters = 0  # of all distinct chunks
        self._stem = analyzer.stem
        self._stems = analyzer.stems
        self._surface_forms = analyzer.surface_forms
        self._protected_words = analyzer.protected_words
        self._chunk_table = ChunkIdTable()
        self._chunk_ids: dict[str, int] = {}
        self._first_forms: dict[str, int] = {}  # of each surface form, in the order of their ids
        self._stem_ids: dict[str, int] = {}
        self._spelling_ids: dict[str, int] = {}
        self._forms_of_chunk: list[tuple[int, ...]] = []
        self._turned: set[int] = set()  # the ids of chunks with words whose ligatures are turned
        self._other_forms: dict[tuple[int, int], int] = {}
        self._listed_surfaces: list[str] = []
        self._listed_stems: list[str] = []
        self.stem_ids = array("i")
        self.form_surfaces = array("i")
        self.form_spellings = array("i")

    @property
    def is_full(self) -> bool:
        """Whether the table takes as much memory as it may."""
        used = len(self._chunk_ids) * _BYTES_PER_CHUNK + self._characters * _BYTES_PER_CHARACTER
        return used >= self.max_bytes

    @property
    def surfaces(self) -> list[str]:
        """The surface forms by id."""
        return _listed(self._listed_surfaces, self._first_forms)

    @property
    def stems(self) -> list[str]:
        """The stems by id."""
        return _listed(self._listed_stems, self._stem_ids)

    @property
    def spellings(self) -> list[str]:
        """The spellings by id."""
        return list(self._spelling_ids)

    def encode(
        self, texts: Sequence[str], mended: Set[int] = frozenset()
    ) -> tuple[IdArray, npt.NDArray[np.int64]]:
        """Return the written form of each word of some texts, and the number of words of each text.

        The first is int32 [words], ids of written forms; the second int64 [texts]. `mended` are the
        indexes of texts whose turned ligatures were seen to: parts of a longer text.
        """
        ids, starts = self._chunk_ids_of(texts)
        not_one_word = ids < 0
        if not_one_word.any():
            turned = self._mend(texts, ids, starts, mended)
            if turned:
                ids, starts = self._replace(ids, starts, turned)
                not_one_word = ids < 0
            ids, starts = self._expand(ids, not_one_word, starts)
        return ids, np.diff(starts)

    def replace_others(self, ids: IdArray, wanted: WantedTerms) -> IdArray:
        """Return written forms with all words of other stems than those of some terms made one.

        That one is no word of any text.
        """
        surfaces = (self._first_forms.get(surface) for surface in wanted.surfaces)
        stems = [self._stem_ids[stem] for stem in wanted.stems if stem in self._stem_ids]
        stems += [self.stem_ids[self.form_surfaces[form]] for form in surfaces if form is not None]
        other = self._form_id(_NO_WORD, "")
        is_wanted = np.zeros(len(self._stem_ids), np.bool_)
        is_wanted[stems] = True
        stem_of_form = np.array(self.stem_ids)[np.array(self.form_surfaces)]
        forms = np.where(is_wanted[stem_of_form], np.arange(stem_of_form.size), other)
        replaced: IdArray = forms.astype(np.int32)[ids]
        return replaced

    def _chunk_ids_of(self, texts: Sequence[str]) -> tuple[IdArray, npt.NDArray[np.intp]]:
        """Return the ids of the chunks of some texts, and the index of the first of each text."""
        if max(map(len, texts), default=0) <= LONG_TEXT:
            return self._chunk_ids_at_once(texts)
        parts = [np.empty(0, np.int32)]
        starts = [0]
        for text in texts:
            found = [self._chunk_ids_at_once([piece])[0] for piece in _pieces(text)]
            parts += found
            starts.append(starts[-1] + sum(map(len, found)))
        return np.concatenate(parts), np.array(starts, np.intp)

    def _chunk_ids_at_once(self, texts: Sequence[str]) -> tuple[IdArray, npt.NDArray[np.intp]]:
        chunks = split_at_separators(texts)
        ids = self._chunk_table.ids_of(chunks, self._numbers_of)
        return ids, chunks.text_starts

    def _mend(
        self,
        texts: Sequence[str],
        ids: IdArray,
        starts: npt.NDArray[np.intp],
        done: Set[int],
    ) -> dict[int, str]:
        """Return the texts whose ligatures are all turned, mended, by their index; none of `done`."""
        if not self._turned:
            return {}
        negative = np.flatnonzero(ids < 0)
        turned = [number in self._turned for number in ids[negative].tolist()]
        suspects = dict.fromkeys((starts.searchsorted(negative[turned], "right") - 1).tolist())
        mended = {index: mend_turned_text(texts[index]) for index in suspects if index not in done}
        return {index: text for index, text in mended.items() if text != texts[index]}

    def _replace(
        self, ids: IdArray, starts: npt.NDArray[np.intp], texts: dict[int, str]
    ) -> tuple[IdArray, npt.NDArray[np.intp]]:
        """Return the ids of chunks with those of some texts replaced, which are given by index."""
        parts = np.split(ids, starts[1:-1])
        new_ids, new_starts = self._chunk_ids_of(list(texts.values()))
        for index, part in zip(texts, np.split(new_ids, new_starts[1:-1]), strict=True):
            parts[index] = part
        return np.concatenate(parts), np.cumsum([0, *map(len, parts)])

    def _numbers_of(self, chunks: Sequence[str]) -> list[int]:
        """Return the ids of chunks, of which some may be new."""
        self._analyze(chunks)
        return list(map(self._chunk_ids.__getitem__, chunks))

    def _analyze(self, chunks: Sequence[str]) -> None:
        """Give an id to each chunk that was not met before."""
        ids = self._chunk_ids
        new = list(filterfalse(ids.__contains__, dict.fromkeys(chunks)))
        self._characters += sum(map(len, new))
        surfaces = ordinary_surface_forms(new, self._protected_words)
        are_bare = list(map(eq, new, surfaces))
        bare = list(compress(new, are_bare))
        new_surfaces = list(filterfalse(self._first_forms.__contains__, bare))
        self._add_bare(new_surfaces)
        others: list[str] = []
        for chunk in bare:
            if chunk not in ids:
                self._add_ordinary(chunk, chunk, new_surfaces)
        are_others = list(map(not_, are_bare))
        for chunk, surface in zip(
            compress(new, are_others), compress(surfaces, are_others), strict=True
        ):
            if surface:
                self._add_ordinary(chunk, surface, new_surfaces)
            else:
                others.append(chunk)
        stem_ids = self._stem_ids
        stems = self._stems(new_surfaces)
        self.stem_ids.extend([stem_ids.setdefault(stem, len(stem_ids)) for stem in stems])
        for chunk in others:
            ids[chunk] = self._analyze_chunk(chunk)

    def _add_bare(self, surfaces: Sequence[str]) -> None:
        """Give ids to chunks that are their own surface forms, none of which was met before."""
        first = len(self.form_surfaces)
        numbers = range(first, first + len(surfaces))
        self._first_forms.update(zip(surfaces, numbers, strict=True))
        self._chunk_ids.update(zip(surfaces, numbers, strict=True))
        surface_id = len(self.stem_ids)
        self.form_surfaces.extend(range(surface_id, surface_id + len(surfaces)))
        self.form_spellings.extend(repeat(self._spelling_id(""), len(surfaces)))

    def _add_ordinary(self, chunk: str, surface: str, new_surfaces: list[str]) -> None:
        """Give an id to a chunk with an ordinary surface form, which is added to those that are new.

        Those before it in `new_surfaces` have the next surface ids, but no stem yet.
        """
        spelling_id = self._spelling_id(ordinary_spelling(chunk) if chunk != surface else "")
        form_id = self._first_forms.get(surface)
        if form_id is None:
            surface_id = len(self.stem_ids) + len(new_surfaces)
            form_id = self._first_forms[surface] = self._new_form_id(surface_id, spelling_id)
            new_surfaces.append(surface)
        elif self.form_spellings[form_id] != spelling_id:
            form_id = self._other_form_id(form_id, spelling_id)
        self._chunk_ids[chunk] = form_id

    def _analyze_chunk(self, chunk: str) -> int:
        """Return the id of a chunk of any kind."""
        words = WORD.findall(chunk)
        if len(words) == 1:
            word = words[0]
            surfaces = self._surface_forms(word)
            if len(surfaces) == 1:
                surface = surfaces[0]
                found = "" if word == surface else spelling(word, surface)
                if UNKNOWN not in found or repair_turned_word(word) == word:
                    return self._form_id(surface, found)
        self._forms_of_chunk.append(tuple(form for word in words for form in self._form_ids(word)))
        chunk_id = -len(self._forms_of_chunk)
        if any(repair_turned_word(word) != word for word in words):
            self._turned.add(chunk_id)
        return chunk_id

    def _form_ids(self, word: str) -> list[int]:
        surfaces = self._surface_forms(word)
        if len(surfaces) == 1:
            return [self._form_id(surfaces[0], spelling(word, surfaces[0]))]
        return [self._form_id(surface, UNKNOWN) for surface in surfaces]

    def _form_id(self, surface: str, spelling: str) -> int:
        spelling_id = self._spelling_id(spelling)
        form_id = self._first_forms.get(surface)
        if form_id is not None:
            if self.form_spellings[form_id] == spelling_id:
                return form_id
            return self._other_form_id(form_id, spelling_id)
        stem = self._stem(surface)
        self.stem_ids.append(self._stem_ids.setdefault(stem, len(self._stem_ids)))
        new_id = self._first_forms[surface] = self._new_form_id(len(self.stem_ids) - 1, spelling_id)
        return new_id

    def _other_form_id(self, first_form_id: int, spelling_id: int) -> int:
        """Return the id of a spelling of a surface form other than the first, which is given."""
        surface_id = self.form_surfaces[first_form_id]
        form_id = self._other_forms.get((surface_id, spelling_id))
        if form_id is None:
            form_id = self._new_form_id(surface_id, spelling_id)
            self._other_forms[surface_id, spelling_id] = form_id
        return form_id

    def _new_form_id(self, surface_id: int, spelling_id: int) -> int:
        self.form_surfaces.append(surface_id)
        self.form_spellings.append(spelling_id)
        return len(self.form_surfaces) - 1

    def _spelling_id(self, spelling: str) -> int:
        return self._spelling_ids.setdefault(spelling, len(self._spelling_ids))

    def _expand(
        self, ids: IdArray, not_one_word: npt.NDArray[np.bool_], starts: npt.NDArray[np.intp]
    ) -> tuple[IdArray, npt.NDArray[np.intp]]:
        """Replace the ids below 0 by the written forms of their chunks.

        Returns the ids, and the index of the first word of each text among them.
        """
        forms = [self._forms_of_chunk[-number - 1] for number in ids[not_one_word].tolist()]
        sizes = np.ones(ids.size, np.intp)
        sizes[not_one_word] = list(map(len, forms))
        expanded = ids.repeat(sizes)
        expanded[not_one_word.repeat(sizes)] = list(chain.from_iterable(forms))
        return expanded, np.concatenate(([0], sizes.cumsum()))[starts]


def _listed(known: list[str], ids: dict[str, int]) -> list[str]:
    """Return the keys of a table that only grows, of which `known` are the first; they are kept."""
    if len(known) < len(ids):
        known += islice(ids, len(known), None)
    return known


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a text of about LONG_TEXT characters each, cut where no word is."""
    start = 0
    while found := _PIECE_END.search(text, start + LONG_TEXT):
        yield text[start : found.start()]
        start = found.start()
    yield text[start:]
