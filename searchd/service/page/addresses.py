"""What an address of the page asks for, and the address of each link.

Addresses are relative, so that the service works below any path. A document is named by the
parameter `id` and not by the path: ids hold slashes, dots, quotes and letters of any script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote, urlencode

from searchd.search_arguments import MOST_HITS
from searchd.service.models import MAX_FILTER_LENGTH, MAX_FILTERS, MAX_SORT_LENGTH

PAGE_SIZE = 10
LAST_PAGE = MOST_HITS // PAGE_SIZE

_NUMBER_DIGITS = 7
"""Digits of a page or part that are read; longer numbers count as the greatest."""


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """A search: query, filters, order ("" for the best first) and the page, from 1."""

    query: str = ""
    filters: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, parameters: Sequence[tuple[str, str]]) -> Self:
        """Return the search of an address. What an address must not have is left out.

        Unknown parameters are ignored: other sites add some to the links that they show.
        """
        filters = dict.fromkeys(value.strip() for value in _values(parameters, "filter"))
        return cls(
            query=_first(parameters, "q").strip(),
            filters=tuple(filter(None, filters))[:MAX_FILTERS],
            sort=_first(parameters, "sort").strip()[:MAX_SORT_LENGTH],
            page=read_number(_first(parameters, "page"), LAST_PAGE),
        )

    @property
    def offset(self) -> int:
        """The number of hits before this page."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def too_long_filter(self) -> bool:
        """Whether a filter is longer than the service takes."""
        return any(len(each) > MAX_FILTER_LENGTH for each in self.filters)

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, without those that are as usual."""
        listed = [("q", self.query)] if self.query else []
        listed += [("filter", each) for each in self.filters]
        if self.sort:
            listed.append(("sort", self.sort))
        if self.page > 1:
            listed.append(("page", str(self.page)))
        return listed

    def url(self) -> str:
        """Return the address of these results.

        >>> SearchAddress("نفط & غاز", page=2).url()
        './?q=%D9%86%D9%81%D8%B7%20%26%20%D8%BA%D8%A7%D8%B2&page=2'
        """
        return _url("./", self.parameters())

    def for_query(self, query: str) -> Self:
        """Return the first page of another query with the same filters and order."""
        return replace(self, query=query, page=1)

    def sorted_by(self, sort: str) -> Self:
        """Return the first page in another order."""
        return replace(self, sort=sort, page=1)

    def on_page(self, page: int) -> Self:
        """Return another page."""
        return replace(self, page=page)

    def with_filters(self, filters: Iterable[str]) -> Self:
        """Return the first page with other filters."""
        return replace(self, filters=tuple(filters), page=1)

    def without_filter(self, text: str) -> Self:
        """Return the first page without one filter."""
        return self.with_filters(each for each in self.filters if each != text)


@dataclass(frozen=True, slots=True)
class DocumentAddress:
    """A document that is read: its id, the search that led to it, and the place in it.

    `part` counts the parts of a long text from 1, `match` the matches of the part from 1, 0 for
    none. `find` is a query for this document alone, "" for that of the search.
    """

    id: str
    search: SearchAddress = SearchAddress()
    find: str = ""
    part: int = 1
    match: int = 0

    @classmethod
    def read(cls, parameters: Sequence[tuple[str, str]]) -> Self:
        """Return the document of an address."""
        return cls(
            id=_first(parameters, "id"),
            search=SearchAddress.read(parameters),
            find=_first(parameters, "find").strip(),
            part=read_number(_first(parameters, "part"), 10**_NUMBER_DIGITS),
            match=read_number(_first(parameters, "match"), 10**_NUMBER_DIGITS, least=0),
        )

    @property
    def query(self) -> str:
        """The query whose matches are marked."""
        return self.find or self.search.query

    def url(self) -> str:
        """Return the address of this place; a match is scrolled to.

        >>> DocumentAddress("a/'ب'", match=3).url()
        "read?id=a/%27%D8%A8%27&match=3#m3"
        """
        listed = [("id", self.id), *self.search.parameters()]
        if self.find:
            listed.append(("find", self.find))
        if self.part > 1:
            listed.append(("part", str(self.part)))
        if self.match:
            listed.append(("match", str(self.match)))
        fragment = f"#m{self.match}" if self.match else ""
        return _url("read", listed) + fragment

    def at(self, part: int, match: int = 0) -> Self:
        """Return another place of the document."""
        return replace(self, part=part, match=match)


def read_number(text: str, most: int, *, least: int = 1) -> int:
    """Return a whole number of an address within its bounds, the least one for anything else.

    >>> [read_number(text, 50) for text in ("7", "٧", "0", "-3", "9" * 30, "x", "")]
    [7, 7, 1, 1, 50, 1, 1]
    """
    text = text.strip()
    if not text.isdecimal():
        return least
    if len(text) > _NUMBER_DIGITS:
        return most
    return min(max(int(text), least), most)


def with_parameter(
    path: str, parameters: Iterable[tuple[str, str]], changes: Mapping[str, str]
) -> str:
    """Return an address with some parameters set, or left out where the value is ""."""
    kept = [(name, value) for name, value in parameters if name not in changes]
    return _url(path, kept + [(name, value) for name, value in changes.items() if value])


def _url(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters, quote_via=quote, safe='/:')}" if parameters else path


def _values(parameters: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in parameters if key == name]


def _first(parameters: Sequence[tuple[str, str]], name: str) -> str:
    return next(iter(_values(parameters, name)), "")
