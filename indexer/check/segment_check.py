"""Check of a segment: that its arrays are consistent.

Checksums tell that a file is as it was written. This check tells that it was written correctly.
`text_field_check` checks its text fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from analyzers import Analyzer
from indexer.check.text_field_check import check_term_dictionary, check_text_field, require
from indexer.damage import damaged
from indexer.document import Document, FieldValue
from indexer.errors import IndexDamagedError, RecordError
from indexer.fields import FieldType
from indexer.generation import Generation
from indexer.segment.array_file import ArrayFile
from indexer.segment.character_codes import read_codes
from indexer.segment.columns import ColumnValues, column_values
from indexer.segment.document_store import (
    BLOCK_SIZES,
    HASH_BYTES,
    HASHES_OF_CONTENT,
    Decompressor,
    DocumentStore,
    id_hash,
)
from indexer.segment.sort_keys import TITLE_ARRAYS, SortKeyReader, title_sort_key
from indexer.segment.stored_fields import StoredFields
from indexer.segment.text_field import TextField

Progress = Callable[[int], None]


def check_segment(array_file: ArrayFile, generation: Generation, progress: Progress) -> None:
    """Check the arrays of a segment against each other, and the generation that it is of.

    `progress` is called with the number of bytes checked since its last call; together these are
    fewer than those of the file. Raises IndexDamagedError.
    """
    check = _SegmentCheck(array_file, generation, progress)
    check.array_names()
    stored_fields = check.stored_fields()
    check.columns(stored_fields)
    check.title_keys(stored_fields)
    check.places()
    check.texts(stored_fields)
    check.text_fields()


class _SegmentCheck:
    """One check of a segment; each public method checks some of its arrays."""

    def __init__(self, array_file: ArrayFile, generation: Generation, progress: Progress) -> None:
        self._array_file = array_file
        self._fields = generation.fields
        self._title_weight = generation.title_weight
        self._analysis = generation.analysis
        self._progress = progress
        self._documents = DocumentStore(array_file)
        self._count = self._documents.count

    def _all(self, name: str) -> npt.NDArray[Any]:
        return self._array_file.array(name).all()

    def _require(self, fits: bool | np.bool_, name: str, reason: str) -> None:
        require(self._array_file, fits, name, reason)

    def _extra_fields(self, *kinds: FieldType) -> list[str]:
        return [spec.name for spec in self._fields.extra if spec.type in kinds]

    def array_names(self) -> None:
        """Check that the segment has the fields of the index, each for the same documents."""
        values = self._array_file.values
        texts = ["title", "text", *self._extra_fields(FieldType.TEXT)]
        self._require(values.get("fields") == texts, "fields", f"not {', '.join(texts)}")
        numbers = {"date", *self._extra_fields(FieldType.NUMBER, FieldType.DATE)}
        self._require(
            set(self._documents.columns.number_names) == numbers, "numbers", "other fields"
        )
        keywords = set(self._extra_fields(FieldType.KEYWORD))
        self._require(
            set(self._documents.columns.keyword_names) == keywords, "keywords", "other fields"
        )
        for name, items_per_document in (
            ("lengths", 1),
            ("hashes", HASH_BYTES),
            ("ids.hashes", 1),
            ("ids.documents", 1),
            ("texts.offsets", 1),
        ):
            fits = self._array_file.array(name).size == items_per_document * self._count
            self._require(fits, name, "not of each document")
        self._require(
            values.get("documents") == self._count, "stored_fields", "not of each document"
        )

    def stored_fields(self) -> list[StoredFields]:
        """Check that stored fields can be read with the codes of characters, and that every document is found by its id.

        Returns the stored fields of each document.
        """
        read_codes(self._array_file)
        self._check_offsets(
            "stored_fields.offsets", self._array_file.array("stored_fields.bytes").size
        )
        hashes, documents = self._all("ids.hashes"), self._all("ids.documents")
        self._require(np.all(hashes[1:] >= hashes[:-1]), "ids.hashes", "not ascending")
        each = np.arange(self._count)
        self._require(
            np.array_equal(np.sort(documents), each), "ids.documents", "not all documents"
        )
        found: dict[int, StoredFields] = {}
        for number, stored in zip(documents.tolist(), hashes.tolist(), strict=True):
            try:
                fields = self._documents.stored_fields([number])[0]
            except IndexDamagedError as error:
                reason = f"stored_fields: document {number} cannot be read: {error.__cause__}"
                raise damaged(self._array_file.path, reason) from error
            self._require(
                id_hash(fields.id.encode()) == stored,
                "ids.hashes",
                f"not that of document {number}",
            )
            found[number] = fields
        return [found[number] for number in range(self._count)]

    def columns(self, stored_fields: list[StoredFields]) -> None:
        """Check that columns hold the values of the stored fields.

        How keywords are folded depends on the analysis. Where the index has another than this one,
        equal keywords must have equal codes, and every value must be used.
        """
        expected = [
            self._column_values(number, fields) for number, fields in enumerate(stored_fields)
        ]
        for name in self._documents.columns.number_names:
            numbers = np.array([row.numbers.get(name, np.nan) for row in expected], np.float64)
            stored = self._documents.columns.numbers(name)
            same = np.array_equal(stored, numbers, equal_nan=True)
            self._require(same, f"numbers.{name}", "not the values of the documents")
        for name in self._documents.columns.keyword_names:
            check_term_dictionary(self._array_file, f"keywords.{name}.values")
            codes = self._all(f"keywords.{name}.codes")
            self._check_offsets(f"keywords.{name}.starts", codes.size)
            values = self._documents.columns.keyword_values(name).size
            self._require(np.all(codes < values), f"keywords.{name}.codes", "too large")
            sizes = [len(row.keywords.get(name, ())) for row in expected]
            same = np.array_equal(np.diff(self._all(f"keywords.{name}.starts").astype(int)), sizes)
            self._require(same, f"keywords.{name}.starts", "not the values of the documents")
            self._check_keywords(name, codes.tolist(), expected, stored_fields)

    def _column_values(self, number: int, fields: StoredFields) -> ColumnValues:
        document = Document(fields.id, "", date=fields.date, fields=fields.fields)
        try:
            return column_values(document, self._fields.extra)
        except RecordError as error:
            raise damaged(
                self._array_file.path, f"stored_fields: document {number}: {error.reason}"
            ) from error

    def _check_keywords(
        self,
        name: str,
        codes: list[int],
        expected: list[ColumnValues],
        stored_fields: list[StoredFields],
    ) -> None:
        terms = self._documents.columns.keyword_values(name).all()
        used = set(codes) == set(range(len(terms)))
        self._require(used, f"keywords.{name}.codes", "a value that no document has")
        if self._analysis == Analyzer().fingerprint:
            folded = [word.encode() for row in expected for word in row.keywords.get(name, ())]
            same = [terms[code] for code in codes] == folded
        else:
            words = [word for fields in stored_fields for word in _words(fields.fields.get(name))]
            same = len(set(zip(words, codes, strict=True))) == len(set(words))
        self._require(same, f"keywords.{name}.codes", "not the values of the documents")

    def title_keys(self, stored_fields: list[StoredFields]) -> None:
        """Check the stored keys of titles, where they are those of this collation."""
        reader = SortKeyReader(self._array_file, self._documents)
        if not reader.has_title_keys:
            return
        found = reader.stored_title_keys()
        try:
            keys = [*found.keys(), b""]  # the last for rank -1
        except zstandard.ZstdError as error:
            raise damaged(self._array_file.path, f"{TITLE_ARRAYS}.bytes: {error}") from error
        self._require(
            found.ranks.max(initial=-1) < len(keys) - 1, f"{TITLE_ARRAYS}.ranks", "too large"
        )
        distinct = all(before < key for before, key in pairwise(keys[:-1]))
        self._require(distinct, f"{TITLE_ARRAYS}.bytes", "keys not sorted")
        same = all(
            keys[rank] == title_sort_key(fields.title)
            for rank, fields in zip(found.ranks.tolist(), stored_fields, strict=True)
        )
        self._require(same, f"{TITLE_ARRAYS}.ranks", "not the titles of the documents")

    def places(self) -> None:
        """Check that the places of every document can be read."""
        stored = self._documents.stored_places
        if stored is not None:
            for name, fits, reason in stored.check(self._count):
                self._require(fits, name, reason)
            for number in range(self._count):
                stored.of(number)

    def texts(self, stored_fields: list[StoredFields]) -> None:
        """Check that every text can be decompressed, is one, and is that of its document."""
        content_hashes = self._all("hashes").tobytes()
        hashes_are_of_content = self._array_file.values.get(HASHES_OF_CONTENT) is True
        block_starts = self._all("texts.block_starts")
        self._check_offsets("texts.block_starts", self._array_file.array("texts.bytes").size)
        firsts = self._all("texts.block_documents").astype(np.int64)
        self._check_offsets("texts.block_documents", self._count)
        self._require(
            firsts.size == block_starts.size, "texts.block_documents", "not of each block"
        )
        in_parts = np.diff(firsts) == 0  # of a text in parts all blocks but the last
        in_parts[1:] |= in_parts[:-1] & (firsts[1:-1] == firsts[:-2])
        characters, words = self._part_counts(in_parts)
        offsets = self._all("texts.offsets").tolist()
        blocks = zip(pairwise(firsts.tolist()), self._blocks(block_starts.tolist()), strict=True)
        for block, ((first, last), data) in enumerate(blocks):
            if in_parts[block]:
                self._require(last - first <= 1, "texts.block_documents", "a part of several texts")
                self._check_part(first, data, int(characters[block]))
                continue
            bounds = [*offsets[first:last], len(data)]
            ascending = all(start <= stop for start, stop in pairwise(bounds))
            self._require(bounds[0] == 0 and ascending, "texts.offsets", "not ascending")
            for number, (start, stop) in enumerate(pairwise(bounds), start=first):
                try:
                    text = self._documents.decode(data[start:stop])
                except ValueError as error:
                    self._require(False, "texts.bytes", f"document {number} is no text: {error}")
                if hashes_are_of_content:
                    places = self._documents.places(number)
                    document = Document(text=text, places=places, **stored_fields[number]._asdict())
                    found = content_hashes[number * HASH_BYTES : (number + 1) * HASH_BYTES]
                    self._require(
                        document.content_hash() == found, "hashes", f"not that of document {number}"
                    )

        texts = firsts[:-1][in_parts]
        totals = np.bincount(texts, words[in_parts], self._count).astype(np.int64)
        lengths = self._all("text.lengths")
        same = np.array_equal(totals[texts], lengths[texts])
        self._require(same, "texts.part_words", "not the words of the texts")

    def _part_counts(self, in_parts: npt.NDArray[np.bool_]) -> list[npt.NDArray[Any]]:
        """Return the code points and the words of each block that is a part of a text."""
        if not in_parts.any():
            return [np.zeros(in_parts.size, np.int64)] * 2
        counts = []
        for name in ("texts.part_characters", "texts.part_words"):
            counts.append(self._all(name))
            self._require(counts[-1].size == in_parts.size, name, "not of each block")
        return counts

    def _check_part(self, number: int, data: bytes, characters: int) -> None:
        """Check that a part of a text is one, and has so many code points."""
        try:
            same = len(self._documents.decode(data)) == characters
        except ValueError as error:
            self._require(False, "texts.bytes", f"document {number} is no text: {error}")
        self._require(same, "texts.part_characters", f"not those of document {number}")

    def _blocks(self, starts: list[int]) -> Iterator[bytes]:
        compressed = self._array_file.array("texts.bytes")
        decompressor = Decompressor(self._array_file)
        if BLOCK_SIZES in self._array_file:
            fits = self._array_file.array(BLOCK_SIZES).size == len(starts) - 1
            self._require(fits, BLOCK_SIZES, "not of each block")
        for number, (start, stop) in enumerate(pairwise(starts)):
            try:
                yield decompressor.decompress(number, compressed.slice(start, stop).tobytes())
            except zstandard.ZstdError as error:
                self._require(False, "texts.bytes", f"block {number} cannot be read: {error}")
            self._progress(stop - start)

    def text_fields(self) -> None:
        """Check the text fields, and the weighted length of each document by its words."""
        words = {
            name: check_text_field(self._array_file, name, self._count, self._progress)
            for name in self._array_file.values["fields"]
        }
        analyzer = Analyzer()
        if self._analysis == analyzer.fingerprint:
            for name in words:
                self._check_stems(name, analyzer)
        lengths = self._title_weight * words["title"] + words["text"]
        self._require(np.array_equal(lengths, self._all("lengths")), "lengths", "not the words")

    def _check_stems(self, name: str, analyzer: Analyzer) -> None:
        """Check that each surface form of a text field has the stem that the analysis gives it."""
        field = TextField(self._array_file, name)
        stems = field.stems.all()
        numbers = field.surface_stems().tolist()
        for surface, number in zip(field.surfaces.all(), numbers, strict=True):
            same = analyzer.stem(surface.decode()).encode() == stems[number]
            self._require(same, f"{name}.surface_stems", "not the stems of the surface forms")

    def _check_offsets(self, name: str, end: int) -> None:
        offsets = self._all(name).astype(np.int64)
        fits = offsets.size > 0 and offsets[0] == 0 and offsets[-1] == end
        self._require(
            bool(fits) and np.all(np.diff(offsets) >= 0), name, "not ascending to the end"
        )


def _words(value: FieldValue | None) -> tuple[str, ...]:
    """Return the keywords in the value of a keyword field."""
    return value if isinstance(value, tuple) else () if value is None else (str(value),)
