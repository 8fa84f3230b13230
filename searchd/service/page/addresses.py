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

_CHOSEN = "in."
"""What the name of a parameter begins with that has a chosen value: `in.category=news`."""

_NUMBER_DIGITS = 10
"""Digits of a number that are read; longer ones count as the greatest."""

_LAST_PLACE = 10**_NUMBER_DIGITS


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """A search: query, filters, order ("" for the best first) and the page, from 1.

    `chosen` are fields with a value that was chosen of their facet: several of one field are
    alternatives. `filters` are filters as the engine takes them. `more` is the field whose facet
    shows more values, `group` the field by which hits are grouped.
    """

    query: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    filters: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1
    more: str = ""
    group: str = ""

    @classmethod
    def read(cls, parameters: Sequence[tuple[str, str]]) -> Self:
        """Return the search of an address. What an address must not have is left out.

        Unknown parameters are ignored: other sites add some to the links that they show.
        """
        filters = dict.fromkeys(value.strip() for value in _values(parameters, "filter"))
        chosen = dict.fromkeys(
            (name.removeprefix(_CHOSEN), value.strip())
            for name, value in parameters
            if name.startswith(_CHOSEN) and len(value) <= MAX_FILTER_LENGTH and value.strip()
        )
        return cls(
            query=_first(parameters, "q").strip(),
            chosen=tuple(chosen)[:MAX_FILTERS],
            filters=tuple(filter(None, filters))[:MAX_FILTERS],
            sort=_first(parameters, "sort").strip()[:MAX_SORT_LENGTH],
            page=read_number(_first(parameters, "page"), LAST_PAGE),
            more=_first(parameters, "more"),
            group=_first(parameters, "group").strip()[:MAX_SORT_LENGTH],
        )

    @property
    def offset(self) -> int:
        """The number of hits before this page."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def is_narrowed(self) -> bool:
        """Whether filters narrow the results."""
        return bool(self.chosen or self.filters)

    def kept(self) -> list[tuple[str, str]]:
        """Return the parameters that a new query keeps: filters, groups and order."""
        listed = [(_CHOSEN + field, value) for field, value in self.chosen]
        listed += [("filter", each) for each in self.filters]
        listed += [("group", self.group)] if self.group else []
        return [*listed, ("sort", self.sort)] if self.sort else listed

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, without those that are as usual."""
        listed = [("q", self.query)] if self.query else []
        listed += self.kept()
        if self.page > 1:
            listed.append(("page", str(self.page)))
        if self.more:
            listed.append(("more", self.more))
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

    def grouped_by(self, field: str) -> Self:
        """Return the first page with the hits grouped by a field, "" for no groups."""
        return replace(self, group=field, page=1)

    def on_page(self, page: int) -> Self:
        """Return another page."""
        return replace(self, page=page)

    def without_filter(self, text: str) -> Self:
        """Return the first page without one filter."""
        return replace(self, filters=tuple(each for each in self.filters if each != text), page=1)

    def without_filters(self) -> Self:
        """Return the first page without all filters and chosen values."""
        return replace(self, filters=(), chosen=(), page=1, more="")

    def toggled(self, field: str, value: str) -> Self:
        """Return the first page with a value of a facet chosen, or no longer chosen."""
        pair = (field, value)
        others = tuple(each for each in self.chosen if each != pair)
        chosen = others if pair in self.chosen else (*others, pair)
        return replace(self, chosen=chosen, page=1)

    def showing_more(self, field: str) -> Self:
        """Return the same page with more values of one facet, "" for the usual number."""
        return replace(self, more=field)


@dataclass(frozen=True, slots=True)
class DocumentAddress:
    """A document that is read: its id, the search that led to it, and the place in it.

    `at` is the place in code points of the text, such as the beginning of a match; None for the
    beginning of the text without a match. `find` is a query for this document alone, "" for that of
    the search.
    """

    id: str
    search: SearchAddress = SearchAddress()
    find: str = ""
    at: int | None = None

    @classmethod
    def read(cls, parameters: Sequence[tuple[str, str]]) -> Self:
        """Return the document of an address."""
        at = _first(parameters, "at")
        return cls(
            id=_first(parameters, "id"),
            search=SearchAddress.read(parameters),
            find=_first(parameters, "find").strip(),
            at=read_number(at, _LAST_PLACE, least=0) if at else None,
        )

    @property
    def query(self) -> str:
        """The query whose matches are marked."""
        return self.find or self.search.query

    def kept(self) -> list[tuple[str, str]]:
        """Return the parameters that another query for this document keeps."""
        return [("id", self.id), *self.search.parameters()]

    def url(self) -> str:
        """Return the address of this place, to which the browser scrolls.

        >>> DocumentAddress("a/'ب'", at=30).url()
        'read?id=a/%27%D8%A8%27&at=30#m30'
        """
        listed = self.kept()
        if self.find:
            listed.append(("find", self.find))
        if self.at is None:
            return _url("read", listed)
        return _url("read", [*listed, ("at", str(self.at))]) + f"#m{self.at}"

    def moved_to(self, place: int) -> Self:
        """Return another place of the document."""
        return replace(self, at=place)


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
