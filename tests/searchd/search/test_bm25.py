from __future__ import annotations

import math

import numpy as np
import pytest

from indexer.document import Document
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from searchd.search.bm25 import K1, B, idf, norms, saturation


@pytest.fixture
def segment(tmp_path):
    with IndexWriter(tmp_path) as writer:
        writer.upsert(Document("1", "كتاب كتاب مدرسة"))
        writer.upsert(Document("2", "كتاب"))
        writer.commit()
    (only,) = Snapshot(tmp_path).segments
    return only


@pytest.mark.parametrize("mean_length", [1.0, 3.5, 99.5])
def test_shares_are_of_the_mean_length_that_was_asked_for(segment, mean_length):
    """Snapshots of two generations share segments, and differ in their mean length."""
    found = segment.postings("", "stem", "كتاب")
    wanted = [
        count / (count + K1 * (1 - B + B * length / mean_length))
        for count, length in ((2, 3), (1, 1))
    ]
    for other in (mean_length, mean_length + 1, mean_length + 2):
        # As another thread would, which searches another generation.
        norms(segment, other, found.ids)
        shares = saturation(found.frequencies, norms(segment, mean_length, found.ids))
        assert shares.dtype == np.float32
        assert shares.tolist() == pytest.approx(wanted)
    assert found.frequencies.tolist() == [2, 1], "what is remembered stays as it was"


def test_norms_are_those_of_the_documents_that_were_asked_for(segment):
    every = norms(segment, 2.0, np.array([0, 1]))
    assert norms(segment, 2.0, np.array([1])).tolist() == [every[1]]
    assert norms(segment, 2.0, np.array([], np.int64)).size == 0
    assert (norms(segment, 0.0, np.array([0, 1])) > 0).all()


@pytest.mark.parametrize(("documents", "holders"), [(1, 1), (10, 1), (10, 9), (10, 10), (5, 0)])
def test_idf_is_never_negative_and_falls_with_the_holders(documents, holders):
    found = idf(documents, holders)
    assert found == pytest.approx(math.log((documents + 1) / (holders + 0.5)))
    assert found > 0
    assert holders == documents or found > idf(documents, holders + 1)
