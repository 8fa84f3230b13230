"""CMaps: tables of a font from the codes of its strings to text, or to numbers of its glyphs.

The syntax is PostScript, of which only what the PDF standard describes is read (ISO 32000-1, 9.7.5
and 9.10.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.sources.pdf.content import hex_string

_MAX_ENTRIES = 1 << 17
"""Of one table; a font has at most 65,536 glyphs."""

_BLOCK = re.compile(
    rb"begin(codespacerange|bfchar|bfrange|cidchar|cidrange)\b(.*?)\bend\1\b", re.DOTALL
)
_ITEM = re.compile(rb"<[0-9A-Fa-f\s]*>|\[|\]|-?\d+|/[^\s<>\[\]/]+")


@dataclass(slots=True)
class CMap:
    """A table of codes.

    `lengths` are the lengths in bytes that a code may have, by its first byte. `texts` maps codes
    to text, `cids` to the numbers of glyphs.
    """

    lengths: dict[int, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    cids: dict[int, int] = field(default_factory=dict)

    def codes(self, data: bytes) -> list[int]:
        """Return the codes of a string; those of unknown lengths have two bytes."""
        lengths = self.lengths
        codes: list[int] = []
        at = 0
        while at < len(data):
            length = lengths.get(data[at], 2)
            codes.append(int.from_bytes(data[at : at + length], "big"))
            at += length
        return codes


def parse_cmap(data: bytes) -> CMap:
    """Return the tables of a CMap stream; what is wrong in it is skipped.

    >>> parse_cmap(b"2 beginbfchar <01> <0628> <02> <06440627> endbfchar").texts
    {1: 'ب', 2: 'لا'}
    """
    cmap = CMap()
    for block in _BLOCK.finditer(data):
        items = _ITEM.findall(block[2])
        match block[1]:
            case b"codespacerange":
                _add_lengths(cmap, items)
            case b"bfchar":
                for code, text in zip(items[::2], items[1::2], strict=False):
                    if code.startswith(b"<") and len(cmap.texts) < _MAX_ENTRIES:
                        cmap.texts[_code(code)] = _text(text)
            case b"bfrange":
                _add_text_ranges(cmap, items)
            case b"cidchar":
                for code, cid in zip(items[::2], items[1::2], strict=False):
                    if cid.isdigit():
                        cmap.cids[_code(code)] = int(cid)
            case _:
                _add_cid_ranges(cmap, items)
    return cmap


def _code(item: bytes) -> int:
    return int.from_bytes(hex_string(item), "big") if item.startswith(b"<") else 0


def _text(item: bytes) -> str:
    """Return the text of an entry: UTF-16, sometimes a lone byte."""
    if not item.startswith(b"<"):
        return ""
    units = hex_string(item)
    if len(units) % 2:
        units = b"\0" + units
    return units.decode("utf-16-be", "replace").replace("\0", "")


def _add_lengths(cmap: CMap, items: list[bytes]) -> None:
    for low, high in zip(items[::2], items[1::2], strict=False):
        first, last = hex_string(low), hex_string(high)
        if first and last:
            for byte in range(first[0], last[0] + 1):
                cmap.lengths[byte] = min(len(first), 4)


def _add_text_ranges(cmap: CMap, items: list[bytes]) -> None:
    at = 0
    while at + 2 < len(items) and len(cmap.texts) < _MAX_ENTRIES:
        low, high = _code(items[at]), _code(items[at + 1])
        at += 2
        if items[at] == b"[":
            at += 1
            code = low
            while at < len(items) and items[at] != b"]":
                cmap.texts[code] = _text(items[at])
                code, at = code + 1, at + 1
        else:
            units = hex_string(items[at]) if items[at].startswith(b"<") else b""
            last = int.from_bytes(units[-2:], "big")
            start = _text(b"<" + units[:-2].hex().encode() + b">")
            for code in range(low, min(high, low + 0xFFFF) + 1):
                unit = last + code - low
                if units and 0 < unit < 0x10000 and not 0xD800 <= unit < 0xE000:
                    cmap.texts[code] = start + chr(unit)
        at += 1


def _add_cid_ranges(cmap: CMap, items: list[bytes]) -> None:
    for low, high, cid in zip(items[::3], items[1::3], items[2::3], strict=False):
        if not cid.isdigit() or len(cmap.cids) >= _MAX_ENTRIES:
            continue
        first = _code(low)
        for code in range(first, min(_code(high), first + 0xFFFF) + 1):
            cmap.cids[code] = int(cid) + code - first
