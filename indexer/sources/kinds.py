"""Kinds: the names of the kinds of file that can be read."""

from __future__ import annotations

from enum import StrEnum

from indexer.errors import SourceError


class Kind(StrEnum):
    """The kinds of file that can be read; the values are the names of `--format`."""

    TXT = "txt"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    TREC = "trec"
    JSON = "json"
    SQLITE = "sqlite"
    PARQUET = "parquet"
    XML = "xml"
    OPENITI = "openiti"
    EML = "eml"
    MBOX = "mbox"
    SRT = "srt"
    VTT = "vtt"
    MARC = "marc"
    RIS = "ris"
    BIB = "bib"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    EPUB = "epub"
    PPTX = "pptx"
    ODP = "odp"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    ZIP = "zip"
    TAR = "tar"


ARCHIVES = frozenset({Kind.ZIP, Kind.TAR})
"""The kinds that hold other files. They have no reader: `indexer.sources.archives` opens them."""


def kind_named(name: str) -> Kind:
    """Return the kind of a name of `--format`. Raises SourceError where there is none."""
    try:
        return Kind(name)
    except ValueError:
        raise SourceError(
            f"there is no format {name!r}; known formats are {', '.join(Kind)}"
        ) from None
