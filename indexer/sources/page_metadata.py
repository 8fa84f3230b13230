"""Metadata of pages: date and author, as sites state them for search engines and libraries.

The order is that of trust: the property for the time of publication, structured data (JSON-LD),
elements of the page, and names of old and of library software.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser

from indexer.scalars import parse_date

_DATES = (
    *("dcterms.date", "dc.date", "dc.date.issued", "dcterms.issued", "citation_publication_date"),
    *("date", "pubdate", "publishdate", "publish-date", "sailthru.date", "parsely-pub-date"),
)
_AUTHORS = ("author", "dcterms.creator", "dc.creator", "citation_author", "parsely-author")
_MAX_DATA = 1 << 20
_MAX_NODES = 1000
"""The most characters and objects of structured data of a page that are looked at."""


def date_of_page(page: LexborHTMLParser) -> str:
    """Return the first candidate that is a date; some pages write `2h` or a weekday there."""
    stated = _stated(page)
    return next((date.strip() for date in _dates(page, stated) if _is_date(date)), "")


def author_of_page(page: LexborHTMLParser) -> str:
    """Return the names of the authors, several of them with commas between; addresses are none."""
    for names in _authors(page, _stated(page)):
        found = dict.fromkeys(" ".join(name.split()) for name in names)
        if written := ", ".join(name for name in found if name and "://" not in name):
            return written
    return ""


def _dates(page: LexborHTMLParser, stated: Mapping[str, list[str]]) -> Iterator[str]:
    yield from stated.get("article:published_time", ())
    for data in _articles(page):
        if isinstance(published := data.get("datePublished"), str):
            yield published
    for node in page.css("time[datetime], [itemprop=datePublished]"):
        yield node.attributes.get("datetime") or node.attributes.get("content") or ""
    for name in _DATES:
        yield from stated.get(name, ())


def _authors(page: LexborHTMLParser, stated: Mapping[str, list[str]]) -> Iterator[list[str]]:
    yield stated.get("article:author", [])
    for name in _AUTHORS:
        yield stated.get(name, [])
    yield [name for data in _articles(page) for name in _names(data.get("author"))]
    yield [node.text(deep=True) for node in page.css("[itemprop=author], [rel~=author]")]


def _stated(page: LexborHTMLParser) -> dict[str, list[str]]:
    """Return what the page states of itself, by names and properties in small letters."""
    found: dict[str, list[str]] = {}
    for node in page.css("meta[content]"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        found.setdefault(name.lower(), []).append(node.attributes.get("content") or "")
    return found


def _articles(page: LexborHTMLParser) -> Iterator[dict[str, object]]:
    """Yield the objects of structured data that say of themselves that they are articles."""
    for script in page.css('script[type="application/ld+json"]'):
        text = script.text(deep=True)
        if len(text) > _MAX_DATA:
            continue
        try:
            waiting: list[object] = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MAX_NODES):
            if not waiting:
                break
            data = waiting.pop(0)
            if isinstance(data, list):
                waiting += data[:_MAX_NODES]
            elif isinstance(data, dict):
                if "Article" in str(data.get("@type", "")) or "Posting" in str(
                    data.get("@type", "")
                ):
                    yield data
                waiting.append(data.get("@graph"))


def _names(author: object) -> Iterator[str]:
    """Yield the names of an author of structured data: a text, an object, or a list of these."""
    for each in author if isinstance(author, list) else [author]:
        if isinstance(each, dict):
            each = each.get("name")
        if isinstance(each, str):
            yield each


def _is_date(written: str) -> bool:
    try:
        parse_date(written)
    except ValueError:
        return False
    return True
