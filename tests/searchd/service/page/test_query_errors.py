"""What is wrong with a query is said in Arabic: the page knows every message of the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

import searchd
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.errors import FilterSyntaxError, QuerySyntaxError
from searchd.ranking import Ranking
from searchd.service.page.query_errors import arabic_reason
from tests.searchd.conftest import write_index
from tests.searchd.query.language import FIELDS
from tests.searchd.query.test_query_language import REFUSED


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


@pytest.mark.parametrize(
    "condition",
    [
        "nosuch=1",
        "price",
        "=5",
        "AND price=5",
        "price=5 AND",
        "price=5 OR",
        "price=abc",
        "price<=>5",
        "date=never",
        "section<a",
        "section IN (a",
        "section IN (a,)",
        "section IN (a b AND c)",
        '"',
        'section="a',
        'section="a" b',
        "(price=5",
        "price=5)",
        "price:[5 TO",
        "price:[9 TO 5]",
        "EXISTS",
        "EXISTS nosuch",
        "price=5 and section=a",
        "(" * 200 + "price=5",
    ],
)
def test_what_is_wrong_with_a_filter_is_said_in_arabic(condition: str, tmp_path: Path) -> None:
    write_index(tmp_path / "index", [Document("1", "اسم")], fields=FIELDS)
    with (
        searchd.open(tmp_path / "index") as engine,
        pytest.raises(FilterSyntaxError) as caught,
    ):
        engine.search("اسم", filters=[condition])
    assert arabic_reason(str(caught.value)), str(caught.value)
