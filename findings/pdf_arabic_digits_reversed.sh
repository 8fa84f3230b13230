#!/usr/bin/env bash
# pypdf and PyMuPDF: the Arabic-Indic digits of a PDF come out in reversed order, European ones do not.
#
# Who indexes the text that an extractor gives finds words, so the text seems right. In lines of Arabic
# both turn what stands from right to left, and take the digits ٠ to ٩ for letters: the year ١٩٩٥ becomes
# ٥٩٩١, which is a number too, and no check notices it. Digits are written from left to right in every
# script (class AN of the Unicode bidirectional algorithm).
#
# Shown: one line with the year in both kinds of digits, written by fpdf2 2.8.9 with shaping.
#   pypdf 7.1.1, PyMuPDF 2.0: ٥٩٩١ for ١٩٩٥, and 2024 as it is
#   pdfminer.six 20260107: the digits are right, and every word is reversed
# Needs a font with Arabic letters: FONT=/path/to/Amiri-Regular.ttf (Debian: fonts-hosny-amiri).
# Fails where one of them reads otherwise.
set -euo pipefail
font=${FONT:-/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/read.py" <<'PYTHON'
import io
import sys

import fpdf
import pymupdf
import pypdf
from pdfminer.high_level import extract_text

pdf = fpdf.FPDF()
pdf.add_page()
pdf.add_font("arabic", fname=sys.argv[1])
pdf.set_font("arabic", size=14)
pdf.set_text_shaping(use_shaping_engine=True, direction="rtl", script="arab", language="ara")
pdf.multi_cell(0, None, "من سنة ١٩٩٥ إلى سنة 2024 في مصر", align="R")
data = bytes(pdf.output())
texts = {
    "pypdf": pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text(),
    "PyMuPDF": pymupdf.open(stream=data)[0].get_text(),
    "pdfminer.six": extract_text(io.BytesIO(data)),
}
for name, text in texts.items():
    print(f"{name}: {' '.join(text.split())}")
for name in ("pypdf", "PyMuPDF"):
    assert "٥٩٩١" in texts[name] and "١٩٩٥" not in texts[name], name
    assert "2024" in texts[name] and "مصر" in texts[name], name
assert "١٩٩٥" in texts["pdfminer.six"] and "رصم" in texts["pdfminer.six"]
PYTHON
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet \
    fpdf2==2.8.9 uharfbuzz==0.57.0 pypdf==7.1.1 pymupdf==2.0 pdfminer.six==20260107
"$folder/venv/bin/python" "$folder/read.py" "$font"
