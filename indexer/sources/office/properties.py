"""Properties: what an office file says of itself: title, author, dates, language, subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from indexer.scalars import parse_date
from indexer.sources.office.package import Package
from indexer.sources.plain import TITLE_LIMIT

_COLUMNS = {
    "dc:title": "title",
    "dc:creator": "author",
    "initial-creator": "author",
    "lastModifiedBy": "editor",
    "created": "created",
    "creation-date": "created",
    "modified": "modified",
    "dc:language": "language",
    "dc:subject": "subject",
    "dc:description": "description",
    "keywords": "keywords",
    "keyword": "keywords",
    "category": "category",
    "dc:publisher": "publisher",
    "dc:date": "modified",
}

_CORE = "docProps/core.xml"
_NO_TITLE = re.compile(
    r"powerpoint presentation|عرض تقديمي في powerpoint|slide 1|document ?\d*|مستند ?\d*|untitled"
    r"|.*\.(?:do[ct]x?|dotm|pp[ts]x?|potx?|xls[xm]?|rtf|od[tsp]|tmp|indd|pdf)",
    re.IGNORECASE,
)
"""What programs write for a title where nobody gave one: the name of a template or of a file."""

_PRINTED_FROM = re.compile(r"Microsoft (?:Word|PowerPoint|Excel) - ")


def core_properties(package: Package) -> dict[str, object]:
    """Return the columns of the properties of an Open XML file."""
    part = next(iter(package.related("", "core-properties")), _CORE)
    return columns_of(package.elements(part, *_COLUMNS))


def meta_properties(package: Package) -> dict[str, object]:
    """Return the columns of the properties of an OpenDocument file."""
    return columns_of(package.elements("meta.xml", *_COLUMNS))


def columns_of(elements: Iterable[tuple[str, Mapping[str, str], str]]) -> dict[str, object]:
    """Return the columns of elements of properties; several keywords become a list.

    The date is that of the last change, or else of the creation. What is no date is left out.
    """
    found: dict[str, object] = {}
    keywords: list[str] = []
    for name, _attributes, text in elements:
        column = _COLUMNS[name]
        if column == "title":
            text = _PRINTED_FROM.sub("", text)
            text = "" if _NO_TITLE.fullmatch(text) else text
        if not text:
            continue
        if column == "keywords":
            keywords += [
                word.strip()
                for word in text.replace("؛", ";").replace("،", ";").replace(",", ";").split(";")
            ]
        elif column in ("created", "modified"):
            if is_date(text):
                found.setdefault(column, text)
        else:
            found.setdefault(column, text)
    if words := [word for word in keywords if word]:
        found["keywords"] = words
    if date := found.get("modified") or found.get("created"):
        found["date"] = date
    return found


def is_date(written: str) -> bool:
    """Return whether a text is a date that can be stored."""
    try:
        parse_date(written)
    except ValueError:
        return False
    return True


def short_first_line(text: str) -> str:
    """Return the first line of a text where it may be a title and is not all of it, else nothing."""
    first, _, rest = text.partition("\n")
    first = first.replace("\t", " ").strip()
    return first if len(first) <= TITLE_LIMIT and rest.strip() else ""


def with_title(values: dict[str, object], title: str, text: str) -> dict[str, object]:
    """Return columns with a title and the text, which does not begin with the title then.

    The title is that of the properties, else the given one.
    """
    title = str(values.get("title", "")) or title
    first, _, rest = text.partition("\n")
    if title and first.strip() == title and rest.strip():
        text = rest
    return {**values, "title": title, "text": text}
