"""Running words: occurrences that were added by stem come back in the order of the documents."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from indexer.segment.write import running_words
from indexer.segment.write.running_words import RunningWords
from indexer.segment.write.temporary_files import TemporaryFileError

FULL = Path("/dev/full")
"""A file that has no room."""

LENGTHS = np.array([5, 0, 300, 1, 0, 44, 650])
FORMS = np.random.default_rng(1).integers(1, 70_000, LENGTHS.sum())


def occurrences() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the documents, positions and forms of all words, in the order of their forms."""
    documents = np.arange(LENGTHS.size).repeat(LENGTHS)
    positions = np.concatenate([np.arange(length) for length in LENGTHS])
    order = FORMS.argsort(kind="stable")
    return documents[order], positions[order], FORMS[order]


@pytest.mark.parametrize("group", [1, 7, 250, 500, 999, 1_000, 5_000])
@pytest.mark.parametrize("step", [90, 10_000])
def test_in_order(monkeypatch, group, step):
    monkeypatch.setattr(running_words, "WORDS_PER_GROUP", group)
    with tempfile.TemporaryFile() as file:
        words = RunningWords(file, LENGTHS)
        documents, positions, forms = occurrences()
        for first in range(0, forms.size, step):
            part = slice(first, first + step)
            words.add(documents[part], positions[part], forms[part])
        assert words.in_order().tolist() == FORMS.tolist()
        assert words.in_order().tolist() == FORMS.tolist()


def test_no_words():
    with tempfile.TemporaryFile() as file:
        assert RunningWords(file, np.zeros(3, np.int64)).in_order().size == 0


def test_more_words_than_the_documents_have(monkeypatch):
    """Those of a damaged segment, where two are at one place."""
    monkeypatch.setattr(running_words, "WORDS_PER_GROUP", 100)
    with tempfile.TemporaryFile() as file:
        words = RunningWords(file, LENGTHS)
        with pytest.raises(
            ValueError, match="more words than the lengths of documents say, from 0"
        ):
            words.add(np.zeros(101, np.int64), np.zeros(101, np.int64), np.ones(101, np.int64))


@pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")
def test_a_file_that_cannot_be_written(monkeypatch):
    monkeypatch.setattr(running_words, "WORDS_PER_GROUP", 100)
    with FULL.open("wb", buffering=0) as file, pytest.raises(TemporaryFileError):
        RunningWords(file, LENGTHS).add(*occurrences())
