#!/usr/bin/env bash
# Ghostscript: ToUnicode entries that are stated as ranges lose the high byte of Arabic characters.
#
# A font may state the text of its codes one by one (bfchar) or in ranges (bfrange), also of one code each, as Qt
# and Chromium do. pdfwrite reads the value of a range as `high | low`: 0627 (alef) becomes 0027, an apostrophe, and
# FEDF (an initial lam) becomes 00FF. The page looks as before; whatever reads its text gets signs for letters.
#
# Shown: a line written by Typst 0.15.2 in DejaVu Sans, whose tables are written anew as ranges of one code,
#   before and after Ghostscript 10.00.0: no Arabic character is left in them, where all were before.
# Needs gs (Debian 12) and a font with Arabic: FONT_FOLDER (Debian: fonts-dejavu-core).
# Fails where Ghostscript writes otherwise.
set -euo pipefail
fonts=${FONT_FOLDER:-/usr/share/fonts/truetype/dejavu}
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
    file.write('#set text(font: "DejaVu Sans", lang: "ar", dir: rtl)\nتفتح المكتبة أبوابها للقراء كل يوم')
typst.compile(f"{folder}/a.typ", output=f"{folder}/a.pdf", font_paths=[fonts])


def tables(path):
    with pikepdf.open(path) as pdf:
        return "\n".join(
            stored.ToUnicode.read_bytes().decode("latin-1")
            for stored in pdf.objects
            if isinstance(stored, pikepdf.Dictionary) and "/ToUnicode" in stored
        )


def arabic(path):
    texts = re.findall(r"<[0-9a-fA-F]{4}>\s*(?:<[0-9a-fA-F]{4}>)?\s*<([0-9a-fA-F]{4})>\s*\n", tables(path))
    return sum("0620" <= text <= "06ff" for text in map(str.lower, texts)), len(texts)


with pikepdf.open(f"{folder}/a.pdf") as pdf:
    for stored in pdf.objects:
        if isinstance(stored, pikepdf.Dictionary) and "/ToUnicode" in stored:
            table = stored.ToUnicode.read_bytes().replace(b"bfchar", b"bfrange")
            table = re.sub(rb"(<[0-9a-fA-F]{4}>)\s+(<[0-9a-fA-F]{4}>\s*\n)", rb"\1 \1 \2", table)
            stored.ToUnicode = pdf.make_stream(table)
    pdf.save(f"{folder}/ranges.pdf")
subprocess.run(["gs", "-q", "-sDEVICE=pdfwrite", "-o", f"{folder}/b.pdf", f"{folder}/ranges.pdf"], check=True)
before, after = arabic(f"{folder}/ranges.pdf"), arabic(f"{folder}/b.pdf")
print("Arabic characters among those of the tables, before and after:", before, after)
print("after:", " ".join(re.findall(r"><(00[0-9a-f]{2})>\s*\n", tables(f"{folder}/b.pdf"))))
assert before[0] > 10 and after[0] < before[0] / 2
PYTHON
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet typst==0.15.2 pikepdf==10.18.0
"$folder/venv/bin/python" "$folder/check.py" "$folder" "$fonts"
