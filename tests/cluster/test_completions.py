"""Completions on a cluster: those of a directory with the same documents, and what they may cost."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import searchd
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.mapping import to_document
from indexer.sources import read_records
from searchd.cluster import following_words
from searchd.cluster.search_client import SearchClient
from searchd.errors import SearchTimeoutError
from tests.cluster.conftest import write
from tests.searchd.conftest import write_index

SAMPLE = Path(__file__).parent.parent.parent / "corpus" / "articles"
MANY = following_words.MOST_DOCUMENTS * 2


@pytest.fixture
def requests(monkeypatch):
    """Collect the requests of searches: their paths, and how many bytes came back."""
    made: list[tuple[str, int]] = []
    original = SearchClient.request

    def noting(self, method, path, body=None, **options):
        answer = original(self, method, path, body, **options)
        if "_stats" not in path and "_mapping" not in path:
            made.append((path, len(json.dumps(answer))))
        return answer

    monkeypatch.setattr(SearchClient, "request", noting)
    return made


def frequencies(engine, typed, **options):
    return {each.text: each.frequency for each in engine.suggest(typed, **options)}


def many(documents, shards, address, **options):
    """Index documents in several shards."""
    write(address, documents, shards=shards, **options)
    return searchd.open(address)


def test_they_are_those_of_a_directory(address, tmp_path):
    documents = [to_document(each, FieldMap()) for each in read_records([SAMPLE])]
    write(address, documents, shards=3)
    write_index(tmp_path / "index", documents)
    drawn = random.Random(1)
    same = asked = 0
    with searchd.open(tmp_path / "index") as first, searchd.open(address) as second:
        for _ in range(40):
            words = drawn.choice(documents).text.split()
            at = drawn.randrange(len(words) - 3)
            size = drawn.choice((1, 2))
            before, last = " ".join(words[at : at + size]), words[at + size]
            for length in range(len(last)):
                typed = f"{before} {last[:length]}"
                expected = first.suggest(typed, limit=1)
                if expected:
                    asked += 1
                    same += expected[0].text in [each.text for each in second.suggest(typed)[:2]]
    assert asked > 80
    assert same / asked > 0.9


class TestOfMoreDocumentsThanAreRead:
    """The words after others are counted by the cluster, those that no text of the sample has too."""

    @pytest.fixture
    def engine(self, address):
        texts = ["قال الوزير أمس"] * MANY + ["قال الرئيس غدا"] * (MANY // 2)
        texts += ["في مجلس قال القاضيان"]
        documents = [Document(str(number), text) for number, text in enumerate(texts)]
        with many(documents, 3, address) as engine:
            yield engine

    def test_they_are_counted_in_all(self, engine):
        assert frequencies(engine, "قال ال")["قال الوزير"] == MANY
        assert frequencies(engine, "قال ال")["قال الرئيس"] == MANY // 2

    def test_a_rare_one_is_found_by_its_letters(self, engine):
        assert frequencies(engine, "قال القاض") == {"قال القاضيان": 1}
        assert frequencies(engine, "قال قاض") == {"قال القاضيان": 1}

    def test_after_several_words_they_are_compared_by_their_stems(self, engine):
        assert frequencies(engine, "المجلس قال ال") == {"المجلس قال القاضيان": 1}
        assert frequencies(engine, "وقال الوزير أم")["وقال الوزير أمس"] == MANY

    def test_a_phrase_grows_by_the_share_of_the_sample(self, engine):
        assert frequencies(engine, "قال الوز") == {"قال الوزير": MANY, "قال الوزير أمس": MANY}

    def test_a_keystroke_takes_two_requests_and_the_next_one_fewer(self, engine, requests):
        engine.suggest("قال ")
        assert len([path for path, _size in requests if path == "/_msearch"]) == 1
        assert len(requests) <= 3  # with the size of the index, once
        requests.clear()
        engine.suggest("قال ا")
        engine.suggest("قال ال")
        assert not [path for path, _size in requests if path == "/_msearch"]
        assert len(requests) <= 2

    def test_time_is_bounded(self, engine):
        with pytest.raises(SearchTimeoutError):
            engine.suggest("قال ال", timeout=1e-9)


def test_long_texts_are_counted_but_not_read(address, requests):
    long = " ".join(["كلمة"] * following_words.LONGEST) + " قال الوزير أمس"
    documents = [Document(str(number), long) for number in range(5)]
    documents.append(Document("short", "قال الرئيس"))
    with many(documents, 2, address) as engine:
        requests.clear()
        assert frequencies(engine, "قال الوزي")["قال الوزير"] == 5
        assert sum(size for _path, size in requests) < 20_000
        assert frequencies(engine, "قال ") == {"قال الرئيس": 1}


def test_words_of_titles_count_once(address):
    documents = [
        Document("1", "نص", title="مجلس النواب"),
        Document("2", "مجلس الأمن اليوم. مجلس الأمن"),
    ]
    with many(documents, 1, address) as engine:
        assert frequencies(engine, "مجلس ال")["مجلس النواب"] == 1
        assert frequencies(engine, "مجلس الأ")["مجلس الأمن"] == 2
        assert "مجلس الأمن" not in frequencies(engine, "مجلس ال", field="title")


def test_an_extra_field(address):
    fields = FieldMap.from_specs([FieldSpec("summary", FieldType.TEXT)])
    documents = [Document("1", "قال الوزير", fields={"summary": "قال الرئيس"}), Document("2", "نص")]
    with many(documents, 1, address, fields=fields) as engine:
        assert frequencies(engine, "قال ال", field="summary") == {"قال الرئيس": 1}
        assert frequencies(engine, "summary:قال") == {"summary:قال": 1}
        assert frequencies(engine, "قال ال") == {"قال الوزير": 1}


def test_they_are_those_of_the_index_as_it_is_now(address):
    with many([Document("1", "قال الوزير")], 1, address) as engine:
        assert frequencies(engine, "قال ") == {"قال الوزير": 1}
        write(address, [Document("2", "قال الرئيس"), Document("3", "قال الرئيس")])
        engine.refresh()
        assert next(iter(frequencies(engine, "قال "))) == "قال الرئيس"
