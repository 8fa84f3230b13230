"""Marks and hamzas that a reader types count: exactly with `=`, as a preference without it."""

from __future__ import annotations

from pathlib import Path

import pytest

import searchd
from indexer.document import Document
from indexer.writer import IndexWriter

FOUND = [
    ("أحمد", "أحمد"),
    ("احمد", "أحمد"),
    ("احمد", "إحمد"),
    ("احمد", "احمد"),
    ("عِلْم", "عِلْم"),
    ("عِلْم", "عِلم"),
    ("عِلْم", "علم"),
    ("عِلْم", "علْم"),
    ("علم", "عَلَم"),
    ("علم", "عِلْمٌ"),
    ("مدرّس", "مُدَرِّس"),
    ("مُدَرِّس", "مدرّس"),
    ("مُدَرِس", "مُدَرِّس"),
    ("الإسلام", "الإسلام"),
    ("الإسلام", "الإِسْلام"),
    ("آخر", "آخر"),
    ("كتابًا", "كتاباً"),
    ("كتاباً", "كِتابًا"),
    ("علي", "عليّ"),
    ("على", "على"),
]
"""A word typed after `=`, and one of a document that it finds."""

NOT_FOUND = [
    ("أحمد", "احمد"),
    ("أحمد", "إحمد"),
    ("عِلْم", "عَلَم"),
    ("عِلْم", "عُلِم"),
    ("عِلم", "عَلم"),
    ("عِلْم", "عِلَم"),
    ("الإسلام", "الاسلام"),
    ("آخر", "اخر"),
    ("آخر", "أخر"),
    ("إن", "أن"),
    ("أن", "إن"),
    ("أنَّ", "أنْ"),
    ("مُدَرِّس", "مُدَرَّس"),
    ("كتابًا", "كِتابٌ"),
    ("علي", "على"),
    ("على", "علي"),
    ("كتابة", "كتابه"),
    ("أَسد", "أُسد"),
    ("كَتَب", "كُتُب"),
    ("قُبِل", "قَبْلَ"),
]
"""A word typed after `=`, and one of a document that it does not find."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index with a document for each word of the tables."""
    directory = tmp_path_factory.mktemp("exactness")
    with IndexWriter(directory) as writer:
        for word in sorted({word for _typed, word in FOUND + NOT_FOUND}):
            writer.upsert(Document(word, f"هنا {word} مكتوب"))
        writer.commit()
    return directory


@pytest.mark.parametrize(("typed", "word"), FOUND)
def test_exact_word_finds(index: Path, typed: str, word: str) -> None:
    with searchd.open(index) as engine:
        assert word in {hit.id for hit in engine.search(f"={typed}", limit=100)}


@pytest.mark.parametrize(("typed", "word"), NOT_FOUND)
def test_exact_word_does_not_find(index: Path, typed: str, word: str) -> None:
    with searchd.open(index) as engine:
        assert word not in {hit.id for hit in engine.search(f"={typed}", limit=100)}
