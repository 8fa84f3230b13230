"""Arabic within English: every run of Arabic words is set apart from the text around it.

The bidirectional algorithm of a browser joins Arabic words and the punctuation between them into one
run, so a list of Arabic words would be shown in the wrong order, and the columns of a table of
tokens too. Here each run becomes an element `bdi`, which keeps its order inside and takes its place
in the line like an English word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_LETTERS = "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_WORD = rf"[{_LETTERS}][{_LETTERS}\u200c-\u200f\u0300-\u036f]*"
_RUN = re.compile(rf"{_WORD}(?: {_WORD})*")
_ARABIC = re.compile(f"[{_LETTERS}]")
_LETTER = re.compile(f"[A-Za-z{_LETTERS}]")
_ENTITY = re.compile(r"&\w+;")
_COLUMNS = re.compile(r"(  +)")
_NUMBERED = re.compile(r"\d+\.? ")

_PASSAGE = 60
"""An Arabic line with more letters than this is a passage, which is broken into lines to fit."""

_TOKEN = re.compile(
    r"<code(?P<code>[^>]*>.*?)</code>|<pre><span></span>(?P<block>.*?)</pre>|(?P<tag><[^>]*>)|[^<]+",
    re.DOTALL,
)


def isolate(html: str) -> str:
    """Return HTML in which each run of Arabic is an element of its own.

    Code within a line takes its direction from its first letter, so that the signs of a query are
    shown where they are typed. In a block of output an Arabic line or column runs from right to left
    as a whole, with its punctuation.

    >>> isolate("<p>كتاب, كتب</p>")
    '<p><bdi lang="ar">كتاب</bdi>, <bdi lang="ar">كتب</bdi></p>'
    >>> isolate('<code class="x">كتا*</code>')
    '<code dir="auto" class="x"><span lang="ar">كتا</span>*</code>'
    """
    return _TOKEN.sub(_isolated, html)


def _isolated(token: re.Match[str]) -> str:
    if (code := token["code"]) is not None:
        if not _ARABIC.search(code):
            return token[0]
        return f'<code dir="auto"{_outside_tags(code, "span")}</code>'
    if (block := token["block"]) is not None:
        lines = "\n".join(map(_isolated_line, block.split("\n")))
        return f"<pre><span></span>{lines}</pre>"
    return token[0] if token["tag"] else _marked(token[0])


def _isolated_line(line: str) -> str:
    """Return one line of a block of code or output; only output has no elements in it."""
    if "<" in line:
        return _outside_tags(line)
    return "".join(
        _isolated_column(column, alone=column == line.strip()) for column in _COLUMNS.split(line)
    )


def _isolated_column(column: str, *, alone: bool) -> str:
    letters = _LETTER.findall(_ENTITY.sub("", column))
    arabic = sum(1 for letter in letters if _ARABIC.match(letter))
    is_markup = "&lt;" in column
    if not arabic or not _ARABIC.match(letters[0]) or arabic <= len(letters) / 2 or is_markup:
        return _marked(column)
    if alone and arabic > _PASSAGE:
        return f'<span class="passage" lang="ar" dir="rtl">{column}</span>'
    number = _NUMBERED.match(column)
    start = number.end() if number else 0
    return f'{column[:start]}<bdi lang="ar" dir="rtl">{column[start:]}</bdi>'


def _outside_tags(html: str, element: str = "bdi") -> str:
    return re.sub(r"[^<>]*>|[^<>]+", lambda part: _unless_tag(part[0], element), html)


def _unless_tag(part: str, element: str) -> str:
    return part if part.endswith(">") else _marked(part, element)


def _marked(text: str, element: str = "bdi") -> str:
    return _RUN.sub(rf'<{element} lang="ar">\g<0></{element}>', text)


def _isolate_page(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    for part in ("body", "toc"):  # the text of the page, and the headings beside it
        if part in context:
            context[part] = isolate(context[part])


def setup(app: Sphinx) -> dict[str, bool]:
    """Work on every page when its HTML is complete."""
    app.connect("html-page-context", _isolate_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
