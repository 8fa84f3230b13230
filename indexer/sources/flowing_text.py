"""Flowing text: the text of marked-up sources, with white space collapsed, a line per block."""

from __future__ import annotations

from indexer.places import Place, PlaceKind
from indexer.sources.note_marks import is_note_mark

_PIECES_OF_A_WORD = 16


class FlowingText:
    r"""A text that is built piece by piece, and its places.

    White space in the source separates words and nothing else; only `end_block` ends a line.
    A place begins at the next word, and does not end a line or a word.

    >>> flow = FlowingText()
    >>> flow.add("وكان الأح"); flow.begin(PlaceKind.PAGE, "2"); flow.add("ياء\n ")
    >>> flow.end_block(); flow.add("يسمعون")
    >>> flow.text, [(place.start, place.label) for place in flow.places]
    ('وكان الأحياء\nيسمعون', [(9, '2')])
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        self._waiting: dict[PlaceKind, str] = {}
        self._current: dict[PlaceKind, str] = {}
        self._places: list[Place] = []

    def add(self, text: str | None) -> None:
        """Add text, of which white space of any length counts as one space."""
        if not text:
            return
        words = " ".join(text.split())
        if text[0].isspace():
            self.space()
        if words:
            self._write(words)
            if text[-1].isspace():
                self.space()

    def add_raised(self, text: str) -> None:
        """Add text that is set higher than its line, unless it is the mark of a note."""
        before = "" if "\n" in self._gap else "".join(self._parts[-_PIECES_OF_A_WORD:])
        if not is_note_mark(text, before.rpartition("\n")[2]):
            self.add(text)

    def space(self) -> None:
        """End a word."""
        self._gap = self._gap or " "

    def end_block(self) -> None:
        """End a line."""
        self._gap = "\n"

    def begin(self, kind: PlaceKind, label: str) -> None:
        """Begin a place at the next word."""
        self._waiting[kind] = label

    def label(self, kind: PlaceKind) -> str | None:
        """Return the label of the place of a kind that the next word will be in."""
        return self._waiting.get(kind, self._current.get(kind))

    def add_note(self, text: str, page: str | None) -> None:
        """Add a note as a line of its own, which is on `page` whatever page was begun since."""
        now = self.label(PlaceKind.PAGE)
        self.end_block()
        if page is not None and page != now:
            self.begin(PlaceKind.PAGE, page)
        self.add(text)
        self.end_block()
        if now is not None and page != now:
            self.begin(PlaceKind.PAGE, now)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    @property
    def places(self) -> tuple[Place, ...]:
        """The pages of the text; where it has none, its chapters."""
        pages = tuple(place for place in self._places if place.kind is PlaceKind.PAGE)
        return pages or tuple(self._places)

    def _write(self, words: str) -> None:
        if self._parts and self._gap:
            self._parts.append(self._gap)
            self._length += len(self._gap)
        self._gap = ""
        for kind, label in self._waiting.items():
            if self._current.get(kind) != label or kind is not PlaceKind.PAGE:
                self._places.append(Place(self._length, kind, label))
        self._current |= self._waiting
        self._waiting.clear()
        self._parts.append(words)
        self._length += len(words)
