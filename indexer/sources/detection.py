"""Detection: the kind of a file, by its content first and by its name where both are text."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple

from indexer.sources.bounded_reads import BoundedReads
from indexer.sources.compression import (
    START_BYTES,
    compression_of,
    decompressed,
    suffix_of,
    without_compression,
)
from indexer.sources.formats import FORMATS, SUFFIXES, format_of
from indexer.sources.kinds import Kind
from indexer.sources.signatures import (
    HEAD_BYTES,
    ZIP_STARTS,
    kind_of_zip,
    looks_like_html,
    looks_like_trec,
    unreadable_as,
)

UNKNOWN_XML = (
    "XML of no known kind; to read it, name the kind and its records: --format xml --records "
    "PATH.TO.RECORD, or --records . for one document of all its text"
)


class Detected(NamedTuple):
    """The kind of a file, or None and what it is that cannot be read, where this is known."""

    kind: Kind | None
    reason: str = ""


def kind_by_name(name: str) -> Kind | None:
    """Return the kind of a file by its name alone, without the suffix of a compression."""
    return SUFFIXES.get(suffix_of(without_compression(name)))


def detect_file(path: Path, name: str) -> Detected:
    """Return the kind of a regular file.

    Of a file that cannot be opened it is the kind of its name; reading it reports why.
    """
    try:
        with path.open("rb") as stored:
            return detect(stored, name)
    except (
        Exception
    ) as error:  # whatever a compressed file breaks; reading it reports what is wrong
        if isinstance(error, MemoryError):
            raise
        return Detected(kind_by_name(name))


def detect(stored: BinaryIO, name: str) -> Detected:
    """Return the kind of a file that is open at its start, and can be sought in."""
    start = stored.read(START_BYTES)
    stored.seek(0)
    compression = compression_of(start, name)
    if compression is None:
        return _detect(stored.read(HEAD_BYTES), name, stored)
    head = decompressed(stored, compression).read(HEAD_BYTES)
    return _detect(head, without_compression(name), None)


def _detect(head: bytes, name: str, stored: BinaryIO | None) -> Detected:
    """Return the kind of a file by its first bytes.

    `stored` is None where the file is compressed, whose end is too far away to look at.
    """
    suffix = suffix_of(name)
    named = SUFFIXES.get(suffix)
    if head.startswith(ZIP_STARTS):
        return Detected(_kind_within_zip(named, stored))
    for form in FORMATS:
        if not form.is_text and form.signature is not None and form.signature(head, name):
            return Detected(form.kind)
    if suffix == ".xml":
        if not looks_like_trec(head, name):
            return (
                Detected(Kind.HTML) if looks_like_html(head, name) else Detected(None, UNKNOWN_XML)
            )
        named = Kind.TREC
    if named is not None and format_of(named).is_text:
        return Detected(named)
    if looks_like_html(head, name):
        return Detected(Kind.HTML)
    reason = unreadable_as(head, name)
    if reason or named is not None:
        return Detected(None if reason else named, reason)
    return Detected(_likely_text(head, name))


def _likely_text(head: bytes, name: str) -> Kind | None:
    """Return the kind of text that a file without a known suffix looks like."""
    for form in FORMATS:
        if form.is_text and form.signature is not None and form.signature(head, name):
            return form.kind
    return None


def _kind_within_zip(named: Kind | None, stored: BinaryIO | None) -> Kind:
    """Return the kind of a ZIP file, the one of its name where its members do not tell."""
    kind = kind_of_zip(BoundedReads(stored)) if stored is not None else ""
    if kind and kind != Kind.ZIP:
        return Kind(kind)
    return named if named is not None and not format_of(named).is_text else Kind.ZIP
