"""Repair: finds documents whose text was damaged before it came here, and mends what is certain.

The kinds of damage are those of `Damage`. All but two are mended in the text that is stored. Turned
ligatures are mended by the analysis alone, for searching, and text in a guessed encoding is not
changed at all; these two are only found here. What is wrong with the fonts and pages of a PDF is found by
its reader.

Sound text is told apart by a few searches for characters, which take 10 µs for a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise

from analyzers.normalization.mojibake import undo_wrong_readings
from analyzers.normalization.mojibake_signs import may_be_mojibake
from analyzers.normalization.turned_text import may_have_turned_ligatures, turned_words
from analyzers.normalization.visual_order import may_be_reversed
from indexer.character_references import decode_ampersands, decode_references
from indexer.document import Document, FieldInput
from indexer.places import Place


class Damage(StrEnum):
    """A kind of damage.

    `REFERENCES`: character references such as &quot; outside of markup.
    `MOJIBAKE`: text that was decoded with the wrong encoding and stored again.
    `VISUAL_ORDER`: lines that are stored from their last letter to their first.
    `TURNED_LIGATURES`: words whose ligatures with lam are stored from the wrong end.
    `GUESSED_ENCODING`: a file whose bytes could be another text in another encoding.
    `FONT_TABLES`: a PDF whose fonts have wrong or no letters for some glyphs.
    `DOUBTFUL_PAGES`: a PDF with pages of which many words are unknown.
    `UNREADABLE_PAGES`: a PDF with pages whose text cannot be read; they are left out.
    """

    REFERENCES = "character_references"
    MOJIBAKE = "mojibake"
    VISUAL_ORDER = "visual_order"
    TURNED_LIGATURES = "turned_ligatures"
    GUESSED_ENCODING = "guessed_encoding"
    FONT_TABLES = "font_tables"
    DOUBTFUL_PAGES = "doubtful_pages"
    UNREADABLE_PAGES = "unreadable_pages"


class Repair(StrEnum):
    """What to do about damage: find and mend it, find it only, or not look for it."""

    AUTO = "auto"
    REPORT = "report"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class RepairedText:
    """A text after repair.

    `found` are the kinds of damage in it, `repaired` those that were mended, at least in part.
    """

    text: str
    found: frozenset[Damage] = frozenset()
    repaired: frozenset[Damage] = frozenset()


@dataclass(frozen=True, slots=True)
class RepairedDocument:
    """A document after repair, the kinds of damage that were found, and those that were mended."""

    document: Document
    found: frozenset[Damage] = frozenset()
    repaired: frozenset[Damage] = frozenset()


MENDED_BY_READERS = frozenset({Damage.FONT_TABLES})
"""Damage that the reader of a file mends, whatever `Repair` says: its text would be no text."""

_SEARCH_ONLY = frozenset({Damage.TURNED_LIGATURES})
"""Damage that the analysis mends when terms are made."""


def repair_text(text: str, *, references: bool = True) -> RepairedText:
    """Find the damage in a text, and mend what is certain.

    Without `references` the text comes from markup whose character references were decoded: an
    `&lt;` in it is text.

    >>> repair_text("ةيبرعلا ةغللا").text
    'اللغة العربية'
    """
    done = _Repairs()
    _title, text = done.repair("", text, references=references)
    return RepairedText(text, frozenset(done.found), frozenset(done.repaired))


def repair_document(document: Document, *, references: bool = True) -> RepairedDocument:
    """Find the damage in the title, text and extra fields of a document; mend what is certain.

    The id stays, and so do dates and numbers; &amp; in the URL is decoded. For `references` see
    `repair_text`. A sound document is returned as it is.
    """
    if not may_be_damaged(document):
        return RepairedDocument(document)
    done = _Repairs()
    title, text = done.repair(document.title, document.text, references=references)
    places = document.places
    if places and len(text) != len(document.text):
        text, places = done.repair_places(document.text, places, references=references)
    fields = done.repair_fields(document.fields, references=references)
    url = decode_ampersands(document.url) if references else document.url
    if done.repaired - _SEARCH_ONLY or url != document.url:
        document = replace(document, title=title, text=text, url=url, fields=fields, places=places)
    return RepairedDocument(document, frozenset(done.found), frozenset(done.repaired))


def may_be_damaged(document: Document) -> bool:
    """Return whether a document has a sign of any damage, and is worth examining. Fast."""
    title, text = document.title, document.text
    return (
        _may_be_damaged(title, text)
        or (bool(document.fields) and any(map(_may_be_damaged_value, document.fields.values())))
        or "&amp;" in document.url
    )


def _may_be_damaged(title: str, text: str) -> bool:
    return (
        "&" in text
        or "&" in title
        or may_be_mojibake(text)
        or may_be_mojibake(title)
        or may_be_reversed(text, title)
        or may_have_turned_ligatures(text, title)
    )


def _may_be_damaged_value(value: FieldInput) -> bool:
    match value:
        case str():
            return "&" in value or (not value.isascii() and _may_be_damaged("", value))
        case tuple() | list():
            return any(map(_may_be_damaged_value, value))
        case _:
            return False


class _Repairs:
    """The kinds of damage that were found and mended so far."""

    __slots__ = ("found", "repaired")

    def __init__(self) -> None:
        self.found: set[Damage] = set()
        self.repaired: set[Damage] = set()

    def repair(self, title: str, text: str, *, references: bool) -> tuple[str, str]:
        """Return a title and a text mended."""
        if references and ("&" in text or "&" in title):
            title, text = self._decode_references(title), self._decode_references(text)
        if may_be_mojibake(text) or (title and may_be_mojibake(title)):
            title, text = self._undo_wrong_readings(title), self._undo_wrong_readings(text)
        if may_be_reversed(text, title):
            title, text = self._turn(title, text)
        if may_have_turned_ligatures(text, title) and turned_words(text, title):
            self.found.add(Damage.TURNED_LIGATURES)
            self.repaired.add(Damage.TURNED_LIGATURES)
        return title, text

    def repair_places(
        self, text: str, places: Sequence[Place], *, references: bool
    ) -> tuple[str, tuple[Place, ...]]:
        """Return a text mended place by place, so that each begins where it then does."""
        starts = [place.start for place in places]
        parts = [text[: starts[0]]]
        parts += [text[start:end] for start, end in pairwise([*starts, len(text)])]
        mended = [self.repair("", part, references=references)[1] for part in parts]
        moved = accumulate(map(len, mended[:-1]))
        return "".join(mended), tuple(
            replace(place, start=start) for place, start in zip(places, moved, strict=True)
        )

    def repair_fields(
        self, fields: Mapping[str, FieldInput], *, references: bool
    ) -> Mapping[str, FieldInput]:
        """Return the values of extra fields mended, each by itself; the same mapping if none was."""
        mended: dict[str, FieldInput] = {}
        for name, value in fields.items():
            match value:
                case str():
                    _title, after = self.repair("", value, references=references)
                    if after != value:
                        mended[name] = after
                case tuple() | list():
                    words = tuple(self.repair("", word, references=references)[1] for word in value)
                    if words != tuple(value):
                        mended[name] = words
        return {**fields, **mended} if mended else fields

    def _decode_references(self, text: str) -> str:
        decoded = decode_references(text)
        if decoded != text:
            self.found.add(Damage.REFERENCES)
            self.repaired.add(Damage.REFERENCES)
        return decoded

    def _undo_wrong_readings(self, text: str) -> str:
        undone = undo_wrong_readings(text)
        if undone is None:
            return text
        self.found.add(Damage.MOJIBAKE)
        if undone.text != text:
            self.repaired.add(Damage.MOJIBAKE)
        return undone.text

    def _turn(self, title: str, text: str) -> tuple[str, str]:
        from analyzers.normalization.logical_order import titled_to_logical_order

        turned = titled_to_logical_order(title, text)
        if turned != (title, text):
            self.found.add(Damage.VISUAL_ORDER)
            self.repaired.add(Damage.VISUAL_ORDER)
        return turned
