"""What is wrong with a query is said in Arabic: the page knows every message of the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

import searchd
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.errors import QuerySyntaxError
from searchd.ranking import Ranking
from searchd.service.page.query_errors import arabic_reason
from tests.searchd.conftest import write_index
from tests.searchd.query.test_query_language import FIELDS, REFUSED


@pytest.mark.parametrize(
    "query",
    [
        '"كتاب',
        '""',
        "كتاب)",
        "(كتاب",
        "AND كتاب",
        "كتاب AND",
        "=(",
        "كتاب AND ؟",
        "x:كتاب",
        "date:ك*",
        '"كتاب مدرسة"~100',
        "كتاب~3",
        "ا*",
        f"{'(' * 60}ا{')' * 60}",
        "NOT",
    ],
)
def test_what_is_wrong_with_a_query_is_said_in_arabic(query: str, tmp_path: Path) -> None:
    """The page looks for words of the message; so every message has to have some of them."""
    with IndexWriter(tmp_path / "index") as writer:
        writer.upsert(Document("1", "اسم"))
        writer.commit()
    ranking = Ranking(most_expansions=0)
    with (
        searchd.open(tmp_path / "index", ranking=ranking) as engine,
        pytest.raises(QuerySyntaxError) as caught,
    ):
        engine.search(query)
    assert arabic_reason(str(caught.value)), str(caught.value)


def test_every_refusal_is_said_in_arabic(tmp_path: Path) -> None:
    write_index(tmp_path / "index", [Document("1", "اسم")], fields=FIELDS)
    used = set()
    with searchd.open(tmp_path / "index") as engine:
        for query, *_others in (case.values for case in REFUSED):
            with pytest.raises(QuerySyntaxError) as caught:
                engine.search(str(query))
            said = arabic_reason(str(caught.value))
            assert said, str(caught.value)
            used.add(said)
    assert len(used) > 20
