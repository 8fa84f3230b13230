"""PDF files of one known text, by the producers and programs that rewrite files that are installed.

Producers are programs (Chromium, LibreOffice, XeLaTeX, LuaLaTeX, Pandoc, wkhtmltopdf, pango-view) and
packages (WeasyPrint, fpdf2, ReportLab, borb, Typst, PySide6). Each takes a folder and a font, and raises
FileNotFoundError or ImportError where it is missing.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TITLE = "دليل المكتبة العامة"
PARAGRAPHS = (
    "تفتح المكتبة أبوابها للقراء كل يوم من الساعة ٨ صباحا إلى الساعة ١٠ مساء، ما عدا أيام العطلات "
    "الرسمية. ولا يحتاج الزائر إلى بطاقة إلا إذا أراد استعارة الكتب.",
    "السلام عليكم ورحمة الله وبركاته، وأهلا وسهلا بكم في الإصدار 2.5 من دليل المكتبة (الطبعة "
    "الثانية، سنة ٢٠٢٤) الذي أعدته إدارة المعلومات باستخدام برنامج Library Manager 2023 لخدمة الأطفال.",
    "العِلْمُ نُورٌ وَالجَهْلُ ظَلَامٌ، وَمَنْ طَلَبَ العُلَا سَهِرَ اللَّيَالِي. "
    "للاشتراك ثلاث فئات: الأفراد، والأسر، والمؤسسات؛ ولكل فئة مزايا مختلفة ومبالغ لا تتجاوز 1,250 ريالا.",
)
NOTE = "انظر اللائحة الصادرة بتاريخ ١٥ رمضان ١٤٤٥، الصفحة ٢٣ وما بعدها."
"""A footnote of the first paragraph, where a producer has footnotes; else a paragraph."""

ROWS = (
    ("الفئة", "المدة", "المبلغ"),
    ("الأفراد", "سنة واحدة", "٣٠٠"),
    ("الأسر الكبيرة", "سنتان", "٤٥٠"),
    ("المؤسسات", "ثلاث سنوات", "1,250"),
)
TEXT = "\n".join([TITLE, *PARAGRAPHS, *(" ".join(row) for row in ROWS), NOTE])


class FontChoice(NamedTuple):
    """A font by its name in the system, and its file."""

    name: str
    path: Path


_FONTS = Path("/usr/share/fonts")
FONTS = (
    FontChoice("Amiri", _FONTS / "opentype/fonts-hosny-amiri/Amiri-Regular.ttf"),
    FontChoice("Noto Naskh Arabic", _FONTS / "truetype/noto/NotoNaskhArabic-Regular.ttf"),
    FontChoice("Noto Sans Arabic", _FONTS / "truetype/noto/NotoSansArabic-Regular.ttf"),
    FontChoice("Scheherazade", _FONTS / "truetype/scheherazade/Scheherazade-Regular.ttf"),
    FontChoice("DejaVu Sans", _FONTS / "truetype/dejavu/DejaVuSans.ttf"),
    FontChoice("KacstBook", _FONTS / "truetype/kacst/KacstBook.ttf"),
    FontChoice("AlArabiya", _FONTS / "truetype/fonts-arabeyes/ae_AlArabiya.ttf"),
    FontChoice("Salem", _FONTS / "truetype/fonts-arabeyes/ae_Salem.ttf"),
)
"""Of the Debian packages fonts-hosny-amiri, fonts-noto-core, fonts-sil-scheherazade, fonts-dejavu,
fonts-kacst and fonts-arabeyes. Those of the last are not in the table of known glyphs."""


def html(font: FontChoice) -> str:
    """Return the text as a page, with a table and two columns."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        '<html dir="rtl" lang="ar"><head><meta charset="utf-8"><style>'
        f"body {{font-family: '{font.name}'; text-align: justify}} div {{columns: 2}}"
        "td {border: 1px solid black; padding: 4px}"
        f"</style></head><body><h1>{TITLE}</h1><div>{paragraphs}</div>"
        f"<table>{rows}</table><p>{NOTE}</p></body></html>"
    )


def run(*command: str, folder: Path) -> None:
    """Run a program; raises FileNotFoundError where it is missing."""
    subprocess.run(
        command,
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=180,
        env={**os.environ, "PYTHONPATH": "", "QT_QPA_PLATFORM": "offscreen"},
    )


def chromium(folder: Path, font: FontChoice) -> Path:
    """Print the page by Chromium."""
    (folder / "page.html").write_text(html(font), "utf-8")
    run(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--no-pdf-header-footer", f"--user-data-dir={folder}/profile",
        f"--print-to-pdf={folder}/chromium.pdf", f"file://{folder}/page.html", folder=folder,
    )  # fmt: skip
    return folder / "chromium.pdf"


def libreoffice(folder: Path, font: FontChoice) -> Path:
    """Convert the page by LibreOffice Writer."""
    (folder / "libreoffice.html").write_text(html(font), "utf-8")
    return _by_office(folder, "libreoffice.html", "--infilter=HTML (StarWriter)")


def _by_office(folder: Path, name: str, *options: str) -> Path:
    run(
        "soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to",
        "pdf:writer_pdf_Export", *options, name, folder=folder,
    )  # fmt: skip
    return (folder / name).with_suffix(".pdf")


def pandoc_word(folder: Path, font: FontChoice) -> Path:
    """Write a Word document with a footnote by Pandoc, and convert it by LibreOffice Writer."""
    import docx

    (folder / "word.md").write_text(_markdown(), "utf-8")
    run("pandoc", "word.md", "-o", "word.docx", folder=folder)
    document = docx.Document(str(folder / "word.docx"))
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(docx.oxml.ns.qn(f"w:{kind}"), font.name)
    document.save(str(folder / "word.docx"))
    return _by_office(folder, "word.docx")


def _markdown() -> str:
    paragraphs = [PARAGRAPHS[0] + "[^1]", *PARAGRAPHS[1:]]
    rows = ["| " + " | ".join(row) + " |" for row in ROWS]
    rows.insert(1, "|---" * len(ROWS[0]) + "|")
    head = "---\ndir: rtl\nlang: ar\n---\n\n"
    body = "\n\n".join([f"# {TITLE}", *paragraphs, "\n".join(rows), f"[^1]: {NOTE}"])
    return head + body + "\n"


def pandoc_xelatex(folder: Path, font: FontChoice) -> Path:
    """Write the text by Pandoc and XeLaTeX."""
    (folder / "pandoc.md").write_text(_markdown(), "utf-8")
    run(
        "pandoc", "pandoc.md", "-o", "pandoc.pdf", "--pdf-engine=xelatex",
        "-V", f"mainfont={font.name}", "-V", "mainfontoptions=Script=Arabic", folder=folder,
    )  # fmt: skip
    return folder / "pandoc.pdf"


def _tex_body() -> str:
    first = PARAGRAPHS[0] + rf"\footnote{{{NOTE}}}"
    rows = r" \\ ".join(" & ".join(row) for row in ROWS)
    body = "\n\n".join([rf"\section*{{{TITLE}}}", first, *PARAGRAPHS[1:]])
    return rf"{body}\par \begin{{tabular}}{{|r|r|r|}}{rows}\\ \end{{tabular}}"


def xelatex(folder: Path, font: FontChoice) -> Path:
    """Typeset the text by XeLaTeX with polyglossia's bidirectional text."""
    (folder / "xelatex.tex").write_text(
        r"\documentclass{article}\usepackage{fontspec}\usepackage{polyglossia}"
        r"\setdefaultlanguage{arabic}"
        rf"\newfontfamily\arabicfont[Script=Arabic]{{{font.name}}}"
        rf"\setmainfont[Script=Arabic]{{{font.name}}}"
        rf"\begin{{document}}{_tex_body()}\end{{document}}",
        "utf-8",
    )
    run("xelatex", "-interaction=batchmode", "xelatex.tex", folder=folder)
    return folder / "xelatex.pdf"


def lualatex(folder: Path, font: FontChoice) -> Path:
    """Typeset the text by LuaLaTeX with babel's bidirectional text."""
    (folder / "lualatex.tex").write_text(
        r"\documentclass{article}\usepackage[bidi=basic,provide=*,arabic]{babel}"
        rf"\babelfont{{rm}}[Script=Arabic]{{{font.name}}}"
        rf"\begin{{document}}{_tex_body()}\end{{document}}",
        "utf-8",
    )
    run("lualatex", "-interaction=batchmode", "lualatex.tex", folder=folder)
    return folder / "lualatex.pdf"


def wkhtmltopdf(folder: Path, font: FontChoice) -> Path:
    """Print the page by wkhtmltopdf, whose engine is an old Qt that wraps no text in columns."""
    (folder / "page.html").write_text(html(font), "utf-8")
    run("wkhtmltopdf", "-q", "page.html", "wkhtmltopdf.pdf", folder=folder)
    return folder / "wkhtmltopdf.pdf"


def pango(folder: Path, font: FontChoice) -> Path:
    """Write the text by Pango and cairo."""
    (folder / "text.txt").write_text(TEXT, "utf-8")
    run(
        "pango-view", "-q", "--rtl", "--width=400", f"--font={font.name} 12",
        "--output=pango.pdf", "text.txt", folder=folder,
    )  # fmt: skip
    return folder / "pango.pdf"


def weasyprint(folder: Path, font: FontChoice) -> Path:
    """Print the page by WeasyPrint."""
    import weasyprint as weasy

    weasy.HTML(string=html(font)).write_pdf(folder / "weasyprint.pdf")
    return folder / "weasyprint.pdf"


def typst(folder: Path, font: FontChoice) -> Path:
    """Typeset the text by Typst."""
    import typst as compiler

    cells = ", ".join(f"[{cell}]" for row in ROWS for cell in row)
    paragraphs = "\n\n".join([PARAGRAPHS[0] + f"#footnote[{NOTE}]", *PARAGRAPHS[1:]])
    (folder / "typst.typ").write_text(
        f'#set text(font: "{font.name}", lang: "ar", dir: rtl)\n#set par(justify: true)\n'
        f"= {TITLE}\n#columns(2)[{paragraphs}]\n#table(columns: 3, {cells})\n",
        "utf-8",
    )
    compiler.compile(
        str(folder / "typst.typ"),
        output=str(folder / "typst.pdf"),
        font_paths=[str(font.path.parent)],
    )
    return folder / "typst.pdf"


def qt(folder: Path, font: FontChoice) -> Path:
    """Print the page by Qt, in a process of its own, which needs no display."""
    import PySide6

    (folder / "page.html").write_text(html(font), "utf-8")
    packages = str(Path(PySide6.__file__).parent.parent)
    script = (
        f"import sys; sys.path.append({packages!r})\n"
        "from PySide6.QtGui import QFontDatabase, QGuiApplication, QPdfWriter, QTextDocument\n"
        "app = QGuiApplication([])\n"
        f"QFontDatabase.addApplicationFont({str(font.path)!r})\n"
        "document = QTextDocument()\n"
        "document.setHtml(open('page.html', encoding='utf-8').read())\n"
        "document.print_(QPdfWriter('qt.pdf'))\n"
    )
    (folder / "qt.py").write_text(script, "utf-8")
    run("python3", "qt.py", folder=folder)
    return folder / "qt.pdf"


def fpdf2(folder: Path, font: FontChoice) -> Path:
    """Write the text by fpdf2 with shaping."""
    import fpdf

    pdf = fpdf.FPDF()
    pdf.add_page()
    pdf.add_font("arabic", fname=font.path)
    pdf.add_font("other", fname=FONTS[4].path)
    pdf.set_fallback_fonts(["other"])
    pdf.set_font("arabic", size=14)
    pdf.set_text_shaping(use_shaping_engine=True, direction="rtl", script="arab", language="ara")
    for paragraph in (TITLE, *PARAGRAPHS, NOTE):
        pdf.multi_cell(0, None, paragraph, align="R", new_x="LMARGIN", new_y="NEXT")
    for row in ROWS:
        for cell in reversed(row):
            pdf.cell(60, 10, cell, border=1, align="R")
        pdf.ln()
    pdf.output(str(folder / "fpdf2.pdf"))
    return folder / "fpdf2.pdf"


def _visual_lines() -> list[str]:
    """Return lines of ten words in presentation forms and visual order."""
    import arabic_reshaper
    from bidi.algorithm import get_display

    lines = []
    for text in TEXT.split("\n"):
        words = text.split()
        for at in range(0, len(words), 10):
            line = " ".join(words[at : at + 10])
            lines.append(str(get_display(arabic_reshaper.reshape(line))))
    return lines


def reportlab(folder: Path, font: FontChoice) -> Path:
    """Write the text by ReportLab, in presentation forms and visual order."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("arabic", str(font.path)))
    canvas = Canvas(str(folder / "reportlab.pdf"), pagesize=(600, 800))
    canvas.setFont("arabic", 12)
    for number, line in enumerate(_visual_lines()):
        canvas.drawRightString(560, 760 - 24 * number, line)
    canvas.save()
    return folder / "reportlab.pdf"


def borb(folder: Path, font: FontChoice) -> Path:
    """Write the text by borb, in presentation forms and visual order."""
    from borb import pdf

    document, page = pdf.Document(), pdf.Page()
    document.append_page(page)
    layout = pdf.SingleColumnLayout(page)
    face = pdf.TrueTypeFont.from_file(font.path)
    for line in _visual_lines():
        layout.append_layout_element(pdf.Paragraph(line, font=face, font_size=10))
    pdf.PDF.write(what=document, where_to=str(folder / "borb.pdf"))
    return folder / "borb.pdf"


WITHOUT_FALLBACK = (pandoc_xelatex, xelatex, lualatex)
"""Producers that show nothing for a character that the font lacks; others take another font."""


def shown_text(produce: Callable[[Path, FontChoice], Path], font: FontChoice) -> str:
    """Return the text without the words that a producer cannot show in a font."""
    if produce not in WITHOUT_FALLBACK:
        return TEXT
    from fontTools.ttLib import TTFont

    known = TTFont(font.path).getBestCmap()
    words = TEXT.replace("\n", " ").split(" ")
    return " ".join(
        word for word in words if all(ord(letter) in known for letter in word if letter.isalnum())
    )


PRODUCERS: tuple[Callable[[Path, FontChoice], Path], ...] = (
    *(chromium, libreoffice, pandoc_word, pandoc_xelatex, xelatex, lualatex, wkhtmltopdf, pango),
    *(weasyprint, typst, qt, fpdf2, reportlab, borb),
)


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


def turned(path: Path) -> Path:
    """Draw the pages of a file sideways, and state that viewers turn them back."""
    import pikepdf

    changed = path.with_suffix(".turned.pdf")
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            _left, _bottom, _right, top = (float(side) for side in page.mediabox)
            page.contents_add(b"q 0 1 -1 0 %.2f 0 cm" % top, prepend=True)
            page.contents_add(b"Q")
            page.mediabox = [0, 0, top, top]
            page.Rotate = 90
        pdf.save(changed)
    return changed


def ghostscript(path: Path) -> Path:
    """Write a file anew by Ghostscript."""
    return _rewritten(path, "gs", "-q", "-sDEVICE=pdfwrite", "-o", "{out}", "{in}")


def mutool(path: Path) -> Path:
    """Write a file anew by MuPDF."""
    return _rewritten(path, "mutool", "clean", "-gggg", "-s", "{in}", "{out}")


def poppler(path: Path) -> Path:
    """Write a file anew by Poppler and cairo."""
    return _rewritten(path, "pdftocairo", "-pdf", "{in}", "{out}")


def qpdf(path: Path) -> Path:
    """Write a file anew by qpdf, with streams of objects."""
    return _rewritten(path, "qpdf", "--object-streams=generate", "--linearize", "{in}", "{out}")


def _rewritten(path: Path, *command: str) -> Path:
    changed = path.with_suffix(f".{command[0]}.pdf")
    names = {"{in}": str(path), "{out}": str(changed)}
    run(*(names.get(argument, argument) for argument in command), folder=path.parent)
    return changed


CHANGES: tuple[Callable[[Path], Path], ...] = (
    *(without_tables, turned, ghostscript, mutool, poppler, qpdf),
)

LOSSES = {(wkhtmltopdf, poppler)}
"""Producers and programs that together lose words: what is drawn beyond the paper is cut off."""
