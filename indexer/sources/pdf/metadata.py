"""Metadata: the title, author, date and language that a PDF states, where they are worth something.

Programs fill these with what they have: names of files, of templates and of the machine's user.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from indexer.scalars import parse_date
from indexer.sources.pdf.page_text import Line

if TYPE_CHECKING:
    import pikepdf

_RUBBISH_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel|office)\b.*|.*\.(?:docx?|pptx?|xlsx?|odt|rtf|pdf|indd|qxd|pmd|"
    r"tex|dvi|html?|txt|ai|cdr|jpe?g|tiff?)|untitled.*|(?:new )?document ?\d*|مستند ?\d*|بدون عنوان.*|"
    r"powerpoint presentation|powerpoint-?präsentation|slide ?\d+|عرض تقديمي.*|title|no ?title|"
    r"\(?anonymous\)?|about:blank|print|[\W\d_]*",
    re.IGNORECASE | re.DOTALL,
)
_RUBBISH_AUTHOR = re.compile(
    r"(?:windows )?user ?\d*|admin(?:istrator)?|owner|hp|dell|lenovo|pc|home|acer|asus|toshiba|"
    r"unknown|author|مستخدم.*|[\W\d_]*",
    re.IGNORECASE,
)
_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?")
_LONGEST_TITLE = 200
_HEADING_SIZE = 1.15
"""How much larger than most lines the heading of a first page is."""


def stated_values(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Return what a PDF states of itself: title, author, subject, keywords, date, language.

    Those that are empty or rubbish are left out.
    """
    information: Mapping[str, object] = dict(pdf.docinfo.items()) if "/Info" in pdf.trailer else {}
    values = {
        name: " ".join(str(information.get(key, "")).replace("\0", "").split())
        for name, key in (
            ("title", "/Title"),
            ("author", "/Author"),
            ("subject", "/Subject"),
            ("keywords", "/Keywords"),
        )
    }
    if _RUBBISH_TITLE.fullmatch(values["title"]) or "\ufffd" in values["title"]:
        values["title"] = ""
    if _RUBBISH_AUTHOR.fullmatch(values["author"]):
        values["author"] = ""
    values["date"] = _date(str(information.get("/CreationDate", "")))
    values["language"] = str(pdf.Root.get("/Lang", "")).strip()
    return {name: value for name, value in values.items() if value}


def _date(written: str) -> str:
    """Return a date of a PDF (D:20240131120000+03'00') as one of ISO 8601, "" where it is none."""
    found = _DATE.match(written)
    if found is None:
        return ""
    date = "-".join(part for part in found.groups() if part)
    try:
        parse_date(date)
    except ValueError:
        return ""
    return date


def heading_of(pages: Sequence[list[Line]]) -> str:
    """Return the largest lines at the start of the first page with text, "" where none stands out."""
    lines = next((lines for lines in pages if lines), [])
    sizes = Counter(round(line.size) for page in pages[:5] for line in page for _ in line.text)
    if not sizes:
        return ""
    usual = sizes.most_common(1)[0][0]
    largest = max(line.size for line in lines)
    if largest < _HEADING_SIZE * usual:
        return ""
    heading: list[str] = []
    for line in lines:
        if line.size > 0.95 * largest:
            heading.append(line.text)
        elif heading:
            break
    title = " ".join(heading)
    return title if len(title) <= _LONGEST_TITLE and any(map(str.isalpha, title)) else ""
