"""TREC collections: files of <DOC> blocks, the format of newswire corpora."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.lines import DecodedLines
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

# The first element that is present becomes the standard column.
_STANDARD = {
    "id": ("docno", "docid"),
    "title": ("title", "headline", "head"),
    "date": ("date", "date_time"),
    "text": ("text", "body"),
}
_KNOWN = frozenset(name for names in _STANDARD.values() for name in names)
_DEEPEST = 8
_LEAVES = frozenset({"text", "title", "headline", "docno"})

_DOC = re.compile(r"<(/?)doc(\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][\w.:-]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ID = re.compile(r"""\s(?:id|docno|docid)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    """A <DOC> block that is being read.

    `line` is where it begins, `attributes` are those of <DOC>, `parts` its text so far, of
    `length` characters. `damage` describes the first bad bytes in it.
    """

    line: int
    attributes: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    damage: str = ""

    def add(self, text: str) -> None:
        self.length += len(text)
        if self.length <= RECORD_LIMIT:
            self.parts.append(text)


def read_trec(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per <DOC> block; the file is read line by line.

    Each element is a column with its name in lower case. DOCNO (or the id of <DOC>) is also id;
    TITLE, HEADLINE or HEAD is title; DATE or DATE_TIME is date; all TEXT, or else BODY, is text.
    Elements within an element that contains known ones are columns too. Text outside the blocks is
    ignored.
    """
    lines = DecodedLines(source)
    block: _Block | None = None
    found = False
    for line in lines:
        if lines.is_cut:
            size, damage = lines.take()
            yield BadRecord(f"{source.origin}:{lines.number}", damage, size)
            block, found = None, True
            continue
        start = 0
        for tag in _DOC.finditer(line) if "<" in line else ():
            closing = bool(tag[1])
            if block is not None:
                block.add(line[start : tag.start()])
                size, damage = lines.take()
                reason = "" if closing else "no </DOC> before the next <DOC>"
                yield _finish(source.origin, block, reason, damage, size)
            start, found = tag.end(), True
            block = None if closing else _Block(lines.number, tag[2] or "")
        if block is not None:
            block.add(line[start:])
        else:
            lines.damage = ""  # bad bytes between documents belong to none
    size, damage = lines.take()
    if block is not None:
        yield _finish(source.origin, block, "no </DOC> before the end of the file", damage, size)
    elif not found:
        yield BadRecord(source.origin, "no <DOC> in the file; is it a TREC collection?", size)


def _finish(origin: str, block: _Block, reason: str, damage: str, size: int) -> Record | BadRecord:
    origin = f"{origin}:{block.line}"
    if block.length > RECORD_LIMIT:
        return BadRecord(origin, too_long("the document"), size)
    if damage or reason:
        return BadRecord(origin, damage or f"the document is not closed: {reason}", size)
    values: dict[str, object] = _columns("".join(block.parts))
    attribute = _ID.search(block.attributes)
    if attribute:
        values.setdefault("id", html.unescape(attribute[1]))
    if not values.get("id"):
        return BadRecord(
            origin, "the document has no <DOCNO>; it must name the document, once per file", size
        )
    return Record(origin, values, size, is_markup=True)


def _columns(markup: str) -> dict[str, object]:
    """Return the text of each element by its name, and by the standard names."""
    found: dict[str, list[str]] = {}
    _collect(markup, list(_TAG.finditer(markup)), found)
    columns: dict[str, object] = {name: "\n".join(parts) for name, parts in found.items()}
    for column, names in _STANDARD.items():
        value = next((columns[name] for name in names if columns.get(name)), None)
        if value is not None:
            columns.setdefault(column, value)
    return columns


def _collect(
    markup: str, tags: list[re.Match[str]], found: dict[str, list[str]], depth: int = 0
) -> None:
    """Add the elements of one level to `found`, and those within an element that contains known ones."""
    closings: dict[str, list[int]] = {}
    for index, tag in enumerate(tags):
        if tag[1]:
            closings.setdefault(tag[2].lower(), []).append(index)
    index = 0
    while index < len(tags):
        tag = tags[index]
        index += 1
        name = tag[2].lower()
        if tag[1] or tag[0].endswith("/>"):
            continue
        ends = closings.get(name, [])
        at = bisect_left(ends, index)
        if at == len(ends):
            continue  # never closed, like <P> in old SGML: not a column
        end = ends[at]
        inner = tags[index:end]
        if name not in _LEAVES and depth < _DEEPEST and any(t[2].lower() in _KNOWN for t in inner):
            _collect(markup, inner, found, depth + 1)
        else:
            content = markup[tag.end() : tags[end].start()]
            found.setdefault(name, []).append(_plain(content, has_tags=bool(inner)))
        index = end + 1


def _plain(content: str, *, has_tags: bool) -> str:
    if has_tags:
        content = _TAG.sub("", content)
    return html.unescape(content).strip()
