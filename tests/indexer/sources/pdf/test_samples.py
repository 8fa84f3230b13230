"""PDF files of one text by several producers, made by `benchmarks.pdf_producers`.

They embed subsets of the font Amiri (SIL Open Font License 1.1).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from indexer.sources import Record, read_records

SAMPLES = Path(__file__).parent / "samples"


def plain_words(text: str) -> list[str]:
    marks = dict.fromkeys(range(0x064B, 0x0653))
    kept = (c if c.isalnum() else " " for c in text.translate(marks))
    return "".join(kept).split()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.pdf")), ids=lambda path: path.stem)
def test_nearly_every_word_is_right_and_in_order(path: Path) -> None:
    (record,) = read_records([path])
    assert isinstance(record, Record), record
    found = plain_words(str(record.values["text"]))
    expected = plain_words((SAMPLES / "text.txt").read_text("utf-8"))
    assert sum(word in found for word in expected) >= 0.98 * len(expected)
    pairs = set(pairwise(found))
    in_order = [pair in pairs for pair in pairwise(expected)]
    assert sum(in_order) >= 0.85 * len(in_order)
