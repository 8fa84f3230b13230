"""Page content: reads the pages of a PDF with the fonts of the whole document."""

from __future__ import annotations

import pikepdf

from indexer.sources.pdf.fonts import Font
from indexer.sources.pdf.glyphs import IDENTITY, Matrix, PageContent
from indexer.sources.pdf.interpreter import Interpreter
from indexer.sources.pdf.ligatures import state_lam_alef

_MAX_ANCESTORS = 50


class Fonts:
    """The fonts of a document, each read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Font] = {}
        self.all: list[Font] = []

    def get(self, font: pikepdf.Object) -> Font:
        """Return a font of the document, read at the first call for it."""
        key = font.objgen
        found = self._known.get(key) if key[0] else None
        if found is None:
            found = Font(font, len(self.all))
            self.all.append(found)
            if key[0]:
                self._known[key] = found
        return found


def read_page(page: pikepdf.Page, fonts: Fonts) -> PageContent:
    """Return what a page shows. Raises SourceError for one of more than MAX_OPERATIONS."""
    interpreter = Interpreter(fonts.get)
    data = contents(page.obj)
    interpreter.run(data, page.obj.get("/Resources") or page.resources, _upright(page), 0)
    content = interpreter.content
    for glyphs in (content.glyphs, *content.turned.values()):
        state_lam_alef(glyphs)
    return content


def contents(page: pikepdf.Object) -> bytes:
    """Return the content stream of a page, which may be in several parts."""
    stored = page.get("/Contents")
    if isinstance(stored, pikepdf.Stream):
        return stored.read_bytes()
    if isinstance(stored, pikepdf.Array):
        parts = [part.read_bytes() for part in stored if isinstance(part, pikepdf.Stream)]
        return b"\n".join(parts)
    return b""


def _upright(page: pikepdf.Page) -> Matrix:
    """Return the transformation that turns a page as its /Rotate says."""
    _left, _bottom, right, top = (float(side) for side in page.mediabox)
    turns = _rotation(page) // 90 % 4
    if turns == 1:
        return (0.0, -1.0, 1.0, 0.0, 0.0, right)
    if turns == 2:
        return (-1.0, 0.0, 0.0, -1.0, right, top)
    if turns == 3:
        return (0.0, 1.0, -1.0, 0.0, top, 0.0)
    return IDENTITY


def _rotation(page: pikepdf.Page) -> int:
    node: pikepdf.Object | None = page.obj
    for _ in range(_MAX_ANCESTORS):
        if node is None:
            break
        if "/Rotate" in node:
            return int(node["/Rotate"])
        node = node.get("/Parent")
    return 0
