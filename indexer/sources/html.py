"""HTML pages: one document each, without menus, scripts and other parts that are not its text.

Loaded at the first page, because the import of the parser takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.sources.encodings import decode
from indexer.sources.limits import MAX_DEPTH, MAX_TAGS, PAGE_LIMIT, check_count, too_large
from indexer.sources.note_marks import is_mark, is_note_mark
from indexer.sources.opening import Input
from indexer.sources.page_metadata import author_of_page, date_of_page
from indexer.sources.records import Record

_DROPPED = (
    *("script", "style", "template", "noscript", "iframe", "object", "svg", "canvas", "dialog"),
    "rp",
    *("nav", "footer", "aside", "button", "select", "textarea", "option", "datalist"),
)
_DROPPED_IN_BOOKS = tuple(name for name in _DROPPED if name not in ("aside", "footer"))
"""In a book notes and epigraphs stand aside."""

_EMPTY_ELEMENT = re.compile(rf"<(title|{'|'.join(_DROPPED)})(\s[^<>]*)?/>", re.IGNORECASE)
"""An empty element of XHTML, which in HTML would contain the rest of the page."""

_BLOCKS = (
    "address, article, aside, blockquote, caption, center, dd, details, div, dl, dt, fieldset, figcaption,"
    "figure, footer, form, h1, h2, h3, h4, h5, h6, header, hr, legend, li, main, ol, p, pre, section,"
    "summary, table, tbody, td, tfoot, th, thead, tr, ul"
)
# Old web frameworks put the whole page in one form, so a form that contains prose is kept.
_PROSE = "p, h1, article, main"

_NEVER_DEEP = (
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
    *("source", "track", "wbr"),  # elements without content, up to here
    *("p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead", "tfoot"),
    *("html", "head", "body"),
)
_TAG = re.compile(
    rf"<(/?)(?!(?:{'|'.join(_NEVER_DEEP)})(?![a-z0-9]))([a-z][a-z0-9]*)", re.IGNORECASE | re.ASCII
)
_BREAK = "\x1e"
_NOTE = "\x1f"
_RUBY_NOTE = re.compile(f"{_NOTE}([^{_NOTE}]*){_NOTE}")
_RAISED = "\x1d"
_RAISED_TEXT = re.compile(f"{_RAISED}+([^{_RAISED}]*){_RAISED}+")
_IN_BRACKETS = re.compile(r"\s*(?:\[\d{1,4}\]|\(\d{1,4}\))\s*")
_LONGEST_WORD = 40
_NOTE_REFERENCES = '[role~="doc-noteref"], [epub\\:type~="noteref"], a.footnote-ref, a.sdfootnoteanc, sup.reference'
_PAGE_BREAKS = '[role~="doc-pagebreak"], [epub\\:type~="pagebreak"]'
_DECLARED = re.compile(rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_SITE = re.compile(r"\s*[|·•:–—«»-]\s")


def read_html(source: Input) -> Iterator[Record]:
    """Yield the page as one record with id, title, text, and date, author, url and language where given.

    The title is that of <title>, og:title or the first h1, which also shows where the name of the
    site begins («خبر | صحيفة»). The date and the author are those of the metadata, as
    `indexer.sources.page_metadata` finds them. The url is the canonical link. Raises SourceError
    for a page that is too large or too deep.
    """
    data = source.read_all(PAGE_LIMIT)
    markup = decode(data, declared=_declared_charset(data), on_doubt=source.note_doubt)
    values: dict[str, object] = {"id": source.file.name, **checked_page_values(markup)}
    yield Record(source.origin, values, source.measure(len(data)), is_named=True, is_markup=True)


def chapter_values(data: bytes) -> tuple[str, str]:
    r"""Return the heading and the text of a chapter of a book, with notes that stand aside.

    Raises SourceError for one that is too large or too deep, and UndecodableError.

    >>> chapter_values(b"<html><head><title/></head><body><h1>One</h1><p>text</p><aside>note")
    ('One', 'One\ntext\nnote')
    """
    if len(data) > PAGE_LIMIT:
        raise too_large(PAGE_LIMIT, "bytes in one chapter")
    markup = decode(data, declared=_declared_charset(data))
    _check_size(markup)
    page = _parsed(_EMPTY_ELEMENT.sub(r"<\1\2></\1>", markup))
    heading = _collapse(_text(page, "h1") or _text(page, "h2") or _text(page, "title"))
    return heading, _body_text(page, "", _DROPPED_IN_BOOKS)


def _declared_charset(data: bytes) -> str:
    declared = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    return declared[1].decode("ascii", "replace") if declared else ""


def checked_page_values(markup: str) -> dict[str, str]:
    """Return `page_values` of markup from anywhere. Raises SourceError for too much or too deep."""
    _check_size(markup)
    return page_values(markup)


def _check_size(markup: str) -> None:
    """Raise SourceError for a page that the parser needs too much memory or time for."""
    check_count(markup, "<", MAX_TAGS, "tags")
    if _depth(markup) > MAX_DEPTH:
        raise too_large(MAX_DEPTH, "elements within each other that are not closed")


def _depth(markup: str) -> int:
    """Return about how many elements are at most open at once; 0 for a page of few tags.

    The parser looks through the open elements at nearly every tag, so a deep page takes quadratic
    time. Elements that the next of their kind closes do not count.
    """
    if markup.count("<") <= MAX_DEPTH:
        return 0
    names: list[str] = []
    counts: dict[str, int] = {}
    deepest = 0
    for closing, name in _TAG.findall(markup):
        name = name.lower()
        if not closing:
            names.append(name)
            counts[name] = counts.get(name, 0) + 1
            if len(names) > deepest:
                deepest = len(names)
        elif names and names[-1] == name:
            names.pop()
            counts[name] -= 1
        elif counts.get(name):
            while (last := names.pop()) != name:
                counts[last] -= 1
            counts[name] -= 1
    return deepest


def page_values(markup: str) -> dict[str, str]:
    r"""Return the columns of a page, without those that it does not have.

    >>> page_values("<title>خبر</title><p>الـ<b>كتاب</b><p>ثان")["text"]
    'الـكتاب\nثان'
    """
    page = _parsed(markup)
    title = _title(page)
    language = _attribute(page, "html", "lang") or _attribute(page, "html", "xml:lang")
    values = {
        "title": title,
        "date": date_of_page(page),
        "author": author_of_page(page),
        "url": _attribute(page, 'link[rel~="canonical"]', "href")
        or _attribute(page, 'meta[property="og:url"]', "content"),
        "lang": language,
        "language": language,  # as all other kinds of file name it
        "text": _body_text(page, title),
    }
    return {name: value for name, value in values.items() if value}


def _parsed(markup: str) -> LexborHTMLParser:
    """Return the tree of a page, with ruby annotations and raised text marked."""
    page = LexborHTMLParser(markup.encode("utf-8", "replace"))
    for note in page.css("rt"):
        note.insert_before(_NOTE)
        note.insert_after(_NOTE)
    _mark_raised(page)
    return page


def _mark_raised(page: LexborHTMLParser) -> None:
    """Leave out the marks that lead to notes, and mark other raised text."""
    for mark in page.css(_PAGE_BREAKS):
        mark.decompose()
    for mark in page.css(_NOTE_REFERENCES):
        if is_mark(mark.text(deep=True)):
            mark.decompose()
    for mark in page.css('a[href^="#"]'):
        if _IN_BRACKETS.fullmatch(mark.text(deep=True)):
            mark.decompose()
    for raised in page.css("sup"):
        raised.insert_before(_RAISED)
        raised.insert_after(_RAISED)


def _title(page: LexborHTMLParser) -> str:
    """Return the title of a page, without the name of the site that follows its heading."""
    title = _collapse(_text(page, "head title") or _text(page, "title"))
    heading = _collapse(_text(page, "h1"))
    if heading and title.startswith(heading) and _SITE.match(title, len(heading)):
        return heading
    return title or _attribute(page, 'meta[property="og:title"]', "content") or heading


def _body_text(page: LexborHTMLParser, title: str, dropped: tuple[str, ...] = _DROPPED) -> str:
    """Return the text of the body, a line per block. Changes the tree.

    Separators are inserted around blocks, and then the text of the whole tree is taken, so that
    inline elements do not split words and line breaks in the source do not make lines.
    """
    body = page.body or _body_without_frames(page)
    if body is None:
        return ""
    body.strip_tags(list(dropped), recursive=True)
    for form in body.css("form"):
        if form.css_first(_PROSE) is None:
            form.decompose()
    for block in body.css(_BLOCKS):
        block.insert_before(_BREAK)
        block.insert_after(_BREAK)
    for line_break in body.css("br"):
        line_break.insert_before(_BREAK)
    text = _without_marks(body.text(deep=True))
    if _NOTE in text:
        text = _BREAK.join(map(_notes_behind, text.split(_BREAK)))
    lines = [
        line.strip(" ") if line.isprintable() and "  " not in line else " ".join(line.split())
        for line in text.split(_BREAK)
    ]
    lines = [line for line in lines if line]
    if lines and lines[0] == title:
        del lines[0]
    return "\n".join(lines)


def _without_marks(text: str) -> str:
    """Return a text without the raised marks of notes."""
    if _RAISED not in text:
        return text

    def replaced(found: re.Match[str]) -> str:
        before = text[max(found.start() - _LONGEST_WORD, 0) : found.start()].rpartition(_BREAK)[2]
        return "" if is_note_mark(found[1], before) else found[1]

    return _RAISED_TEXT.sub(replaced, text)


def _body_without_frames(page: LexborHTMLParser) -> LexborNode | None:
    """Return what a page of frames shows where there are none; the frames are files of their own."""
    markup = page.css_first("noframes")
    return LexborHTMLParser(markup.text(deep=True)).body if markup is not None else None


def _notes_behind(line: str) -> str:
    """Return a line without its ruby annotations, and these as the next line.

    The words of the line stay next to each other, and an annotation is not glued to its word.
    """
    notes = _RUBY_NOTE.findall(line)
    if not notes:
        return line
    words = _RUBY_NOTE.sub("", line).replace(_NOTE, " ")
    return f"{words}{_BREAK}{' '.join(notes)}"


def _text(page: LexborHTMLParser, selector: str) -> str:
    node = page.css_first(selector)
    return _without_marks(_RUBY_NOTE.sub("", node.text(deep=True))) if node is not None else ""


def _attribute(page: LexborHTMLParser, selector: str, name: str) -> str:
    node = page.css_first(selector)
    return _collapse(node.attributes.get(name) or "") if node is not None else ""


def _collapse(text: str) -> str:
    return " ".join(text.split())
