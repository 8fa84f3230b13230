#!/usr/bin/env bash
# Ghostscript: a scanned Arabic page with a text layer of Tesseract is turned upside down.
#
# pdfwrite turns pages as most of their text runs (-dAutoRotatePages=/PageByPage). Tesseract draws Arabic
# from the right by a mirrored matrix, which pdfwrite takes for text that stands on its head: it states
# /Rotate 180, for the picture too. Compressing a folder of scans by Ghostscript turns them all, and readers
# that sort glyphs by their places get every line, and the page, from its end. -dAutoRotatePages=/None keeps it.
#
# Shown: a page typeset by Typst 0.15.2 in Amiri, read by Tesseract 5.3.0, written anew by Ghostscript 10.00.0
# (Debian 12).
#   /Rotate: none before, 180 after, none with -dAutoRotatePages=/None
# Needs tesseract with ara, gs and a font: FONT_FOLDER (Debian: fonts-hosny-amiri).
# Fails where the page is not turned.
set -euo pipefail
fonts=${FONT_FOLDER:-/usr/share/fonts/opentype/fonts-hosny-amiri}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tesseract --version 2>&1 | sed -n 1p
echo "Ghostscript $(gs --version)"
cat >"$folder/page.typ" <<'TYPST'
#set page(width: 400pt, height: 120pt)
#set text(font: "Amiri", size: 18pt, lang: "ar", dir: rtl)
تفتح المكتبة أبوابها للقراء كل يوم

ولا يحتاج الزائر إلى بطاقة
TYPST
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet typst==0.15.2 pikepdf==10.18.0
"$folder/venv/bin/python" -c 'import sys, typst
folder, fonts = sys.argv[1:]
typst.compile(folder + "/page.typ", output=folder + "/page.png", ppi=200, font_paths=[fonts])' "$folder" "$fonts"
OMP_THREAD_LIMIT=1 tesseract "$folder/page.png" "$folder/scan" -l ara pdf 2>/dev/null
gs -q -sDEVICE=pdfwrite -o "$folder/gs.pdf" "$folder/scan.pdf"
gs -q -sDEVICE=pdfwrite -dAutoRotatePages=/None -o "$folder/kept.pdf" "$folder/scan.pdf"
"$folder/venv/bin/python" -c 'import sys, pikepdf
turns = []
for name in ("scan", "gs", "kept"):
    with pikepdf.open(f"{sys.argv[1]}/{name}.pdf") as pdf:
        turns.append(int(pdf.pages[0].get("/Rotate", 0)))
    print(f"{name}.pdf: /Rotate {turns[-1]}")
assert turns == [0, 180, 0], turns' "$folder"
