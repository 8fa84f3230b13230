"""Signatures of text and data formats: what the first bytes of a file say of its kind.

`looks_like_NAME(head, name)` takes the first bytes of a file, uncompressed, and its name.
"""

from __future__ import annotations

import re

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MARC_LEADER = re.compile(rb"\s*\d{5}[acdnpsox ][a-z][a-z \d][ a\d#][ a#]\d\d\d{5}[\x20-\x7e]{7}")
_FROM_LINE = re.compile(rb"From \S+ +(?:at \S+ +)?\w{3} +\w{3} +\d+ +[\d:]+.* \d{4}\b[^\r\n]*\r?\n")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:(?:[ \t][^\r\n]*)?(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_MAIL_HEADERS = frozenset(
    b"from to subject date message-id received return-path mime-version delivered-to "
    b"content-type reply-to x-mozilla-status".split()
)
_SRT = re.compile(
    rb"\s*\d+\s*\r?\n\s*\d+:\d\d:\d\d[,.]\d{1,3}\s*-->\s*\d+:\d\d:\d\d[,.]\d{1,3}[^\n]*\n"
)
_RIS = re.compile(rb"(?:\s|[^\n]{0,80}\n){0,5}?TY {2}- ?[A-Z]+\s*\r?\n[A-Z][A-Z0-9] {2}- ?")
_BIB = re.compile(
    rb"(?:\s|%[^\n]*\n|@(?:comment|preamble|string)[^\n]*\n)*@[a-z]+\s*\{\s*[^\s,{}=]+\s*,",
    re.IGNORECASE,
)
_KNOWN_ROOTS = frozenset({"TEI", "TEI.2", "teiCorpus", "teiCorpus.2", "rss", "feed"})


def looks_like_sqlite(head: bytes, _name: str) -> bool:
    """Return whether a file is an SQLite database."""
    return head.startswith(b"SQLite format 3\0")


def looks_like_parquet(head: bytes, _name: str) -> bool:
    """Return whether a file is a Parquet table."""
    return head.startswith(b"PAR1")


def looks_like_openiti(head: bytes, _name: str) -> bool:
    """Return whether a file is a text in OpenITI mARkdown."""
    return _text(head).startswith(b"######OpenITI#")


def looks_like_marc(head: bytes, _name: str) -> bool:
    """Return whether a file begins with the leader of a MARC record in ISO 2709."""
    return _MARC_LEADER.match(head) is not None


def looks_like_mbox(head: bytes, name: str) -> bool:
    """Return whether a file begins with the line that separates the messages of a mailbox."""
    line = _FROM_LINE.match(head)
    return line is not None and looks_like_eml(head[line.end() :], name)


def looks_like_eml(head: bytes, _name: str) -> bool:
    """Return whether a file begins with two headers of a message, with other headers between."""
    known: set[bytes] = set()
    at = 0
    while (header := _HEADER.match(head, at)) is not None:
        known.add(header[0].partition(b":")[0].lower())
        at = header.end()
    return len(known & _MAIL_HEADERS) >= 2


def looks_like_vtt(head: bytes, _name: str) -> bool:
    """Return whether a file is a WebVTT subtitle file."""
    return re.match(rb"WEBVTT(?:[ \t\r\n]|$)", _text(head)) is not None


def looks_like_srt(head: bytes, _name: str) -> bool:
    """Return whether a file begins with a number and the times of a subtitle."""
    return _SRT.match(_text(head)) is not None


def looks_like_ris(head: bytes, _name: str) -> bool:
    """Return whether a file begins with a reference in RIS."""
    return _RIS.match(_text(head)) is not None


def looks_like_bib(head: bytes, _name: str) -> bool:
    """Return whether a file begins with an entry in BibTeX."""
    return _BIB.match(_text(head)) is not None


def looks_like_xml(head: bytes, _name: str) -> bool:
    """Return whether a file is XML of a known kind: TEI, JATS, RSS, Atom or MARCXML."""
    if b"<" not in head[:256]:
        return False
    # Imported here, because the parser is not needed for most files.
    from indexer.sources.xml_root import is_jats, root_of

    root = root_of(head.removeprefix(_MARKS[0]))
    if root is None:
        return False
    return (
        root.tag in _KNOWN_ROOTS
        or is_jats(root, head)
        or (root.tag in {"collection", "record"} and _is_marc(head))
        or (root.tag == "RDF" and b"purl.org/rss" in head)
    )


def _is_marc(head: bytes) -> bool:
    return b"http://www.loc.gov/MARC21/slim" in head or b"<leader>" in head


def _text(head: bytes) -> bytes:
    """Return the first bytes of a text without a byte order mark, of UTF-16 those of ASCII."""
    for mark in _MARKS:
        if head.startswith(mark):
            head = head.removeprefix(mark)
            return head if mark == _MARKS[0] else head.replace(b"\0", b"")
    return head
