"""How many pages of PDF files are read in a second, beside the bare library PDFium in the same run.

    python -m benchmarks.pdf_speed FILE.pdf...

PDFium gives the text of each page in its own order, without any mending. Times are those of the processor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2

from indexer.sources.pdf.reader import PdfText, open_pdf


def pages_by_searchd(data: bytes) -> int:
    """Read a file as it is indexed; return the number of its pages."""
    with open_pdf(data) as pdf:
        return len(PdfText(pdf).lines)


def pages_by_pdfium(data: bytes) -> int:
    """Read the text of each page by the bare library; return the number of pages."""
    document = pypdfium2.PdfDocument(data)
    count = len(document)
    for at in range(count):
        document[at].get_textpage().get_text_range()
    document.close()
    return count


def timed(read: Callable[[bytes], int], data: bytes) -> tuple[int, float]:
    """Return the number of pages that were read, and the seconds of the processor."""
    started = time.process_time()
    return read(data), time.process_time() - started


def main(paths: Sequence[str]) -> None:
    """Print pages a second for every file and for all."""
    totals = [0.0, 0.0, 0.0]
    for path in paths:
        data = Path(path).read_bytes()
        pages, seconds = timed(pages_by_searchd, data)
        others, bare = timed(pages_by_pdfium, data)
        assert pages == others, path
        totals = [totals[0] + pages, totals[1] + seconds, totals[2] + bare]
        print(
            f"{Path(path).name:20} {pages:5} pages  {pages / seconds:7.1f}/s  {pages / bare:7.1f}/s"
        )
    pages_read, seconds, bare = totals
    print(
        f"{'all':20} {pages_read:5.0f} pages  {pages_read / seconds:7.1f}/s  {pages_read / bare:7.1f}/s"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
