"""Term ids: a number for every surface form and every stem that a writer has met."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer
from analyzers.tokenizer import WORD
from indexer.segment.write.pretokenizer import ChunkIdTable, split_at_separators

IdArray = npt.NDArray[np.int32]

MAX_CHUNKS = 1_500_000
"""Distinct chunks of text after which a table counts as full: about 400 MB."""


class TermIds:
    """Ids of surface forms and of stems, each counted from 0 in the order of first occurrence.

    One table may serve several segments. When it `is_full` the next segment should start an empty
    one, which bounds memory whatever the texts hold.

    Each distinct chunk is tokenized and analysed once. A chunk has the id of its surface form; one
    of several surface forms, or of none, has an id below 0, which counts such chunks from -1 down.

    `stem_ids`: the id of the stem of each surface form, by the id of the form.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._stem = analyzer.stem
        self._surface_forms = analyzer.surface_forms
        self._chunk_table = ChunkIdTable()
        self._chunk_ids = _ChunkIds(self)
        self._surface_ids: dict[str, int] = {}
        self._stem_ids: dict[str, int] = {}
        self._surfaces_of_chunk: list[tuple[int, ...]] = []
        self.stem_ids: list[int] = []

    @property
    def is_full(self) -> bool:
        """Whether the table holds as many chunks as it should."""
        return len(self._chunk_ids) >= MAX_CHUNKS

    @property
    def surfaces(self) -> list[str]:
        """The surface forms by id."""
        return list(self._surface_ids)

    @property
    def stems(self) -> list[str]:
        """The stems by id."""
        return list(self._stem_ids)

    def encode(self, texts: Sequence[str]) -> tuple[IdArray, npt.NDArray[np.int64]]:
        """Return the surface form of each word of some texts, and the number of words of each text.

        The first is int32 [words], ids of surface forms; the second int64 [texts].
        """
        chunks = split_at_separators(texts)
        ids, missing = self._chunk_table.find(chunks.keys)
        if missing.size:
            found = map(self._chunk_ids.__getitem__, chunks.decode(missing))
            ids[missing] = np.fromiter(found, np.int32, missing.size)
            self._chunk_table.put(chunks.keys[missing], ids[missing])
        starts = chunks.text_starts
        not_one_word = ids < 0
        if not_one_word.any():
            ids, starts = self._expand(ids, not_one_word, starts)
        return ids, np.diff(starts)

    def analyze_chunk(self, chunk: str) -> int:
        """Return the id of a chunk that was not met before."""
        surfaces = [form for word in WORD.findall(chunk) for form in self._surface_forms(word)]
        if len(surfaces) == 1:
            return self._surface_id(surfaces[0])
        self._surfaces_of_chunk.append(tuple(map(self._surface_id, surfaces)))
        return -len(self._surfaces_of_chunk)

    def _surface_id(self, surface: str) -> int:
        surface_id = self._surface_ids.get(surface)
        if surface_id is None:
            surface_id = self._surface_ids[surface] = len(self._surface_ids)
            stem = self._stem(surface)
            self.stem_ids.append(self._stem_ids.setdefault(stem, len(self._stem_ids)))
        return surface_id

    def _expand(
        self, ids: IdArray, not_one_word: npt.NDArray[np.bool_], starts: npt.NDArray[np.intp]
    ) -> tuple[IdArray, npt.NDArray[np.intp]]:
        """Replace the ids below 0 by the surface forms of their chunks.

        Returns the ids, and the index of the first word of each text among them.
        """
        surfaces = [self._surfaces_of_chunk[-number - 1] for number in ids[not_one_word].tolist()]
        sizes = np.ones(ids.size, np.intp)
        sizes[not_one_word] = list(map(len, surfaces))
        expanded = ids.repeat(sizes)
        expanded[not_one_word.repeat(sizes)] = list(chain.from_iterable(surfaces))
        return expanded, np.concatenate(([0], sizes.cumsum()))[starts]


class _ChunkIds(dict[str, int]):
    """The id of each distinct chunk; a chunk is analysed when it is first looked up."""

    def __init__(self, term_ids: TermIds) -> None:
        super().__init__()
        self._term_ids = weakref.proxy(term_ids)  # a reference cycle would outlive the writer

    def __missing__(self, chunk: str) -> int:
        chunk_id: int = self._term_ids.analyze_chunk(chunk)
        self[chunk] = chunk_id
        return chunk_id
