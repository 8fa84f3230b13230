"""An index on a cluster from its making to its verification, by the writer and by the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

import searchd
from indexer.check.verification import verify_location
from indexer.cluster.writer import ClusterWriter
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.places import Place, PlaceKind
from searchd.cli.program import main
from searchd.errors import SearchArgumentError
from tests.cluster.conftest import write

FIELDS = FieldMap.from_specs(
    [
        FieldSpec("category"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
        FieldSpec("summary", FieldType.TEXT),
    ]
)

FULL = Document(
    "كتاب/١",
    "نص فيه \0 وأحمد",
    title="الكتاب الأول",
    url="https://example.org/1",
    date=datetime(2024, 5, 1, 12, 30, 0, 250_000, tzinfo=UTC),
    fields={
        "category": ("أخبار", "ثقافة"),
        "price": 12.5,
        "seen": datetime(2020, 1, 1, tzinfo=UTC),
        "summary": "ملخص عن المدينة",
    },
    places=(Place(0, PlaceKind.PAGE, "1"), Place(4, PlaceKind.PAGE, "2")),
)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def test_a_document_is_read_back_as_it_was_given(address):
    write(address, [FULL], fields=FIELDS)
    with searchd.open(address) as engine:
        assert engine.get(FULL.id) == FULL
        assert list(engine.documents()) == [FULL]
        assert engine.count("summary:مدينة") == 1
        assert engine.count("مدينة") == 0
        assert engine.info().documents == 1


def test_unchanged_documents_are_not_sent_again(address):
    documents = [Document(str(number), f"نص {number}") for number in range(5)]
    write(address, documents)
    changed = Document("3", "نص آخر")
    with ClusterWriter(address) as writer:
        outcomes = [
            writer.upsert(each) for each in (*documents[:3], changed, Document("9", "جديد"))
        ]
        writer.commit()
    assert outcomes == ["unchanged", "unchanged", "unchanged", "replaced", "added"]
    with searchd.open(address) as engine:
        assert engine.ids("آخر") == ["3"]
        assert engine.info().documents == 6


@pytest.mark.parametrize("processes", [1, 3])
def test_documents_that_are_sent_at_the_same_time_stay_in_order(address, monkeypatch, processes):
    """The last of several documents with one id stays, and one that was deleted is gone."""
    monkeypatch.setattr("indexer.cluster.writer._DOCUMENTS", 7)
    with ClusterWriter(address, shards=2, replicas=0, processes=processes) as writer:
        for number in range(40):
            writer.upsert(Document(f"d{number}", f"كلمة{number} أولى"))
        for number in range(0, 40, 3):
            writer.upsert(Document(f"d{number}", f"كلمة{number} ثانية"))
            writer.delete(f"d{number + 1}")
        writer.upsert(Document("d1", "عادت"))
        writer.commit()
        assert not writer.take_refused()
    with searchd.open(address) as engine:
        assert engine.count("ثانية") == 14
        assert engine.count("*") == 40 - 13 + 1
        assert engine.ids("عادت") == ["d1"]
        assert engine.count("كل*") == 27
    assert verify_location(address).documents == 28


def test_a_rebuild_is_seen_all_at_once_or_not_at_all(address, cluster):
    write(address, [Document("old", "قديم")])
    with searchd.open(address) as engine:
        with ClusterWriter(address, rebuild=True) as writer:
            writer.upsert(Document("new", "جديد"))
            writer._flush()
            writer._wait()
            engine.refresh()
            assert engine.ids("*") == ["old"]
        engine.refresh()
        assert engine.ids("*") == ["old"]  # it was not committed
        write(address, [Document("new", "جديد وأحمد")], rebuild=True)
        assert [hit.id for hit in engine.search("=أحمد")] in (["new"], [])  # within a second
        engine.refresh()
        assert engine.ids("*") == ["new"]
    names = cluster.ask("GET", f"/{address.index}*")
    assert len(names) == 2  # the index and its words: nothing is left of the others


def test_what_another_analysis_made_is_refused(address):
    from analyzers import Analyzer

    write(address, [Document("1", "نص")])
    other = Analyzer(frozenset({"بسنتر"}))
    with pytest.raises(IndexMismatchError, match="analysis"):
        searchd.open(address, analyzer=other)
    with pytest.raises(IndexMismatchError, match="analysis"):
        ClusterWriter(address, analyzer=other)
    with pytest.raises(IndexMismatchError, match="has the fields"):
        ClusterWriter(address, FIELDS)


def test_an_index_that_is_not_there(address):
    with pytest.raises(IndexMissingError, match="searchd index --index http"):
        searchd.open(address)


def test_an_index_of_another_program_is_left_alone(address, cluster):
    cluster.ask("PUT", f"/{address.index}", body={})
    with pytest.raises(IndexMismatchError, match="not made by searchd"):
        ClusterWriter(address)
    cluster.ask("DELETE", f"/{address.index}")


def test_verification_finds_what_another_program_changed(address, cluster):
    write(address, [Document("1", "نص"), Document("2", "نص آخر")])
    assert verify_location(address).documents == 2
    found = cluster.ask("GET", f"/{address.index}/_doc/1")
    source = {**found["_source"], "text": "نص غيره أحد"}
    cluster.ask("PUT", f"/{address.index}/_doc/1?refresh=true", body=source)
    with pytest.raises(IndexDamagedError, match=r"'1'.*not what its hash says"):
        verify_location(address)


def test_what_a_cluster_cannot_do_is_refused(address):
    write(address, [Document("1", "نص", fields={"category": ("أ",)})], fields=FIELDS)
    with (
        searchd.open(address) as engine,
        pytest.raises(SearchArgumentError, match="cluster lists documents in the order of fields"),
    ):
        engine.documents(sort="score")


def test_the_commands(address, tmp_path, monkeypatch):
    monkeypatch.setenv("SEARCHD_INDEX", str(address))
    source = tmp_path / "news.jsonl"
    records = [
        {"id": "1", "title": "الكتاب", "text": "في المكتبة كتب كثيرة", "category": "ثقافة"},
        {"id": "2", "title": "النفط", "text": "سعر النفط اليوم", "category": "اقتصاد"},
    ]
    source.write_text("\n".join(json.dumps(each) for each in records), "utf-8")
    code, output = run(
        "index", str(source), "--field", "category", "--shards", "2", "--replicas", "0"
    )
    assert (code, "2 added" in output) == (0, True), output
    code, output = run("index", str(source))
    assert "2 unchanged" in output
    code, output = run("query", "الكتب", "--json")
    assert [hit["id"] for hit in json.loads(output)["hits"]] == ["1"]
    assert run("verify")[1].startswith(f"{address} verified: 2 documents")
    assert json.loads(run("info", "--json")[1])["documents"] == 2
    assert "النفط" in run("suggest", "النف")[1]
    assert "سعر" in run("show", "2")[1]
    exported = run("export")[1]
    assert "الكتاب" in exported
    assert run("delete", "2")[0] == 0
    assert run("delete", "2")[0] == 1
    assert json.loads(run("info", "--json")[1])["documents"] == 1
    for arguments in (
        ("backup", str(tmp_path / "backups")),
        ("index", str(tmp_path), "--sync"),
        ("serve", "--writable"),
        ("info", "--sizes"),
    ):
        code, output = run(*arguments)
        assert (code, "directory" in output) == (2, True), output
