"""Documents in visual order are indexed, counted, and named in the report."""

from __future__ import annotations

import pytest

from indexer.indexing import MAX_REVERSED_NAMED, ReversedDocument, index_records
from indexer.sources.records import Record

TEXT = (
    "أعلن وزير النفط العراقي يوم الاثنين عن خطة جديدة لزيادة الإنتاج في حقول الجنوب، "
    "وقال إن الشركات التي فازت بالعقود ستبدأ العمل على مراحل"
)


def record(number: int, text: str) -> Record:
    return Record(f"a.jsonl:{number}", {"id": f"d{number}", "text": text})


@pytest.mark.parametrize("processes", [1, 2])
def test_they_are_indexed_and_reported(index, processes):
    records = [record(1, TEXT), record(2, TEXT[::-1]), record(3, TEXT[::-1])]
    report = index_records(index.directory, records, processes=processes)
    assert (report.added, report.reversed) == (3, 2)
    assert report.first_reversed == [
        ReversedDocument("d2", "a.jsonl:2"),
        ReversedDocument("d3", "a.jsonl:3"),
    ]
    assert index.texts()["d2"] == TEXT[::-1]


def test_they_are_reported_again_where_nothing_changed(index):
    for _ in range(2):
        report = index_records(index.directory, [record(1, TEXT[::-1])])
    assert (report.unchanged, report.reversed) == (1, 1)


def test_only_the_first_are_named(index):
    report = index_records(index.directory, [record(n, TEXT[::-1]) for n in range(50)])
    assert report.reversed == 50
    assert [found.id for found in report.first_reversed] == [
        f"d{n}" for n in range(MAX_REVERSED_NAMED)
    ]


def test_nothing_is_said_of_other_documents(index):
    report = index_records(index.directory, [record(1, TEXT), record(2, "The quick brown fox")])
    assert (report.reversed, report.first_reversed) == (0, [])
