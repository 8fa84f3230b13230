"""Arrays that do not fit each other, with checksums that are right: the check names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from indexer import generation as generations
from indexer.check import index_check
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.fields import FieldMap
from indexer.segment.write.document_store_writer import LONG_TEXT
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from tests.indexer.check.contents import FIELDS, cut, document, put, rewrite, swap

NONSENSE = [
    ("stored_fields.offsets", swap(3, 4), "not ascending"),
    ("stored_fields.offsets", cut, "document"),
    ("stored_fields.bytes", cut, "stored_fields.offsets: not ascending to the end"),
    ("stored_fields.bytes", put(0, 0xFF), "stored_fields: document 0 cannot be read"),
    ("ids.hashes", swap(3, 9), "ids.hashes: not ascending"),
    ("ids.hashes", put(0, 1), "ids.hashes: not that of document"),
    ("ids.hashes", cut, "ids.hashes: not of each document"),
    ("ids.documents", put(0, 39), "ids.documents: not all documents"),
    ("ids.documents", swap(0, 1), "ids.hashes: not that of document"),
    ("hashes", cut, "hashes: not of each document"),
    ("lengths", put(5, 3), "lengths: not the words"),
    ("numbers.date", put(5, 3.5), "numbers.date: not the values"),
    ("numbers.price", put(1, float("nan")), "numbers.price: not the values"),
    ("numbers.price", cut, "numbers.price: not of each document"),
    ("numbers.price", lambda numbers: numbers[:0], "numbers.price: not the values"),
    ("numbers.seen", lambda _empty: np.zeros(40), "numbers.seen: not the values"),
    ("keywords.section.codes", put(3, 2), "keywords.section.codes: too large"),
    ("keywords.section.codes", np.zeros_like, "keywords.section.codes: a value that no document"),
    ("keywords.section.codes", swap(2, 3), "keywords.section.codes: not the values"),
    ("keywords.section.codes", cut, "keywords.section.starts: not ascending to the end"),
    ("keywords.section.starts", put(3, 1), "keywords.section.starts"),
    ("keywords.section.values.bytes", put(1, 0), "keywords.section.values"),
    ("sort.title.ranks", put(1, 2), "sort.title.ranks: not the titles of the documents"),
    ("sort.title.ranks", put(1, 99), "sort.title.ranks: too large"),
    ("sort.title.ranks", cut, "sort.title.ranks: not of each document"),
    ("sort.title.bytes", put(0, 0), "sort.title.bytes: not the keys of titles"),
    ("sort.title.bytes", lambda packed: flipped_at_the_end(packed), "sort.title"),
    ("texts.block_starts", put(-1, 9), "texts.block_starts: not ascending to the end"),
    ("texts.block_documents", put(0, 1), "texts.block_documents: not ascending to the end"),
    ("texts.bytes", put(0, 0), "texts.bytes: block 0 cannot be read"),
    ("texts.characters", swap(3, 4), "texts.characters: not distinct characters"),
    (
        "texts.characters",
        cut,
        "stored_fields: document 1 cannot be read|texts.bytes: document 0 is no",
    ),
    ("texts.characters", put(-1, 0x6FF), "hashes: not that of document 0"),
    ("texts.offsets", swap(3, 4), "texts.offsets: not ascending"),
    ("texts.offsets", np.zeros_like, "hashes: not that of document 0"),
    ("texts.block_sizes", put(0, 9), "texts.bytes: block 0 cannot be read: it says"),
    ("texts.block_sizes", cut, "texts.block_sizes: not of each block"),
    ("hashes", put(20, 0), "hashes: not that of document 1"),
    ("text.surface_codes", lambda codes: codes + np.uint32(1 << 31), "written forms have codes up"),
    ("texts.offsets", put(4, 1), "texts.offsets|texts.bytes"),
    ("text.stems.bytes", put(1, 0xFE), "text.stems.bytes: (terms not sorted|a term is no text)"),
    ("text.stems.bytes", put(-1, 0x41), "text.stems.bytes: not of its terms"),
    ("text.stems.bytes", cut, "text.stems.bytes: not of its terms"),
    ("text.stems.blocks", put(-1, 3), "text.stems.blocks: not of its terms"),
    ("text.stems.blocks", cut, "text.stems"),
    ("text.stems.firsts", put(1, 0x41), "text.stems.firsts: not of its terms"),
    ("text.stems.firsts", cut, "text.stems.firsts: not of its terms"),
    ("text.trigrams.letters", put(-1, 0x6FF), "text.trigrams.letters: not those of the stems"),
    ("text.trigrams.letters", cut, "text.trigrams.letters: not those of the stems"),
    ("text.trigrams.keys", swap(0, 1), "text.trigrams.keys: not those of the stems"),
    ("text.trigrams.keys", cut, "text.trigrams.keys: not those of the stems"),
    ("text.trigrams.starts", put(1, 0), "text.trigrams.starts: not those of the stems"),
    ("text.trigrams.starts", cut, "text.trigrams.starts: not those of the stems"),
    (
        "text.trigrams.stems",
        lambda stems: stems[::-1],
        "text.trigrams.stems: not those of the stems",
    ),
    ("text.trigrams.stems", cut, "text.trigrams.stems: not those of the stems"),
    ("text.trigrams.sizes", put(0, 99), "text.trigrams.sizes: not those of the stems"),
    ("text.trigrams.sizes", cut, "text.trigrams.sizes: not those of the stems"),
    ("title.trigrams.stems", put(0, 9), "title.trigrams.stems: not those of the stems"),
    ("author.trigrams.sizes", put(0, 9), "author.trigrams.sizes: not those of the stems"),
    ("text.surface_stems", put(0, 200), "text.surface_stems: no such stem"),
    ("text.surface_stems", cut, "text.surface_spellings: of another number of values"),
    ("text.surface_stems", put(-1, 0), "codes|surface"),
    ("text.surface_codes", put(-1, 200), "codes: no such surface form"),
    ("text.surface_spellings", cut, "text.surface_spellings: of another number of values"),
    ("text.surface_spellings", put(0, 200), "text.surface_spellings: not those of the dictionary"),
    ("text.surface_spellings", lambda sets: sets[::-1], "codes|spellings"),
    ("text.spellings.bytes", cut, "text.spellings.bytes: not of its terms"),
    ("text.spellings.blocks", put(-1, 3), "text.spellings.blocks: not of its terms"),
    ("text.posting_starts", swap(1, 2), "text.posting_starts: not ascending"),
    ("text.posting_starts", put(0, 1), "text.posting_starts: not of each stem"),
    ("text.posting_starts", cut, "text.posting_starts: not of each stem"),
    ("text.occurrence_starts", put(2, 1), "text.occurrence_starts: not ascending"),
    ("text.ids", put(-1, 40), "text.ids: no such document"),
    ("text.ids", swap(-1, -2), "text.ids: not ascending in a term"),
    ("text.ids", cut, "text.ids: not as long as its stems say"),
    ("text.counts", put(-1, 0), "text.counts: a document without the term"),
    ("text.counts", put(-1, 9), "text.counts: not the number of positions"),
    ("text.counts", cut, "text.counts: not as long"),
    ("text.positions", swap(-1, -2), "text.positions: not ascending in a document"),
    ("text.positions", put(-1, 200), "text.positions: words missing, or two"),
    ("text.positions", cut, "text.positions: not as long"),
    ("title.codes", put(-1, 200), "title.codes: no such surface form"),
    ("title.codes", cut, "title.codes: of another number of values"),
    (
        "text.codes.packed2",
        lambda codes: codes * 0,
        "text.surfaces: a surface form that no document holds",
    ),
    ("text.codes.packed2", put(0, 0xFF), "text.codes: not packed as their values are"),
    ("text.codes.packed2", cut, "text.codes: of another number of values"),
    (
        "text.codes.large_values",
        lambda _values: np.array([9], np.uint8),
        "text.codes: of another number of values",
    ),
    ("text.codes.large_starts", put(1, 7), "text.codes: not packed as their values are"),
    ("text.codes.large_starts", cut, "text.codes: of another number of values"),
    ("text.next_term_hashes", put(-1, 9), "text.next_term_hashes: not those of the next words"),
    (
        "text.next_term_hashes",
        lambda behind: behind[::-1],
        "text.next_term_hashes: not those of the next words",
    ),
    ("text.next_term_hashes", cut, "text.next_term_hashes: not as long"),
    ("text.form_counts", put(0, 99), "text.form_counts: not those of the written forms"),
    ("text.pair_firsts", put(0, 1), "text.pair_firsts: not the pairs of its words"),
    ("text.pair_starts", cut, "text.pair_starts: not the pairs of its words"),
    ("text.pair_nexts", put(-1, 0), "text.pair_nexts: not the pairs of its words"),
    ("text.pair_counts", put(0, 200), "text.pair_counts: not the pairs of its words"),
    ("text.form_counts", cut, "text.form_counts: of another number of values"),
    ("text.lengths", put(0, 1), "text.lengths: not the words"),
]


def flipped_at_the_end(array):
    """Change what the last bytes of a compressed value say."""
    array[-3:] ^= 0xFF
    return array


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [pytest.param(*row, id=f"{row[0]}-{number}") for number, row in enumerate(NONSENSE)],
)
def test_arrays_that_do_not_fit_each_other(whole, name, change, reason):
    """Checksums are right here, and the content is wrong, as after an error in a program."""
    path = whole.directory / Snapshot(whole.directory).generation.segments[0].name
    rewrite(path, {name: change})
    with pytest.raises(IndexDamagedError, match=rf"{path.name} is damaged: .*{reason}.*--rebuild"):
        verify_index(whole.directory)


def test_stems_of_other_words(tmp_path):
    """Every count fits where two words of one document change their stems."""
    with IndexWriter(tmp_path) as writer:
        writer.upsert(Document("1", "كتاب قلم", title="نهر جبل"))
        writer.commit()
    rewrite(
        next(tmp_path.glob("*.segment")),
        {
            "title.surface_stems": swap(0, 1),
            "title.pair_firsts": lambda firsts: 1 - firsts,
            "title.pair_nexts": lambda nexts: 1 - nexts,
        },
    )
    with pytest.raises(IndexDamagedError, match=r"title\.surface_stems: not the stems"):
        verify_index(tmp_path)


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("texts.part_words", put(3, 1), "texts.part_words: not the words of the texts"),
        ("texts.part_words", cut, "texts.part_words: not of each block"),
        ("texts.part_characters", put(3, 1), "texts.part_characters: not those of document 1"),
        ("texts.part_characters", cut, "texts.part_characters: not of each block"),
        ("texts.block_documents", put(3, 2), "texts"),
    ],
)
def test_parts_of_a_long_text_that_do_not_fit(tmp_path, name, change, reason):
    with IndexWriter(tmp_path) as writer:
        for number, times in enumerate((1, LONG_TEXT // 4, 1)):
            writer.upsert(Document(str(number), "كلمة ثم " * times))
        writer.commit()
    assert verify_index(tmp_path).documents == 3
    rewrite(next(tmp_path.glob("*.segment")), {name: change})
    with pytest.raises(IndexDamagedError, match=reason):
        verify_index(tmp_path)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"documents": 39}, "it holds 39 documents, not 40"),
        ({"documents": None}, "it holds None documents"),
        ({"fields": ["title", "text"]}, "fields: not title, text, author"),
    ],
)
def test_other_values(whole, values, reason):
    path = whole.directory / Snapshot(whole.directory).generation.segments[0].name
    rewrite(path, {}, values)
    with pytest.raises(IndexDamagedError, match=reason):
        verify_index(whole.directory)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            lambda deleted: deleted[:1], "1 of its documents are deleted, not 2", id="less"
        ),
        pytest.param(lambda deleted: deleted[::-1], "lists documents", id="not-ascending"),
        pytest.param(put(1, 40), "lists documents", id="no-such-document"),
    ],
)
def test_deletions_that_do_not_fit(whole, change, reason):
    path = whole.path(".deletions")
    rewrite(path, {"documents": change})
    with pytest.raises(IndexDamagedError, match=reason):
        verify_index(whole.directory)


def test_a_document_that_is_there_twice(whole):
    """Two segments with one document: as if a deletion had been forgotten."""
    current = generations.read(whole.directory)
    first, *_others = current.segments
    whole.write(document(3))
    newest = generations.read(whole.directory)
    kept = [entry for entry in newest.segments if entry.name == first.name]
    assert kept
    forgotten = tuple(
        replace(entry, deleted=0, deletions="") if entry.name == first.name else entry
        for entry in newest.segments
    )
    generations.write(whole.directory, newest.next(forgotten))
    with pytest.raises(IndexDamagedError, match="'id3' is there twice"):
        verify_index(whole.directory)


def test_keywords_of_another_analysis(whole):
    """How they were folded is not known then: equal ones have equal codes, and each is used."""
    current = generations.read(whole.directory)
    generations.write(whole.directory, replace(current, analysis="0123456789abcdef"))
    assert verify_index(whole.directory).documents == 58
    rewrite(whole.directory / current.segments[0].name, {"keywords.section.codes": swap(2, 3)})
    with pytest.raises(IndexDamagedError, match="codes: not the values of the documents"):
        verify_index(whole.directory)


def test_what_is_stored_has_the_hash_of_what_was_given(index):
    """Also where it is not stored as it was given."""
    zone = timezone(timedelta(hours=3))
    zero = chr(0)
    index.write(
        Document("1", "نص", title=f"a{zero}b", date=datetime(2024, 5, 1)),
        Document("2", "نص", date=datetime(2024, 5, 1, 3, fold=1, tzinfo=zone)),
        Document("3", "نص", fields={"seen": datetime(2024, 5, 1, 3, tzinfo=zone)}),
        Document("4", "نص", fields={"price": np.float64(2.5), "section": ("b", "a")}),
        Document("5", "نص", fields={"price": 1, "section": ["x", "y"]}),
        Document("6", "نص", fields={"price": 10**15 + 1}),
        fields=FIELDS,
    )
    assert verify_index(index.directory).documents == 6
    index.write(Document("7", "نص"), optimize=True)
    assert verify_index(index.directory).documents == 7
    again = Document("1", "نص", title=f"a{zero}b", date=datetime(2024, 5, 1, tzinfo=UTC))
    assert index.write(again) == ["unchanged"]


def test_a_segment_of_other_fields(whole, tmp_path):
    current = generations.read(whole.directory)
    generations.write(whole.directory, replace(current, fields=FieldMap()))
    with pytest.raises(IndexDamagedError, match=r"fields: not title, text"):
        verify_index(whole.directory)


def test_whatever_numpy_says_is_named(whole, monkeypatch):
    def fail(*_args: object) -> None:
        raise ValueError("operands could not be broadcast")

    monkeypatch.setattr(index_check, "check_segment", fail)
    with pytest.raises(IndexDamagedError, match=r"segment is damaged: ValueError: operands"):
        verify_index(whole.directory)
