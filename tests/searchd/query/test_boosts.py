"""Boosts in a query: what they multiply, and that the explanation says so."""

from __future__ import annotations

import pytest

from searchd.engine import Engine
from tests.searchd.query.language import write_documents


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    directory = tmp_path_factory.mktemp("language") / "index"
    write_documents(directory)
    with Engine(directory) as opened:
        yield opened


BOOSTS = [
    pytest.param("كتاب^2", "كتاب", 2, id="word"),
    pytest.param("كتاب^0.5", "كتاب", 0.5, id="less"),
    pytest.param("كتاب^.5", "كتاب", 0.5, id="no-zero"),
    pytest.param("كتاب^٢٫٥", "كتاب", 2.5, id="arabic-digits"),
    pytest.param('"كتاب تاريخ"^3', '"كتاب تاريخ"', 3, id="phrase"),
    pytest.param('"كتاب تاريخ"~2^3', '"كتاب تاريخ"~2', 3, id="sloppy-phrase"),
    pytest.param('"كتاب تاريخ"~~5^3', '"كتاب تاريخ"~~5', 3, id="any-order"),
    pytest.param("(كتاب مجلة)^2", "(كتاب مجلة)", 2, id="group"),
    pytest.param("(كتاب AND تاريخ)^2", "(كتاب AND تاريخ)", 2, id="group-with-operators"),
    pytest.param("title:كتاب^3", "title:كتاب", 3, id="field"),
    pytest.param("title:(كتاب مجلة)^3", "title:(كتاب مجلة)", 3, id="group-in-a-field"),
    pytest.param("عنوان:كتاب^3", "title:كتاب", 3, id="field-in-arabic"),
    pytest.param("=كتاب^2", "=كتاب", 2, id="exact-word"),
    pytest.param('="كتاب تاريخ"^2', '="كتاب تاريخ"', 2, id="exact-phrase"),
    pytest.param("كتاب~^2", "كتاب~", 2, id="fuzzy"),
    pytest.param("كتاب~2^2", "كتاب~2", 2, id="fuzzy-two"),
    pytest.param("كتا*^2", "كتا*", 2, id="pattern"),
    pytest.param("م?لة^2", "م?لة", 2, id="pattern-of-one-letter"),
    pytest.param("+كتاب^2", "+كتاب", 2, id="required"),
    pytest.param("((كتاب^2))^3", "كتاب", 6, id="multiplied"),
    pytest.param("(كتاب^2 تاريخ^2)^0.5", "(كتاب تاريخ)", 1, id="cancelled"),
    pytest.param("كتاب^1", "كتاب", 1, id="one"),
    pytest.param("(كتاب | مجلة)^2", "(كتاب OR مجلة)", 2, id="alternatives"),
    pytest.param("كتاب^2.", "كتاب", 2, id="before-a-full-stop"),
    pytest.param("كتاب^2، مجلة^2", "كتاب مجلة", 2, id="before-a-comma"),
    pytest.param("تاريخ كتاب^1", "تاريخ كتاب", 1, id="one-of-two"),
    pytest.param("(تاريخ كتاب مجلة)^3", "(تاريخ كتاب مجلة)", 3, id="three-words-near-each-other"),
    pytest.param("تاريخ^3 كتاب^3", "تاريخ كتاب", 3, id="both-words-near-each-other"),
    pytest.param("كتاب^2 | مجلة^2", "كتاب | مجلة", 2, id="both-alternatives"),
    pytest.param("(كتاب date>=2020)^2", "(كتاب date>=2020)", 2, id="group-with-a-condition"),
    pytest.param("(+كتاب تاريخ)^4", "(+كتاب تاريخ)", 4, id="group-with-a-required-word"),
    pytest.param("title:(كتاب^2)^2", "title:كتاب", 4, id="multiplied-in-a-field"),
    pytest.param("مدرسةكتاب^2 تاريخ^2", "مدرسةكتاب تاريخ", 2, id="words-unlike-any"),
]


@pytest.mark.parametrize(("boosted", "plain", "factor"), BOOSTS)
def test_boosts(engine, boosted, plain, factor):
    """A boost multiplies scores, those of the second stage too, and the explanation says so."""
    found = engine.search(boosted, explain=True)
    scores = {hit.id: hit.score for hit in engine.search(plain)}
    assert scores
    assert {hit.id: hit.score for hit in found} == pytest.approx(
        {i: score * factor for i, score in scores.items()}, rel=1e-5
    )
    for hit in found:
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, rel=1e-5)


def test_a_boost_of_one_word_changes_the_order(engine):
    """It reaches the first stage, the second, and the explanation of each."""
    query = "كتاب{} مجلة{} تاريخ"
    plain = {hit.id: hit for hit in engine.search(query.format("", ""), explain=True)}
    boosted = {hit.id: hit for hit in engine.search(query.format("^5", ""), explain=True)}
    assert plain.keys() == boosted.keys()
    assert [hit.id for hit in engine.search(query.format("^9", ""))] != [
        hit.id for hit in engine.search(query.format("", "^9"))
    ]
    levels = set()
    for i, hit in boosted.items():
        before = {(part.level, part.terms): part.score for part in plain[i].explanation}
        for part in hit.explanation:
            levels.add(str(part.level))
            factor = part.score / before[part.level, part.terms]
            assert part.level == "near" or factor == pytest.approx(5 if "كتاب" in part.terms else 1)
            assert 1 - 1e-6 <= factor <= 5 + 1e-6
    assert {"lemma", "stem", "surface", "near"} <= levels
