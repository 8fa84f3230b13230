"""Every match of a query in one document: offsets, levels, terms; windows of long texts and their work."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.segment.document_store import DocumentStore
from indexer.segment.write.document_store_writer import LONG_TEXT
from searchd.budget import SearchBudget
from searchd.errors import (
    DocumentNotFoundError,
    QuerySyntaxError,
    SearchArgumentError,
    SearchTimeoutError,
)

SHORT = Document(
    "short",
    "قرأ الطلاب كتابهم 😀 في المكتبة، ثم اشتروا كتباً من البيت الأبيض. والكتاب خير جليس.",
    title="الكتاب والبيت",
)
LINE = "سطر من نص طويل لا شيء فيه سوى كلمات عادية.\n"
MARKED = "وهنا الكتاب في البيت الأبيض، والبيت كبير.\n"
LINES = [MARKED if number % 400 == 7 else LINE for number in range(4 * LONG_TEXT // len(LINE))]
LONG = Document("long", "".join(LINES), title="بلا مطابقة")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    from indexer.writer import IndexWriter
    from searchd.engine import Engine

    directory = tmp_path_factory.mktemp("index")
    with IndexWriter(directory) as writer:
        writer.upsert(SHORT)
        writer.upsert(LONG)
        writer.commit()
    with Engine(directory) as opened:
        yield opened


def shown(text, matches):
    return [(text[match.start : match.end], str(match.level), match.term) for match in matches]


class TestShort:
    def test_offsets_levels_and_terms(self, engine):
        found = engine.highlight("short", 'كتاب "البيت الأبيض"')
        assert (found.text, found.start, found.end) == (SHORT.text, 0, len(SHORT.text))
        assert shown(found.text, found.matches) == [
            ("كتابهم", "stem", 0),
            ("كتباً", "lemma", 0),
            ("البيت الأبيض", "surface", 1),
            ("والكتاب", "stem", 0),
        ]
        assert shown(found.title, found.title_matches) == [("الكتاب", "stem", 0)]
        assert [term.text for term in found.terms] == ["كتاب", "البيت الأبيض"]
        assert (found.previous_match, found.next_match) == (None, None)

    def test_a_word_within_a_phrase_is_marked_once(self, engine):
        found = engine.highlight("short", 'البيت "البيت الأبيض"')
        assert shown(found.text, found.matches) == [("البيت الأبيض", "surface", 1)]
        assert shown(found.title, found.title_matches) == [("والبيت", "stem", 0)]

    def test_a_repeated_word_is_the_first_term(self, engine):
        found = engine.highlight("short", "كتاب كتاب")
        assert {match.term for match in found.matches} == {0}
        assert len(found.matches) == 3

    def test_words_of_one_field(self, engine):
        found = engine.highlight("short", "title:كتاب text:البيت")
        assert shown(found.title, found.title_matches) == [("الكتاب", "stem", 0)]
        assert shown(found.text, found.matches) == [("البيت", "surface", 1)]

    def test_words_of_an_extra_text_field(self, tmp_path):
        from indexer.fields import FieldMap, FieldSpec, FieldType
        from indexer.writer import IndexWriter
        from searchd.engine import Engine

        extra = (FieldSpec("abstract", FieldType.TEXT), FieldSpec("author"))
        fields = {"abstract": "عن الكتب وكتابها", "author": ("كتاب",)}
        with IndexWriter(tmp_path, fields=FieldMap(extra=extra)) as writer:
            writer.upsert(Document("a", "نص", fields=fields))
            writer.commit()
        with Engine(tmp_path) as engine:
            found = engine.highlight("a", "نص abstract:كتاب author:كتاب")
            assert list(found.field_matches) == ["abstract"]
            assert shown(fields["abstract"], found.field_matches["abstract"]) == [
                ("الكتب", "lemma", 1),
                ("وكتابها", "stem", 1),
            ]
            assert engine.highlight("a", "كتاب").field_matches == {}

    def test_the_snippets_of_a_search_mark_the_same(self, engine):
        (hit,) = engine.search("كتاب البيت", filters=["id=short"], snippet_length=1000)
        marks = [(mark.start, mark.end, mark.level) for mark in hit.snippets[0].highlights]
        found = engine.highlight("short", "كتاب البيت")
        assert marks == [(match.start, match.end, match.level) for match in found.matches]

    def test_without_a_query(self, engine):
        found = engine.highlight("short", None)
        assert (found.text, found.matches, found.title_matches) == (SHORT.text, (), ())
        assert (found.terms, found.next_match) == ((), None)

    def test_words_that_must_not_occur_are_not_marked(self, engine):
        assert engine.highlight("short", "مجلة -كتاب").matches == ()

    def test_a_query_in_plain_syntax(self, engine):
        found = engine.highlight("short", 'هل "البيت', syntax="plain")
        assert "البيت" in [text for text, _, _ in shown(found.text, found.matches)]

    @pytest.mark.parametrize("start", [0, 5, 11, 12, 40, 80, 1000])
    @pytest.mark.parametrize("length", [0, 1, 30, None])
    def test_windows(self, engine, start, length):
        check_window(engine, SHORT, start, length)

    def test_errors(self, engine):
        with pytest.raises(DocumentNotFoundError):
            engine.highlight("none", "كتاب")
        with pytest.raises(QuerySyntaxError):
            engine.highlight("short", '"')
        with pytest.raises(SearchArgumentError, match="'start': must be a whole number"):
            engine.highlight("short", "كتاب", start=-1)


QUERY = 'كتاب "البيت الأبيض"'


def check_window(engine, document, start, length):
    """Check a window by the matches of the whole document."""
    whole = engine.highlight(document.id, QUERY)
    found = engine.highlight(document.id, QUERY, start=start, length=length)
    end = len(document.text) if length is None else start + length
    assert found.text == document.text[start:end]
    assert found.length == len(document.text)
    assert document.text[found.start : found.end] == found.text
    starts = [match.start for match in whole.matches]
    assert found.matches == tuple(each for each in whole.matches if start <= each.start < end)
    assert found.previous_match == max((at for at in starts if at < found.start), default=None)
    assert found.next_match == min((at for at in starts if at >= found.end), default=None)


class TestLong:
    def test_it_is_stored_in_parts_and_has_every_match(self, engine):
        found = engine.highlight("long", QUERY)
        assert found.text == LONG.text
        assert len(found.matches) == 2 * LINES.count(MARKED) > 20
        assert {text for text, _, _ in shown(found.text, found.matches)} == {
            "الكتاب",
            "البيت الأبيض",
        }

    @pytest.mark.parametrize("start", [0, 4095, 4096, 100_000, len(LONG.text) - 1, len(LONG.text)])
    @pytest.mark.parametrize("length", [0, 1, 5000, None])
    def test_windows(self, engine, start, length):
        check_window(engine, LONG, start, length)

    def test_windows_one_after_the_other_are_the_whole(self, engine):
        size = 7001
        windows = [
            engine.highlight("long", QUERY, start=start, length=size)
            for start in range(0, len(LONG.text), size)
        ]
        assert "".join(window.text for window in windows) == LONG.text
        found = [match for window in windows for match in window.matches]
        assert tuple(found) == engine.highlight("long", QUERY).matches

    def test_from_match_to_match(self, engine):
        starts, at = [], 0
        while True:
            window = engine.highlight("long", QUERY, start=at, length=20)
            starts += [match.start for match in window.matches]
            if window.next_match is None:
                break
            at = window.next_match
        assert starts == [match.start for match in engine.highlight("long", QUERY).matches]

    def test_a_window_reads_a_few_parts(self, engine, monkeypatch):
        """Those of the window, of the next match and of the one before, and their neighbours."""
        blocks = []
        plain = DocumentStore._block

        def counting(self, block):
            blocks.append(block)
            return plain(self, block)

        monkeypatch.setattr(DocumentStore, "_block", counting)
        engine.highlight("long", QUERY, start=len(LONG.text) // 2, length=4000)
        parts = len(LONG.text) // 4096
        assert len(blocks) <= 16 < parts

    def test_no_match_reads_the_window_alone(self, engine, monkeypatch):
        blocks = []
        plain = DocumentStore._block

        def counting(self, block):
            blocks.append(block)
            return plain(self, block)

        monkeypatch.setattr(DocumentStore, "_block", counting)
        window = engine.highlight("long", "غائبةتماما", start=100_000, length=100)
        assert (window.matches, window.next_match, window.previous_match) == ((), None, None)
        assert len(blocks) <= 6

    def test_a_pattern_with_many_forms(self, engine):
        found = engine.highlight("long", "ا*", start=50_000, length=3000)
        whole = engine.highlight("long", "ا*")
        assert found.next_match in {match.start for match in whole.matches}

    def test_the_time_is_asked_for(self, engine):
        with pytest.raises(SearchTimeoutError):
            engine.highlight("long", QUERY, timeout=1e-9)
        assert SearchBudget().seconds is None
