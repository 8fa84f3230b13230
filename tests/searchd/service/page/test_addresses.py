"""Addresses are read leniently, and a link leads back to what it was made from."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchd.service.models import MAX_FILTERS
from searchd.service.page.addresses import (
    LAST_PAGE,
    DocumentAddress,
    SearchAddress,
    read_number,
    with_parameter,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)


def parameters_of(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


@given(
    st.builds(
        SearchAddress,
        query=words,
        chosen=st.lists(st.tuples(words, words.filter(bool)), max_size=4, unique=True).map(tuple),
        more=words,
        filters=st.lists(words.filter(bool), max_size=4, unique=True).map(tuple),
        sort=words,
        group=words,
        page=st.integers(1, LAST_PAGE),
    )
)
def test_the_address_of_a_search_leads_back_to_it(search: SearchAddress) -> None:
    assert SearchAddress.read(parameters_of(search.url())) == search


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), words)
def test_any_id_has_an_address(document_id: str, find: str) -> None:
    address = DocumentAddress(document_id, SearchAddress("نفط"), find, at=30)
    parts = urlsplit(address.url())
    assert (parts.path, parts.fragment) == ("read", "m30")
    assert DocumentAddress.read(parameters_of(address.url())) == address


@pytest.mark.parametrize(
    "document_id", ["..", "a/../b", "/", "?", "#", 'ا"ب', "a&id=b", "%2F", "+"]
)
def test_an_id_never_leaves_the_folder_of_the_page(document_id: str) -> None:
    url = DocumentAddress(document_id).url()
    assert urlsplit(url).path == "read"
    assert not set(url) & set("\"'<> ")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param([], SearchAddress(), id="empty"),
        pytest.param([("q", "  نفط "), ("utm_source", "x")], SearchAddress("نفط"), id="unknown"),
        pytest.param([("q", "أ"), ("q", "ب")], SearchAddress("أ"), id="the-first-query"),
        pytest.param([("page", "٣")], SearchAddress(page=3), id="arabic-digits"),
        pytest.param([("page", "0")], SearchAddress(page=1), id="page-zero"),
        pytest.param([("page", "99999")], SearchAddress(page=LAST_PAGE), id="page-too-deep"),
        pytest.param([("page", "9" * 5000)], SearchAddress(page=LAST_PAGE), id="a-long-number"),
        pytest.param([("page", "²")], SearchAddress(page=1), id="no-decimal-digit"),
        pytest.param(
            [("filter", "a=1"), ("filter", " a=1 "), ("filter", " ")],
            SearchAddress(filters=("a=1",)),
            id="filters-once",
        ),
    ],
)
def test_reading(parameters: list[tuple[str, str]], expected: SearchAddress) -> None:
    assert SearchAddress.read(parameters) == expected


def test_filters_beyond_the_most_are_left_out() -> None:
    parameters = [("filter", f"a={number}") for number in range(MAX_FILTERS + 5)]
    assert len(SearchAddress.read(parameters).filters) == MAX_FILTERS


def test_another_query_order_or_filter_begins_at_the_first_page() -> None:
    search = SearchAddress("نفط", (("c", "1"),), ("a=1", "b=2"), "-date", 4)
    assert search.for_query("غاز") == replace(search, query="غاز", page=1)
    assert search.sorted_by("date") == replace(search, sort="date", page=1)
    assert search.without_filter("a=1") == replace(search, filters=("b=2",), page=1)
    assert search.toggled("c", "2") == replace(search, chosen=(("c", "1"), ("c", "2")), page=1)
    assert search.toggled("c", "1") == replace(search, chosen=(), page=1)
    assert search.without_filters() == replace(search, chosen=(), filters=(), page=1)


def test_places_count_from_zero() -> None:
    assert read_number("x", 9, least=0) == 0


def test_with_parameter_replaces_and_removes() -> None:
    given_parameters = [("q", "a"), ("lang", "ar"), ("lang", "en")]
    assert with_parameter("./", given_parameters, {"lang": "en"}) == "./?q=a&lang=en"
    assert with_parameter("read", given_parameters, {"lang": ""}) == "read?q=a"
    assert with_parameter("./", [], {"lang": ""}) == "./"
