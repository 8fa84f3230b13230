"""Markdown: the text that a reader of the page sees, a line per block.

Loaded at the first page. The dialect is CommonMark with GitHub's tables and strikethrough. HTML in
a page is read by the reader of HTML pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

_DEEPEST_NESTING = 100
"""Of lists and quotations. Deeper ones are left out, so that the parser does not recurse further."""


_MAX_OPEN_BRACKETS = 16
"""In a paragraph. The parser looks for the end of each, in every one that is open."""

_BRACKET = re.compile(r"[\[\]]|\n[ \t]*(?=\n)")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,40})\]:", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,40})\]")
_TEXT_OF_HTML = re.compile(r"(?:\A|[>\n])[ \t]*[^<>\s]")


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST_NESTING})
    return parser.enable(["table", "strikethrough"])


_PARSER = _new_parser()
_PAGE_PARSER = _new_parser().use(front_matter_plugin)

_SOFT, _HARD = "\n", "\r"
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CELL_SEPARATOR = "\t"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, table row or code block as plain text, never empty.

    Lines of the source that are only wrapped are joined in `text`. `first_line` is the first line
    as the source has it.
    """

    text: str
    first_line: str
    is_heading: bool = False


def parse_page(markup: str) -> tuple[dict[str, object], list[Block]]:
    """Return the columns that the front matter of a page gives, and the blocks after it."""
    markup = _without_note_marks(_without_deep_brackets(markup))
    if markup.startswith("---"):
        from indexer.sources.front_matter import parse_front_matter

        tokens = _PAGE_PARSER.parse(markup)
        if tokens and tokens[0].type == "front_matter":
            columns = parse_front_matter(tokens[0].content)
            if columns is not None:
                return columns, list(_blocks(tokens[1:]))
    return {}, list(blocks(markup))


def blocks(markup: str) -> Iterator[Block]:
    r"""Return the blocks of a page without front matter, in order; those without text are left out.

    Emphasis and inline HTML do not split words. Links are replaced by their text, images by their
    alternative text; entities and escapes are decoded.

    >>> [block.text for block in blocks("# خبر\n\nالـ**كتاب** في [المكتبة](https://a.b)")]
    ['خبر', 'الـكتاب في المكتبة']
    """
    return _blocks(_PARSER.parse(_without_deep_brackets(markup)))


def _without_note_marks(markup: str) -> str:
    """Return a page whose notes are paragraphs, without the marks (`[^1]`) that lead to them."""
    if not (labels := set(_NOTE.findall(markup))):
        return markup
    markup = _NOTE.sub("\n", markup)
    return _NOTE_MARK.sub(lambda mark: "" if mark[1] in labels else mark[0], markup)


def _without_deep_brackets(markup: str) -> str:
    """Replace brackets that open within too many others by spaces; they can end no link."""
    if markup.count("[") <= _MAX_OPEN_BRACKETS:
        return markup
    opened = 0
    deep: list[int] = []
    for bracket in _BRACKET.finditer(markup):
        match bracket[0]:
            case "]":
                opened = max(opened - 1, 0)
            case "[" if opened < _MAX_OPEN_BRACKETS:
                opened += 1
            case "[":
                deep.append(bracket.start())
            case _:
                opened = 0
    if not deep:
        return markup
    starts = [0, *(place + 1 for place in deep)]
    return " ".join(map(markup.__getitem__, map(slice, starts, [*deep, None])))


def _blocks(parsed: Iterable[Token]) -> Iterator[Block]:
    tokens = iter(parsed)
    for token in tokens:
        match token.type:
            case "inline":
                yield from _block(_inline(token.children or ()))
            case "heading_open":
                yield from _block(_inline(next(tokens).children or ()), is_heading=True)
            case "tr_open":
                yield from _lines(_row(tokens))
            case "fence" | "code_block":
                yield from _lines(token.content)
            case "html_block":
                yield from _lines(_html_text(token.content))


def _block(written: str, *, is_heading: bool = False) -> Iterator[Block]:
    """Yield the block of a text with `_SOFT` and `_HARD` line breaks, unless it is blank."""
    lines = [
        [words for part in line.split(_SOFT) if (words := " ".join(part.split()))]
        for line in written.split(_HARD)
    ]
    lines = [parts for parts in lines if parts]
    if lines:
        yield Block("\n".join(map(" ".join, lines)), lines[0][0], is_heading)


def _lines(text: str) -> Iterator[Block]:
    """Yield the block of a text whose line breaks are kept, unless it is blank."""
    if text := text.strip():
        yield Block(text, text.partition("\n")[0].rstrip())


def _inline(tokens: Iterable[Token]) -> str:
    return "".join(chain.from_iterable(map(_inline_text, tokens)))


def _inline_text(token: Token) -> Iterator[str]:
    match token.type:
        case "text" | "code_inline":
            yield token.content
        case "softbreak":
            yield _SOFT
        case "hardbreak":
            yield _HARD
        case "html_inline" if _LINE_BREAK.fullmatch(token.content):
            yield _HARD
        case "image":
            # Spaces, because an image is no part of the word before or after it.
            yield f" {_inline(token.children or ())} "


def _row(tokens: Iterator[Token]) -> str:
    cells = []
    for token in tokens:
        if token.type == "tr_close":
            break
        if token.type == "inline":
            cells.append(" ".join(_inline(token.children or ()).split()))
    return _CELL_SEPARATOR.join(filter(None, cells))


def _html_text(markup: str) -> str:
    if not _TEXT_OF_HTML.search(markup):
        return ""  # tags alone
    from indexer.sources.html import page_values

    page = page_values(markup)
    title, text = page.get("title", ""), page.get("text", "")
    # The reader leaves out a first line that is the title of a page; here it is part of the text.
    return text if title in text.split("\n") else f"{title}\n{text}"
