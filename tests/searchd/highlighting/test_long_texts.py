"""Snippets of long texts: only parts of the text are read, and highlights stay exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers import Analyzer
from indexer.document import Document
from indexer.segment.write.document_store_writer import LONG_TEXT, TEXT_PART
from indexer.writer import IndexWriter
from searchd import Engine
from searchd.highlighting.highlights import find_matches
from searchd.highlighting.matchers import distinct_matchers
from tests.searchd.highlighting.snippets import make_snippets

FILLER = "وهذه جملة رقم {} لا تقول شيئا عن الموضوع الذي نبحث عنه في هذا النص الطويل جدا. "


def filler(sentences: int, first: int = 0) -> str:
    return "".join(FILLER.format(number) for number in range(first, first + sentences))


LONG = (
    filler(300)
    + "اجتمع مجلس النواب أمس في مدينة بغداد القديمة. "
    + filler(900, 300)
    + "بغداد مدينة كبيرة في العراق. "
    + filler(500, 1200)
    + "ذهب المجلس وعاد رئيس الوزراء. "
    + filler(300, 1700)
)


@pytest.fixture
def tokenized(monkeypatch):
    """The number of characters of each text that is tokenized."""
    lengths: list[int] = []
    original = Analyzer.tokenize

    def counted(self, text, **options):
        lengths.append(len(text))
        return original(self, text, **options)

    monkeypatch.setattr(Analyzer, "tokenize", counted)
    return lengths


def engine_of(directory: Path, text: str, title: str = "عنوان") -> Engine:
    with IndexWriter(directory) as writer:
        writer.upsert(Document("قصير", "لا شيء"))
        writer.upsert(Document("طويل", text, title=title))
        writer.commit()
    return Engine(directory)


def snippets_of_whole_text(engine: Engine, query: str, text: str, title: str, **options):
    found = engine._find(engine._searchers.acquire(), query, 1, 0, (), None, "full")
    matchers = distinct_matchers(each for term in found.resolved.terms for each in term.matchers)
    words = Analyzer().tokenize(text)
    matches = find_matches(words, matchers, ("", "text"))
    return make_snippets(text, words, matches, title=title, **options)


QUERIES = [
    pytest.param("بغداد", id="word"),
    pytest.param("مجلس بغداد", id="words"),
    pytest.param("رئيس", id="once"),
    pytest.param('"رئيس الوزراء"', id="phrase"),
    pytest.param('="المجلس"', id="exact"),
    pytest.param('"المدينة مجلس"~~9', id="near"),
    pytest.param('"مجلس بغداد"~9', id="slop"),
    pytest.param("=بغداد", id="surface"),
    pytest.param("بغد*", id="pattern"),
    pytest.param("بغداذ~1", id="fuzzy"),
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(("count", "length"), [(1, 240), (2, 60), (3, 1000)])
def test_the_best_passages_are_those_of_the_whole_text(tmp_path, query, count, length):
    assert len(LONG) > 3 * LONG_TEXT
    with engine_of(tmp_path, LONG) as engine:
        (hit,) = engine.search(query, snippets=count, snippet_length=length)
        expected = snippets_of_whole_text(engine, query, LONG, "عنوان", count=count, length=length)
    assert hit.snippets == expected


def test_the_work_does_not_grow_with_the_text(tmp_path, tokenized):
    work = []
    for times in (2, 8):
        with engine_of(tmp_path / str(times), LONG * times) as engine:
            tokenized.clear()
            (hit,) = engine.search("بغداد", snippets=1)
            work.append(sum(tokenized))
        assert hit.snippets[0].highlights
    assert max(work) < 10 * TEXT_PART
    assert work[1] < 1.2 * work[0]


def test_the_number_of_matches_does_not_matter(tmp_path, tokenized):
    with engine_of(tmp_path, "بغداد مدينة. " * 20_000) as engine:
        tokenized.clear()
        (hit,) = engine.search("بغداد")
    assert sum(tokenized) < 10 * TEXT_PART
    assert hit.snippets[0].text.startswith("بغداد مدينة.")


def test_only_blocks_with_passages_are_decompressed(tmp_path, monkeypatch):
    with engine_of(tmp_path, LONG) as engine:
        blocks = []
        store = engine._searchers.acquire().snapshot.segments[0].documents
        original = type(store)._block
        monkeypatch.setattr(
            type(store),
            "_block",
            lambda self, block: (blocks.append(block), original(self, block))[1],
        )
        engine.search("رئيس")
    assert len(blocks) <= 3


def test_where_only_the_title_matches_the_beginning_is_shown(tmp_path, tokenized):
    with engine_of(tmp_path, LONG, title="تاريخ الأندلس") as engine:
        tokenized.clear()
        (hit,) = engine.search("الأندلس")
        assert sum(tokenized) < 3 * TEXT_PART
        assert hit.snippets == snippets_of_whole_text(engine, "الأندلس", LONG, "تاريخ الأندلس")


def test_a_long_text_that_begins_with_blanks(tmp_path):
    text = "\n" * 9000 + filler(900)
    with engine_of(tmp_path, text, title="تاريخ الأندلس") as engine:
        (hit,) = engine.search("الأندلس")
    assert hit.snippets[0].text.startswith("وهذه جملة رقم 0")


def test_a_phrase_from_one_part_to_the_next(tmp_path):
    text = " ".join(f"كلمة{number} ثم" for number in range(9000))
    with engine_of(tmp_path, text) as engine:
        parts = engine._searchers.acquire().snapshot.segments[0].documents.text_parts(1)
        border = int(parts.characters[5])
        before, after = (
            text[border - 40 : border].split()[-1],
            text[border : border + 40].split()[0],
        )
        (hit,) = engine.search(f'"{before} {after}"')
    (snippet,) = hit.snippets
    marked = [snippet.text[each.start : each.end] for each in snippet.highlights]
    assert f"{before} {after}" in marked


def test_turned_ligatures_are_read_as_the_beginning_of_the_text_tells(tmp_path):
    turned = "وزارة الشؤون اإلسالمية في اململكة تعلن األولى بعد االحتالل. " * 1200
    assert len(turned) > LONG_TEXT
    text = turned + " بعد ثالث سنوات من العمل. " + turned
    with engine_of(tmp_path, text) as engine:
        (hit,) = engine.search("ثلاث")
    (snippet,) = hit.snippets
    assert "ثالث" in [snippet.text[each.start : each.end] for each in snippet.highlights]


def test_a_snippet_may_be_as_long_as_the_text(tmp_path):
    text = LONG.replace(".", " ")
    with engine_of(tmp_path, text) as engine:
        found = [
            engine.search("رئيس", snippet_length=length)[0].snippets
            for length in (len(text), 1 << 63, 10**30)
        ]
    assert found[0][0].text == text.strip()
    assert found == found[:1] * 3


@pytest.mark.parametrize("length", [LONG_TEXT - 1, LONG_TEXT, LONG_TEXT + 1])
def test_a_text_is_long_from_a_fixed_length(tmp_path, length):
    with engine_of(tmp_path, LONG[:length]) as engine:
        parts = engine._searchers.acquire().snapshot.segments[0].documents.text_parts(1)
        (hit,) = engine.search("بغداد")
        assert (parts is not None) == (length > LONG_TEXT)
        assert hit.snippets == snippets_of_whole_text(engine, "بغداد", LONG[:length], "عنوان")
