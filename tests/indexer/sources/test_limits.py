"""Records that are too large for the memory, plain and compressed: refused, and the rest is read."""

from __future__ import annotations

import gzip
import io
import tracemalloc

import pytest

from indexer.sources import BadRecord, Record, read_records
from indexer.sources.opening import Input

MODULES = ("lines", "jsonl", "trec", "delimited", "plain")
LIMIT = 1000


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in MODULES:
        monkeypatch.setattr(f"indexer.sources.{module}.RECORD_LIMIT", LIMIT)
    monkeypatch.setattr("indexer.sources.plain.MARKDOWN_LIMIT", LIMIT)
    monkeypatch.setattr("indexer.sources.html.PAGE_LIMIT", LIMIT)


LONG = "x" * LIMIT
ROWS = "".join(f'"{number}\n",' for number in range(LIMIT))


@pytest.mark.parametrize(
    ("name", "data", "reason", "after"),
    [
        pytest.param("a.txt", LONG + "x", "more than 1,000 bytes for one document", [], id="txt"),
        pytest.param("a.md", LONG + "x", "more than 1,000 bytes", [], id="md"),
        pytest.param("a.html", LONG + "x", "more than 1,000 bytes", [], id="html"),
        pytest.param(
            "a.jsonl",
            f'{{"id": 1, "text": "{LONG}"}}\n{{"id": 2}}',
            "the line is longer",
            [2],
            id="jsonl",
        ),
        pytest.param(
            "a.jsonl", f'{{"id": 2}}\n"{LONG * 9}', "the line is longer", [2], id="at-end"
        ),
        pytest.param(
            "a.csv", f"id,text\n1,{LONG}\n2,x\n", "line 2 is longer", ["2"], id="csv-line"
        ),
        pytest.param(
            "a.csv",
            'id,text\n2,x\n1,"' + "x\n" * LIMIT,
            "the row is longer",
            ["2"],
            id="csv-open-quote",
        ),
        pytest.param("a.csv", f"id,text\n2,x\n{ROWS}", "the row is longer", ["2"], id="csv-values"),
        pytest.param("a.tsv", f"id{LONG}\ttext\n1\tx\n", "line 1 is longer", [], id="header"),
        pytest.param(
            "a.trec",
            "<DOC><DOCNO>1</DOCNO>\n" + "x\n" * LIMIT + "</DOC>\n<DOC>\n<DOCNO>2</DOCNO></DOC>",
            "the document is longer",
            ["2"],
            id="trec",
        ),
        pytest.param(
            "a.trec",
            f"<DOC><DOCNO>1</DOCNO>{LONG}\n</DOC>\n<DOC>\n<DOCNO>2</DOCNO></DOC>",
            "line 1 is longer",
            ["2"],
            id="trec-line",
        ),
    ],
)
def test_what_is_too_large_is_a_bad_record(tmp_path, name, data, reason, after):
    (tmp_path / name).write_text(data, encoding="utf-8")
    (tmp_path / f"z{name}.gz").write_bytes(gzip.compress(data.encode()))
    (tmp_path / "zz.txt").write_text("نص", encoding="utf-8")
    *items, last = list(read_records([tmp_path]))
    assert last.values["text"] == "نص"
    found = [item.values["id"] for item in items if isinstance(item, Record)]
    assert found == after * 2
    bad = [item.reason for item in items if isinstance(item, BadRecord)]
    assert sum(reason in each and "split it" in each for each in bad) == 2
    sizes = sum((tmp_path / each).stat().st_size for each in (name, f"z{name}.gz", "zz.txt"))
    assert sum(item.size for item in (*items, last)) == sizes


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html"])
def test_a_record_at_the_limit_is_read(tmp_path, name):
    start, end = ('{"id": 1, "text": "', '"}') if name == "a.jsonl" else ("", "")
    (tmp_path / name).write_text(start + "x" * (LIMIT - len(start + end)) + end)
    assert isinstance(next(read_records([tmp_path])), Record)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html", "a.csv", "a.trec"])
def test_a_compressed_file_is_not_held_as_it_expands(tmp_path, name):
    """One line of 50 MB in 50 KB, of which a few MB are held."""
    start = {"a.csv": b"id,text\n", "a.trec": b"<DOC>\n"}.get(name, b"")
    with gzip.open(tmp_path / f"{name}.gz", "wb") as stream:
        stream.write(start)
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
    list(read_records([tmp_path]))  # loads the modules
    tracemalloc.start()
    items = list(read_records([tmp_path]))
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert all(isinstance(item, BadRecord) for item in items)
    assert held < 8_000_000


@pytest.mark.parametrize(
    ("name", "limit", "reason"),
    [("a.md", "plain.MAX_MARKDOWN_LINES", "3 lines"), ("a.html", "html.MAX_TAGS", "3 tags")],
)
def test_a_page_of_many_parts_is_refused(tmp_path, monkeypatch, name, limit, reason):
    monkeypatch.setattr(f"indexer.sources.{limit}", 3)
    (tmp_path / name).write_text("<b>x\n" * 3)
    assert isinstance(next(read_records([tmp_path])), Record)
    (tmp_path / name).write_text("<b>x\n" * 4)
    (bad,) = read_records([tmp_path])
    assert f"more than {reason} for one document; split it" in bad.reason


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.csv", "a.trec"])
def test_no_memory_is_one_bad_record(tmp_path, monkeypatch, name):
    class Full(io.BytesIO):
        def read(self, *_arguments):
            raise MemoryError

        read1 = readinto = readline = read

    def init(self, file, stream, stored):
        original(self, file, Full() if file.name == name else stream, stored)

    original = Input.__init__
    monkeypatch.setattr(Input, "__init__", init)
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "b.txt").write_bytes(b"x")
    bad, good = read_records([tmp_path])
    assert "it needs more memory than this process can have; split it" in bad.reason
    assert good.values["text"] == "x"
