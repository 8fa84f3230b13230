#!/usr/bin/env bash
# LibreOffice: a hamza that a font draws apart from its alef is stated as the whole letter.
#
# Scheherazade has no glyph for أ and إ: it draws an alef, and the hamza as a second glyph without a width.
# The table that LibreOffice writes (ToUnicode) says ا of the alef, and أ of the hamza alone. By the table a
# word has the letter twice; Poppler takes one of them out, and divides the word there: الإصدار becomes
# "ال إصدار", so that neither the word nor a phrase with it is found.
#
# Shown: one line converted by LibreOffice 7.4.7 (Debian 12) in Scheherazade 2.100, read by Poppler 22.12.
# Needs soffice (libreoffice-writer), pdftotext and the font (fonts-sil-scheherazade).
# Fails where the words are whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
soffice --version
pdftotext -v 2>&1 | sed -n 1p
cat >"$folder/page.html" <<'HTML'
<html dir="rtl" lang="ar"><head><meta charset="utf-8"></head>
<body style="font-family: Scheherazade">في الإصدار الثاني لخدمة الأطفال والأسر</body></html>
HTML
soffice "-env:UserInstallation=file://$folder/office" --headless "--infilter=HTML (StarWriter)" \
    --convert-to pdf:writer_pdf_Export --outdir "$folder" "$folder/page.html" >/dev/null 2>&1
pdffonts "$folder/page.pdf" | grep Scheherazade
pdftotext "$folder/page.pdf" "$folder/page.txt"
cat "$folder/page.txt"
if grep -q "في الإصدار" "$folder/page.txt"; then exit 1; fi
grep -q "ال إصدار" "$folder/page.txt"
