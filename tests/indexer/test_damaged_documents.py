"""Damaged documents are counted and named in the report of a run, and repaired as it was asked."""

from __future__ import annotations

import pytest

from indexer.indexing import MAX_DAMAGED_NAMED, DamagedDocument, index_records
from indexer.repair import Damage, Repair
from indexer.sources import read_records
from indexer.sources.records import Record

TEXT = (
    "أعلن وزير النفط العراقي يوم الاثنين عن خطة جديدة لزيادة الإنتاج في حقول الجنوب، "
    "وقال إن الشركات التي فازت بالعقود ستبدأ العمل على مراحل"
)
VISUAL = frozenset({Damage.VISUAL_ORDER})


def record(number: int, text: str, **more: bool) -> Record:
    return Record(f"a.jsonl:{number}", {"id": f"d{number}", "text": text}, **more)


@pytest.mark.parametrize("processes", [1, 2])
def test_they_are_repaired_and_reported(index, processes):
    records = [record(1, TEXT), record(2, TEXT[::-1]), record(3, TEXT[::-1])]
    named = []
    report = index_records(index.directory, records, processes=processes, on_damage=named.append)
    assert (report.added, report.damaged) == (3, 2)
    assert named == [
        DamagedDocument("d2", "a.jsonl:2", VISUAL, VISUAL),
        DamagedDocument("d3", "a.jsonl:3", VISUAL, VISUAL),
    ]
    count = report.damage.pop(Damage.VISUAL_ORDER)
    assert (count.found, count.repaired, count.first) == (2, 2, named)
    assert report.damage == {}
    assert set(index.texts().values()) == {TEXT}


def test_report_changes_nothing(index):
    report = index_records(index.directory, [record(1, TEXT[::-1])], repair=Repair.REPORT)
    count = report.damage[Damage.VISUAL_ORDER]
    assert (count.found, count.repaired) == (1, 0)
    assert count.first == [DamagedDocument("d1", "a.jsonl:1", VISUAL, frozenset())]
    assert index.texts() == {"d1": TEXT[::-1]}


def test_off_looks_for_nothing(index):
    report = index_records(index.directory, [record(1, TEXT[::-1])], repair=Repair.OFF)
    assert (report.damaged, report.damage) == (0, {})
    assert index.texts() == {"d1": TEXT[::-1]}


def test_they_are_reported_again_where_nothing_changed(index):
    for _ in range(2):
        report = index_records(index.directory, [record(1, TEXT[::-1])])
    assert (report.unchanged, report.damaged) == (1, 1)


def test_only_the_first_are_named(index):
    report = index_records(index.directory, [record(n, TEXT[::-1]) for n in range(50)])
    count = report.damage[Damage.VISUAL_ORDER]
    assert count.found == 50
    assert [found.id for found in count.first] == [f"d{n}" for n in range(MAX_DAMAGED_NAMED)]


def test_nothing_is_said_of_other_documents(index):
    report = index_records(index.directory, [record(1, TEXT), record(2, "The quick brown fox")])
    assert (report.damaged, report.damage) == (0, {})


def test_references_of_markup_are_text(index):
    index_records(
        index.directory,
        [record(1, "الرمز &lt; هنا"), record(2, "الرمز &lt; هنا", is_markup=True)],
    )
    assert index.texts() == {"d1": "الرمز < هنا", "d2": "الرمز &lt; هنا"}


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        pytest.param("a.txt", "الرمز &amp;lt; هنا", "الرمز &lt; هنا", id="text"),
        pytest.param("a.csv", "id,text\n1,الرمز &amp;lt; هنا\n", "الرمز &lt; هنا", id="csv"),
        pytest.param("a.tsv", "id\ttext\n1\tالرمز &amp;lt; هنا\n", "الرمز &lt; هنا", id="tsv"),
        pytest.param(
            "a.jsonl", '{"id": "1", "text": "الرمز &amp;lt; هنا"}', "الرمز &lt; هنا", id="jsonl"
        ),
        pytest.param("a.html", "<p>الرمز &amp;lt; هنا", "الرمز &lt; هنا", id="html"),
        pytest.param("a.md", "الرمز `&lt;` هنا\n\nنص", "نص", id="markdown"),
        pytest.param(
            "a.trec",
            "<DOC><DOCNO>1</DOCNO><TEXT>الرمز &amp;lt; هنا</TEXT></DOC>",
            "الرمز &lt; هنا",
            id="trec",
        ),
    ],
)
def test_references_are_decoded_once(index, tmp_path, name, content, text):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    index_records(index.directory, read_records([path]))
    assert list(index.texts().values()) == [text]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.txt", "كتاب", id="text"),
        pytest.param("a.html", "<p>كتاب</p>", id="html"),
        pytest.param("a.csv", "id,text\n1,كتاب\n", id="csv"),
    ],
)
def test_a_guessed_encoding_is_reported(index, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content.encode("iso8859_6"))
    named = []
    index_records(index.directory, read_records([path]), on_damage=named.append)
    (found,) = named
    assert (found.found, found.repaired) == ({Damage.GUESSED_ENCODING}, frozenset())
    assert found.encodings == "read as iso8859_6, could be cp1256"
    assert list(index.texts().values()) == ["كتاب"]


def test_an_encoding_that_shows_is_not_reported(index, tmp_path):
    path = tmp_path / "a.txt"
    for encoding in ("cp1256", "iso8859_6", "cp720", "mac_arabic"):
        text = TEXT.replace("،", "")
        path.write_bytes(text.encode(encoding))
        report = index_records(index.directory, read_records([path]))
        assert report.damaged == 0
        assert [" ".join(found.split()) for found in index.texts().values()] == [text]
