"""Facets, filter expressions and groups of random searches, against plain counting."""

from __future__ import annotations

import random

import pytest

from tests.searchd.conftest import delete_from
from tests.searchd.search.random_queries import FIELDS
from tests.searchd.search.reference_columns import Columns
from tests.searchd.search.refinement_checks import random_documents, random_engine_checks


@pytest.mark.parametrize(
    ("documents", "searches"),
    [
        pytest.param(150, 10, id="some"),
        pytest.param(2000, 500, id="many", marks=pytest.mark.stress),
    ],
)
def test_counts_and_groups_are_those_of_plain_counting(make_engine, documents, searches):
    """In several segments, then with a third of the documents deleted."""
    rng = random.Random(documents)
    made = random_documents(rng, documents)
    third = len(made) // 3
    engine = make_engine(made[:third], made[third:-5], made[-5:], fields=FIELDS, changes=True)
    columns = Columns({document.id: document for document in made}, FIELDS)
    counted = sum(random_engine_checks(engine, columns, rng) for _ in range(searches))
    gone = rng.sample([document.id for document in made], third)
    delete_from(engine, gone)
    assert engine.count("*") == len({document.id for document in made}) - len(gone)
    counted += sum(random_engine_checks(engine, columns, rng) for _ in range(searches))
    assert counted > searches  # not all of the random filters leave nothing
