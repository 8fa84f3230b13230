"""Books: results grouped by a field, and the way from one passage of a book to the next."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.passages import DEFAULT_BOOK_FIELD, book_id, passage_id
from searchd.errors import DocumentNotFoundError
from searchd.index_info import IndexInfo
from searchd.results import Hit, Results
from searchd.service.page.addresses import DocumentAddress, SearchAddress

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

GROUP_SIZE = 3
"""How many documents of a group a page shows."""


@dataclass(frozen=True, slots=True)
class GroupBlock:
    """A group of a page: its heading, its best documents, and the number of all of them.

    `url` leads to all of its documents; None where they are shown, or have no value.
    """

    heading: str
    hits: Sequence[Hit]
    documents: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The addresses of the passages before and after one in its book; None where there is none."""

    previous: str | None = None
    next: str | None = None


def grouping_field(info: IndexInfo, address: SearchAddress) -> str:
    """Return the field by which results can be grouped, empty where there is none.

    It is that of the address, or else the one of the book of passages.
    """
    keywords = {name for name, kind in info.fields if kind == "keyword"}
    return address.group or (DEFAULT_BOOK_FIELD if DEFAULT_BOOK_FIELD in keywords else "")


def group_blocks(results: Results, address: SearchAddress) -> list[GroupBlock]:
    """Return the groups of a result. The heading is the title that the documents share, or the value."""
    blocks = []
    for group in results.groups:
        hits = results.hits[group.start : group.end]
        titles = {hit.title for hit in hits}
        heading = hits[0].title if len(titles) == 1 else ""
        url = None
        if group.value is not None and group.documents > len(hits):
            url = address.grouped_by("").toggled(address.group, group.value).url()
        blocks.append(GroupBlock(heading or group.value or hits[0].id, hits, group.documents, url))
    return blocks


def neighbours(engine: SearchEngine, place: DocumentAddress) -> Neighbours:
    """Return the way to the passages beside one, none for a document that is no passage."""
    book = book_id(place.id)
    if book == place.id:
        return Neighbours()
    number = int(place.id[len(passage_id(book, 1)) - 1 :])
    return Neighbours(
        _passage_url(engine, place, book, number - 1), _passage_url(engine, place, book, number + 1)
    )


def _passage_url(
    engine: SearchEngine, place: DocumentAddress, book: str, number: int
) -> str | None:
    with suppress(DocumentNotFoundError):
        passage = engine.get(passage_id(book, number))
        return replace(place, id=passage.id, at=None).url()
    return None
