"""The union of the terms of several dictionaries, merged in ranges of any size."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.term_dictionary import TermDictionary, write_term_dictionary
from indexer.segment.write import term_union
from indexer.segment.write.term_union import merge_terms


def dictionaries(directory: Path, lists: Sequence[set[str]]) -> list[TermDictionary]:
    """Write dictionaries of some words."""
    with ArrayFileWriter(directory / "a.segment") as writer:
        for number, words in enumerate(lists):
            terms = sorted(word.encode() for word in words)
            write_term_dictionary(writer, f"d{number}", terms)
        writer.finish({})
    file = ArrayFile(directory / "a.segment")
    return [TermDictionary(file, f"d{number}") for number in range(len(lists))]


def words(seed: int, count: int, letters: str = "ابتثجحخدذرزسش") -> set[str]:
    draw = random.Random(seed)
    return {"".join(draw.choices(letters, k=draw.randint(1, 5))) for _ in range(count)}


CASES = [
    pytest.param([words(1, 500)], id="one"),
    pytest.param([words(1, 900), words(2, 700), words(3, 5)], id="of-several-sizes"),
    pytest.param([words(1, 300, "ابت"), words(2, 300, "ولم")], id="nothing-in-common"),
    pytest.param([words(1, 300), words(1, 300)], id="the-same"),
    pytest.param([set(), words(1, 200), set()], id="some-are-empty"),
    pytest.param([set(), set()], id="all-are-empty"),
]


@pytest.mark.parametrize("lists", CASES)
@pytest.mark.parametrize("step", [1, 7, 100, 1_000_000])
def test_every_term_once_in_order(tmp_path, monkeypatch, lists, step):
    monkeypatch.setattr(term_union, "TERMS_PER_STEP", step)
    merged, numbers = merge_terms(dictionaries(tmp_path, lists))
    assert merged == sorted({word.encode() for each in lists for word in each})
    for own, each in zip(numbers, lists, strict=True):
        assert [merged[number] for number in own.tolist()] == sorted(word.encode() for word in each)
