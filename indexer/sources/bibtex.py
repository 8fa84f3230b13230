"""BibTeX: a record for each entry, whose fields are columns. LaTeX escapes become letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.sources.dates import first_date, from_parts
from indexer.sources.latex import plain_text
from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.lines import DecodedLines
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

_START = re.compile(r"\s*@\s*([a-zA-Z]+)\s*([{(])")
_KEY = re.compile(r"\s*([^,{}=\s]*)\s*(?:,|$)")
_NAME = re.compile(r"[\s,]*([^\s,={}\"]+)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}\"]+")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_PEOPLE = frozenset({"author", "editor", "translator"})
_IGNORED = frozenset({"comment", "preamble", "string"})
_LISTS = frozenset({"keywords", "subject"})
_TEXTS = (
    "abstract",
    "annotation",
    "annote",
    "note",
    "series",
    "journal",
    "journaltitle",
    "booktitle",
)
_CLOSING = {"{": "}", "(": ")"}


_NO_ENTRY = (
    "no entry in the file; each begins on a line of its own, like '@book{key,', for other text use "
    "--format txt"
)


def read_bib(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per entry; what is between entries is a comment.

    Each field is a column with its name in lower case, authors and keywords as lists. The text is
    the abstract, the notes and the journal. The id is the name of the file and the key of the entry,
    which is also in `key`. An entry whose braces do not pair up is a BadRecord; the next line that
    begins an entry is read again.
    """
    lines = DecodedLines(source)
    strings: dict[str, str] = {}
    found = False
    for line, entry in _entries(lines):
        found = True
        origin = f"{source.origin}:{line}"
        size, damage = lines.take()
        if damage:
            yield BadRecord(origin, damage, size)
            continue
        try:
            values = _values(entry, source.file.name, strings)
        except ValueError as error:
            yield BadRecord(origin, str(error), size)
            continue
        if values:
            yield Record(origin, values, size, is_markup=True)
    if not found and (size := lines.take()[0]):
        yield BadRecord(source.origin, _NO_ENTRY, size)


def _entries(lines: DecodedLines) -> Iterator[tuple[int, str]]:
    """Yield the first line and the text of each entry, which ends where its braces are closed."""
    parts: list[str] = []
    first = depth = length = 0
    for line in lines:
        for number, piece in enumerate(_NEXT_ON_THE_LINE.split(line)):
            start = _START.match(piece)
            if start and (not parts or not (number or piece[0].isspace())):
                if parts:
                    yield first, "".join(parts)
                parts, first, depth, length = [], lines.number, 0, 0
            elif not parts:
                continue
            parts.append(piece)
            length += len(piece)
            depth += _depth(piece)
            if depth <= 0 or length > RECORD_LIMIT:
                yield first, "".join(parts)
                parts = []
    if parts:
        yield first, "".join(parts)


def _depth(line: str) -> int:
    """Return how many more braces a line opens than it closes."""
    if "\\" in line:
        line = line.replace(r"\{", "").replace(r"\}", "")
    parentheses = line.count("(") - line.count(")") if _OLD.match(line) else 0
    return line.count("{") - line.count("}") + parentheses


_NEXT_ON_THE_LINE = re.compile(r"(?<=\})[ \t]*(?=@[a-zA-Z]+[ \t]*[{(])")
_OLD = re.compile(r"\s*@\s*[a-zA-Z]+\s*\(")


def _values(entry: str, name: str, strings: dict[str, str]) -> dict[str, object]:
    """Return the columns of an entry; none for one that is no reference.

    Raises ValueError with what is wrong.
    """
    if len(entry) > RECORD_LIMIT:
        raise ValueError(too_long("the entry"))
    start = _START.match(entry)
    if start is None:
        raise ValueError("the entry has no brace behind its type")
    kind = start[1].lower()
    if kind == "string":
        strings |= dict(_fields(entry, start.end(), _CLOSING[start[2]], strings))
    if kind in _IGNORED:
        return {}
    key = _KEY.match(entry, start.end())
    if key is None or not key[1]:
        raise ValueError("the entry has no key; write it like @book{key, title = {...}}")
    columns: dict[str, list[str]] = {}
    for field, value in _fields(entry, key.end(), _CLOSING[start[2]], strings):
        columns.setdefault(field, []).extend(_items(field, value))
    return _standard(columns, kind, key[1], name)


def _fields(
    entry: str, at: int, closing: str, strings: dict[str, str]
) -> Iterator[tuple[str, str]]:
    while (name := _NAME.match(entry, at)) is not None:
        value, at = _value(entry, name.end(), strings)
        yield name[1].lower(), value
    rest = entry[at:].strip(" \t\r\n,")
    if not rest.startswith(closing):
        raise ValueError(
            f"the entry cannot be read from {rest[:40]!r} on; look for a brace or a quote that is "
            f"not closed, or a comma that is missing"
        )


def _value(entry: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    """Return a value, of parts joined by `#`, and where it ends."""
    parts: list[str] = []
    while True:
        if entry[at : at + 1] in {"{", '"'}:
            end = _end_of_group(entry, at)
            parts.append(entry[at + 1 : end])
            at = end + 1
        elif bare := _BARE.match(entry, at):
            parts.append(strings.get(bare[0].lower(), bare[0]))
            at = bare.end()
        else:
            raise ValueError(f"a value is missing before {entry[at : at + 40]!r}")
        while entry[at : at + 1].isspace():
            at += 1
        if entry[at : at + 1] != "#":
            return "".join(parts), at
        at += 1
        while entry[at : at + 1].isspace():
            at += 1


def _end_of_group(entry: str, at: int) -> int:
    """Return where the group that begins at `at`, in braces or quotes, is closed."""
    quoted = entry[at] == '"'
    depth = 0 if quoted else 1
    for found in _GROUP.finditer(entry, at + 1):
        match found[0]:
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if not depth and not quoted:
                    return found.start()
            case '"' if quoted and depth <= 0:
                return found.start()
    raise ValueError("the braces of the entry do not pair up; count those of each value")


_GROUP = re.compile(r'\\[{}]|[{}"]')


def _items(field: str, value: str) -> list[str]:
    if field in _PEOPLE:
        items = _AND.split(value)
    elif field in _LISTS:
        items = re.split(r"[;,،؛]", value)
    else:
        items = [value]
    return [plain for item in items if (plain := plain_text(item))]


def _standard(columns: dict[str, list[str]], kind: str, key: str, name: str) -> dict[str, object]:
    def first(*names: str) -> str:
        return next((columns[each][0] for each in names if columns.get(each)), "")

    texts = (value for each in _TEXTS for value in columns.get(each, ()))
    values: dict[str, object] = {
        field: found if len(found) > 1 or field in _PEOPLE | _LISTS else found[0]
        for field, found in columns.items()
        if found
    }
    title = ": ".join(filter(None, (first("title"), first("subtitle"))))
    values |= {
        "id": f"{name}#{key}",
        "key": key,
        "type": kind,
        "title": title or first("booktitle", "journal"),
        "text": "\n".join(texts),
        "date": first_date([first("date")])
        or from_parts(first("year"), first("month"), first("day")),
        "subject": [*columns.get("keywords", ()), *columns.get("subject", ())],
        "url": first("url") or (f"https://doi.org/{first('doi')}" if first("doi") else ""),
        "language": first("language", "langid"),
    }
    return {field: value for field, value in values.items() if value}
