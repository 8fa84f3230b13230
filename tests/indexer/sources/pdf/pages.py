"""Makes PDF files of a few glyphs, each with its place and what the font says of it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf

WIDTH = 0.5
"""Of every glyph but marks, in font sizes."""


@dataclass
class PdfMaker:
    """A PDF whose font has a code for each distinct glyph.

    `stated` has what the font's table says of glyphs, where that is not their text: another text, or
    None where the table lacks them; `table_head` begins the table. `zero` are glyphs without a width.
    """

    stated: Mapping[str, str | None] = field(default_factory=dict)
    zero: str = ""
    table_head: str = ""
    pages: list[list[str]] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)

    def page(self) -> PdfMaker:
        """Begin a page of 600 by 800 points."""
        self.pages.append([])
        return self

    def draw(self, operators: str) -> PdfMaker:
        """Add operators of the content stream."""
        self.pages[-1].append(operators)
        return self

    def show(self, glyphs: Sequence[str], x: float, y: float, size: float = 10) -> PdfMaker:
        """Show glyphs from left to right."""
        codes = "".join(f"{self._code(glyph):04x}" for glyph in glyphs)
        return self.draw(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET")

    def arabic(self, text: str, right: float, y: float, size: float = 10) -> PdfMaker:
        """Show an Arabic text, a glyph for each letter, so that it ends at the right."""
        glyphs = text[::-1]
        width = sum(glyph not in self.zero for glyph in glyphs) * WIDTH * size
        return self.show(glyphs, right - width, y, size)

    def _code(self, glyph: str) -> int:
        return self.codes.setdefault(glyph, len(self.codes) + 1)

    def save(self, *, info: Mapping[str, str] | None = None, password: str = "") -> bytes:
        """Return the file."""
        pdf = pikepdf.new()
        font = self._font(pdf)
        for operators in self.pages:
            page = pdf.add_blank_page(page_size=(600, 800))
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.obj.Contents = pdf.make_stream("\n".join(operators).encode())
        for key, value in (info or {}).items():
            pdf.docinfo[f"/{key}"] = value
        stream = io.BytesIO()
        encryption = pikepdf.Encryption(owner="o", user=password) if password else False
        pdf.save(stream, encryption=encryption)
        return stream.getvalue()

    def _font(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        lines = []
        for glyph, code in self.codes.items():
            text = self.stated.get(glyph, glyph)
            if text is not None:
                lines.append(f"<{code:04x}> <{text.encode('utf-16-be').hex()}>")
        table = f"{self.table_head}\n{len(lines)} beginbfchar\n" + "\n".join(lines) + "\nendbfchar"
        widths = pikepdf.Array(
            [1, pikepdf.Array([0 if glyph in self.zero else 1000 * WIDTH for glyph in self.codes])]
        )
        descendant = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=pikepdf.Name.Made,
            W=widths, DW=500,
        )  # fmt: skip
        return pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type0,
                BaseFont=pikepdf.Name.Made,
                Encoding=pikepdf.Name("/Identity-H"),
                DescendantFonts=pikepdf.Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(table.encode()),
            )
        )
