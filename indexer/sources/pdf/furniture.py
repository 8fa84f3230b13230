"""Page furniture: finds the headers, footers and page numbers that pages repeat.

A header is kept where it first stands, so that its words are found once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from indexer.sources.pdf.page_text import Line

_MIN_PAGES = 3
_MIN_SHARE = 0.4
"""A line is a header if so many pages, and such a share of them, have it; even pages differ from odd."""

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:صفحة|الصفحة|ص|page|p)\W*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\W*(?:من|of|/)\W*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Return the lines of pages without page numbers, and without headers but the first of each."""
    counts = Counter(
        key for lines in pages for key in {_key(line.text) for line in lines if line.is_edge}
    )
    least = max(_MIN_PAGES, _MIN_SHARE * len(pages))
    repeated = {key for key, count in counts.items() if count >= least}
    seen: set[str] = set()
    result = []
    for lines in pages:
        kept = []
        for line in lines:
            key = _key(line.text)
            if line.is_edge and key in repeated:
                if key in seen or _PAGE_NUMBER.fullmatch(line.text):
                    continue
                seen.add(key)
            kept.append(line)
        result.append(_numbered_last(kept, len(pages)))
    return result


def _key(text: str) -> str:
    """Return what repeated lines share: all but the numbers in them."""
    return _DIGITS.sub("#", text)


def _numbered_last(lines: list[Line], pages: int) -> list[Line]:
    """Return lines without a page number that stands alone in the last or first row."""
    if pages < _MIN_PAGES or len(lines) < 2:
        return lines
    return [line for line in lines if not (line.is_edge and _PAGE_NUMBER.fullmatch(line.text))]
