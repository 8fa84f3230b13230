"""Books of passages on the page: groups, places of passages, and the way through a book."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

import searchd
from indexer.indexing import index_records
from indexer.places import PlaceKind, joined
from indexer.sources.records import Record
from searchd.service import create_app
from tests.searchd.service.page.markup import links, parse, text_of, texts

PAGES = 5


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the service over three books, of which one has no title and two have pages."""
    directory = tmp_path_factory.mktemp("books")
    records = []
    for name, title in (("a.pdf", "كتاب أول"), ("b.pdf", "")):
        parts = [(PlaceKind.PAGE, str(n), f"نهر {n} " + "كلمة " * 200) for n in range(1, PAGES + 1)]
        text, places = joined(parts)
        values = {"id": name, "title": title, "text": text}
        records.append(Record(name, values, places=places))
    records.append(Record("c.txt", {"id": "c.txt", "title": "رسالة", "text": "نهر"}))
    index_records(directory, records, book_field="book")
    with (
        searchd.open(directory) as engine,
        TestClient(
            create_app(engine), headers={"Accept": "text/html", "Accept-Language": "en"}
        ) as client,
    ):
        yield client


def test_results_say_on_which_page_each_passage_is(reader: TestClient) -> None:
    tree = parse(reader.get('/?q="نهر 3"&in.book=a.pdf').text)
    assert [text_of(each) for each in tree.css(".snippet .quiet")] == ["Page 3:"]


def test_results_are_grouped_by_book(reader: TestClient) -> None:
    choices = links(parse(reader.get("/?q=نهر").text), "nav.sort a")
    tree = parse(reader.get(choices["Book"]).text)
    assert sorted(texts(tree, ".hits h2")) == ["b.pdf", "رسالة", "كتاب أول"]
    assert [len(each.css(".snippet")) for each in tree.css(".hits > li")].count(3) == 2
    shown = links(tree, ".hits .facts a")
    assert list(shown) == [f"Show all: {PAGES} results"]
    every = [node.attributes["href"] or "" for node in tree.css(".hits .facts a")]
    found = parse(reader.get(every[0]).text)
    assert len(found.css(".hits > li")) == PAGES
    assert links(found, "nav.sort a")["Ungrouped"]


def test_a_passage_of_a_group_leads_to_its_place(reader: TestClient) -> None:
    tree = parse(reader.get("/?q=نهر&group=book&in.book=a.pdf").text)
    for node in tree.css(".hits .snippet"):
        page = parse(reader.get(node.css_first("a.there").attributes["href"] or "").text)
        label = text_of(node.css_first(".quiet")).removeprefix("Page ").removesuffix(":")
        assert f"نهر {label} " in text_of(page.css_first(".text"))


def test_a_passage_leads_to_the_ones_beside_it(reader: TestClient) -> None:
    address, seen = "/read?id=a.pdf%23p1&q=نهر", []
    while address:
        tree = parse(reader.get(address).text)
        seen.append(text_of(tree.css_first(".text")).split()[1])
        address = links(tree, "nav.pages a[rel=next]").get("Next passage", "")
        if len(seen) > 1:
            assert "Previous passage" in links(tree, "nav.pages a[rel=prev]")
    assert seen == [str(n) for n in range(1, PAGES + 1)]


def test_an_unknown_field_of_groups_is_a_page_with_the_reason(reader: TestClient) -> None:
    response = reader.get("/?q=نهر&group=nothing")
    assert response.status_code == 400
    assert "nothing" in text_of(parse(response.text).css_first("main"))
