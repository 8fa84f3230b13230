from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.synonyms import Synonyms
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import delete_documents
from indexer.snapshot import Snapshot
from searchd.ranking import DEFAULT_RANKING
from searchd.search import trigram_similarity

LEAST_LIKENESS, MOST_SIMILAR = DEFAULT_RANKING.least_likeness, DEFAULT_RANKING.most_similar


def similar_stems(snapshot: Snapshot, field: str, stem: str) -> dict[str, float]:
    (found,) = trigram_similarity.similar_stems(
        snapshot, field, [stem], least=LEAST_LIKENESS, most=MOST_SIMILAR
    )
    return found


TEXTS = ["غورباتشوف جورباتشوف في موسكو", "قورباتشوف وعلاء", "كتاب كتابة كاتب مكتبة", "covid covide"]


@pytest.fixture
def snapshot_of(make_engine):
    def make(*runs: list[Document], **options: object) -> Snapshot:
        return Snapshot(Path(make_engine(*runs, **options).info().path))

    return make


def documents(texts: list[str], first: int = 0) -> list[Document]:
    return [Document(str(number), text) for number, text in enumerate(texts, first)]


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        pytest.param(
            "غورباتشوف", {"جورباتشوف": 14 / 18, "قورباتشوف": 14 / 18}, id="ties-by-code-point"
        ),
        pytest.param(
            "غورباتشيف", {"غورباتشوف": 12 / 18, "جورباتشوف": 8 / 18, "قورباتشوف": 8 / 18},
            id="most-like-first",
        ),
        pytest.param("covidd", {"covid": 8 / 11, "covide": 8 / 12}, id="latin"),
        pytest.param("ظظظ", {}, id="nothing"),
        pytest.param("موسكو", {}, id="not-itself"),
        pytest.param("2024", {}, id="no-numbers"),
        pytest.param("f16", {}, id="no-names-with-a-number"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("spread", [False, True], ids=["one-segment", "several"])
def test_what_looks_alike(snapshot_of, stem, expected, spread):
    found = documents([*TEXTS, "2024 2025 f16 f17", *["نص"] * 7])
    runs = [found[4:], found[:3], found[3:4]] if spread else [found]
    snapshot = snapshot_of(*runs)
    assert len(snapshot.segments) == len(runs)
    similar = similar_stems(snapshot, "", stem)
    assert similar == pytest.approx(expected)
    assert list(similar) == list(expected)
    assert similar_stems(snapshot, "", stem) == similar


def test_no_more_than_ten_and_the_first_of_those_that_tie(snapshot_of):
    names = [f"غورباتشو{letter}" for letter in "بثجحخدذرزسشص"]
    found = similar_stems(snapshot_of(documents([" ".join(names)])), "", "غورباتشوف")
    assert len(names) > MOST_SIMILAR
    assert list(found) == sorted(found) == sorted(names)[:MOST_SIMILAR]
    assert min(found.values()) >= LEAST_LIKENESS


def test_stems_that_only_deleted_documents_hold(make_engine):
    names = [f"غورباتشو{letter}" for letter in "بثجحخدذرزسشص"]
    engine = make_engine(documents(names))
    path = Path(engine.info().path)
    delete_documents(path, ["1", "11"])
    found = similar_stems(Snapshot(path), "", "غورباتشوف")
    assert list(found) == [name for name in sorted(names) if name not in (names[1], names[11])]


def test_each_field_has_its_own(snapshot_of):
    fields = FieldMap(extra=(FieldSpec("author", FieldType.TEXT),))
    snapshot = snapshot_of(
        [Document("1", "غورباتشوف", title="جورباتشوف", fields={"author": "قورباتشوف"})],
        fields=fields,
    )
    found = {
        name: set(similar_stems(snapshot, name, "غورباتشيف")) for name in ("text", "title", "")
    }
    assert found == {
        "text": {"غورباتشوف"},
        "title": {"جورباتشوف"},
        "": {"غورباتشوف", "جورباتشوف"},
    }
    assert set(similar_stems(snapshot, "author", "غورباتشيف")) == {"قورباتشوف"}


class TestWordsThatNoDocumentHolds:
    COLLECTION = (
        Document("name", "زار غورباتشوف المدينة"),
        Document("other", "زار المدينة جورباتشوف"),
        Document("city", "المدينة كبيرة"),
    )

    @pytest.fixture
    def engine(self, make_engine):
        return make_engine(list(self.COLLECTION), synonyms=Synonyms())

    def test_alone_it_finds_nothing(self, engine):
        results = engine.search("غورباتشيف")
        assert (results.total, results.hits) == (0, ())
        assert results.terms[0].similar == ()
        assert results.suggestions

    def test_beside_another_word_it_is_searched_by_those_like_it(self, engine):
        results = engine.search("غورباتشيف المدينة", explain=True)
        assert [hit.id for hit in results.hits] == ["name", "other", "city"]
        unknown, city = results.terms
        assert (unknown.documents, unknown.similar) == (0, ("غورباتشوف", "جورباتشوف"))
        assert (city.documents, city.similar) == (3, ())
        similar, *_others = results.hits[0].explanation
        assert similar.level == "similar"
        assert similar.terms == ("غورباتشوف", "جورباتشوف")
        assert similar.frequency == pytest.approx(12 / 18)
        assert "[غورباتشوف]" in results.hits[0].snippets[0].render("[", "]")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            pytest.param("غورباتشيف جورباتشيف", set(), id="two-unknown"),
            pytest.param("+غورباتشيف المدينة", set(), id="required"),
            pytest.param("غورباتشيف AND المدينة", set(), id="and"),
            pytest.param("غورباتشيف OR كبيرة", {"city"}, id="or"),
            pytest.param('"غورباتشيف" كبيرة', {"city"}, id="quoted"),
            pytest.param("=غورباتشيف كبيرة", {"city"}, id="exact"),
            pytest.param("text:غورباتشيف كبيرة", {"city"}, id="in-a-field"),
            pytest.param("كبيرة -غورباتشيف", {"city"}, id="excluded"),
            pytest.param("text:(غورباتشيف كبيرة)", {"name", "other", "city"}, id="group"),
        ],
    )
    def test_only_a_plain_word_is_replaced(self, engine, query, expected):
        assert set(engine.ids(query)) == expected

    def test_deleting_the_last_document_with_a_word_makes_it_unknown(self, engine):
        assert [term.documents for term in engine.search("غورباتشوف كبيرة").terms] == [1, 1]
        delete_documents(Path(engine.info().path), ["name"])
        results = engine.search("غورباتشوف كبيرة")
        assert results.terms[0].similar == ("جورباتشوف",)
        assert {hit.id for hit in results.hits} == {"other", "city"}
