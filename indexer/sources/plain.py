"""Plain files: .txt and .md, one document each, named by the path of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.sources.encodings import decode
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

if TYPE_CHECKING:
    from indexer.sources.markdown import Block

TITLE_LIMIT = 200
"""A first line longer than this many characters is a paragraph, not a title."""

_FENCE = "---"
_PAIR = re.compile(r"([^\W\d_][\w.-]*)\s*:(?:\s+(.*)|\s*)", re.DOTALL)
_ITEM = re.compile(r"\s*-\s+(.*)", re.DOTALL)


NOTHING_IN_FILE = "the file holds no text; remove it, or leave such files out: --on-error skip"


def read_txt(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the file as one record; a short first line before other text is the title.

    A file without text is a bad record.
    """
    text, size = _content(source)
    if not text.strip():
        yield BadRecord(source.origin, NOTHING_IN_FILE, size)
        return
    title, text = _first_line_title(text)
    values = {"id": source.file.name, "title": title, "text": text}
    yield Record(source.origin, values, size, is_named=True)


def read_md(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the page as one record of plain text; front matter gives columns.

    The title is the first heading where the page begins with one, else the rule of .txt applies.
    A title in the front matter wins, and a heading that says the same is taken out of the text.
    A page without text is a bad record.
    """
    from indexer.sources.markdown import blocks

    markup, size = _content(source)
    columns, markup = _front_matter(markup)
    page = list(blocks(markup))
    title, body = _page_title(page)
    given = columns.get("title")
    if given and given != title:
        title, body = str(given), [block.text for block in page]
    text = "\n".join(body)
    if not title and not text.strip():
        yield BadRecord(source.origin, NOTHING_IN_FILE, size)
        return
    values: dict[str, object] = {"id": source.file.name, **columns, "title": title, "text": text}
    yield Record(source.origin, values, size, is_named="id" not in columns)


def _content(source: Input) -> tuple[str, int]:
    data = source.stream.read()
    text = decode(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, source.measure(len(data))


def _first_line_title(text: str) -> tuple[str, str]:
    line, _, rest = text.lstrip().partition("\n")
    line = line.rstrip()
    if len(line) <= TITLE_LIMIT and (body := rest.strip()):
        return line, body
    return "", text.strip()


def _page_title(page: Sequence[Block]) -> tuple[str, list[str]]:
    """Return the title of a page and its text, a string per block."""
    texts = [block.text for block in page]
    if not page:
        return "", texts
    first = page[0]
    if first.is_heading:
        return " ".join(first.text.split()), texts[1:]
    rest = first.text.removeprefix(first.first_line).strip()
    body = [rest, *texts[1:]] if rest else texts[1:]
    if len(first.first_line) <= TITLE_LIMIT and body:
        return first.first_line, body
    return "", texts


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """Return the `key: value` pairs between two `---` lines at the top, and the rest.

    A value may be quoted, a list `[a, b]`, or `- item` lines. Any other line between the two
    means that they are rules drawn in the text, not front matter; so does a missing second one.
    """
    if not text.startswith(_FENCE):
        return {}, text
    head, fence, rest = text.partition("\n")[2].partition(f"\n{_FENCE}")
    ending, _, rest = rest.partition("\n")
    if text.partition("\n")[0].rstrip() != _FENCE or not fence or ending.strip():
        return {}, text
    columns: dict[str, object] = {}
    key = ""
    for line in head.split("\n"):
        pair, item = _PAIR.fullmatch(line), _ITEM.fullmatch(line)
        items = columns.get(key)
        if pair:
            key = pair[1]
            columns[key] = _value((pair[2] or "").strip())
        elif item and key and (isinstance(items, list) or not items):
            before = items if isinstance(items, list) else []
            columns[key] = [*before, _unquoted(item[1].strip())]
        elif line.strip() and not line.lstrip().startswith("#"):
            return {}, text
    return columns, rest


def _value(written: str) -> object:
    if written.startswith("[") and written.endswith("]"):
        return [_unquoted(item.strip()) for item in re.split("[,،]", written[1:-1]) if item.strip()]
    return _unquoted(written)


def _unquoted(written: str) -> str:
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        return written[1:-1]
    return written
