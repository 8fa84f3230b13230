"""Every search against a second implementation, which reads each document one by one."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from analyzers.levels import Level
from analyzers.synonyms import Synonyms, read_synonyms, shipped_synonyms
from searchd.ranking import DEFAULT_RANKING, LEMMA_ONLY, STEM_ONLY, SURFACE_ONLY, Ranking
from tests.searchd.search.comparison import (
    RELATIVE,
    SEGMENTS,
    check,
    compare,
    make_collection,
    open_engine,
    open_reference,
    write,
)
from tests.searchd.search.random_queries import CONDITIONS, SYNONYMS, random_query, random_sort

RANKINGS = {
    "lemma": LEMMA_ONLY,
    "stem": STEM_ONLY,
    "surface": SURFACE_ONLY,
    "no stems": Ranking(stem=0.0),
    "no lemmas": Ranking(lemma=0.0),
    "surface forms and all the rest": Ranking(lemma=0.0, stem=0.0),
    "nothing similar": Ranking(similar=0.0),
    "nothing near": Ranking(near=0.0, rarity=0.0),
    "no synonyms": Ranking(synonym=0.0),
}

SHARED = {
    "analyzers",
    "analyzers.collation", "analyzers.analyzer", "analyzers.synonyms",  # the words of a text, and synonyms
    "analyzers.stemming.stopwords",  # function words
    "indexer.document", "indexer.fields",  # what is indexed
    "searchd.query", "searchd.query.particles", "searchd.ranking",  # what is asked, and the numbers
}  # fmt: skip
"""All that the reference takes from the program."""


def test_the_reference_shares_no_scoring_code():
    paths = Path(__file__).parent.glob("reference*.py")
    texts = [path.read_text("utf-8") for path in paths]
    imported = {
        node.module
        for text in texts
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module
    }
    own = ("analyzers", "indexer", "searchd")
    assert {name for name in imported if name.split(".")[0] in own} == SHARED
    computed = {name for name in vars(Ranking) if isinstance(vars(Ranking)[name], property)}
    used = {name for name in computed for text in texts if f"ranking.{name}" in text}
    assert not used, "fields alone"


@pytest.fixture(scope="module", params=SEGMENTS)
def collection(request, tmp_path_factory):
    directory = tmp_path_factory.mktemp("reference") / "index"
    return directory, make_collection(directory, request.param)


richest = pytest.mark.parametrize("collection", ["five with deletions"], indirect=True)
"""For what need not be tried on every collection."""


def test_random_queries(collection):
    directory, live = collection
    rng = random.Random("queries")
    reference = open_reference(live)
    with open_engine(directory) as engine:
        seen: set[str] = set()
        for _ in range(20):
            seen |= compare(engine, reference, rng)
    assert seen >= set(Level) - {Level.PHRASE}


@richest
def test_queries_from_the_documents(collection):
    """The words of a title, and some that follow each other in a text."""
    directory, live = collection
    rng = random.Random("texts")
    reference = open_reference(live)
    seen: set[str] = set()
    with open_engine(directory) as engine:
        for document in rng.sample(list(live.values()), 12):
            words = [word for word in document.text.split() if word.isalpha()][:3]
            titles = [word for word in document.title.split() if word.isalpha()]
            for query in (" ".join(words), " ".join(titles)):
                check(engine, reference, query, rng)
                hits = engine.search(query, limit=1, explain=True).hits
                seen |= {part.level for hit in hits for part in hit.explanation}
    assert Level.PHRASE in seen


def test_random_filters_and_sort_keys(collection):
    directory, live = collection
    rng = random.Random("columns")
    reference = open_reference(live)
    with open_engine(directory) as engine:
        for number in range(12):
            sort = random_sort(rng) if number % 2 else ""
            compare(engine, reference, rng, filters=number % 4, sort=sort)


@richest
@pytest.mark.parametrize("name", CONDITIONS)
def test_every_operator(collection, name):
    directory, live = collection
    rng = random.Random(name)
    reference = open_reference(live)
    operators, values = CONDITIONS[name]
    found = set()
    with open_engine(directory) as engine:
        for operator in operators:
            for value in values:
                condition = f"{name}{operator}{value}"
                check(engine, reference, "*", rng, [condition], rng.choice(["", f"-{name}"]))
                found.add(engine.count("*", filters=[condition]))
    assert len(found) > len(operators), "the values tell documents apart"


@richest
@pytest.mark.parametrize("name", RANKINGS)
def test_rankings(collection, name):
    directory, live = collection
    rng = random.Random(name)
    reference = open_reference(live, RANKINGS[name])
    with open_engine(directory, RANKINGS[name]) as engine:
        for _ in range(6):
            compare(engine, reference, rng)


OF_FILE = ["كتابهم", "الصحف", "الحشد الشعبي", "القوات", "مدرس", "book", "بغداد", "في بغداد"]
OF_PACKS = ["غوغل", "قوقل", "والجوجل", "كانون الثاني", "جانفي", "3", "ثلاثة"]
OF_NONE = ["هاتف", "المدرس", "رئيس بغدادي", "طالب", "كانون", "عبد", "عبدالله"]
"""Queries by where their synonyms are; those of the last have none, or none that documents hold."""


@richest
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("none", [], id="none"),
        pytest.param("file", OF_FILE, id="file"),
        pytest.param("packs", OF_PACKS, id="packs"),
        pytest.param("both", [*OF_FILE, *OF_PACKS], id="both"),
    ],
)
def test_synonyms(collection, kind, expected, tmp_path):
    directory, live = collection
    (tmp_path / "synonyms.txt").write_text(SYNONYMS, "utf-8")
    own = read_synonyms(tmp_path / "synonyms.txt")
    synonyms = {
        "none": Synonyms(),
        "file": own,
        "packs": shipped_synonyms(),
        "both": shipped_synonyms() | own,
    }[kind]
    rng = random.Random("synonyms")
    reference = open_reference(live, synonyms=synonyms)
    with open_engine(directory, synonyms=synonyms) as engine:
        expanded = []
        for query in (*OF_FILE, *OF_PACKS, *OF_NONE):
            check(engine, reference, query, rng)
            if any(term.synonyms for term in engine.search(query, correct="never").terms):
                expanded.append(query)
        assert expanded == expected
        for _ in range(4):
            compare(engine, reference, rng)


OTHER_NUMBERS = {
    "k1": 0.7,
    "b": 0.3,
    "title_weight": 2,
    "coordination": 0.6,
    "candidates": 20,
    "proximity_window": 3,
    "least_likeness": 0.3,
    "most_similar": 4,
    "variant": 0.3,
    "most_rescored_terms": 4,
}


@richest
@pytest.mark.parametrize("name", [*OTHER_NUMBERS, "all of them"])
def test_rankings_with_other_numbers(collection, tmp_path, name):
    """One number at a time, and then all."""
    numbers = OTHER_NUMBERS if name == "all of them" else {name: OTHER_NUMBERS[name]}
    ranking = Ranking(**numbers)
    directory, live = collection
    if "title_weight" in numbers:  # an index of its own
        directory = tmp_path / "index"
        weight = ranking.title_weight
        live = make_collection(directory, "five with deletions", ranking, title_weight=weight)
    rng = random.Random(name)
    reference = open_reference(live, ranking)
    with open_engine(directory, ranking) as engine:
        for number in range(6):
            compare(engine, reference, rng, filters=number % 3 // 2)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(20))
def test_many_random_queries(collection, seed):
    directory, live = collection
    rng = random.Random(seed)
    ranking = [DEFAULT_RANKING, *RANKINGS.values()][max(0, seed - 10)]  # the default more often
    reference = open_reference(live, ranking)
    with open_engine(directory, ranking) as engine:
        for number in range(200):
            sort = random_sort(rng) if number % 5 == 0 else ""
            compare(engine, reference, rng, depth=3, filters=number % 3, sort=sort)


def test_segments_do_not_change_the_answer(collection, tmp_path):
    """Neither who is found nor the order; scores but for rounding."""
    directory, live = collection
    write(tmp_path / "merged", list(live.values()))
    rng = random.Random("segments")
    with open_engine(directory) as spread, open_engine(tmp_path / "merged") as merged:
        assert merged.info().segments == 1
        for _ in range(15):
            query = random_query(rng)
            first, second = (
                engine.search(query, limit=1000, snippets=0, correct="never").hits
                for engine in (spread, merged)
            )
            assert [hit.id for hit in first] == [hit.id for hit in second], query
            assert [hit.score for hit in first] == pytest.approx(
                [hit.score for hit in second], rel=RELATIVE
            )
