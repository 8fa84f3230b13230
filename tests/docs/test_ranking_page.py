"""The page on ranking names every field of `Ranking` with its default, and says how scores are made."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from pathlib import Path

import pytest

import searchd
from analyzers import Analyzer
from searchd import Document, IndexWriter, Ranking
from searchd.ranking import DEFAULT_RANKING
from tests.docs.examples import DOCS

_FORMULA = (
    (DOCS / "ranking.md").read_text("utf-8").partition("## The formula")[2].partition("\n## ")[0]
)
_DEFAULT = re.compile(r"`(\w+)` (\d[\d.,]*\d|\d)")


def test_the_formula_has_every_field_with_its_default() -> None:
    shown = {name: float(value.replace(",", "")) for name, value in _DEFAULT.findall(_FORMULA)}
    assert shown == {field.name: field.default for field in fields(Ranking)}


def test_the_default_is_the_one_that_the_page_names() -> None:
    assert Ranking() == DEFAULT_RANKING


def test_a_score_is_the_formula_of_the_page(tmp_path: Path) -> None:
    """One word in the text of one of two documents of one length, on all three levels."""
    with IndexWriter(tmp_path) as writer:
        writer.upsert(Document("1", "كتاب قديم"))
        writer.upsert(Document("2", "بيت جديد"))
        writer.commit()
    with searchd.open(tmp_path) as engine:
        (hit,) = engine.search("كتاب", explain=True)
    default = Ranking()
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    rarity = Analyzer().lemma_expander.rarity("كتاب")
    weights = default.lemma + default.stem + default.surface
    assert hit.score == pytest.approx(
        rarity**default.rarity * weights * idf / (1 + default.k1), rel=1e-5
    )
    assert [part.level.value for part in hit.explanation] == ["lemma", "stem", "surface"]
