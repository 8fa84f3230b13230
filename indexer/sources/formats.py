"""Formats: the kinds of file that can be read, with their names, signatures and readers.

A new kind is a member of `indexer.sources.kinds.Kind` and a row of `FORMATS`. Its reader is a function of an `Input` that
yields records, in a module that is loaded at the first such file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from indexer.errors import SourceError
from indexer.sources.kinds import Kind
from indexer.sources.signatures import (
    looks_like_pdf,
    looks_like_rtf,
    looks_like_tar,
    looks_like_xls,
)
from indexer.sources.text_signatures import (
    looks_like_bib,
    looks_like_eml,
    looks_like_marc,
    looks_like_mbox,
    looks_like_openiti,
    looks_like_parquet,
    looks_like_ris,
    looks_like_sqlite,
    looks_like_srt,
    looks_like_vtt,
    looks_like_xml,
)

if TYPE_CHECKING:
    from indexer.sources.opening import Input
    from indexer.sources.records import BadRecord, Record

Reader = Callable[["Input"], Iterator["Record | BadRecord"]]
Signature = Callable[[bytes, str], bool]
"""Whether the first bytes of a file, with its name, are surely those of a kind."""


_SMALL_PAGE = 1 << 17
_ALWAYS, _NEVER = 0, 1 << 62


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is recognised and read.

    `suffixes` are the endings of its names. `reader` is `module:function`.
    `signature` recognises the kind by content, except where that is a kind of ZIP file.
    `package` is what must be imported to read it, and `extra` the extra of searchd that installs it.
    `guarded_from` is the size in bytes from which a file is read in a process of its own.
    `is_text` is whether the ending decides, because text of any kind may look like another's.
    """

    kind: Kind
    suffixes: tuple[str, ...]
    reader: str = ""
    signature: Signature | None = None
    package: str = ""
    extra: str = ""
    guarded_from: int = _ALWAYS
    is_text: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether the package of its reader is installed. It is not imported."""
        return not self.package or find_spec(self.package) is not None

    def load(self) -> Reader:
        """Return the reader, and load its module.

        Raises SourceError with the command that installs what is missing.
        """
        module, _, function = self.reader.partition(":")
        if not self.is_installed:
            raise SourceError(
                f"reading {self.kind} files needs the package {self.package}; install it with: "
                f"pip install 'searchd[{self.extra}]'"
            )
        return cast("Reader", getattr(import_module(module), function))


def _text(kind: Kind, suffixes: str, reader: str, guarded_from: int = _NEVER) -> Format:
    return Format(
        kind,
        tuple(suffixes.split()),
        f"indexer.sources.{reader}",
        guarded_from=guarded_from,
        is_text=True,
    )


def _office(
    kind: Kind, suffixes: str, reader: str, signature: Signature | None = None, package: str = ""
) -> Format:
    return Format(
        kind,
        tuple(suffixes.split()),
        f"indexer.sources.office.{reader}",
        signature,
        package,
        extra="files" if package else "",
    )


def _data(
    kind: Kind, suffixes: str, reader: str, signature: Signature, *, is_text: bool = False
) -> Format:
    """Return a format that is read in this process: its reader streams, or bounds a document.

    As `is_text` its signature counts only for a name without a known suffix.
    """
    return Format(
        kind,
        tuple(suffixes.split()),
        f"indexer.sources.{reader}",
        signature,
        guarded_from=_NEVER,
        is_text=is_text,
    )


_CALAMINE = "python_calamine"

FORMATS = (
    _text(Kind.TXT, ".txt", "plain:read_txt"),
    _text(Kind.MD, ".md .markdown", "plain:read_md", _SMALL_PAGE),
    _text(Kind.HTML, ".html .htm .xhtml", "html:read_html", _SMALL_PAGE),
    _text(Kind.JSONL, ".jsonl .ndjson", "jsonl:read_jsonl"),
    _text(Kind.CSV, ".csv", "delimited:read_csv"),
    _text(Kind.TSV, ".tsv", "delimited:read_tsv"),
    _text(Kind.TREC, ".trec .sgml .sgm", "trec:read_trec"),
    _text(Kind.JSON, ".json", "json_documents:read_json"),
    _data(Kind.SQLITE, ".sqlite .sqlite3", "sqlite:read_sqlite", looks_like_sqlite),
    Format(
        Kind.PARQUET,
        (".parquet",),
        "indexer.sources.parquet:read_parquet",
        looks_like_parquet,
        "arro3.io",
        "parquet",
    ),
    _data(
        Kind.XML,
        ".xml .tei .nxml .rss .atom .marcxml .mrcx",
        "xml_documents:read_xml",
        looks_like_xml,
    ),
    _data(Kind.OPENITI, "", "openiti:read_openiti", looks_like_openiti),
    _data(Kind.MBOX, ".mbox .mbx", "mail:read_mbox", looks_like_mbox),
    _data(Kind.VTT, ".vtt", "subtitles:read_vtt", looks_like_vtt),
    _data(Kind.MARC, ".mrc .marc", "marc:read_marc", looks_like_marc),
    _data(Kind.EML, ".eml", "mail:read_eml", looks_like_eml, is_text=True),
    _data(Kind.SRT, ".srt", "subtitles:read_srt", looks_like_srt, is_text=True),
    _data(Kind.RIS, ".ris", "ris:read_ris", looks_like_ris, is_text=True),
    _data(Kind.BIB, ".bib", "bibtex:read_bib", looks_like_bib, is_text=True),
    _office(Kind.DOCX, ".docx .docm .dotx .dotm", "docx:read_docx"),
    _office(Kind.ODT, ".odt .ott", "opendocument:read_odt"),
    _office(Kind.RTF, ".rtf", "rtf:read_rtf", looks_like_rtf),
    _office(Kind.EPUB, ".epub", "epub:read_epub"),
    _office(Kind.PPTX, ".pptx .pptm .ppsx .ppsm .potx", "pptx:read_pptx"),
    _office(Kind.ODP, ".odp .otp", "opendocument:read_odp"),
    _office(Kind.XLSX, ".xlsx .xlsm .xlsb .xltx", "workbook:read_xlsx", None, _CALAMINE),
    _office(Kind.XLS, ".xls .xlt", "workbook:read_xls", looks_like_xls, _CALAMINE),
    _office(Kind.ODS, ".ods .ots", "workbook:read_ods", None, _CALAMINE),
    Format(
        Kind.PDF,
        (".pdf",),
        "indexer.sources.pdf.reader:read_pdf",
        looks_like_pdf,
        package="pikepdf",
        extra="files",
    ),
    Format(Kind.ZIP, (".zip",)),
    Format(Kind.TAR, (".tar", ".tgz", ".tbz2", ".txz", ".tzst"), "", looks_like_tar),
)
"""Every kind that can be read. Signatures are asked in this order."""

SUFFIXES: Mapping[str, Kind] = {suffix: each.kind for each in FORMATS for suffix in each.suffixes}
"""The kind of a file by the suffix of its name, without that of a compression.
What an .xml file is, its first element tells."""

_BY_KIND = {each.kind: each for each in FORMATS}


def format_of(kind: Kind) -> Format:
    """Return the format of a kind."""
    return _BY_KIND[kind]
