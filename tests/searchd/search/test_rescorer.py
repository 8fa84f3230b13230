"""The second stage: words near each other, and words similar to one that a document lacks."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.synonyms import Synonyms
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import delete_documents
from indexer.writer import IndexWriter
from searchd.ranking import DEFAULT_RANKING, Ranking
from searchd.results import Hit

CANDIDATES = DEFAULT_RANKING.candidates
NEAR = DEFAULT_RANKING.proximity_window

NONE = Synonyms()
"""The names of these documents are synonyms in the lists that ship."""

FILLER = ["نص", "شرح", "قول", "فعل", "بيت", "شمس", "قمر", "نهر", "جبل", "بحر"]

GAINS = Ranking(rarity=0.0)
"""So that the weight of a word does not depend on the lexicon."""


def apart(distance: int, first: str = "حديقة", second: str = "واشنطن") -> str:
    """Return a text in which two words are `distance` positions apart."""
    return " ".join([first, *FILLER[: distance - 1], second])


def of_level(hit: Hit, level: str) -> list[tuple[tuple[str, ...], float]]:
    return [(part.terms, part.frequency) for part in hit.explanation if part.level == level]


def near(hit: Hit) -> list[tuple[tuple[str, ...], float]]:
    return of_level(hit, "near")


PAIR = ("حديقه", "واشنطن")


class TestNear:
    @pytest.mark.parametrize(
        ("text", "frequency"),
        [
            pytest.param(apart(1), 1, id="neighbours"),
            pytest.param(apart(1, "واشنطن", "حديقة"), 1, id="the-other-way-round"),
            pytest.param(apart(NEAR), 1, id="five-positions"),
            pytest.param(apart(NEAR, "واشنطن", "حديقة"), 1, id="five-positions-back"),
            pytest.param(apart(NEAR + 1), 0, id="six-positions"),
            pytest.param(apart(NEAR + 1, "واشنطن", "حديقة"), 0, id="six-positions-back"),
            pytest.param("حديقة واشنطن حديقة", 2, id="two-pairs"),
            pytest.param("حديقة واشنطن حديقة واشنطن", 4, id="four-pairs"),
            pytest.param("الحديقة لواشنطن", 1, id="other-forms"),
            pytest.param("حدائق واشنطن", 0, id="not-by-lemma"),
            pytest.param("حديقة. واشنطن", 1, id="over-punctuation"),
        ],
    )
    def test_pairs_are_counted_in_the_text(self, make_engine, text, frequency):
        # A document before and one after, whose positions must not be taken for those of this one.
        engine = make_engine(
            [Document("0", "نص حديقة"), Document("1", text), Document("2", "واشنطن نص")]
        )
        for query, pair in (("حديقة واشنطن", PAIR), ("واشنطن حديقة", PAIR[::-1])):
            hits = {hit.id: hit for hit in engine.search(query, explain=True).hits}
            assert near(hits["1"]) == ([(pair, frequency)] if frequency else [])
            assert near(hits["0"]) == near(hits["2"]) == []

    def test_title_and_text_are_apart(self, make_engine):
        engine = make_engine(
            [
                Document("both", "واشنطن", title="حديقة"),
                Document("title", "نص", title="حديقة واشنطن"),
                Document("text", "حديقة واشنطن"),
            ]
        )
        hits = {hit.id: hit for hit in engine.search("حديقة واشنطن", explain=True).hits}
        assert {i for i, hit in hits.items() if near(hit)} == {"text"}
        (hit,) = engine.search("title:حديقة +text:واشنطن", explain=True).hits[:1]
        assert (hit.id, near(hit)) == ("both", []), "positions in two fields are not compared"

    def test_a_field_of_its_own(self, make_engine):
        fields = FieldMap(extra=(FieldSpec("note", FieldType.TEXT),))
        documents = [
            Document("note", "نص", fields={"note": "حديقة واشنطن"}),
            Document("far", "نص", fields={"note": apart(9)}),
            Document("text", "حديقة واشنطن"),
        ]
        hits = (
            make_engine(documents, fields=fields).search("note:(حديقة واشنطن)", explain=True).hits
        )
        assert [(hit.id, len(near(hit))) for hit in hits] == [("note", 1), ("far", 0)]

    @pytest.mark.parametrize(
        ("query", "pairs"),
        [
            ("حديقة واشنطن مدينة", [PAIR, ("واشنطن", "مدينه")]),
            ("حديقة مدينة واشنطن", [("حديقه", "مدينه"), ("مدينه", "واشنطن")]),
            ("حديقة في واشنطن", [PAIR]),
            ("حديقة غائب واشنطن", [PAIR]),
            ("حديقة حديقة واشنطن", [PAIR]),
            ("حديقة حديقة", []),
            ("حديقة AND واشنطن", [PAIR]),
            ("+حديقة +واشنطن", [PAIR]),
            ("حديقة -مكان واشنطن", [PAIR]),
            ('"حديقة واشنطن"', []),
            ("حديق* واشنطن", []),
            ("=حديقة واشنطن", []),
        ],
    )
    def test_only_words_that_follow_each_other_in_the_query(self, make_engine, query, pairs):
        engine = make_engine([Document("1", "حديقة واشنطن مدينة كبيرة"), Document("2", "مكان")])
        hit = engine.search(query, explain=True).hits[0]
        assert [terms for terms, _frequency in near(hit)] == pairs

    def test_the_order_is_that_of_the_query(self, make_engine):
        engine = make_engine([Document("1", "حديقة واشنطن مدينة كبيرة")])
        (hit,) = engine.search("حديقة +واشنطن مدينة", explain=True).hits
        assert [terms for terms, _n in near(hit)] == [PAIR, ("واشنطن", "مدينه")]

    def test_score(self, make_engine):
        """N = 4; both words in two documents; the mean length is 3, that of the first 2."""
        engine = make_engine(
            [
                Document("near", "حديقة واشنطن"),
                Document("far", apart(6)),
                Document("3", "نص نص"),
                Document("4", "نص"),
            ],
            ranking=Ranking(lemma=0, stem=1, surface=0, similar=0, near=0.4, rarity=0, phrase=0),
        )
        assert engine.search("حديقة", limit=1).hits[0].id == "near"
        first, second = engine.search("حديقة واشنطن", explain=True).hits
        idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
        mean = (2 + 7 + 2 + 1) / 4
        share = 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / mean))
        assert first.score == pytest.approx((2 + 0.4) * idf * share)
        last = first.explanation[-1]
        assert (last.level, last.idf) == ("near", pytest.approx(idf))
        assert last.score == pytest.approx(0.4 * idf * share)
        assert second.score == pytest.approx(2 * idf / (1 + 1.2 * (0.25 + 0.75 * 7 / mean)))

    def test_the_order_of_two_documents_depends_on_it(self, make_engine):
        documents = [
            Document("far", " ".join(["حديقة", *FILLER, "واشنطن"])),
            Document("near", " ".join(["حديقة", "واشنطن", *FILLER])),
        ]
        found = [hit.id for hit in make_engine(documents).search("حديقة واشنطن").hits]
        assert found == ["near", "far"]
        without = (
            make_engine(documents, ranking=Ranking(near=0.0, phrase=0.0))
            .search("حديقة واشنطن")
            .hits
        )
        assert [hit.id for hit in without] == ["far", "near"]
        assert without[0].score == without[1].score


class TestSimilar:
    DOCUMENTS = (
        Document("none", "زار المدينة وزير الشمس"),
        Document("like", "زار المدينة جورباتشوف الشمس"),
        Document("very", "زار المدينة غورباتشوف الشمس"),
    )

    def test_a_document_that_lacks_a_word_gains_by_one_like_it(self, make_engine):
        engine = make_engine(list(self.DOCUMENTS), ranking=GAINS, synonyms=NONE)
        hits = engine.search("غورباتشوف المدينة", explain=True).hits
        assert [hit.id for hit in hits] == ["very", "like", "none"]
        very, like, none = hits
        assert of_level(very, "similar") == of_level(none, "similar") == []
        assert of_level(like, "similar") == [(("جورباتشوف",), pytest.approx(14 / 18))]
        idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
        share = 14 / 18 / (14 / 18 + 1.2)
        assert like.score - none.score == pytest.approx(GAINS.similar * idf * share, rel=1e-4)

    def test_it_adds_no_document(self, make_engine):
        engine = make_engine([*self.DOCUMENTS, Document("else", "قورباتشوف")], synonyms=NONE)
        assert "else" not in engine.ids("غورباتشوف المدينة")
        assert {hit.id for hit in engine.search("غورباتشوف المدينة").hits} == {
            "very",
            "like",
            "none",
        }

    def test_a_word_of_the_same_lemma_is_not_lacking(self, make_engine):
        engine = make_engine([Document("1", "كتب المدينة"), Document("2", "كتاب المدينة")])
        for hit in engine.search("كتاب المدينة", explain=True).hits:
            assert of_level(hit, "similar") == []

    def test_without_it(self, make_engine):
        engine = make_engine(list(self.DOCUMENTS), ranking=Ranking(similar=0.0), synonyms=NONE)
        found = {hit.id: hit.score for hit in engine.search("غورباتشوف المدينة").hits}
        assert found["like"] == found["none"]

    def test_one_word_alone_is_not_rescored(self, make_engine):
        engine = make_engine(list(self.DOCUMENTS), synonyms=NONE)
        assert engine.ids("غورباتشوف") == ["very"]


def ranked_documents(count: int) -> list[Document]:
    """Return documents that score less and less in the first stage; every other has a near pair."""
    documents = []
    for number in range(count):
        words = FILLER + ["نص"] * number
        words.insert(0 if number % 2 else len(words), "واشنطن")
        documents.append(Document(str(number), " ".join(["حديقة", *words])))
    return documents


class TestCandidates:
    def test_only_the_candidates_are_rescored(self, make_engine):
        """All tie in the first stage, so the first ones of the index are the candidates."""
        documents = [Document(str(number), apart(1)) for number in range(CANDIDATES + 7)]
        engine = make_engine(documents[:70], documents[70:100], documents[100:])
        assert engine.info().segments == 3
        hits = engine.search("حديقة واشنطن", limit=1000, explain=True).hits
        assert [hit.id for hit in hits] == [document.id for document in documents]
        assert [len(near(hit)) for hit in hits] == [1] * CANDIDATES + [0] * 7
        assert hits[CANDIDATES - 1].score > hits[CANDIDATES].score
        for hit in hits:
            assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, rel=1e-5)

    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ("حديقة واشنطن", ["1", "3", "5"]),
            ("+حديقة واشنطن", ["1", "3", "5"]),
            ("واشنطون حديقة نص", ["5", "6", "4"]),
        ],
    )
    @pytest.mark.parametrize("size", [1, 10, 33, 99, 100, 101])
    def test_pages_are_parts_of_one_list(self, make_engine, query, first, size):
        documents = ranked_documents(130)
        engine = make_engine(documents[:90], documents[90:])
        whole = engine.search(query, limit=1000, snippets=0, explain=True).hits
        assert len(whole) == 130
        pages = [
            engine.search(query, limit=size, offset=offset, snippets=0, explain=True).hits
            for offset in range(0, 131, size)
        ]
        assert tuple(hit for page in pages for hit in page) == whole
        assert [hit.id for hit in whole[:3]] == first
        assert {hit.id for hit in whole} == set(engine.ids(query))

    def test_filters_come_first(self, make_engine):
        fields = FieldMap(extra=(FieldSpec("section"),))
        documents = [
            Document(str(number), apart(1), fields={"section": "أ" if number < 120 else "ب"})
            for number in range(130)
        ]
        hits = make_engine(documents, fields=fields).search(
            "حديقة واشنطن", filters=["section=ب"], limit=1000, explain=True
        )
        assert [len(near(hit)) for hit in hits.hits] == [1] * 10

    def test_an_order_by_a_column_has_no_second_stage(self, make_engine):
        engine = make_engine([Document("1", apart(1)), Document("2", apart(2))])
        by_date = engine.search("حديقة واشنطن", sort="date", explain=True).hits
        assert [(near(hit), hit.score) for hit in by_date] == [([], None)] * 2
        by_score = engine.search("حديقة واشنطن", sort="score,date", explain=True).hits
        assert [near(hit) for hit in by_score] == [[]] * 2
        for hit in by_score:
            explained = sum(part.score for part in hit.explanation)
            assert explained == pytest.approx(hit.score, rel=1e-5)


TEXTS = [
    "زار غورباتشوف حديقة واشنطن",
    "حديقة واشنطن حديقة",
    "جورباتشوف في واشنطن",
    "حديقة المدينة كبيرة والحديقة واشنطن",
    "قورباتشوف زار الحدائق",
    "حديقة واشنطن حديقة",
    "زار جورباتشوف غورباتشوف واشنطن كثيرا",
    "كتب عن واشنطن كتابا",
    "الكتاب عن حديقة",
    "حديقة واشنطن حديقة",
]


@pytest.mark.parametrize(
    "borders",
    [
        *([], [6, 9], [1], list(range(1, 10))),
        *(pytest.param(each, marks=pytest.mark.stress) for each in ([5], [9], [2, 4, 6, 8])),
    ],
    ids=lambda borders: "-".join(map(str, borders)) or "one",
)
@pytest.mark.parametrize("deleted", [[], ["1", "4"]], ids=["all", "deleted"])
@pytest.mark.parametrize("optimize", [False, True], ids=["spread", "merged"])
def test_segments_change_nothing(make_engine, borders, deleted, optimize):
    documents = [Document(str(number), text) for number, text in enumerate(TEXTS)]
    bounds = zip([0, *borders], [*borders, len(documents)], strict=True)
    runs = [documents[low:high] for low, high in bounds]
    engine = make_engine(*runs, synonyms=NONE)
    delete_documents(Path(engine.info().path), deleted)
    if optimize:
        with IndexWriter(Path(engine.info().path)) as writer:
            writer.commit(optimize=True)
    left = [document for document in documents if document.id not in deleted]
    plain = make_engine(left, synonyms=NONE)
    for query in (
        "غورباتشوف واشنطن حديقة",
        "غورباتشيف حديقة",
        "كتاب واشنطن",
        "+واشنطن غورباتشوف كتب",
        "حديقة المدينة",
    ):
        hits, expected = (
            each.search(query, snippets=0, explain=True).hits for each in (engine, plain)
        )
        assert [hit.id for hit in hits] == [hit.id for hit in expected]
        for hit, same in zip(hits, expected, strict=True):
            assert hit.score == pytest.approx(same.score, rel=1e-5)
            assert [(part.level, part.terms) for part in hit.explanation] == [
                (part.level, part.terms) for part in same.explanation
            ]
            assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, rel=1e-5)


def test_equal_documents_tie_where_only_one_segment_has_forms_of_their_lemma(make_engine):
    """One level in one segment and two in another are summed with the same rounding."""
    for count in range(1, 25):
        twins = [Document(f"twin{number}", "كتاب شمس " + "نص " * count) for number in range(3)]
        others = [Document(f"other{number}", "كتب نص") for number in range(count)]
        engine = make_engine([*others, *twins[:2]], [twins[2]])
        assert engine.info().segments == 2
        for query in ("كتاب", "كتاب شمس", "+كتاب +شمس"):
            hits = [hit for hit in engine.search(query, limit=99).hits if hit.id.startswith("twin")]
            assert len({hit.score for hit in hits}) == 1, (count, query)
            assert [hit.id for hit in hits] == [twin.id for twin in twins]


def test_the_default_ranking_rescores():
    assert DEFAULT_RANKING.rescores
    gains = ("similar", "near", "function_word", "phrase", "exact_title")
    nothing = Ranking(**dict.fromkeys(gains, 0.0))
    assert not nothing.rescores
    assert all(replace(nothing, **{gain: 0.1}).rescores for gain in gains)
