"""The ids of posting lists: stored by their low bytes and chunks, read whole, in part and together."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.cache import SizedCache
from indexer.segment.id_lists import (
    IdList,
    IdLists,
    concatenated,
    id_type,
    ids_among,
    write_id_lists,
)
from indexer.segment.recent_lists import RecentLists

BOUND = 1 << 16
STEP = 1 << 20
"""Ids that are written at once."""


def random_lists(documents: int, sizes: Sequence[int]) -> list[list[int]]:
    """Return ascending ids of these numbers."""
    random = np.random.default_rng(len(sizes) + documents)
    return [np.sort(random.choice(documents, size, replace=False)).tolist() for size in sizes]


def store(directory: Path, lists: Sequence[Sequence[int]], documents: int) -> ArrayFile:
    """Write lists as those of the field "text"."""
    starts = np.concatenate(([0], np.cumsum([len(each) for each in lists])))
    ids = np.array([document for each in lists for document in each], id_type(documents))
    with ArrayFileWriter(directory / "a.segment") as writer:
        writer.add("text.posting_starts", starts)
        write_id_lists(writer, "text", ids, starts)
        writer.finish({})
    return ArrayFile(directory / "a.segment")


def read(file: ArrayFile, recent: RecentLists | None = None) -> list[IdList]:
    starts = file.array("text.posting_starts").all().tolist()
    reader = IdLists(file, "text", recent)
    return [reader.of(number, *starts[number : number + 2]) for number in range(len(starts) - 1)]


CASES = [
    pytest.param(200, [1, 3, 200], id="one-byte"),
    pytest.param(BOUND, [1, 700, 40_000], id="two-bytes"),
    pytest.param(BOUND + 1, [1, 2, 900, 60_000], id="hardly-larger"),
    pytest.param(5 * BOUND, [1, 2, 7, 500, 5_000, 90_000], id="five-ranges"),
    pytest.param(90 * BOUND, [1, 60, 3_000, 20_000], id="many-chunks"),
    pytest.param(300 * BOUND, [1, 3, 40], id="wide-higher-parts"),
]


@pytest.mark.parametrize(("documents", "sizes"), CASES)
class TestLists:
    def test_each_is_read_as_it_was_written(self, tmp_path, documents, sizes):
        lists = random_lists(documents, sizes)
        for ids, found in zip(lists, read(store(tmp_path, lists, documents)), strict=True):
            assert found.size == len(ids)
            assert found.int64().tolist() == ids
            rows = np.arange(0, len(ids), 3)
            assert found.at(rows).tolist() == ids[::3]
            assert found.all().tolist() == ids
            assert found.int64().tolist() == ids
            assert found.at(rows).tolist() == ids[::3]

    def test_several_together(self, tmp_path, documents, sizes):
        lists = random_lists(documents, sizes)
        file = store(tmp_path, lists, documents)
        starts = file.array("text.posting_starts").all().tolist()
        chosen = [0, len(lists) - 1]
        bounds = [(starts[number], starts[number + 1]) for number in chosen]
        found = IdLists(file, "text").several(np.array(chosen), bounds)
        expected = [document for number in chosen for document in lists[number]]
        assert concatenated(found).tolist() == expected
        asked = {*expected[::7], *range(0, documents, documents // 20 + 1)}
        rows, ids = ids_among(found, np.array(sorted(asked)))
        assert rows.tolist() == [row for row, each in enumerate(expected) if each in asked]
        assert ids.tolist() == [expected[row] for row in rows.tolist()]

    def test_a_range_of_lists(self, tmp_path, documents, sizes):
        lists = random_lists(documents, sizes)
        file = store(tmp_path, lists, documents)
        starts = file.array("text.posting_starts").all().tolist()
        found = IdLists(file, "text").range(1, len(lists), starts[1], starts[-1])
        assert found.tolist() == [document for each in lists[1:] for document in each]


def test_two_bytes_for_each_of_many_documents(tmp_path):
    lists = random_lists(4 * BOUND, [100_000])
    sizes = store(tmp_path, lists, 4 * BOUND).sizes()
    assert sizes["text.ids"] == 200_000
    assert sizes["text.id_chunks"] == 4 * 4


def test_no_chunks_where_two_bytes_are_enough(tmp_path):
    assert "text.id_chunks" not in store(tmp_path, [[0, BOUND - 1]], BOUND)


def test_a_full_range_is_one_chunk(tmp_path):
    lists = [list(range(BOUND)), [3], [BOUND + 1]]
    file = store(tmp_path, lists, BOUND + 2)
    assert file.array("text.id_chunks").all().tolist() == [BOUND - 1, 0, BOUND]
    assert [found.all().tolist() for found in read(file)] == lists


@pytest.mark.parametrize("first", [STEP - 3, STEP - 1, STEP, STEP + 1])
def test_chunks_and_lists_end_anywhere_in_a_step_of_writing(tmp_path, first):
    documents = 40 * BOUND
    lists = [list(range(first)), list(range(5, 2 * BOUND)), [documents - 1]]
    found = read(store(tmp_path, lists, documents))
    assert [each.all().tolist() for each in found] == lists


def test_no_list(tmp_path):
    file = store(tmp_path, [], 2 * BOUND)
    assert file.array("text.id_chunk_starts").all().tolist() == [0]
    assert IdLists(file, "text").range(0, 0, 0, 0).size == 0


def test_ids_of_four_bytes_as_older_segments_have(tmp_path):
    ids = [5, BOUND + 5, 3 * BOUND]
    with ArrayFileWriter(tmp_path / "a.segment") as writer:
        writer.add("text.ids", np.array(ids, np.uint32))
        writer.finish({})
    found = IdLists(ArrayFile(tmp_path / "a.segment"), "text").several(np.array([0]), [(0, 3)])
    assert found[0].all().tolist() == ids
    assert concatenated(found).tolist() == ids
    rows, documents = ids_among(found, np.array([5, BOUND, 2 * BOUND + 5, 3 * BOUND]))
    assert (rows.tolist(), documents.tolist()) == ([0, 2], [5, 3 * BOUND])


@pytest.mark.parametrize("size", [100, 9_000])
@pytest.mark.parametrize("short", [-1, 1], ids=["more", "fewer"])
@pytest.mark.parametrize("read", ["all", "int64", "at", "together", "among"])
def test_chunks_of_another_number_of_ids(size, short, read):
    damaged = IdList(np.zeros(size, np.uint16), np.array([size - 1 - short], np.uint32))
    other = IdList(np.zeros(9, np.uint16), np.array([8 + short], np.uint32))
    reading = {
        "all": damaged.all,
        "int64": damaged.int64,
        "at": lambda: damaged.at(np.array([size - 1])),
        "together": lambda: concatenated([damaged, other]),  # in all they have the right number
        "among": lambda: ids_among([damaged, other], np.array([3])),
    }
    with pytest.raises(ValueError, match="in chunks|than their chunks"):
        reading[read]()


def test_damaged_chunks_do_not_ask_for_memory():
    chunks = np.full(100_000, BOUND - 1, np.uint32)  # of 50 GB
    for read in (lambda each: each.all(), lambda each: concatenated([each])):
        with pytest.raises(ValueError, match="chunks"):
            read(IdList(np.zeros(9_000, np.uint16), chunks))


class TestMemory:
    def test_only_the_last_lists_keep_their_ids(self, tmp_path):
        lists = random_lists(3 * BOUND, [2_000] * 5)
        found = read(store(tmp_path, lists, 3 * BOUND), RecentLists(SizedCache(1 << 20), 2))
        whole = [each.all() for each in found]
        assert all(each.all() is ids for each, ids in zip(found[3:], whole[3:], strict=True))
        assert found[0].all() is not whole[0]
        assert found[0].all().tolist() == lists[0]

    def test_short_lists_keep_theirs(self, tmp_path):
        lists = random_lists(3 * BOUND, [1_000] * 5)
        found = read(store(tmp_path, lists, 3 * BOUND), RecentLists(SizedCache(1 << 20), 1))
        whole = [each.all() for each in found]
        assert all(each.all() is ids for each, ids in zip(found, whole, strict=True))
        assert [each.nbytes for each in found] == [4_000] * 5

    def test_a_list_that_is_gone_is_not_held(self, tmp_path):
        recent = RecentLists(SizedCache(1 << 20))
        (found,) = read(store(tmp_path, random_lists(3 * BOUND, [2_000]), 3 * BOUND), recent)
        found.all()
        gone = weakref.ref(found)
        del found
        assert gone() is None

    def test_no_more_bytes_than_a_part_of_the_cache(self, tmp_path):
        recent = RecentLists(SizedCache(16 * 20_000))
        lists = random_lists(3 * BOUND, [2_000] * 3 + [6_000])
        found = read(store(tmp_path, lists, 3 * BOUND), recent)
        whole = [each.all() for each in found[:3]]  # of 8,000 bytes each
        assert found[1].all() is whole[1]
        assert found[2].all() is whole[2]
        assert found[0].all() is not whole[0]
        assert found[3].all() is not found[3].all(), "it is larger than all of them may be"

    def test_ids_that_are_kept_cannot_be_changed(self, tmp_path):
        (found,) = read(store(tmp_path, random_lists(3 * BOUND, [50]), 3 * BOUND))
        with pytest.raises(ValueError, match="read-only"):
            found.all()[0] = 7
