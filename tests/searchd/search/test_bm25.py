from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from indexer.document import Document
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from searchd.ranking import Ranking
from searchd.search.bm25 import BM25Similarity, saturation


@pytest.fixture
def snapshot(tmp_path):
    return write(tmp_path, Document("1", "كتاب كتاب مدرسة"), Document("2", "كتاب"))


def write(directory, *documents):
    with IndexWriter(directory) as writer:
        for document in documents:
            writer.upsert(document)
        writer.commit()
    return Snapshot(directory)


@pytest.mark.parametrize(("k1", "b"), [(1.2, 0.75), (0.0, 0.75), (2.5, 0.0), (1.0, 1.0)])
def test_the_formula(snapshot, k1, b):
    (segment,) = snapshot.segments
    found = segment.postings.postings_of("", "stem", "كتاب")
    similarity = BM25Similarity(snapshot, k1=k1, b=b)
    shares = saturation(found.frequencies, similarity.norms(0, found.ids))
    mean = 2.0
    wanted = [
        count / (count + k1 * (1 - b + b * length / mean)) for count, length in ((2, 3), (1, 1))
    ]
    assert shares.dtype == np.float32
    assert shares.tolist() == pytest.approx(wanted)
    assert found.frequencies.tolist() == [2, 1], "the cached frequencies are unchanged"


@pytest.mark.filterwarnings("error")
def test_frequencies_do_not_count_where_k1_is_0(make_engine):
    documents = [Document("1", "كتاب كتاب مدرسة"), Document("2", "كاتب"), Document("3", "كتابه")]
    engine = make_engine(documents, ranking=Ranking(k1=0.0))
    for query, found in (("كتاب مدرسة", "13"), ("كتاب", "13"), ("مدارس كتاب كاتب", "123")):
        hits = engine.search(query, explain=True)
        assert "".join(hit.id for hit in hits) == found
        for hit in hits:
            assert hit.score == pytest.approx(sum(each.score for each in hit.explanation))


def test_each_generation_has_its_own_mean_length(snapshot, tmp_path):
    """Snapshots of two generations share segments."""
    old = BM25Similarity(snapshot, k1=1.2, b=0.75)
    before = old.norms(0, np.array([0, 1]))
    newer = write(tmp_path, Document("3", "نص " * 500))
    later = BM25Similarity(newer, k1=1.2, b=0.75)
    assert newer.mean_length > snapshot.mean_length
    assert newer.segments[0].entry == snapshot.segments[0].entry
    assert (later.norms(0, np.array([0, 1])) < before).all()
    assert old.norms(0, np.array([0, 1])).tolist() == before.tolist()


def test_norms_are_those_of_the_documents_that_were_asked_for(snapshot):
    similarity = BM25Similarity(snapshot, k1=1.2, b=0.75)
    every = similarity.norms(0, np.array([0, 1]))
    assert similarity.norms(0, np.array([1])).tolist() == [every[1]]
    assert similarity.norms(0, np.array([], np.int64)).size == 0


def test_documents_without_a_word(tmp_path):
    snapshot = write(tmp_path, Document("1", "..."), Document("2", "!"))
    assert snapshot.mean_length == 0
    assert (BM25Similarity(snapshot, k1=1.2, b=0.75).norms(0, np.array([0, 1])) > 0).all()


@pytest.mark.parametrize("documents", [1, 2, 10])
def test_idf_is_never_negative_and_falls_with_the_document_frequency(tmp_path, documents):
    snapshot = write(tmp_path, *(Document(str(number), "نص") for number in range(documents)))
    every = range(documents + 1)
    found = list(map(BM25Similarity(snapshot, k1=1.2, b=0.75).idf, every))
    assert found == pytest.approx([math.log((documents + 1) / (each + 0.5)) for each in every])
    assert found[-1] > 0
    assert all(before > after for before, after in pairwise(found))
