"""Which words a search finds by other words: one document for each, searched for by every other one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import searchd
from indexer.document import Document
from indexer.writer import IndexWriter

TABLE = Path(__file__).with_name("found_words.tsv")


class Row(NamedTuple):
    """A line of the table: whether a search for one text is to find the other, both ways."""

    kind: str
    sign: str
    first: str
    second: str


def read_rows() -> Iterator[Row]:
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield Row(*line.split("\t"))


ROWS = list(read_rows())
KINDS = list(dict.fromkeys(row.kind for row in ROWS))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What a search for each text of the table finds."""
    directory = tmp_path_factory.mktemp("words") / "index"
    texts = sorted({text for row in ROWS for text in (row.first, row.second)})
    with IndexWriter(directory) as writer:
        for number, text in enumerate(texts):
            writer.upsert(Document(str(number), text))
        writer.commit()
    results = {}
    with searchd.open(directory) as engine:
        for text in texts:
            hits = engine.search(text, limit=len(texts), snippets=0, correct="never").hits
            results[text] = {texts[int(hit.id)] for hit in hits}
    return results


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_rows_of_both_signs(kind: str) -> None:
    signs = [row.sign for row in ROWS if row.kind == kind]
    assert set(signs) == {"+", "-"}
    assert min(map(signs.count, "+-")) >= 12


def test_every_text_finds_itself(found: dict[str, set[str]]) -> None:
    assert [text for text, texts in found.items() if text not in texts] == []


@pytest.mark.parametrize(
    ("kind", "together", "apart"),
    [
        pytest.param("article", 0.93, 1.0, id="article"),
        pytest.param("prefixed", 0.90, 0.96, id="prefixed"),
        pytest.param("hamza", 0.70, 0.87, id="hamza"),
        pytest.param("lemma", 0.55, 0.88, id="lemma"),
        pytest.param("dialect", 0.72, 0.97, id="dialect"),
        pytest.param("names", 0.90, 1.0, id="names"),
    ],
)
def test_no_kind_falls_below_its_floor(
    found: dict[str, set[str]], kind: str, together: float, apart: float
) -> None:
    """Raise a floor with what is measured; lower none without a reason in the changelog."""
    wrong = []
    counts = {"+": 0, "-": 0}
    for row in ROWS:
        if row.kind == kind:
            counts[row.sign] += 1
            both = (row.second in found[row.first], row.first in found[row.second])
            if not all(both) if row.sign == "+" else any(both):
                wrong.append(row)
    shares = {sign: 1 - sum(row.sign == sign for row in wrong) / counts[sign] for sign in counts}
    assert shares["+"] >= together, (shares, wrong)
    assert shares["-"] >= apart, (shares, wrong)
