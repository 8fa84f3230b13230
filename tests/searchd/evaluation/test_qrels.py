"""Queries and qrels: every form that is read, and the error for every other."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.errors import SourceError
from indexer.writer import IndexWriter
from searchd.errors import CollectionError
from searchd.evaluation.qrels import absent_documents, read_qrels, read_queries


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param('{"id": "q1", "text": "سؤال"}\n', {"q1": "سؤال"}, id="json-lines"),
        pytest.param('{"id": 7, "text": "سؤال", "lang": "ar"}', {"7": "سؤال"}, id="number-as-id"),
        pytest.param(
            '\ufeff{"id": "a", "text": "x"}\r\n\r\n', {"a": "x"}, id="byte-order-mark-crlf-blank"
        ),
        pytest.param(
            'q1\tما "هذا"؟\nq2\tمن\tأنت\n', {"q1": 'ما "هذا"؟', "q2": "من\tأنت"}, id="tsv"
        ),
        pytest.param('q1\tنص\n{"id": "q2", "text": "y"}\n', {"q1": "نص", "q2": "y"}, id="both"),
    ],
)
def test_queries(tmp_path: Path, written: str, expected: dict[str, str]) -> None:
    path = tmp_path / "queries"
    path.write_text(written, "utf-8")
    assert read_queries(path) == expected


@pytest.mark.parametrize(
    ("written", "line", "reason"),
    [
        pytest.param("", 0, "the file has no query", id="empty"),
        pytest.param("ما هذا؟\n", 1, "neither", id="no-id"),
        pytest.param("\nq1 سؤال\n", 2, "neither", id="space-for-tab"),
        pytest.param("\tسؤال\n", 1, "the id '' is empty", id="empty-id"),
        pytest.param("a b\tسؤال\n", 1, "the id 'a b' is empty or holds white space", id="space"),
        pytest.param("q1\tx\nq2\t \n", 2, "the query q2 has no text", id="no-text"),
        pytest.param("q1\tx\nq2\ty\nq1\tz\n", 3, "used in {path}:1; give another id", id="twice"),
        pytest.param('{"id": "a", "text": "x"\n', 1, "not valid JSON", id="cut-off"),
        pytest.param('{"_id": "a", "text": "x"}\n', 1, 'needs the members "id"', id="other-name"),
        pytest.param('{"id": true, "text": "x"}\n', 1, 'needs the members "id"', id="true-as-id"),
        pytest.param('{"id": "a", "text": ["x"]}\n', 1, 'needs the members "id"', id="array"),
        pytest.param("[" * 9999, 1, "neither", id="array-as-line"),
        pytest.param('{"id":' + "[" * 99999, 1, "not valid JSON", id="nested"),
    ],
)
def test_a_bad_query_is_named_by_file_and_line(
    tmp_path: Path, written: str, line: int, reason: str
) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(written, "utf-8")
    with pytest.raises(CollectionError) as caught:
        read_queries(path)
    assert caught.value.origin == (f"{path}:{line}" if line else str(path))
    assert reason.format(path=path) in caught.value.reason
    assert str(caught.value) == f"{caught.value.origin}: {caught.value.reason}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("q1\td1\t2\nq1\td2\t0\n", {"q1": {"d1": 2, "d2": 0}}, id="tabs"),
        pytest.param("q1\tmy file.txt\t1\n", {"q1": {"my file.txt": 1}}, id="space-in-an-id"),
        pytest.param("q1 0 d1 2\nq2  Q0  d1  -1\n", {"q1": {"d1": 2}, "q2": {"d1": -1}}, id="trec"),
        pytest.param("q1\t0\td1\t1\n", {"q1": {"d1": 1}}, id="trec-tabs"),
    ],
)
def test_qrels(tmp_path: Path, written: str, expected: dict[str, dict[str, int]]) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text(written, "utf-8")
    assert read_qrels(path) == expected


@pytest.mark.parametrize(
    ("written", "line", "reason"),
    [
        pytest.param("\n \n", 0, "the file has no judgment", id="blank"),
        pytest.param("q1\td1\n", 1, "it has 2 columns", id="two-columns"),
        pytest.param("q1 d1 1\n", 1, "it has 3 columns", id="three-without-tabs"),
        pytest.param("q1\t0\td1\t1\tx\n", 1, "it has 5 columns", id="five"),
        pytest.param("query-id\tcorpus-id\tscore\nq\td\t1\n", 1, "with column names", id="header"),
        pytest.param("q1\td1\t1\nq1\td2\t0.5\n", 2, "'0.5' is not a whole number", id="fraction"),
        pytest.param("q1\td1\t1\n\nq1\td1\t2\n", 3, "d1 is judged twice for q1", id="twice"),
    ],
)
def test_a_bad_judgment_is_named_by_file_and_line(
    tmp_path: Path, written: str, line: int, reason: str
) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text(written, "utf-8")
    with pytest.raises(CollectionError) as caught:
        read_qrels(path)
    assert caught.value.origin == (f"{path}:{line}" if line else str(path))
    assert reason in caught.value.reason


def test_files_may_be_compressed_or_in_another_encoding(tmp_path: Path) -> None:
    line = "q1\tأين تقع المدينة التي يمر بها النهر؟\n"
    (tmp_path / "queries.tsv.gz").write_bytes(gzip.compress(line.encode()))
    (tmp_path / "queries.tsv").write_bytes(line.encode("utf-16"))
    assert read_queries(tmp_path / "queries.tsv.gz") == read_queries(tmp_path / "queries.tsv")


def test_a_line_that_cannot_be_decoded(tmp_path: Path) -> None:
    path = tmp_path / "queries.tsv"
    good = "".join(f"q{number}\tسؤال عن المدينة\n" for number in range(20))
    path.write_bytes(good.encode() + b"q20\t\xd8\xff\n")
    with pytest.raises(CollectionError, match=f"{path}:21: "):
        read_queries(path)


@pytest.mark.parametrize("name", ["missing.tsv", "folder", "broken.gz"])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken.gz").write_bytes(gzip.compress(os.urandom(3000))[:-9])
    with pytest.raises(SourceError, match=name):
        read_qrels(tmp_path / name)


def test_relevant_documents_that_are_not_in_the_index(tmp_path: Path) -> None:
    for run in (["a", "b"], ["c"]):
        with IndexWriter(tmp_path / "index") as writer:
            for name in run:
                writer.upsert(Document(id=name, text="نص"))
            writer.delete("b")
            writer.commit()
    qrels = {"q": {"a": 1, "b": 1, "z": 2, "no": 0}, "r": {"c": 1, "z": 1, "ك": 1}}
    assert absent_documents(tmp_path / "index", qrels) == ["b", "z", "ك"]
