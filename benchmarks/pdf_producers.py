"""How many words are right in PDF files of one known text, by every producer that is installed.

    python -m benchmarks.pdf_producers [--keep FOLDER]

Each file is read again without its tables of letters (ToUnicode), and put through Ghostscript.

Producers are programs (LibreOffice, Chromium, XeLaTeX) and packages (WeasyPrint, fpdf2 with uharfbuzz,
ReportLab with arabic-reshaper and python-bidi); those that are missing are named. `--keep` stores the
files, with the text in `text.txt`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from indexer.sources.pdf.furniture import without_furniture
from indexer.sources.pdf.reader import PdfText, joined_lines, open_pdf

LEAST = 0.98
"""The share of words that must be right."""

FONT = "Amiri"
FONT_FILE = Path("/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf")

TITLE = "دليل المكتبة العامة"
PARAGRAPHS = (
    "تفتح المكتبة أبوابها للقراء كل يوم من الساعة ٨ صباحا إلى الساعة ١٠ مساء، ما عدا أيام العطلات "
    "الرسمية. ولا يحتاج الزائر إلى بطاقة إلا إذا أراد استعارة الكتب.",
    "السلام عليكم ورحمة الله وبركاته، وأهلا وسهلا بكم في الإصدار 2.5 من دليل المكتبة (الطبعة "
    "الثانية، سنة ٢٠٢٤) الذي أعدته إدارة المعلومات باستخدام برنامج Library Manager 2023 لخدمة الأطفال.",
    "العِلْمُ نُورٌ وَالجَهْلُ ظَلَامٌ، وَمَنْ طَلَبَ العُلَا سَهِرَ اللَّيَالِي. "
    "للاشتراك ثلاث فئات: الأفراد، والأسر، والمؤسسات؛ ولكل فئة مزايا مختلفة ومبالغ لا تتجاوز 1,250 ريالا.",
)
ROWS = (
    ("الفئة", "المدة", "المبلغ"),
    ("الأفراد", "سنة واحدة", "٣٠٠"),
    ("الأسر الكبيرة", "سنتان", "٤٥٠"),
    ("المؤسسات", "ثلاث سنوات", "1,250"),
)
TEXT = "\n".join([TITLE, *PARAGRAPHS, *(" ".join(row) for row in ROWS)])


def html() -> str:
    """Return the text as a page, with a table and two columns."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        '<html dir="rtl" lang="ar"><head><meta charset="utf-8"><style>'
        f"body {{font-family: '{FONT}'; text-align: justify}} div {{columns: 2}}"
        "td {border: 1px solid black; padding: 4px}"
        f"</style></head><body><h1>{TITLE}</h1><div>{paragraphs}</div>"
        f"<table>{rows}</table></body></html>"
    )


def run(*command: str, folder: Path) -> None:
    """Run a program; raises FileNotFoundError where it is missing."""
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)


def chromium(folder: Path) -> Path:
    """Print the page by Chromium."""
    (folder / "page.html").write_text(html(), "utf-8")
    run(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--no-pdf-header-footer", f"--user-data-dir={folder}/profile",
        f"--print-to-pdf={folder}/chromium.pdf", f"file://{folder}/page.html", folder=folder,
    )  # fmt: skip
    return folder / "chromium.pdf"


def libreoffice(folder: Path) -> Path:
    """Convert the page by LibreOffice Writer."""
    (folder / "libreoffice.html").write_text(html(), "utf-8")
    run(
        "soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to",
        "pdf:writer_pdf_Export", "--infilter=HTML (StarWriter)", "libreoffice.html", folder=folder,
    )  # fmt: skip
    return folder / "libreoffice.pdf"


def xelatex(folder: Path) -> Path:
    """Typeset the text by XeLaTeX with polyglossia's bidirectional text."""
    body = "\n\n".join(PARAGRAPHS)
    rows = r" \\ ".join(" & ".join(row) for row in ROWS)
    (folder / "xelatex.tex").write_text(
        r"\documentclass{article}\usepackage{fontspec}\usepackage{polyglossia}"
        r"\setdefaultlanguage{arabic}"
        rf"\newfontfamily\arabicfont[Script=Arabic]{{{FONT}}}\setmainfont[Script=Arabic]{{{FONT}}}"
        r"\begin{document}\section*{" + TITLE + "}\n" + body + "\n\n"
        r"\begin{tabular}{|r|r|r|}" + rows + r"\\ \end{tabular}\end{document}",
        "utf-8",
    )
    run("xelatex", "-interaction=batchmode", "xelatex.tex", folder=folder)
    return folder / "xelatex.pdf"


def weasyprint(folder: Path) -> Path:
    """Print the page by WeasyPrint."""
    import weasyprint as weasy

    weasy.HTML(string=html()).write_pdf(folder / "weasyprint.pdf")
    return folder / "weasyprint.pdf"


def fpdf2(folder: Path) -> Path:
    """Write the text by fpdf2 with shaping."""
    import fpdf

    pdf = fpdf.FPDF()
    pdf.add_page()
    pdf.add_font("amiri", fname=FONT_FILE)
    pdf.set_font("amiri", size=14)
    pdf.set_text_shaping(use_shaping_engine=True, direction="rtl", script="arab", language="ara")
    for paragraph in (TITLE, *PARAGRAPHS):
        pdf.multi_cell(0, None, paragraph, align="R", new_x="LMARGIN", new_y="NEXT")
    for row in ROWS:
        for cell in reversed(row):
            pdf.cell(60, 10, cell, border=1, align="R")
        pdf.ln()
    pdf.output(str(folder / "fpdf2.pdf"))
    return folder / "fpdf2.pdf"


def reportlab(folder: Path) -> Path:
    """Write the text by ReportLab, in presentation forms and visual order."""
    import arabic_reshaper
    from bidi.algorithm import get_display
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("amiri", str(FONT_FILE)))
    canvas = Canvas(str(folder / "reportlab.pdf"), pagesize=(600, 800))
    canvas.setFont("amiri", 12)
    y = 760
    for text in TEXT.split("\n"):
        words = text.split()
        for at in range(0, len(words), 10):
            line = " ".join(words[at : at + 10])
            canvas.drawRightString(560, y, get_display(arabic_reshaper.reshape(line)))
            y -= 24
    canvas.save()
    return folder / "reportlab.pdf"


def without_tables(path: Path) -> Path:
    """Take the tables of letters out of the fonts of a file."""
    import pikepdf

    changed = path.with_suffix(".bare.pdf")
    with pikepdf.open(path) as pdf:
        for stored in pdf.objects:
            if isinstance(stored, pikepdf.Dictionary) and "/ToUnicode" in stored:
                del stored["/ToUnicode"]
        pdf.save(changed)
    return changed


def ghostscript(path: Path) -> Path:
    """Write a file anew by Ghostscript."""
    changed = path.with_suffix(".gs.pdf")
    run("gs", "-q", "-sDEVICE=pdfwrite", "-o", str(changed), str(path), folder=path.parent)
    return changed


CHANGES: tuple[Callable[[Path], Path], ...] = (without_tables, ghostscript)

PRODUCERS: tuple[Callable[[Path], Path], ...] = (
    *(chromium, libreoffice, xelatex, weasyprint, fpdf2, reportlab),
)


def words(text: str) -> Counter[str]:
    """Return the words of a text without marks and punctuation."""
    plain = (
        character if character.isalnum() else "" if unicodedata.combining(character) else " "
        for character in unicodedata.normalize("NFC", text)
    )
    return Counter("".join(plain).split())


def text_of(path: Path) -> str:
    """Return the text of a PDF, as it is indexed."""
    with open_pdf(path.read_bytes()) as pdf:
        return "\n".join(map(joined_lines, without_furniture(PdfText(pdf).lines)))


def share_right(text: str) -> float:
    """Return the share of the words of the text that were found."""
    expected = words(TEXT)
    return (expected & words(text)).total() / expected.total()


def main() -> None:
    """Print the share of right words for every producer; fail where one has fewer than LEAST."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    failed = False
    for produce in PRODUCERS:
        with tempfile.TemporaryDirectory() as folder:
            try:
                path = produce(Path(folder))
            except (ImportError, FileNotFoundError) as error:
                print(f"{produce.__name__:12} missing: {error}")
                continue
            text = text_of(path)
            share = share_right(text)
            failed |= share < LEAST
            missing = " ".join(words(TEXT) - words(text))
            print(f"{produce.__name__:12} {share:.3f} {missing}")
            for change in CHANGES:
                try:
                    changed = share_right(text_of(change(path)))
                except FileNotFoundError as error:
                    print(f"{'':12} {change.__name__} missing: {error}")
                    continue
                print(f"{'':12} {changed:.3f} {change.__name__}")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, options.keep / path.name)
                (options.keep / "text.txt").write_text(TEXT + "\n", "utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
