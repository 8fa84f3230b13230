from __future__ import annotations

import pkgutil

import pytest

from indexer.errors import IndexAccessError, IndexMismatchError, IndexMissingError, RecordError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import Deletions, OnError, Report, delete_documents, index_records
from indexer.sources.records import BadRecord, Record


def record(number: int, **values: object) -> Record:
    return Record(f"a.jsonl:{number}", {"id": str(number), "text": "نص", **values}, size=10)


BAD = BadRecord("a.jsonl:9", "not JSON", size=5)
NO_TEXT = Record("a.jsonl:8", {"id": "8"}, size=7)


def test_a_run_reports_what_it_did(index):
    index_records(index.directory, [record(1), record(2)])
    records = [record(1), record(2, text="غيره"), record(3)]
    report = index_records(index.directory, iter(records))
    assert report == Report(added=1, replaced=1, unchanged=1, bytes_read=30)
    assert report.documents == 3
    assert index.texts() == {"1": "نص", "2": "غيره", "3": "نص"}


def test_an_unchanged_run_makes_no_generation(index):
    index_records(index.directory, [record(1), record(2)])
    before = index.files()
    assert index_records(index.directory, [record(1), record(2)]).unchanged == 2
    assert index.files() == before


def test_progress_comes_after_each_record_and_bad_records_as_they_are_met(index):
    seen: list[tuple[int, int, int]] = []
    met: list[BadRecord] = []
    index_records(
        index.directory,
        [record(1), BAD, record(2)],
        on_error=OnError.SKIP,
        progress=lambda report: seen.append((report.documents, report.bytes_read, len(report.bad))),
        on_bad=met.append,
    )
    assert seen == [(1, 10, 0), (1, 15, 1), (2, 25, 1)]
    assert met == [BAD]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [pytest.param(BAD, "not JSON", id="source"), pytest.param(NO_TEXT, "no title", id="mapping")],
)
class TestBadRecords:
    def test_stop_keeps_the_old_index(self, index, bad, reason):
        index_records(index.directory, [record(1)])
        before = index.files()
        with pytest.raises(RecordError, match=f"^{bad.origin}: {reason}"):
            index_records(index.directory, [record(1, text="غيره"), bad, record(2)])
        assert index.files() == before

    def test_stop_in_the_first_run_leaves_no_index(self, index, bad, reason):
        with pytest.raises(RecordError):
            index_records(index.directory, [record(1), bad], on_error=OnError.STOP)
        assert index.files() == {}

    def test_skip_leaves_it_out_and_reports_it(self, index, bad, reason):
        report = index_records(index.directory, [record(1), bad, record(2)], on_error=OnError.SKIP)
        assert index.texts() == {"1": "نص", "2": "نص"}
        assert report.bytes_read == 20 + bad.size
        ((origin, why),) = ((found.origin, found.reason) for found in report.bad)
        assert origin == bad.origin
        assert reason in why


@pytest.mark.parametrize(
    "step",
    [
        "indexing.to_document",
        "indexing.repair_document",
        "document.Document.content_hash",
        "segment.write.segment_writer.pack_stored_fields",
    ],
)
def test_a_record_for_which_the_memory_does_not_suffice_is_a_bad_one(index, step, monkeypatch):
    calls = 0
    path = f"indexer.{step}"
    original = pkgutil.resolve_name(path)

    def fail_once(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise MemoryError
        return original(*arguments, **options)

    monkeypatch.setattr(path, fail_once)
    records = [record(number) for number in (1, 2, 3)]
    report = index_records(index.directory, records, on_error=OnError.SKIP)
    assert [bad.reason.partition(";")[0] for bad in report.bad] == [
        "it needs more memory than this process can have"
    ]
    assert index.texts() == {"1": "نص", "3": "نص"}


def test_memory_that_runs_out_within_a_segment_is_a_clear_error(index, monkeypatch):
    index_records(index.directory, [record(1)])
    before = index.files()

    def fail(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr("indexer.segment.write.segment_writer.invert", fail)
    with pytest.raises(IndexAccessError, match="the memory ran out .* give less .* --memory"):
        index_records(index.directory, [record(2)], on_error=OnError.SKIP)
    assert index.files() == before


@pytest.mark.parametrize("step", ["records", "progress", "on_bad"])
def test_an_error_of_the_caller_keeps_the_old_index(index, step):
    index_records(index.directory, [record(1)])
    before = index.files()

    def fail(*_args: object) -> None:
        raise RuntimeError(step)

    def records():
        yield record(2)
        yield BAD
        if step == "records":
            fail()

    callbacks = {step: fail} if step != "records" else {}
    with pytest.raises(RuntimeError, match=step):
        index_records(index.directory, records(), on_error=OnError.SKIP, **callbacks)
    assert index.files() == before


def test_fields_are_mapped_by_the_index_unless_others_are_given(index):
    fields = FieldMap(text="body", extra=(FieldSpec("price", FieldType.NUMBER, "cost"),))
    index_records(index.directory, [record(1, body="متن", cost="٥")], fields)
    index_records(index.directory, [record(2, body="متن", cost="٦")])
    assert index.texts() == {"1": "متن", "2": "متن"}
    with pytest.raises(IndexMismatchError, match="price:number"):
        index_records(index.directory, [record(3)], FieldMap())


def test_rebuild_and_optimize(index):
    for number in range(4):
        index_records(index.directory, [record(number)])
    index_records(index.directory, [], optimize=True)
    assert sum(name.endswith(".segment") for name in index.files()) == 1
    assert len(index.texts()) == 4
    index_records(index.directory, [record(7)], rebuild=True)
    assert index.texts() == {"7": "نص"}


class TestDelete:
    def test_documents(self, index):
        index_records(index.directory, [record(1), record(2), record(3)])
        found = delete_documents(index.directory, ["1", "3", "1", "5", "6", "5"])
        assert found == Deletions(2, ("5", "6"))
        assert index.texts() == {"2": "نص"}

    def test_nothing_there_makes_no_generation(self, index):
        index_records(index.directory, [record(1)])
        before = index.files()
        assert delete_documents(index.directory, ["5"]) == Deletions(0, ("5",))
        assert index.files() == before

    def test_no_index_is_made(self, index):
        with pytest.raises(IndexMissingError, match="searchd index --index"):
            delete_documents(index.directory, ["1"])
        assert not index.directory.exists()
