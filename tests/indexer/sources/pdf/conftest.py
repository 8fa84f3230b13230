from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record
from indexer.sources.discovery import scan
from indexer.sources.file_reading import read_file
from indexer.sources.options import ReadLimits
from tests.indexer.sources.pdf.pages import PdfMaker

ReadPdf = Callable[..., Record | BadRecord]


@pytest.fixture
def read_pdf(tmp_path: Path) -> ReadPdf:
    """Store a PDF and read it in this process; its only record."""

    def read(made: PdfMaker | bytes, ocr: str = "") -> Record | BadRecord:
        path = tmp_path / "file.pdf"
        path.write_bytes(made if isinstance(made, bytes) else made.save())
        (file,) = scan([path]).files
        (item,) = read_file(file, limits=ReadLimits(ocr=ocr))
        return item

    return read


@pytest.fixture
def text_of(read_pdf: ReadPdf) -> Callable[[PdfMaker], str]:
    """Return the text of a PDF."""

    def text(made: PdfMaker) -> str:
        record = read_pdf(made)
        assert isinstance(record, Record), record
        return str(record.values["text"])

    return text
