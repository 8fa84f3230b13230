"""The words of packs are names: they are found with particles before them, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

import searchd
from analyzers.synonyms import Synonyms, parse_rules
from indexer.document import Document
from indexer.writer import IndexWriter

TEXTS = {
    "month": "عاد المسافرون في غشت الماضي",
    "clitic": "وبالتلفون وصل الخبر",
    "cheated": "قالت إنها غشت في الامتحان",
    "damage": "تلف المحصول كله",
    "damaged": "التلف في التمور كبير",
    "cars": "عربات قديمة في الشارع",
}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    with IndexWriter(tmp_path / "index") as writer:
        for name, text in TEXTS.items():
            writer.upsert(Document(name, text))
        writer.commit()
    return tmp_path / "index"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        # What is written alike cannot be told apart; what merely shares a stem or lemma is.
        pytest.param("أغسطس", {"month", "cheated"}, id="month"),
        pytest.param("تليفون", {"clitic"}, id="word"),
    ],
)
def test_packs(index: Path, query: str, wanted: set[str]) -> None:
    with searchd.open(index) as engine:
        assert set(engine.ids(query)) == wanted
        (hit, *_others) = engine.search(query).hits
        marks = {mark.level for snippet in hit.snippets for mark in snippet.highlights}
        assert marks == {"synonym"}


def test_own_synonyms_are_found_in_all_their_forms(index: Path) -> None:
    with searchd.open(index, synonyms=Synonyms(parse_rules(["سيارة, عربة"]))) as engine:
        assert engine.ids("سيارة") == ["cars"]
