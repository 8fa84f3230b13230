#!/usr/bin/env bash
# Ghostscript: a ToUnicode entry of two Arabic characters gets a wrong high byte for the second one.
#
# Where a PDF states the text of marks by ActualText, pdfwrite moves it into the fonts. The fatha behind
# a yeh, 064A 064E, becomes 064A 4A4E: the high byte of the second character is the low byte of the first.
# Readers get a Chinese ideograph behind the letter, and no word with marks is found any more.
#
# Shown: a line with marks, written by Typst 0.15.2 in Amiri, before and after Ghostscript 10.00.0.
#   Typst: no ideograph in any table; Ghostscript: 064A4A4E and its like
# Needs gs (Debian 12) and a font with marks: FONT_FOLDER (Debian: fonts-hosny-amiri).
# Fails where Ghostscript writes otherwise.
set -euo pipefail
fonts=${FONT_FOLDER:-/usr/share/fonts/opentype/fonts-hosny-amiri}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "Ghostscript $(gs --version)"
cat >"$folder/check.py" <<'PYTHON'
import re
import subprocess
import sys

import pikepdf
import typst

folder, fonts = sys.argv[1:]
with open(f"{folder}/a.typ", "w", encoding="utf-8") as file:
    file.write('#set text(font: "Amiri", lang: "ar", dir: rtl)\nالعِلْمُ نُورٌ وَالجَهْلُ ظَلَامٌ، سَهِرَ اللَّيَالِي')
typst.compile(f"{folder}/a.typ", output=f"{folder}/a.pdf", font_paths=[fonts])
subprocess.run(["gs", "-q", "-sDEVICE=pdfwrite", "-o", f"{folder}/b.pdf", f"{folder}/a.pdf"], check=True)


def wrong(path):
    found = set()
    with pikepdf.open(path) as pdf:
        for stored in pdf.objects:
            if isinstance(stored, pikepdf.Dictionary) and "/ToUnicode" in stored:
                table = stored.ToUnicode.read_bytes().decode("latin-1").upper()
                found |= {a + b for a, b in re.findall(r"<(06[0-9A-F]{2})([0-9A-F]{4})>", table) if b[:2] == a[2:]}
    return sorted(found)


print("Typst:", wrong(f"{folder}/a.pdf"))
print("Ghostscript:", wrong(f"{folder}/b.pdf"))
assert not wrong(f"{folder}/a.pdf") and wrong(f"{folder}/b.pdf")
PYTHON
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet typst==0.15.2 pikepdf==10.18.0
"$folder/venv/bin/python" "$folder/check.py" "$folder" "$fonts"
