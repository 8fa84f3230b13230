from __future__ import annotations

import numpy as np
import pytest

from indexer.document import Document
from indexer.segment.segment import Postings
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from searchd.execution.bm25 import K1, B, shares


class Contested:
    """Postings for which another thread, with another mean length, is always a step ahead."""

    def __init__(self, postings: Postings) -> None:
        self.ids = postings.ids
        self.weights = postings.weights

    @property
    def scored(self):
        return (99.0, np.full(self.ids.size, -1, np.float32))

    @scored.setter
    def scored(self, value):
        pass


@pytest.mark.parametrize("mean_length", [1.0, 3.5, 99.5])
def test_shares_are_of_the_mean_length_that_was_asked_for(tmp_path, mean_length):
    """Snapshots of two generations share segments, and differ in their mean length."""
    with IndexWriter(tmp_path) as writer:
        writer.upsert(Document("1", "كتاب كتاب مدرسة"))
        writer.upsert(Document("2", "كتاب"))
        writer.commit()
    (segment,) = Snapshot(tmp_path).segments
    postings = segment.postings("", "stem", "كتاب")
    wanted = [
        count / (count + K1 * (1 - B + B * length / mean_length))
        for count, length in ((2, 3), (1, 1))
    ]
    for asked in (postings, postings, Contested(postings)):
        assert shares(asked, segment, mean_length).tolist() == pytest.approx(wanted)
        shares(postings, segment, mean_length + 1)
