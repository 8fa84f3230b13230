"""A listing: documents in an order, of which a page ends somewhere. A search makes one each time."""

from __future__ import annotations

from typing import NamedTuple


class Listing(NamedTuple):
    """What a cursor belongs to: the documents of a query, with filters, in an order.

    `method` is that of the engine. `keys` are the fields to sort by, with `-` before those in
    descending order. `generation` is empty where the order goes on after a commit.
    """

    method: str
    query: str
    syntax: str
    filters: tuple[str, ...]
    keys: tuple[str, ...]
    generation: str


class PageEnd(NamedTuple):
    """The end of a page, which has `before` documents of a listing before it."""

    listing: Listing
    before: int
