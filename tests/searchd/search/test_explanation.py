"""Explanations: what each word adds, on each level; the parts sum to the score of the hit."""

from __future__ import annotations

import pytest

from analyzers.synonyms import Synonyms, parse_rules
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec
from searchd.results import Hit

SYNONYMS = Synonyms(parse_rules(["غوغل, جوجل", "الأمم المتحدة, UN", "كتاب, مصنف", "=أبو => =أبي"]))

DOCUMENTS = [
    Document("1", "كتاب عن غوغل في المدينة", title="الكتب", fields={"section": "أ"}),
    Document("2", "الأمم المتحدة في المدينة، والكتاب عنها", fields={"section": "ب"}),
    Document("3", "جوجل والأمم الأخرى", title="UN"),
    Document("4", "مصنف أبي حنيفة: كتبه covid19 و covid"),
    Document("5", "غورباتشوف زار المدينة وقرأ كتابا"),
    Document("6", "جورباتشوف والمدينة كتاب المدينة"),
]

QUERIES = [
    "كتاب",
    "الكتب المدينة",
    "غوغل كتاب المدينة",
    "الأمم المتحدة",
    "الأمم المتحدة كتاب",
    "un المدينة",
    "أبو حنيفة",
    "covid كتاب",
    "غورباتشوف المدينة كتاب",
    "غورباتشيف المدينة",
    '"الأمم المتحدة" كتاب المدينة',
    '="كتاب المدينة" مدينة كتاب',
    '"كتاب المدينة"~3 جوجل',
    "كتا* المدينة كتاب",
    "كتابا~ المدينة كتاب",
    "+المدينة كتاب غورباتشوف",
    "المدينة -غوغل كتاب",
    "كتاب AND المدينة",
    "كتاب OR (المدينة AND غوغل)",
    "كتاب (+غوغل المدينة)",
    "(+غائب كتاب) OR المدينة",
    "المدينة (كتاب -غوغل)",
    "كتاب NOT غوغل",
    "title:كتاب text:غوغل المدينة",
    "section:أ كتاب المدينة",
    "* كتاب",
    "*",
    "-غوغل",
    "في",
    "كتابالمدينة غوغل",
]


@pytest.fixture
def engine(make_engine):
    fields = FieldMap(extra=(FieldSpec("section"),))
    return make_engine(DOCUMENTS[:4], DOCUMENTS[4:], fields=fields, synonyms=SYNONYMS)


def total(hit: Hit) -> float:
    return sum(part.score for part in hit.explanation)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("options", [{}, {"syntax": "plain"}, {"filters": ["section=أ"]}], ids=str)
def test_the_parts_sum_to_the_score(engine, query, options):
    results = engine.search(query, explain=True, **options)
    for hit in results.hits:
        assert total(hit) == pytest.approx(hit.score, rel=1e-5, abs=1e-7), hit.id
        for part in hit.explanation:
            assert part.frequency > 0
            assert part.score > 0
    assert [hit.score for hit in results.hits] == [
        hit.score for hit in engine.search(query, **options).hits
    ]


def test_every_level_has_a_part(engine):
    (best,) = engine.search("غورباتشوف المدينة كتب", explain=True, limit=1).hits
    assert best.id == "5"
    assert {part.level for part in best.explanation} == {"lemma", "stem", "surface", "near"}
    levels = {
        part.level
        for query in ("غورباتشوف المدينة", "غوغل المدينة")
        for hit in engine.search(query, explain=True).hits
        for part in hit.explanation
    }
    assert levels == {"lemma", "stem", "surface", "near", "similar", "synonym"}


def test_a_word_of_a_group_that_does_not_match_adds_nothing(engine):
    hits = {hit.id: hit for hit in engine.search("المدينة (+غوغل كتاب)", explain=True).hits}
    parts = {
        i: {part.terms[0] for part in hit.explanation if part.level != "near"}
        for i, hit in hits.items()
    }
    assert "كتاب" in parts["1"]
    assert "كتاب" not in parts["2"], "it holds the word, but not the one that the group needs"


def test_without_being_asked_nothing_is_explained(engine):
    assert {hit.explanation for hit in engine.search("كتاب المدينة").hits} == {()}
