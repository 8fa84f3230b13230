from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.errors import DuplicateIdError, RecordError
from indexer.indexing import OnError, index_records
from indexer.run_origins import RunOrigins
from indexer.sources.records import Record
from indexer.writer import IndexWriter


def record(origin: str, document_id: str, text: str) -> Record:
    return Record(origin, {"id": document_id, "text": text}, size=1)


def test_the_error_names_both_places(index):
    records = [
        record("a.csv:2", "1", "أ"),
        record("a.csv:3", "2", "ب"),
        record("b.csv:2", "2", "ج"),
    ]
    with pytest.raises(RecordError) as raised:
        index_records(index.directory, records)
    assert str(raised.value) == (
        "b.csv:2: its id '2' is that of a.csv:3 too, and only one of them can be found; give each "
        "its own id, tell runs apart with --id-prefix TEXT, or number the records with --id row"
    )


def test_with_skip_the_first_stays(index):
    records = [record("a:1", "1", "أ"), record("a:2", "1", "ب"), record("a:3", "2", "ج")]
    report = index_records(index.directory, records, on_error=OnError.SKIP)
    assert (report.added, len(report.bad)) == (2, 1)
    assert index.texts() == {"1": "أ", "2": "ج"}


def test_the_same_document_twice_is_no_error(index):
    report = index_records(index.directory, [record("a:1", "1", "أ"), record("b:1", "1", "أ")])
    assert (report.added, report.unchanged) == (1, 1)


def test_a_document_of_an_earlier_run_is_replaced(index):
    index_records(index.directory, [record("a:1", "1", "أ"), record("a:2", "2", "ب")])
    report = index_records(index.directory, [record("a:1", "1", "ج"), record("a:2", "2", "ب")])
    assert (report.replaced, report.unchanged) == (1, 1)
    with pytest.raises(RecordError, match="its id '1' is that of a:1 too"):
        index_records(index.directory, [record("a:1", "1", "د"), record("a:9", "1", "ه")])


@pytest.mark.parametrize("processes", [1, 2])
def test_documents_of_written_segments_are_found_too(index, monkeypatch, processes):
    """Batches of one document each: what was written before is found wherever it is by then."""
    with IndexWriter(index.directory) as writer:
        writer.upsert(Document("old", "قديم"))
        writer.commit()
    with IndexWriter(index.directory, processes=processes) as writer:
        monkeypatch.setattr(writer, "_batch_memory", 1)
        for number in range(6):
            writer.upsert(Document(str(number), f"نص {number}"), once=True)
        for number in range(6):
            with pytest.raises(DuplicateIdError) as raised:
                writer.upsert(Document(str(number), "غيره"), once=True)
            assert raised.value.ordinal == number
        assert writer.upsert(Document("old", "جديد"), once=True) == "replaced"
        writer.commit()
    assert index.texts() == {"old": "جديد", **{str(n): f"نص {n}" for n in range(6)}}


def test_a_program_may_replace_a_document_that_it_has_written(index):
    with IndexWriter(index.directory) as writer:
        writer.upsert(Document("1", "أ"))
        assert writer.upsert(Document("1", "ب")) == "replaced"


def test_a_prefix_tells_two_sources_apart(index):
    for prefix in ("أ/", "ب/"):
        index_records(index.directory, [record("a:1", "1", prefix)], id_prefix=prefix)
    assert index.texts() == {"أ/1": "أ/", "ب/1": "ب/"}


def test_origins_of_a_run():
    written = ["a.csv:2", "a.csv:3", "b.txt", "c:d.txt", "x.db#t/7", "x.mrc#12", "a.csv:4", "a:٣"]
    origins = RunOrigins()
    for origin in written:
        origins.add(origin)
    assert [origins[number] for number in range(len(written))] == written


def test_origins_of_the_same_file_take_eight_bytes_each():
    origins = RunOrigins()
    for number in range(1000):
        origins.add(f"a.csv:{number}")
    assert len(origins._names) == 1
    assert origins._numbers.itemsize + origins._name_ids.itemsize == 8
