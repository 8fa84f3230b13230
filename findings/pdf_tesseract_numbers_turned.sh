#!/usr/bin/env bash
# Tesseract: numbers in Arabic lines of a searchable PDF are read turned, 2.5 as 5.2.
#
# Tesseract draws each word of an Arabic line from the right, by a mirrored matrix (-1 0 0 1): right for
# letters, but numbers and Latin words are drawn so too. A reader that puts glyphs in order by their places,
# and turns what is written from left to right, as in any other PDF, gets the number turned. The order of the
# string is the right one: invisible text that is mirrored must not be sorted.
#
# Shown: a line with 2.5 and 1,250, typeset by Typst 0.15.2 in Amiri, read by Tesseract 5.3.0 (Debian 12,
# tesseract-ocr-ara), and the text that Poppler 22.12 takes out of the PDF.
#   Tesseract's own text has 1,250; its PDF, by pdftotext, 052,1
# Needs tesseract with ara, pdftotext and a font: FONT_FOLDER (Debian: fonts-hosny-amiri).
# Fails where the numbers are right.
set -euo pipefail
fonts=${FONT_FOLDER:-/usr/share/fonts/opentype/fonts-hosny-amiri}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tesseract --version 2>&1 | sed -n 1p
pdftotext -v 2>&1 | sed -n 1p
cat >"$folder/page.typ" <<'TYPST'
#set page(width: 400pt, height: 120pt)
#set text(font: "Amiri", size: 18pt, lang: "ar", dir: rtl)
في الإصدار 2.5 من دليل المكتبة

ومبالغ لا تتجاوز 1,250 ريالا في السنة
TYPST
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet typst==0.15.2
"$folder/venv/bin/python" -c 'import sys, typst
folder, fonts = sys.argv[1:]
typst.compile(folder + "/page.typ", output=folder + "/page.png", ppi=200, font_paths=[fonts])' "$folder" "$fonts"
OMP_THREAD_LIMIT=1 tesseract "$folder/page.png" "$folder/page" -l ara pdf txt 2>/dev/null
pdftotext "$folder/page.pdf" "$folder/poppler.txt"
numbers() { grep -oE '[0-9]+[.,][0-9]+' "$1" | tr '\n' ' '; }
echo "text: $(numbers "$folder/page.txt")"
echo "PDF:  $(numbers "$folder/poppler.txt")"
grep -q '1,250' "$folder/page.txt"
grep -q '052,1' "$folder/poppler.txt"
