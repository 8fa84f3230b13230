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
from indexer.sources.signatures import looks_like_html, looks_like_pdf, looks_like_tar

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
    `signature` recognises the kind by content. A kind without one is text, told apart by the ending.
    `package` is what must be imported to read it, and `extra` the extra of searchd that installs it.
    `guarded_from` is the size in bytes from which a file is read in a process of its own.
    """

    kind: Kind
    suffixes: tuple[str, ...]
    reader: str = ""
    signature: Signature | None = None
    package: str = ""
    extra: str = ""
    guarded_from: int = _NEVER

    @property
    def is_text(self) -> bool:
        """Whether files of the kind are plain text, in which no signature can be demanded."""
        return self.kind in _TEXT_KINDS

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


_TEXT_KINDS = frozenset({Kind.TXT, Kind.MD, Kind.HTML, Kind.JSONL, Kind.CSV, Kind.TSV, Kind.TREC})

FORMATS = (
    Format(Kind.TXT, (".txt",), "indexer.sources.plain:read_txt"),
    Format(
        Kind.MD, (".md", ".markdown"), "indexer.sources.plain:read_md", guarded_from=_SMALL_PAGE
    ),
    Format(
        Kind.HTML,
        (".html", ".htm", ".xhtml"),
        "indexer.sources.html:read_html",
        looks_like_html,
        guarded_from=_SMALL_PAGE,
    ),
    Format(Kind.JSONL, (".jsonl", ".ndjson"), "indexer.sources.jsonl:read_jsonl"),
    Format(Kind.CSV, (".csv",), "indexer.sources.delimited:read_csv"),
    Format(Kind.TSV, (".tsv",), "indexer.sources.delimited:read_tsv"),
    Format(Kind.TREC, (".trec", ".sgml", ".sgm", ".xml"), "indexer.sources.trec:read_trec"),
    Format(
        Kind.PDF,
        (".pdf",),
        "indexer.sources.pdf.reader:read_pdf",
        looks_like_pdf,
        package="pikepdf",
        extra="files",
        guarded_from=_ALWAYS,
    ),
    Format(Kind.ZIP, (".zip",)),
    Format(Kind.TAR, (".tar", ".tgz", ".tbz2", ".txz", ".tzst"), "", looks_like_tar),
)
"""Every kind that can be read. Signatures are asked in this order."""

SUFFIXES: Mapping[str, Kind] = {suffix: each.kind for each in FORMATS for suffix in each.suffixes}
"""The kind of a file by the suffix of its name, without that of a compression.
An .xml file is read only if it begins with <DOC>."""

_BY_KIND = {each.kind: each for each in FORMATS}


def format_of(kind: Kind) -> Format:
    """Return the format of a kind."""
    return _BY_KIND[kind]
