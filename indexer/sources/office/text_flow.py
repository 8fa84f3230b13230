"""Text flow: paragraphs, table rows and notes of a document, as lines of plain text in order."""

from __future__ import annotations

from indexer.sources.note_marks import is_note_mark

_PIECES_OF_A_WORD = 16


class TextFlow:
    """Builds the text of a document from the pieces in which a parser finds it.

    A paragraph is a line. The cells of a table row are on one line with tabs between them, unless
    one has several paragraphs, which are lines each. A text box or a note within a paragraph comes
    on lines of its own after it, so that the paragraph stays whole.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._pieces: list[str] = []
        self._asides: list[str] = []
        self._outer: list[tuple[list[str], list[str], list[str]]] = []

    def add(self, text: str) -> None:
        """Add text to the paragraph."""
        self._pieces.append(text)

    def add_raised(self, text: str) -> None:
        """Add text that is set higher than its line, unless it is the mark of a note."""
        if not is_note_mark(text, "".join(self._pieces[-_PIECES_OF_A_WORD:])):
            self.add(text)

    def end_paragraph(self) -> None:
        """End the paragraph; an empty one leaves no line."""
        line = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if line:
            self._lines += [line, "\n"]
        self._lines += self._asides
        self._asides.clear()

    def end_cell(self) -> None:
        """End a cell of a table."""
        self.end_paragraph()
        if self._lines and self._lines[-1] == "\n":
            self._lines[-1] = "\t"

    def end_row(self) -> None:
        """End a row of a table."""
        self.end_paragraph()
        if self._lines and self._lines[-1] == "\t":
            self._lines[-1] = "\n"

    def begin_aside(self) -> None:
        """Begin a text box, a note or a comment within a paragraph."""
        self._outer.append((self._lines, self._pieces, self._asides))
        self._lines, self._pieces, self._asides = [], [], []

    def end_aside(self) -> None:
        """End it: its lines follow the paragraph, once that ends, where it has text before."""
        self.end_row()
        lines = self._lines
        self._lines, self._pieces, self._asides = self._outer.pop()
        if self._pieces:
            self._asides += lines
        else:
            self._lines += lines

    @property
    def first_line(self) -> str:
        """The first line so far, empty where there is none."""
        return self._lines[0] if self._lines else ""

    def take(self) -> str:
        """Return the text so far, and begin a new one."""
        while self._outer:
            self.end_aside()
        self.end_row()
        text = "".join(self._lines).rstrip("\n")
        self._lines = []
        return text


class Skipping:
    """Tells which elements are within one that is skipped, by the depth of the elements."""

    def __init__(self, *names: str) -> None:
        self._names = frozenset(names)
        self._depth = 0

    @property
    def is_within(self) -> bool:
        """Whether the element that is open is skipped."""
        return self._depth > 0

    def enters(self, name: str) -> bool:
        """Return whether an element that begins is skipped, alone or within another."""
        if self._depth or name in self._names:
            self._depth += 1
        return self._depth > 0

    def skip(self) -> None:
        """Skip the element that begins, whatever its name."""
        self._depth += 1

    def leaves(self) -> bool:
        """Return whether the element that ends was skipped."""
        if not self._depth:
            return False
        self._depth -= 1
        return True
