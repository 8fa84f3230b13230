"""Marks and hamzas that a reader types count: exactly with `=`, as a preference without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searchd
from analyzers import Analyzer
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import index_records
from indexer.sources.records import Record
from indexer.writer import IndexWriter
from searchd.engine import Engine
from searchd.ranking import Ranking
from searchd.results import Hit

FOUND = [
    ("أحمد", "أحمد"),
    ("احمد", "أحمد"),
    ("احمد", "إحمد"),
    ("احمد", "احمد"),
    ("عِلْم", "عِلْم"),
    ("عِلْم", "عِلم"),
    ("عِلْم", "علم"),
    ("عِلْم", "علْم"),
    ("علم", "عَلَم"),
    ("علم", "عِلْمٌ"),
    ("مدرّس", "مُدَرِّس"),
    ("مُدَرِّس", "مدرّس"),
    ("مُدَرِس", "مُدَرِّس"),
    ("الإسلام", "الإسلام"),
    ("الإسلام", "الإِسْلام"),
    ("آخر", "آخر"),
    ("كتابًا", "كتاباً"),
    ("كتاباً", "كِتابًا"),
    ("علي", "عليّ"),
    ("على", "على"),
    ("أَحْمَد", "أحمد"),
    ("إيمان", "إيـــمان"),
    ("أحمد", "أحْمـَدُ"),
    ("ٱلعلم", "العِلم"),
    ("العلم", "ٱلْعِلْمُ"),
    ("مدرسة", "مَدْرَسَة"),
    ("مستشفى", "مستشفًى"),
    ("سؤال", "سُؤال"),
    ("القران", "القرآن"),
    ("کتاب", "كتاب"),
    ("كتاب", "کتاب"),
    ("علی", "علي"),
    ("صلى", "ﷺ"),
    ("أول", "أوّل"),
]
"""A word typed after `=`, and one of a document that it finds. The first twenty were there first."""

NOT_FOUND = [
    ("أحمد", "احمد"),
    ("أحمد", "إحمد"),
    ("عِلْم", "عَلَم"),
    ("عِلْم", "عُلِم"),
    ("عِلم", "عَلم"),
    ("عِلْم", "عِلَم"),
    ("الإسلام", "الاسلام"),
    ("آخر", "اخر"),
    ("آخر", "أخر"),
    ("إن", "أن"),
    ("أن", "إن"),
    ("أنَّ", "أنْ"),
    ("مُدَرِّس", "مُدَرَّس"),
    ("كتابًا", "كِتابٌ"),
    ("علي", "على"),
    ("على", "علي"),
    ("كتابة", "كتابه"),
    ("أَسد", "أُسد"),
    ("كَتَب", "كُتُب"),
    ("قُبِل", "قَبْلَ"),
    ("كتابه", "كتابة"),
    ("أحمد", "آحمد"),
    ("احمد", "محمد"),
    ("حُكْم", "حَكَم"),
    ("مَلِك", "مُلْك"),
    ("مُلْك", "مَلَكٌ"),
    ("شَعْر", "شِعْر"),
    ("دَوْر", "دُور"),
    ("جَدّ", "جِدّ"),
    ("بَرّ", "بِرٌّ"),
    ("إعلام", "أعلام"),
    ("أعلام", "إعلام"),
    ("الأمام", "الإمام"),
    ("القرآن", "القران"),
    ("مستشفى", "مستشفي"),
    ("وأن", "وإن"),
    ("عِلْمُ", "عِلْمِ"),
    ("سؤال", "سوال"),
    ("شعّر", "شَعْر"),
]
"""A word typed after `=`, and one of a document that it does not find."""

EXPECTED = [
    *((typed, word, True) for typed, word in FOUND),
    *((typed, word, False) for typed, word in NOT_FOUND),
]
DELETED = "محذوف"


def make_documents() -> list[Document]:
    """Return a document for each word of the tables, which is its id."""
    words = sorted({word for _typed, word, _found in EXPECTED})
    return [
        Document(word, f"هنا {word} مكتوب", title=f"عنوان {word}", fields={"note": f"{word} ثم نص"})
        for word in words
    ]


FIELDS = FieldMap(extra=(FieldSpec("note", FieldType.TEXT),))


def write(directory: Path, *, parts: int = 1, optimize: bool = False, processes: int = 1) -> None:
    """Write the documents in some commits, each with twins of all words that are deleted later."""
    documents = make_documents()
    twins = [Document(f"{DELETED} {each.id}", each.text) for each in documents]
    for part in range(parts):
        with IndexWriter(directory, FIELDS, processes=processes) as writer:
            for document in documents[part::parts]:
                writer.upsert(document)
            if parts > 1:
                for twin in twins[part::parts]:
                    writer.upsert(twin)
            writer.commit()
    with IndexWriter(directory, FIELDS) as writer:
        if parts > 1:
            for twin in twins:
                assert writer.delete(twin.id)
        writer.commit(optimize=optimize)


KINDS = {
    "one-segment": {},
    "segments-with-deletions": {"parts": 5},
    "merged": {"parts": 5, "optimize": True},
    "processes": {"processes": 2},
}


@pytest.fixture(scope="module", params=KINDS)
def engine(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest):
    directory = tmp_path_factory.mktemp("exactness")
    write(directory, **KINDS[request.param])
    verify_index(directory)
    with searchd.open(directory) as engine:
        yield engine


def ids(engine: Engine, query: str) -> set[str]:
    return set(engine.ids(query))


def test_there_are_enough() -> None:
    assert min(len(FOUND), len(NOT_FOUND)) >= 34
    assert not set(FOUND) & set(NOT_FOUND)


@pytest.mark.parametrize(("typed", "word", "found"), EXPECTED)
def test_exact_words(engine: Engine, typed: str, word: str, found: bool) -> None:
    for query in (f"={typed}", f'="{typed}"', f"+={typed}", f"title:={typed}", f"note:={typed}"):
        if word == "ﷺ" and query.startswith("note"):
            continue
        assert (word in ids(engine, query)) is found, query
    assert (word in ids(engine, f"* -={typed}")) is not found
    assert (word in ids(engine, f"* AND NOT ={typed}")) is not found


@pytest.mark.parametrize(("typed", "word", "found"), EXPECTED)
def test_exact_phrases(engine: Engine, typed: str, word: str, found: bool) -> None:
    if word == "ﷺ":
        pytest.skip("it is four words")
    assert (word in ids(engine, f'="هنا {typed} مكتوب"')) is found
    assert (word in ids(engine, f'title:="عنوان {typed}"')) is found
    assert (word in ids(engine, f'note:="{typed} ثم"')) is found


@pytest.mark.parametrize(("typed", "word", "found"), EXPECTED)
def test_what_is_marked(engine: Engine, typed: str, word: str, found: bool) -> None:
    """Every match of an exact word is marked, and nothing else."""
    if word == "ﷺ":
        pytest.skip("the whole ligature is marked")
    results = engine.search(f"={typed}", limit=100, snippets=1)
    for hit in results:
        assert [marked(hit)] == [[(hit.id, "surface")]], hit.id
    assert (word in {hit.id for hit in results}) is found


def marked(hit: Hit) -> list[tuple[str, str]]:
    """Return the words that are marked in a passage, each with its level."""
    return [
        (snippet.text[mark.start : mark.end], str(mark.level))
        for snippet in hit.snippets
        for mark in snippet.highlights
    ]


@pytest.mark.parametrize(
    ("typed", "word"),
    [row for row in NOT_FOUND if row not in {("احمد", "محمد"), ("سؤال", "سوال"), ("علي", "على")}],
)
def test_nothing_is_excluded_without_the_sign(engine: Engine, typed: str, word: str) -> None:
    stems = [token.stem for token in engine.analyze(f"{typed} {word}")]
    if stems[0] != stems[1]:
        pytest.skip("words of two stems")
    assert word in ids(engine, f"+{typed}")
    (hit,) = (hit for hit in engine.search(f"+{typed}", limit=100) if hit.id == word)
    only_dots = {typed, word} == {"كتابة", "كتابه"}
    assert marked(hit) == [(word, "surface" if only_dots else "stem")]


PREFERRED = [
    ("أحمد", "أحمد", "احمد"),
    ("أحمد", "أحمد", "إحمد"),
    ("عِلم", "عِلْم", "عَلَم"),
    ("عِلم", "علم", "عَلَم"),
    ("الإسلام", "الإسلام", "الاسلام"),
    ("كُتب", "كُتُب", "كَتَب"),
    ("مُدرِّس", "مُدَرِّس", "مُدَرَّس"),
    ("مستشفى", "مستشفى", "مستشفي"),
    ("أسرة", "أسره", "اسرة"),
    ("حُكم", "حكم", "حَكَم"),
    ("إعلام", "إعلام", "أعلام"),
    ("مَلِك", "مَلِك", "مُلْك"),
]
"""A word typed, one of a document that agrees, and one of another that does not."""


class TestPreference:
    """Without `=` documents whose writing agrees come before others that are alike."""

    @pytest.fixture
    def make(self, tmp_path: Path) -> Iterator[object]:
        opened: list[Engine] = []

        def make(documents: list[Document], **ranking: float) -> Engine:
            with IndexWriter(tmp_path / "index") as writer:
                for document in documents:
                    writer.upsert(document)
                for number in range(5):
                    writer.upsert(Document(str(number), "حديقة ونهر وجبل وقمر"))
                writer.commit()
            opened.append(searchd.open(tmp_path / "index", ranking=Ranking(**ranking)))
            return opened[-1]

        yield make
        for engine in opened:
            engine.close()

    @pytest.mark.parametrize(("typed", "agreeing", "other"), PREFERRED)
    @pytest.mark.parametrize("place", ["title", "text", "phrase", "two words"])
    def test_the_one_that_agrees_comes_first(self, make, typed, agreeing, other, place) -> None:
        documents = [
            Document(name, f"نهر {word} حديقة", title="عنوان")
            if place != "title"
            else Document(name, "نهر حديقة", title=word)
            for name, word in (("other", other), ("agreeing", agreeing))
        ]
        query = {"phrase": f'"نهر {typed}"', "two words": f"حديقة {typed}"}.get(place, typed)
        found = make(documents).search(query)
        assert [hit.id for hit in found][:2] == ["agreeing", "other"]
        assert found[0].score > found[1].score

    @pytest.mark.parametrize("typed", ["علم", "احمد", "قران", "كتابة", "كتابه"])
    def test_plain_words_prefer_nothing(self, make, typed) -> None:
        words = {"علم": ["عَلَم", "عِلْم"], "احمد": ["أحمد", "احمد"], "قران": ["قرآن", "قران"]}
        dotted = ["كتابة", "كتابه"]
        documents = [Document(word, f"نهر {word}") for word in words.get(typed, dotted)]
        first, second = make(documents).search(typed)
        assert first.score == second.score

    def test_a_ranking_of_surface_forms_alone_excludes_nothing(self, make) -> None:
        documents = [Document("ا", "نهر احمد"), Document("أ", "نهر أحمد")]
        engine = make(documents, lemma=0, stem=0)
        for query in ("أحمد", '"نهر أحمد"'):
            assert {hit.id for hit in engine.search(query)} == {"ا", "أ"}
        assert {hit.id for hit in engine.search("=أحمد")} == {"أ"}


def test_explanation_and_json(engine: Engine) -> None:
    results = engine.search("عِلْم", explain=True, limit=100)
    by_id = {hit.id: hit for hit in results}
    for word, levels in (
        ("عِلم", ["lemma", "stem", "surface"]),
        ("عَلَم", ["lemma", "stem"]),
    ):
        assert [str(part.level) for part in by_id[word].explanation] == levels
    surface = by_id["عِلم"].explanation[-1]
    assert surface.terms == ("عِلْم",)
    (term,) = results.to_dict()["terms"]
    assert (term["text"], term["surface"], term["written"]) == ("عِلْم", "علم", "عِلْم")
    (term,) = engine.search('="هنا أحمد"').terms
    assert (term.surface, term.written) == ("هنا احمد", "هنا أحمد")
    for hit in engine.search("=أحمد", explain=True):
        assert [part.terms for part in hit.explanation] == [("أحمد",)]


def test_analysis(engine: Engine) -> None:
    written = {token.text: token.written for token in engine.analyze("أحمد عِلْم كتاب مدرسة ﷺ")}
    assert written["أحمد"] == "أحمد"
    assert written["عِلْم"] == "عِلْم"
    assert written["كتاب"] == "كتاب"
    assert written["مدرسة"] == "مدرسة"


def test_two_writings_of_a_query_are_kept_apart(engine: Engine) -> None:
    """Weights are cached; those of another writing must not be found."""
    for _again in range(2):
        found = [ids(engine, f"={typed}") for typed in ("أحمد", "احمد", "إحمد", "أحْمد")]
        assert [("إحمد" in each, "احمد" in each, "أحمد" in each) for each in found] == [
            (False, False, True),
            (True, True, True),
            (True, False, False),
            (False, False, True),
        ]
        scores = [
            {hit.id: hit.score for hit in engine.search(f"{typed}", limit=100)}
            for typed in ("أحمد", "إحمد")
        ]
        assert scores[0]["أحمد"] > scores[0]["إحمد"]
        assert scores[1]["أحمد"] < scores[1]["إحمد"]


def test_forms_of_deleted_documents_are_not_found(tmp_path: Path) -> None:
    """The codes of a surface form stay in a row when a merge drops one of its written forms."""
    words = ["علم", "عِلم", "عَلم", "عُلم", "علوم"]
    with IndexWriter(tmp_path) as writer:
        for word in words:
            writer.upsert(Document(word, f"{word} هنا"))
        writer.commit()
    for deleted in ("عِلم", "علم", "عُلم"):
        with IndexWriter(tmp_path) as writer:
            assert writer.delete(deleted)
            writer.commit(optimize=True)
        words.remove(deleted)
        verify_index(tmp_path)
        with searchd.open(tmp_path) as engine:
            for typed in ("علم", "عِلم", "عَلم", "عُلم"):
                wanted = {
                    word
                    for word in words
                    if word != "علوم" and (typed == "علم" or word in ("علم", typed))
                }
                assert ids(engine, f"={typed}") == wanted


def test_records_of_several_processes(tmp_path: Path) -> None:
    records = [
        Record(f"made:{number}", {"id": str(number), "text": word})
        for number, word in enumerate(["أحمد", "احمد", "إحمد"] * 50)
    ]
    index_records(tmp_path, records, processes=2)
    with searchd.open(tmp_path) as engine:
        assert len(ids(engine, "=أحمد")) == 50
        assert len(ids(engine, "=احمد")) == 150


def test_the_words_of_a_plain_query_ask_for_nothing() -> None:
    """So nothing more is read for them."""
    found = Analyzer().query_terms("كتاب العراق مدرسة كتبه covid-19 2003 ﷺ", exact=False)
    assert [terms.spelling for _token, terms in found] == [None] * 11
