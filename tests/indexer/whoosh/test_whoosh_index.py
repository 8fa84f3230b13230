"""The index as a Whoosh Index: generations, what it refuses, and many threads."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path

import pytest
from whoosh import query as q
from whoosh.filedb.filestore import ReadOnlyError
from whoosh.index import Index

from analyzers import Analyzer
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.whoosh import open_whoosh_index
from indexer.writer import IndexWriter
from tests.indexer.whoosh.twins import FIELDS, make_documents


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    commit(tmp_path, Document("1", "كتاب أول"), Document("2", "كتاب ثان"))
    return tmp_path


def commit(directory: Path, *documents: Document, delete: str = "") -> None:
    with IndexWriter(directory) as writer:
        for document in documents:
            writer.upsert(document)
        if delete:
            writer.delete(delete)
        writer.commit()


def ids(searcher) -> list[str]:
    return sorted(hit["id"] for hit in searcher.search(q.Term("stem", "كتاب"), limit=None))


def test_opens_a_directory(directory):
    index = open_whoosh_index(str(directory))
    assert isinstance(index, Index)
    assert (index.doc_count(), index.doc_count_all(), index.is_empty()) == (2, 2, False)
    assert index.latest_generation() == 1
    assert index.last_modified() > 1e9
    assert index.up_to_date()
    assert index.refresh() is index
    assert str(directory) in repr(index)


def test_a_reader_is_of_the_newest_generation(directory):
    index = open_whoosh_index(directory)
    with index.searcher() as before:
        commit(directory, Document("3", "كتاب ثالث"), delete="1")
        assert not index.up_to_date()
        assert not before.up_to_date()
        assert ids(before) == ["1", "2"]
        with index.searcher() as after:
            assert ids(after) == ["2", "3"]
        assert index.up_to_date()
        assert ids(before.refresh()) == ["2", "3"]


def test_refresh_gives_an_index_of_the_newest_generation(directory):
    index = open_whoosh_index(directory)
    commit(directory, Document("3", "كتاب ثالث"))
    refreshed = index.refresh()
    assert refreshed is not index
    assert (refreshed.doc_count(), refreshed.latest_generation()) == (3, 2)


def test_a_fresh_searcher_is_kept_by_refresh(directory):
    with open_whoosh_index(directory).searcher() as searcher:
        assert searcher.up_to_date()
        assert searcher.refresh() is searcher


def test_segments_that_stay_are_shared(directory):
    commit(directory, *(Document(f"x{number}", "كتاب") for number in range(9)))
    index = open_whoosh_index(directory)
    before = list(index._segments)
    commit(directory, Document("3", "كتاب ثالث"))
    index.reader().close()
    assert before[0] in index._segments


def test_an_empty_index(tmp_path):
    commit(tmp_path)
    index = open_whoosh_index(tmp_path)
    assert index.is_empty()
    with index.searcher() as searcher:
        assert ids(searcher) == []
        assert searcher.up_to_date()
    commit(tmp_path, Document("1", "كتاب"))
    with index.searcher() as searcher:
        assert ids(searcher) == ["1"]


def test_all_documents_deleted(directory):
    commit(directory, delete="1")
    commit(directory, delete="2")
    assert open_whoosh_index(directory).doc_count() == 0


def test_no_index(tmp_path):
    with pytest.raises(IndexMissingError):
        open_whoosh_index(tmp_path)


def test_an_index_of_another_analysis(directory):
    with pytest.raises(IndexMismatchError):
        open_whoosh_index(directory, analyzer=Analyzer(frozenset({"والكتاب"})))


def test_an_index_with_protected_words(tmp_path):
    analyzer = Analyzer(frozenset({"والكتاب"}))
    with IndexWriter(tmp_path, analyzer=analyzer) as writer:
        writer.upsert(Document("1", "والكتاب"))
        writer.commit()
    index = open_whoosh_index(tmp_path, analyzer=analyzer)
    assert [token.text for token in index.schema["stem"].analyzer("والكتاب")] == ["والكتاب"]


def test_damage_is_an_error_and_never_an_answer(directory):
    (path,) = directory.glob("*.segment")
    data = bytearray(path.read_bytes())
    data[200] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(IndexDamagedError):
        open_whoosh_index(directory).searcher().stored_fields(0)


@pytest.mark.parametrize("name", ["stem", "title_surface", "note_stem"])
def test_a_field_with_the_name_of_a_whoosh_field(tmp_path, name):
    fields = FieldMap(extra=(FieldSpec("note", FieldType.TEXT), FieldSpec(name)))
    with IndexWriter(tmp_path, fields) as writer:
        writer.commit()
    with pytest.raises(IndexMismatchError, match=name):
        open_whoosh_index(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda index: index.writer(), id="writer"),
        pytest.param(lambda index: index.optimize(), id="optimize"),
        pytest.param(lambda index: index.add_field("x", None), id="add-field"),
        pytest.param(lambda index: index.remove_field("stem"), id="remove-field"),
        pytest.param(lambda index: index.delete_by_term("id", "1"), id="delete-by-term"),
        pytest.param(lambda index: index.delete_by_query(q.Every()), id="delete-by-query"),
        pytest.param(lambda index: segment(index).delete_document(0), id="segment-delete"),
        pytest.param(lambda index: segment(index).set_doc_count(3), id="segment-count"),
        pytest.param(lambda index: codec(index).per_document_writer(None, None), id="documents"),
        pytest.param(lambda index: codec(index).field_writer(None, None), id="terms"),
        pytest.param(lambda index: codec(index).postings_writer(None), id="postings"),
        pytest.param(lambda index: codec(index).new_segment(None, "x"), id="new-segment"),
    ],
)
def test_writing_is_refused(directory, change):
    with pytest.raises(ReadOnlyError, match=r"indexer\.writer\.IndexWriter"):
        change(open_whoosh_index(directory))
    assert open_whoosh_index(directory).doc_count() == 2


def segment(index):
    return index.reader().segment()


def codec(index):
    return index.reader().codec()


def test_no_pickle_is_read_or_written(directory, monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("a pickle")

    monkeypatch.setattr(pickle, "loads", refuse)
    monkeypatch.setattr(pickle, "dumps", refuse)
    monkeypatch.setattr("whoosh.formats.loads", refuse)
    monkeypatch.setattr("whoosh.formats.dumps", refuse)
    with open_whoosh_index(directory).searcher() as searcher:
        assert len(searcher.search(q.Phrase("stem", ["كتاب", "اول"]))) == 1
        assert searcher.key_terms([0], "stem")
        assert all(value for *_posting, value in searcher.reader().iter_postings() if value)


def test_threads_share_an_index_while_a_writer_commits(tmp_path):
    documents = make_documents(60)
    with IndexWriter(tmp_path, FIELDS) as writer:
        for document in documents:
            writer.upsert(document)
        writer.commit()
    index = open_whoosh_index(tmp_path)
    with index.searcher() as searcher:
        common = [term.decode() for _weight, term in searcher.reader().most_frequent_terms("stem")]
        queries = [q.Term("stem", common[0]), q.Phrase("stem", common[:2], slop=9), q.Every()]
        expected = [[hit["id"] for hit in searcher.search(one, limit=None)] for one in queries]
        failures: list[BaseException] = []

        def search() -> None:
            try:
                for number in range(15):
                    found = searcher.search(queries[number % 3], limit=None)
                    assert [hit["id"] for hit in found] == expected[number % 3]
                    with index.searcher() as newest:
                        assert newest.doc_count() >= 60
                        newest.search(queries[number % 3], limit=5)
            except BaseException as error:  # noqa: BLE001 - told to the test below
                failures.append(error)

        threads = [threading.Thread(target=search) for _ in range(6)]
        for thread in threads:
            thread.start()
        for number in range(8):
            commit(tmp_path, Document(f"new-{number}", "كتاب جديد"))
        for thread in threads:
            thread.join()
    assert not failures
