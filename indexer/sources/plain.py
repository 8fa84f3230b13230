"""Text and Markdown files: one document each, whose id is the path of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.sources.encodings import decode
from indexer.sources.limits import (
    MARKDOWN_LIMIT,
    MAX_MARKDOWN_LINES,
    RECORD_LIMIT,
    check_count,
)
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

if TYPE_CHECKING:
    from indexer.sources.markdown import Block

TITLE_LIMIT = 200
"""A first line of more characters is a paragraph, not a title."""

_HEADING_SHARE = 0.5
"""A line above another one is a heading of it where it has at most this share of its characters."""

NO_TEXT_REASON = "the file holds no text; remove it, or leave such files out: --on-error skip"


def read_txt(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the file as one record. A short first line is the title where more text follows.

    It is left out of the text only where it is a heading: above an empty line or a long one. The
    first line of a poem, or of a text with broken lines, runs on in the next one.
    A file without text is a bad record. Raises SourceError where it is too large.
    """
    text, size = _content(source, RECORD_LIMIT)
    if not text.strip():
        yield BadRecord(source.origin, NO_TEXT_REASON, size)
        return
    title, text = _first_line_title(text)
    values = {"id": source.file.name, "title": title, "text": text}
    yield Record(source.origin, values, size, is_named=True)


def read_md(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the page as one record of plain text, with the columns of its front matter.

    The title is the one in the front matter; else the first heading where the page begins with
    one; else a short first line, which stays part of its paragraph. A first heading equal to the
    title is left out of the text. A page without text is a bad record. Raises SourceError where it is too large.
    """
    from indexer.sources.markdown import parse_page

    markup, size = _content(source, MARKDOWN_LIMIT)
    check_count(markup, "\n", MAX_MARKDOWN_LINES, "lines")
    columns, page = parse_page(markup)
    title, body = _page_title(page)
    given = columns.get("title")
    if given and given != title:
        title, body = str(given), [block.text for block in page]
    text = "\n".join(body)
    if not title and not text.strip():
        yield BadRecord(source.origin, NO_TEXT_REASON, size)
        return
    values: dict[str, object] = {"id": source.file.name, **columns, "title": title, "text": text}
    yield Record(source.origin, values, size, is_named="id" not in columns, is_markup=True)


def _content(source: Input, limit: int) -> tuple[str, int]:
    data = source.read_all(limit)
    text = decode(data, on_doubt=source.note_doubt)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, source.measure(len(data))


def _first_line_title(text: str) -> tuple[str, str]:
    text = text.strip()
    line, _, rest = text.partition("\n")
    line = line.rstrip()
    if len(line) > TITLE_LIMIT or not rest:
        return "", text
    below = rest.partition("\n")[0].strip()
    is_heading = len(line) <= _HEADING_SHARE * len(below) or not below
    return line, rest.strip() if is_heading else text


def _page_title(page: Sequence[Block]) -> tuple[str, list[str]]:
    """Return the title of a page, and the text of its other blocks."""
    texts = [block.text for block in page]
    if not page:
        return "", texts
    first = page[0]
    if first.is_heading:
        return " ".join(first.text.split()), texts[1:]
    body = texts[1:] if first.text == first.first_line else texts
    if len(first.first_line) <= TITLE_LIMIT and body:
        return first.first_line, body
    return "", texts
