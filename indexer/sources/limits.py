"""Limits: how much one record may hold, so that no input needs memory without bound.

A file is read in a stream, so these do not bound files of many records. A compressed file counts
with what it expands to.
"""

from __future__ import annotations

from indexer.errors import SourceError

RECORD_LIMIT = 1 << 27
"""The most bytes, or characters, of one record: a line, a row, a document, a file of text."""

PAGE_LIMIT = 1 << 25
MAX_TAGS = 2_000_000
"""The most bytes and tags of an HTML page, whose tree takes 20 to 200 times the memory."""

MAX_DEPTH = 4000
"""The most elements within each other of an HTML page."""

MAX_XML_DEPTH = 200
"""The most elements within each other of an XML file."""

MAX_MAIL_DEPTH = 20
"""The most parts of a message within each other."""

MARKDOWN_LIMIT = 1 << 24
MAX_MARKDOWN_LINES = 500_000
"""The most bytes and lines of a Markdown page, which takes 50 to 500 times the memory."""

OFFICE_LIMIT = 1 << 30
"""The most bytes of an office file or an e-book as it is stored, most of which are pictures."""

MAX_MEMBERS = 500_000
"""The most files in one archive."""

MAX_EXPANSION = 200
MIN_EXPANDED = 1 << 28
"""An archive may expand to so many times its size, and to so many bytes in any case. Text expands
about tenfold, the tables of an office file up to a hundredfold."""

MAX_NESTING = 3
"""The most archives within each other."""

PDF_LIMIT = 1 << 30
MAX_PDF_PAGES = 50_000
"""The most bytes and pages of a PDF file."""

_WAY_OUT = "split it into several files, or into the lines of a .jsonl file, a part in each"


def too_large(limit: int, unit: str) -> SourceError:
    """Return the error for a file that is one document and holds more than can be read at once."""
    return SourceError(f"the file has more than {limit:,} {unit} for one document; {_WAY_OUT}")


def check_count(text: str, counted: str, limit: int, unit: str) -> None:
    """Raise SourceError where a character occurs more often than a limit."""
    if text.count(counted) > limit:
        raise too_large(limit, unit)


def too_long(what: str) -> str:
    """Return the reason why a line, a row or a value is refused."""
    return (
        f"{what} is longer than {RECORD_LIMIT:,} characters; split it, "
        f"or look for a quote or a line that does not end"
    )
