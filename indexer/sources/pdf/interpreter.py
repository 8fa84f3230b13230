"""Interpreter: follows the operators of a page and collects its glyphs and ruled lines.

The operators for text, transformations, forms and marked content are interpreted (ISO 32000-1, 8.4,
8.10, 9.3, 9.4, 14.6); of drawn paths only horizontal and vertical lines are kept, which separate the
cells of tables.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import pikepdf

from indexer.errors import SourceError
from indexer.sources.pdf.content import Operand, operations
from indexer.sources.pdf.fonts import UNKNOWN, Font
from indexer.sources.pdf.glyphs import (
    IDENTITY,
    Glyph,
    Matrix,
    PageContent,
    Rule,
    multiply,
    new_glyph,
)
from indexer.sources.pdf.stated_text import is_arabic, replace_by_stated_text
from indexer.sources.pdf.text_layers import join_word

MAX_OPERATIONS = 3_000_000
"""The most operators of a page, with those of the forms that it shows."""

_INVISIBLE = 3
"""The mode of text that is not shown, of the layer below or above a scanned page."""

_MAX_FORM_DEPTH = 12
_MAX_STATES = 512


class _State:
    """The part of the graphics state that places text; `q` copies it."""

    __slots__ = (
        "char_space",
        "ctm",
        "font",
        "leading",
        "mode",
        "rise",
        "scale",
        "size",
        "word_space",
    )

    def __init__(self, ctm: Matrix) -> None:
        self.ctm = ctm
        self.font: Font | None = None
        self.size = 1.0
        self.char_space = self.word_space = self.leading = self.rise = 0.0
        self.scale = 1.0
        self.mode = 0

    def copy(self) -> _State:
        copied = _State(self.ctm)
        copied.font, copied.size, copied.scale = self.font, self.size, self.scale
        copied.char_space, copied.word_space = self.char_space, self.word_space
        copied.leading, copied.rise, copied.mode = self.leading, self.rise, self.mode
        return copied


class Interpreter:
    """Follows the operators of one page and of the forms in it."""

    def __init__(self, font_of: Callable[[pikepdf.Object], Font]) -> None:
        self.content = PageContent()
        self.font_of = font_of
        self._count = 0
        self._fonts: dict[int, Font] = {}
        self._spans: list[_Span | None] = []

    def run(self, data: bytes, resources: pikepdf.Object, ctm: Matrix, depth: int) -> None:
        """Follow one stream of operators."""
        run = _Run(self, resources, ctm, depth)
        handlers = _HANDLERS
        for operator, operands in operations(data):
            self._count += 1
            if self._count > MAX_OPERATIONS:
                raise SourceError(
                    f"a page has more than {MAX_OPERATIONS:,} operators; print it to a new PDF file"
                )
            handler = handlers.get(operator)
            if handler is None:
                continue
            try:
                handler(run, operands)
            except (IndexError, TypeError, ValueError, KeyError, AttributeError, OverflowError):
                continue  # operands of the wrong kind: viewers skip such an operator

    def open_span(self, text: str | None) -> None:
        """Begin a marked part of the content, whose text may be stated."""
        if len(self._spans) < _MAX_STATES:
            self._spans.append(None if text is None else _Span(text, len(self.content.glyphs)))

    def close_span(self) -> None:
        """End the innermost marked part, and put its stated text in the place of its glyphs."""
        span = self._spans.pop() if self._spans else None
        if span is not None and not self._is_lost(span):
            replace_by_stated_text(self.content.glyphs, span.start, span.text)

    def use(self, stored: pikepdf.Object) -> Font:
        """Return a font of the document by what is stored of it."""
        font = self.font_of(stored)
        self._fonts[font.number] = font
        return font

    def _is_lost(self, span: _Span) -> bool:
        """Return whether no text is stated for letters that the PDF does not know.

        cairo states "" for them; their texts are those of the font program, or unknown.
        """
        return not span.text and any(
            glyph.text == UNKNOWN
            or (is_arabic(glyph.text) and not self._fonts[glyph.font].states(glyph.code))
            for glyph in self.content.glyphs[span.start :]
        )


class _Span(NamedTuple):
    """A marked part of the content whose text is stated, and the number of its first glyph."""

    text: str
    start: int


class _Run:
    """The state while the operators of one stream are followed."""

    def __init__(
        self, interpreter: Interpreter, resources: pikepdf.Object, ctm: Matrix, depth: int
    ) -> None:
        self.interpreter = interpreter
        self.resources = resources
        self.depth = depth
        self.state = _State(ctm)
        self.stack: list[_State] = []
        self.line: Matrix = IDENTITY
        self.text: Matrix = IDENTITY
        self.point = (0.0, 0.0)
        self.pending: list[Rule] = []
        self.fonts: dict[str, Font] = {}

    def save(self, _operands: list[Operand]) -> None:
        if len(self.stack) < _MAX_STATES:
            self.stack.append(self.state.copy())

    def restore(self, _operands: list[Operand]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def concatenate(self, operands: list[Operand]) -> None:
        self.state.ctm = multiply(_matrix(operands), self.state.ctm)

    def begin_text(self, _operands: list[Operand]) -> None:
        self.line = self.text = IDENTITY

    def set_font(self, operands: list[Operand]) -> None:
        name, size = operands[-2], _number(operands[-1])
        if not isinstance(name, str):
            return
        if name not in self.fonts:
            self.fonts[name] = self.interpreter.use(self.resources["/Font"]["/" + name])
        self.state.font, self.state.size = self.fonts[name], size

    def set_char_space(self, operands: list[Operand]) -> None:
        self.state.char_space = _number(operands[0])

    def set_word_space(self, operands: list[Operand]) -> None:
        self.state.word_space = _number(operands[0])

    def set_scale(self, operands: list[Operand]) -> None:
        self.state.scale = _number(operands[0]) / 100

    def set_leading(self, operands: list[Operand]) -> None:
        self.state.leading = _number(operands[0])

    def set_rise(self, operands: list[Operand]) -> None:
        self.state.rise = _number(operands[0])

    def set_mode(self, operands: list[Operand]) -> None:
        self.state.mode = int(_number(operands[0]))

    def move(self, operands: list[Operand]) -> None:
        x, y = _number(operands[0]), _number(operands[1])
        a, b, c, d, e, f = self.line
        self.line = self.text = (a, b, c, d, a * x + c * y + e, b * x + d * y + f)

    def move_and_set_leading(self, operands: list[Operand]) -> None:
        self.state.leading = -_number(operands[1])
        self.move(operands)

    def set_matrix(self, operands: list[Operand]) -> None:
        self.line = self.text = _matrix(operands)

    def next_line(self, _operands: list[Operand]) -> None:
        self.move([0.0, -self.state.leading])

    def show(self, operands: list[Operand]) -> None:
        self.show_array([[operands[0]]])

    def show_on_next_line(self, operands: list[Operand]) -> None:
        self.next_line([])
        self.show(operands[-1:])

    def show_with_spaces(self, operands: list[Operand]) -> None:
        self.set_word_space(operands[:1])
        self.set_char_space(operands[1:2])
        self.show_on_next_line(operands[2:])

    def show_array(self, operands: list[Operand]) -> None:
        """Add the glyphs of strings, between which numbers move the place of writing."""
        items = operands[0]
        state = self.state
        font = state.font
        if not isinstance(items, list) or font is None:
            return
        size, scale = state.size, state.scale
        text_matrix = self.text
        a, b, c, d, e, f = multiply(text_matrix, state.ctm)
        e, f = e + c * state.rise, f + d * state.rise
        height = math.hypot(c, d) * abs(size)
        turns = _quarter_turns(a, b)
        is_layer = state.mode == _INVISIBLE and a * d < b * c  # drawn from the right
        if not turns and (a > 0 if is_layer else a * size < 0 > d * size):
            turns = 2
        if turns:
            a, b, e, f = _turn(a, b, e, f, turns)
            glyphs = self.interpreter.content.turned.setdefault(turns, [])
        else:
            glyphs = self.interpreter.content.glyphs
        append, number, decode = glyphs.append, font.number, font.decode
        char_space, word_space = state.char_space, state.word_space
        x = 0.0
        for item in items:
            if isinstance(item, float):
                x -= item * 0.001 * size * scale
                continue
            if not isinstance(item, bytes):
                continue
            first = len(glyphs)
            for code, (text, width, is_word_space) in decode(item):
                start = e + a * x
                end = start + a * width * size * scale
                y = f + b * x
                if start > end:
                    start, end = end, start
                append(new_glyph(Glyph, (start, end, y, height, text, number, code)))
                extra = char_space + word_space if is_word_space else char_space
                x += (width * size + extra) * scale
            if is_layer and a < 0:
                join_word(glyphs, first)
        ta, tb, tc, td, te, tf = text_matrix
        self.text = (ta, tb, tc, td, te + ta * x, tf + tb * x)

    def show_object(self, operands: list[Operand]) -> None:
        stored = self.resources["/XObject"]["/" + str(operands[0])]
        if stored.get("/Subtype") == "/Image":
            self.interpreter.content.images += 1
            return
        if stored.get("/Subtype") != "/Form" or self.depth >= _MAX_FORM_DEPTH:
            return
        matrix = stored.get("/Matrix")
        ctm = self.state.ctm
        if matrix is not None and len(matrix) == 6:
            ctm = multiply(_matrix([float(value) for value in matrix]), ctm)
        resources = stored.get("/Resources", self.resources)
        self.interpreter.run(stored.read_bytes(), resources, ctm, self.depth + 1)

    def show_inline_image(self, _operands: list[Operand]) -> None:
        self.interpreter.content.images += 1

    def begin_marked(self, operands: list[Operand]) -> None:
        properties: Operand | pikepdf.Object = operands[-1] if len(operands) > 1 else ""
        if isinstance(properties, str) and properties:
            named = self.resources.get("/Properties")
            properties = named["/" + properties] if named is not None else ""
        text: str | None = None
        if isinstance(properties, Mapping):
            stated = properties.get("ActualText")
            text = pikepdf.String(stated).__str__() if isinstance(stated, bytes) else None
        elif isinstance(properties, pikepdf.Dictionary) and "/ActualText" in properties:
            text = str(properties["/ActualText"])
        self.interpreter.open_span(text)

    def begin_unmarked(self, _operands: list[Operand]) -> None:
        self.interpreter.open_span(None)

    def end_marked(self, _operands: list[Operand]) -> None:
        self.interpreter.close_span()

    def move_to(self, operands: list[Operand]) -> None:
        self.point = self._place(operands)

    def line_to(self, operands: list[Operand]) -> None:
        point = self._place(operands)
        self._add_rule(self.point, point)
        self.point = point

    def rectangle(self, operands: list[Operand]) -> None:
        x, y, width, height = (_number(operand) for operand in operands[:4])
        self._add_rule(self._place([x, y]), self._place([x + width, y + height]))

    def paint(self, _operands: list[Operand]) -> None:
        self.interpreter.content.rules += self.pending
        self.interpreter.content.paths += 1
        self.pending = []

    def drop_path(self, _operands: list[Operand]) -> None:
        self.pending = []

    def _place(self, operands: list[Operand]) -> tuple[float, float]:
        x, y = _number(operands[0]), _number(operands[1])
        a, b, c, d, e, f = self.state.ctm
        return a * x + c * y + e, b * x + d * y + f

    def _add_rule(self, first: tuple[float, float], second: tuple[float, float]) -> None:
        left, right = sorted((first[0], second[0]))
        bottom, top = sorted((first[1], second[1]))
        if (right - left < _THIN or top - bottom < _THIN) and len(self.pending) < 10_000:
            self.pending.append(Rule(left, bottom, right, top))
        elif len(self.pending) < 10_000:  # the frame of a cell
            self.pending += (
                Rule(left, bottom, left, top),
                Rule(right, bottom, right, top),
                Rule(left, bottom, right, bottom),
                Rule(left, top, right, top),
            )


_THIN = 3.0
"""In points: what is thinner is a line."""


def _quarter_turns(a: float, b: float) -> int:
    if abs(b) <= abs(a):
        return 0 if a >= 0 or abs(b) < 0.2 * abs(a) else 2
    return 1 if b > 0 else 3


def _turn(a: float, b: float, e: float, f: float, turns: int) -> tuple[float, float, float, float]:
    """Return the direction and place of a text after quarter turns to the right."""
    for _ in range(turns):
        a, b = b, -a
        e, f = f, -e
    return a, b, e, f


def _number(operand: Operand) -> float:
    if isinstance(operand, float):
        return operand
    raise TypeError("not a number")


def _matrix(operands: list[Operand] | list[float]) -> Matrix:
    a, b, c, d, e, f = map(_number, operands[:6])
    return (a, b, c, d, e, f)


_HANDLERS = {
    b"q": _Run.save,
    b"Q": _Run.restore,
    b"cm": _Run.concatenate,
    b"BT": _Run.begin_text,
    b"Tf": _Run.set_font,
    b"Tc": _Run.set_char_space,
    b"Tw": _Run.set_word_space,
    b"Tz": _Run.set_scale,
    b"TL": _Run.set_leading,
    b"Ts": _Run.set_rise,
    b"Tr": _Run.set_mode,
    b"Td": _Run.move,
    b"TD": _Run.move_and_set_leading,
    b"Tm": _Run.set_matrix,
    b"T*": _Run.next_line,
    b"Tj": _Run.show,
    b"'": _Run.show_on_next_line,
    b'"': _Run.show_with_spaces,
    b"TJ": _Run.show_array,
    b"Do": _Run.show_object,
    b"BI": _Run.show_inline_image,
    b"BDC": _Run.begin_marked,
    b"BMC": _Run.begin_unmarked,
    b"EMC": _Run.end_marked,
    b"m": _Run.move_to,
    b"l": _Run.line_to,
    b"re": _Run.rectangle,
    **dict.fromkeys((b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"), _Run.paint),
    b"n": _Run.drop_path,
}
