"""An engine from opening to closing: what it says of its index, and the generations that it sees."""

from __future__ import annotations

import shutil
import threading
from datetime import datetime
from pathlib import Path

import pytest

import searchd
from analyzers import Analyzer
from indexer.document import Document
from indexer.errors import IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import delete_documents
from indexer.writer import IndexWriter
from searchd.errors import EngineClosedError
from tests.searchd.conftest import COLLECTION


class TestInformation:
    def test_info(self, make_engine):
        fields = FieldMap(extra=(FieldSpec("قسم"), FieldSpec("price", FieldType.NUMBER)))
        found = make_engine(COLLECTION[:6], COLLECTION[6:], fields=fields)
        info = found.info()
        assert (info.documents, info.segments, info.generation) == (8, 2, 2)
        assert info.fields == (
            ("title", "text"), ("text", "text"), ("date", "date"),
            ("قسم", "keyword"), ("price", "number"),
        )  # fmt: skip
        files = [path for path in Path(info.path).iterdir() if path.is_file()]
        assert info.bytes == sum(path.stat().st_size for path in files)
        assert datetime.fromisoformat(info.created).tzinfo is not None

    def test_analyze(self, engine):
        text = "وَبِالكِتَابِ، في F-16"
        tokens = engine.analyze(text)
        assert [text[token.start : token.end] for token in tokens] == [
            token.text for token in tokens
        ]
        shown = [(token.text, token.surface, token.stem, token.stopword) for token in tokens]
        assert shown == [
            ("وَبِالكِتَابِ", "وبالكتاب", "كتاب", False),
            ("في", "في", "في", True),
            ("F-16", "f", "f", False),
            ("F-16", "16", "16", False),
        ]
        assert "conjunction" in tokens[0].why
        assert (tokens[0].lemma, tokens[0].proclitics) == ("كتاب", ("و", "ب", "ال"))
        assert "كتب" in tokens[0].related_stems
        assert engine.analyze("") == []

    def test_an_empty_index(self, make_engine):
        empty = make_engine([])
        assert empty.info().documents == 0
        for query in (
            "كتاب",
            "*",
            "-كتاب",
            "كتا*",
            "كتاب~",
            '"كتاب قلم"',
            "title:كتاب",
            "NOT كتاب",
        ):
            results = empty.search(query)
            assert (results.total, results.hits) == (0, ())
            assert empty.ids(query) == []

    def test_an_index_of_which_everything_was_deleted(self, make_engine):
        found = make_engine([Document("1", "كتاب قلم")])
        delete_documents(Path(found.info().path), ["1"])
        for query in ("كتاب", "*", "-كتاب", "كتا*", "كتاب~", '"كتاب قلم"'):
            assert found.count(query) == 0


class TestLife:
    def test_open(self, make_engine):
        path = make_engine([Document("1", "كتاب")]).info().path
        with searchd.open(path) as engine, searchd.open(Path(path)) as other:
            assert engine.count("كتاب") == other.count("كتاب") == 1

    def test_a_missing_index_says_what_to_do(self, tmp_path):
        with pytest.raises(IndexMissingError, match="searchd index --index"):
            searchd.open(tmp_path / "none")
        assert not (tmp_path / "none").exists()

    def test_a_closed_engine(self, engine):
        engine.close()
        engine.close()
        for call in (engine.search, engine.count, engine.ids):
            with pytest.raises(EngineClosedError, match=r"searchd\.open"):
                call("كتاب")
        with pytest.raises(EngineClosedError):
            engine.info()
        with pytest.raises(EngineClosedError):
            engine.reload_words(None, None)
        with engine, pytest.raises(EngineClosedError):
            engine.search("كتاب")

    def test_new_generations_are_seen_without_opening_again(self, make_engine):
        engine = make_engine([Document("1", "كتاب")])
        directory = Path(engine.info().path)

        def write(*documents: Document, **options: bool) -> None:
            with IndexWriter(directory, rebuild=options.pop("rebuild", False)) as writer:
                for document in documents:
                    writer.upsert(document)
                writer.commit(**options)

        write(Document("2", "كتاب"))
        assert set(engine.ids("كتاب")) == {"1", "2"}
        write(Document("2", "قلم"))
        assert engine.ids("كتاب") == ["1"]
        delete_documents(directory, ["1"])
        assert engine.ids("كتاب") == []
        write(Document("3", "كتاب"), optimize=True)
        assert engine.ids("كتاب") == ["3"]
        write(Document("4", "كتاب"), rebuild=True)
        assert engine.ids("*") == ["4"]

    def test_an_index_that_was_deleted_and_made_again_is_seen(self, make_engine, tmp_path):
        engine = make_engine([Document("1", "كتاب")])
        directory = Path(engine.info().path)
        shutil.rmtree(directory)
        with pytest.raises(IndexMissingError):
            engine.search("كتاب")
        with IndexWriter(directory) as writer:
            writer.upsert(Document("2", "كتاب"))
            writer.commit()
        assert engine.ids("كتاب") == ["2"]

    def test_an_index_rebuilt_by_another_analysis_is_refused(self, make_engine):
        engine = make_engine([Document("1", "كتاب")])
        other = Analyzer(frozenset({"والكتاب"}))
        with IndexWriter(Path(engine.info().path), analyzer=other, rebuild=True) as writer:
            writer.commit()
        with pytest.raises(IndexMismatchError, match="--rebuild"):
            engine.search("كتاب")


def test_searching_while_a_writer_commits(make_engine):
    """Every answer is that of one generation: all its documents say the same number."""
    first = [Document(str(number), "كتاب جولة0") for number in range(20)]
    engine = make_engine(first)
    directory = Path(engine.info().path)
    done = threading.Event()
    problems: list[object] = []

    def search() -> None:
        newest = 0
        while not done.wait(0.005):
            try:
                hits = engine.search("كتاب", limit=100).hits
                runs = {hit.snippets[0].text for hit in hits}
                (only,) = runs
                run = int(only.removeprefix("كتاب جولة"))
                if len(hits) != 20 or run < newest:
                    problems.append((len(hits), run, newest))
                newest = run
                if engine.count(f'"كتاب جولة" +{run}') not in (0, 20):
                    problems.append("count")
                if engine.info().documents != 20:
                    problems.append("info")
            except Exception as error:
                problems.append(error)
                raise

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for run in range(1, 22):
            with IndexWriter(directory, rebuild=run % 5 == 0) as writer:
                for number in range(20):
                    writer.upsert(Document(str(number), f"كتاب جولة{run}"))
                writer.commit(optimize=run % 7 == 0)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert problems == []
    assert engine.search("جولة +21").total == 20
