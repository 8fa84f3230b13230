"""Sort keys of a segment: of titles, stored with it, and of ids and keywords, made when asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers import collation
from analyzers.collation import collation_key
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec
from indexer.segment import sort_keys
from indexer.segment.array_file import ArrayFile
from indexer.segment.segment import Segment
from indexer.segment.sort_keys import rank_keys, unpack_keys
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter

TITLES = ["الكتاب", "أحمد", "", "كتاب", "بيت", "...", "احمد", "ولد"]
FIELDS = FieldMap(extra=(FieldSpec("section"),))


def write(directory: Path, numbers: range, **options: bool) -> None:
    with IndexWriter(directory, FIELDS) as writer:
        for number in numbers:
            title = TITLES[number % len(TITLES)]
            fields = {"section": [title or "ب", "أ"]} if number % 5 else {}
            writer.upsert(Document(f"د{number}", "نص", title=title, fields=fields))
        writer.commit(**options)


def titles_by_rank(segment: Segment) -> list[tuple[int, str]]:
    ranks = segment.sort_keys.titles().ranks.tolist()
    stored = segment.documents.stored_fields(range(segment.document_count))
    return [(rank, fields.title) for rank, fields in zip(ranks, stored, strict=True)]


def expected_ranks(titles: list[str]) -> list[int]:
    keys = sorted({key for title in titles if (key := collation_key(title))})
    return [keys.index(key) if (key := collation_key(title)) else -1 for title in titles]


def test_equal_keys_share_a_rank_and_no_key_has_none() -> None:
    found = rank_keys([b"b", b"", b"a", b"b"])
    assert (found.ranks.tolist(), found.keys()) == ([1, -1, 0, 1], [b"a", b"b"])
    assert rank_keys([b"", b""]).keys() == []


def test_titles(tmp_path: Path) -> None:
    write(tmp_path, range(20))
    (segment,) = Snapshot(tmp_path).segments
    assert segment.sort_keys.has_title_keys
    ranks, titles = zip(*titles_by_rank(segment), strict=True)
    assert list(ranks) == expected_ranks(list(titles))
    assert {titles[number] for number in range(20) if ranks[number] == -1} == {"", "..."}


def test_merged_segments_have_the_keys_of_their_live_documents(tmp_path: Path) -> None:
    write(tmp_path, range(9))
    write(tmp_path, range(5, 30))
    with IndexWriter(tmp_path) as writer:
        writer.delete("د7")
        writer.commit(optimize=True)
    (segment,) = Snapshot(tmp_path).segments
    assert segment.sort_keys.has_title_keys
    ranks, titles = zip(*titles_by_rank(segment), strict=True)
    assert list(ranks) == expected_ranks(list(titles))


def test_keys_of_another_collation_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older version stored is not used: its order is another one."""
    monkeypatch.setattr("indexer.segment.write.segment_writer.COLLATION_VERSION", 0)
    monkeypatch.setattr(
        "indexer.segment.write.segment_writer.title_sort_keys",
        lambda titles: [title[::-1].encode() for title in titles],
    )
    write(tmp_path, range(20))
    (segment,) = Snapshot(tmp_path).segments
    assert segment.array_file.values[sort_keys.TITLE_KEYS] == 0 < collation.COLLATION_VERSION
    ranks, titles = zip(*titles_by_rank(segment), strict=True)
    assert list(ranks) == expected_ranks(list(titles))


def test_ids_sort_by_code_points(tmp_path: Path) -> None:
    write(tmp_path, range(20))
    (segment,) = Snapshot(tmp_path).segments
    found = segment.sort_keys.ids()
    ids = [stored.id for stored in segment.documents.stored_fields(range(20))]
    keys = [key.decode() for key in unpack_keys(found.packed)]
    assert keys == sorted(ids)
    assert [keys[rank] for rank in found.ranks.tolist()] == ids


def test_the_first_keyword_counts(tmp_path: Path) -> None:
    write(tmp_path, range(10))
    (segment,) = Snapshot(tmp_path).segments
    found = segment.sort_keys.keywords("section")
    keys = [*found.keys(), b""]
    stored = segment.documents.stored_fields(range(10))
    for rank, fields in zip(found.ranks.tolist(), stored, strict=True):
        first = fields.fields.get("section", ("",))[0]
        assert keys[rank].decode() == collation_key(first)


def test_stored_keys_are_read_without_reading_titles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, range(20))
    (segment,) = Snapshot(tmp_path).segments

    def refuse(_numbers: object) -> None:
        raise AssertionError("a stored field was read")

    monkeypatch.setattr(segment.documents, "packed_fields", refuse)
    first = segment.sort_keys.titles()
    assert segment.sort_keys.titles() is first  # cached
    with pytest.raises(AssertionError, match="a stored field was read"):
        segment.sort_keys.ids()


def test_they_take_little_room(tmp_path: Path) -> None:
    """Four bytes for a document at most, and the keys compressed."""
    with IndexWriter(tmp_path) as writer:
        for number in range(2000):
            writer.upsert(Document(str(number), "نص", title=f"تقرير عن أعمال اللجنة رقم {number}"))
        writer.commit()
    file = ArrayFile(next(tmp_path.glob("*.segment")))
    arrays = [file.array(f"{sort_keys.TITLE_ARRAYS}.{part}").all() for part in ("ranks", "bytes")]
    assert sum(array.nbytes for array in arrays) < 2000 * 10
