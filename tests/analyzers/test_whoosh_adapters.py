from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from whoosh.analysis import RegexTokenizer, SubstitutionFilter, Token
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.highlight import Formatter, WholeFragmenter
from whoosh.index import Index, create_in, open_dir
from whoosh.qparser import QueryParser

from analyzers.levels import Level
from analyzers.whoosh_adapters import ArabicAnalyzer

VOCALISED = "قَرَأَ الطَّالِبُ فِي الْمَكْتَبَةِ كِتَابًا عَنْ تَارِيخِ لُبْنَانَ، ثُمَّ أَعَادَ الكِتَابَ إِلَى المَكْتَبَةِ."
PLAIN = "زار الوزير بيروت وبغداد في آب/أغسطس ٢٠٠٣م."
LIGATURE = "قال النبي ﷺ هذا"


class Marks(Formatter):  # type: ignore[misc]  # Whoosh has no types
    """Puts brackets around the words found and changes nothing else."""

    def format_token(self, text: str, token: Token, replace: bool = False) -> str:
        return f"[{text[token.startchar : token.endchar]}]"


def make_index(analyzer: object, storage: RamStorage | None = None) -> Index:
    schema = Schema(
        path=ID(stored=True),
        body=TEXT(analyzer=analyzer, chars=True, stored=True),
    )
    index = (storage or RamStorage()).create_index(schema)
    fill(index)
    return index


def fill(index: Index) -> None:
    with index.writer() as writer:
        writer.add_document(path="vocalised", body=VOCALISED)
        writer.add_document(path="plain", body=PLAIN)
        writer.add_document(path="ligature", body=LIGATURE)


def found(index: Index, query: str) -> list[str]:
    with index.searcher() as searcher:
        hits = searcher.search(QueryParser("body", index.schema).parse(query))
        return sorted(hit["path"] for hit in hits)


def highlighted(index: Index, query: str) -> str:
    with index.searcher() as searcher:
        results = searcher.search(QueryParser("body", index.schema).parse(query), terms=True)
        results.fragmenter = WholeFragmenter()
        results.formatter = Marks()
        (hit,) = results
        return str(hit.highlights("body"))


def postings(index: Index, word: str) -> list[tuple[int, str]]:
    """Return the position and the slice of the source of every occurrence of a word."""
    field = index.schema["body"]
    (term,) = (token.text for token in field.analyzer(word))
    with index.searcher() as searcher:
        matcher = searcher.postings("body", term)
        body = searcher.stored_fields(matcher.id())["body"]
        return [
            (position, body[start:end]) for position, start, end in matcher.value_as("characters")
        ]


@pytest.fixture(params=["ram", "file"], name="index")
def every_index(request: pytest.FixtureRequest, tmp_path: Path) -> Index:
    if request.param == "ram":
        return make_index(ArabicAnalyzer())
    schema = Schema(
        path=ID(stored=True), body=TEXT(analyzer=ArabicAnalyzer(), chars=True, stored=True)
    )
    fill(create_in(tmp_path, schema))
    return open_dir(tmp_path)  # the schema is read back


# --- tokens ----------------------------------------------------------------------------------


def tokens_of(analyzer: ArabicAnalyzer, text: str, **options: Any) -> list[tuple[str, int, str]]:
    return [
        (token.text, token.pos, text[token.startchar : token.endchar])
        for token in analyzer(text, positions=True, chars=True, **options)
    ]


@pytest.mark.parametrize(
    ("level", "terms"),
    [
        pytest.param("stem", ["كتاب", "في", "مكتبه"], id="stem"),
        pytest.param("surface", ["وبالكتاب", "في", "المكتبه"], id="surface"),
        pytest.param(Level.SURFACE, ["وبالكتاب", "في", "المكتبه"], id="member"),
    ],
)
def test_levels(level: str, terms: list[str]) -> None:
    text = "وَبِالكِتَابِ في المكتبة"
    assert [token.text for token in ArabicAnalyzer(level)(text)] == terms


@pytest.mark.parametrize("level", ["root", Level.LEMMA])
def test_a_level_that_no_index_holds_is_refused(level: str) -> None:
    with pytest.raises(ValueError, match=f"level is '{level}'; choose 'surface' or 'stem'"):
        ArabicAnalyzer(level)


def test_stop_words_are_kept_unless_told() -> None:
    assert tokens_of(ArabicAnalyzer(), "كتابٌ في بيتٍ") == [
        ("كتاب", 0, "كتابٌ"),
        ("في", 1, "في"),
        ("بيت", 2, "بيتٍ"),
    ]


def test_without_stop_words_the_others_are_numbered_without_them() -> None:
    assert tokens_of(ArabicAnalyzer(stopwords=False), "كتابٌ في بيتٍ") == [
        ("كتاب", 0, "كتابٌ"),
        ("بيت", 1, "بيتٍ"),
    ]


def test_stop_words_are_marked_where_the_caller_wants_them() -> None:
    analyzer = ArabicAnalyzer(stopwords=False)
    tokens = [(token.text, token.stopped) for token in analyzer("في بيت", removestops=False)]
    assert tokens == [("في", True), ("بيت", False)]


def test_positions_and_characters_start_where_told() -> None:
    (token,) = ArabicAnalyzer()("كتاب", positions=True, chars=True, start_pos=7, start_char=100)
    assert (token.pos, token.startchar, token.endchar) == (7, 100, 104)


def test_the_original_is_the_word_as_written() -> None:
    (token,) = ArabicAnalyzer()("«وَبِالكِتَابِ»", keeporiginal=True)
    assert (token.text, token.original) == ("كتاب", "وَبِالكِتَابِ")


def test_without_tokenizing_the_value_is_one_folded_token() -> None:
    tokens = tokens_of(ArabicAnalyzer(), "المَدْرَسَة الأولى", tokenize=False)
    assert tokens == [("المدرسه الاولي", 0, "المَدْرَسَة الأولى")]


def test_protected_words_are_kept_whole() -> None:
    (token,) = ArabicAnalyzer(protected_words=frozenset({"الكتاب"}))("الكتاب")
    assert token.text == "الكتاب"


# --- in an index -----------------------------------------------------------------------------


def test_postings_point_at_the_words_as_written(index: Index) -> None:
    assert postings(index, "كتاب") == [(4, "كِتَابًا"), (10, "الكِتَابَ")]
    assert postings(index, "مكتبة") == [(3, "الْمَكْتَبَةِ"), (12, "المَكْتَبَةِ")]


def test_postings_without_stop_words() -> None:
    index = make_index(ArabicAnalyzer(stopwords=False))
    assert postings(index, "كتاب") == [(3, "كِتَابًا"), (7, "الكِتَابَ")]
    assert not found(index, "في")


@pytest.mark.parametrize("stopwords", [True, False], ids=["with-stop-words", "without"])
@pytest.mark.parametrize(
    ("query", "paths"),
    [
        pytest.param("كتاب", ["vocalised"], id="word"),
        pytest.param("بالكتابِ", ["vocalised"], id="other-clitics"),
        pytest.param("کتاب", ["vocalised"], id="urdu-keyboard"),
        pytest.param("بغداد", ["plain"], id="conjunction-in-the-text"),
        pytest.param("2003", ["plain"], id="digits"),
        pytest.param('"تاريخ لبنان"', ["vocalised"], id="phrase"),
        pytest.param('"كتاب عن تاريخ"', ["vocalised"], id="phrase-with-a-stop-word"),
        pytest.param('"لبنان تاريخ"', [], id="phrase-backwards"),
        pytest.param('"آب أغسطس"', ["plain"], id="phrase-across-a-slash"),
        pytest.param('"صلى الله"', ["ligature"], id="phrase-in-a-ligature"),
        pytest.param("سوريا", [], id="nothing"),
    ],
)
def test_queries(query: str, paths: list[str], stopwords: bool) -> None:
    assert found(make_index(ArabicAnalyzer(stopwords=stopwords)), query) == paths


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param("كتاب", ["كِتَابًا", "الكِتَابَ"], id="word"),
        pytest.param("لبنان", ["لُبْنَانَ"], id="before-a-comma"),
        pytest.param("مكتبة تاريخ", ["الْمَكْتَبَةِ", "تَارِيخِ", "المَكْتَبَةِ"], id="two-words"),
        pytest.param("أغسطس", ["أغسطس"], id="behind-a-slash"),
        pytest.param("بيروت بغداد", ["بيروت", "وبغداد"], id="with-its-conjunction"),
    ],
)
def test_whoosh_highlights_whole_words(index: Index, query: str, words: list[str]) -> None:
    text = highlighted(index, query)
    assert [part.partition("]")[0] for part in text.split("[")[1:]] == words
    plain = text.replace("[", "").replace("]", "")
    assert plain in (VOCALISED, PLAIN)


# --- with the rest of Whoosh -----------------------------------------------------------------


def test_a_whoosh_filter_can_follow() -> None:
    analyzer = ArabicAnalyzer() | SubstitutionFilter("^كتاب$", "مصحف")
    assert [token.text for token in analyzer("الكتاب والمكتبة")] == ["مصحف", "مكتبه"]
    assert postings(make_index(analyzer), "كتاب") == [(4, "كِتَابًا"), (10, "الكِتَابَ")]


def test_a_schema_pickles() -> None:
    analyzer = ArabicAnalyzer("surface", stopwords=False, protected_words=frozenset({"الكتاب"}))
    schema = Schema(body=TEXT(analyzer=analyzer, chars=True))
    pickled = pickle.dumps(schema)
    assert len(pickled) < 5_000
    again = pickle.loads(pickled)["body"].analyzer
    assert again == analyzer
    assert tokens_of(again, VOCALISED) == tokens_of(analyzer, VOCALISED)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ArabicAnalyzer("surface"), id="level"),
        pytest.param(ArabicAnalyzer(stopwords=False), id="stop-words"),
        pytest.param(ArabicAnalyzer(protected_words=frozenset({"بسبب"})), id="protected-words"),
        pytest.param(RegexTokenizer(), id="another-tokenizer"),
    ],
)
def test_analyzers_that_differ(other: object) -> None:
    assert ArabicAnalyzer() != other


def test_analyzers_that_are_equal_share_a_hash() -> None:
    assert ArabicAnalyzer() == ArabicAnalyzer()
    assert len({ArabicAnalyzer(), ArabicAnalyzer()}) == 1
