#!/usr/bin/env bash
# cairo (pdftocairo): letters whose text it does not know are stated as nothing, by an empty ActualText.
#
# A glyph that the table of a font (ToUnicode) lacks, as those of Chromium and Typst for parts of words with
# marks, is written by cairo in a marked part with the ActualText "". A reader that obeys the standard
# (ISO 32000-1, 14.9.4) drops the letter, although the font that is embedded may tell which one it is: the
# table below says nothing, while "" says that there is no text.
#
# Shown: a word written by Typst 0.15.2 in Amiri without the table of its font, and written anew by
# pdftocairo 22.12 (Debian 12).
#   empty parts: 0 before, one or more after
# Needs pdftocairo and a font: FONT_FOLDER (Debian: fonts-hosny-amiri).
# Fails where cairo states nothing empty.
set -euo pipefail
fonts=${FONT_FOLDER:-/usr/share/fonts/opentype/fonts-hosny-amiri}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pdftocairo -v 2>&1 | sed -n 1p
cat >"$folder/check.py" <<'PYTHON'
import re
import subprocess
import sys

import pikepdf
import typst

folder, fonts = sys.argv[1:]
with open(f"{folder}/a.typ", "w", encoding="utf-8") as file:
    file.write('#set text(font: "Amiri", lang: "ar", dir: rtl)\nالمكتبة العامة')
typst.compile(f"{folder}/a.typ", output=f"{folder}/a.pdf", font_paths=[fonts])
with pikepdf.open(f"{folder}/a.pdf") as pdf:
    for stored in pdf.objects:
        if isinstance(stored, pikepdf.Dictionary) and "/ToUnicode" in stored:
            table = stored.ToUnicode.read_bytes()
            stored.ToUnicode = pdf.make_stream(re.sub(rb"<\w+> <(?:0643|FEDB|FEDC)>\s", b"", table))
    pdf.save(f"{folder}/b.pdf")
subprocess.run(["pdftocairo", "-pdf", f"{folder}/b.pdf", f"{folder}/c.pdf"], check=True)


def empty(path):
    with pikepdf.open(path) as pdf:
        content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    return len(re.findall(rb"/ActualText\s*(?:<(?:feff)?>|\(\))", content, re.IGNORECASE))


print("Typst:", empty(f"{folder}/b.pdf"), "cairo:", empty(f"{folder}/c.pdf"))
assert not empty(f"{folder}/b.pdf") and empty(f"{folder}/c.pdf")
PYTHON
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet typst==0.15.2 pikepdf==10.18.0
"$folder/venv/bin/python" "$folder/check.py" "$folder" "$fonts"
