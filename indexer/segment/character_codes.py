"""Character codes: one byte for each frequent character of a segment.

Texts in Arabic take two bytes a letter in UTF-8. Coded in one they compress to four fifths of the
size, and are decompressed and decoded in less time.

ASCII characters have their own bytes. The most frequent other ones of the first texts, up to 127, have
the codes from 128 on; `texts.characters` lists them, ascending. Any other character is the byte 255 and
its code point in three bytes of seven bits, the highest first. So a text takes at most twice its size
in UTF-8. Stored fields have the same codes. A segment of an earlier format lacks the array, and both are
in UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexer.damage import damaged
from indexer.segment.array_file import ArrayFile, narrow

CHARACTERS = "texts.characters"
"""The array of the characters that have codes from 128 on."""

_ASCII = "".join(map(chr, range(128)))
_MOST = 127
_ESCAPE = b"\xff"
_UNDEFINED = "\ufffe"
"""In a table of characters: no character has the code. The character itself is always escaped."""

_USUAL = "".join(map(chr, [*range(0x621, 0x63B), *range(0x640, 0x653), *range(0x660, 0x66A)]))
_USUAL += "،؛؟«»–—…“”ٱپچژکگی"


class CharacterCodes:
    """Codes texts in bytes, and decodes them. Threads may share it."""

    def __init__(self, characters: str) -> None:
        """Give codes to up to 127 distinct characters that are none of ASCII."""
        self.characters = characters
        self._table = (_ASCII + characters).ljust(256, _UNDEFINED)
        self._map = codecs.charmap_build(self._table)
        self._translations: dict[str, bytes] = {}

    @classmethod
    def of_texts(cls, texts: Iterable[str], *, others_follow: bool = False) -> CharacterCodes:
        """Return codes for the most frequent characters of some texts.

        Where other texts follow, which have yet to be seen, usual characters of Arabic have codes too.
        """
        points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        last = ord(_UNDEFINED)  # what is after it is always escaped
        counts = np.bincount(points[points < last], minlength=last)
        counts[: len(_ASCII)] = 0
        if others_follow:
            counts[list(map(ord, _USUAL))] += 1
        found = np.argsort(-counts, kind="stable")[:_MOST]
        return cls("".join(map(chr, np.sort(found[counts[found] > 0]).tolist())))

    def encode(self, text: str) -> bytes:
        """Return the codes of a text, which has no lone surrogates."""
        try:
            return codecs.charmap_encode(text, "strict", self._map)[0]
        except UnicodeEncodeError:
            return b"".join(
                _escaped(part)
                if number % 2
                else codecs.charmap_encode(part, "strict", self._map)[0]
                for number, part in enumerate(self._without_code.split(text))
            )

    def decode(self, data: bytes) -> str:
        """Return the text with some codes. Raises ValueError where they are those of none."""
        first, *others = data.split(_ESCAPE)
        text = codecs.charmap_decode(first, "strict", self._table)[0]
        if not others:
            return text
        parts = [text]
        for part in others:
            parts.append(_unescaped(part[:3]))
            parts.append(codecs.charmap_decode(part[3:], "strict", self._table)[0])
        return "".join(parts)

    def recode(self, data: bytes, source: CharacterCodes) -> bytes:
        """Return the codes of a text that has others in `source`. Raises ValueError like `decode`."""
        if self.characters == source.characters:
            return data
        table = self._translations.get(source.characters)
        if table is None:
            # A character without a code here has the byte of escapes.
            codes = codecs.charmap_encode(source.characters, "replace", self._or_escape)[0]
            table = self._translations[source.characters] = _ASCII.encode() + codes.ljust(
                128, _ESCAPE
            )
        found = data.translate(table)
        return self.encode(source.decode(data)) if _ESCAPE in found else found

    def array(self) -> npt.NDArray[np.unsignedinteger]:
        """Return the characters as they are stored."""
        return narrow(np.array(list(map(ord, self.characters)), np.int64))

    @cached_property
    def _or_escape(self) -> dict[int, int]:
        """The code of each character that has one; 255 for the sign of replacement."""
        codes = {ord(character): code for code, character in enumerate(self.characters, 128)}
        return {ord("?"): _ESCAPE[0], **codes}

    @cached_property
    def _without_code(self) -> re.Pattern[str]:
        known = re.escape(self.characters)
        return re.compile(f"([^\0-\x7f{known}]+)")


def _escaped(text: str) -> bytes:
    return b"".join(
        bytes((255, point >> 14, point >> 7 & 127, point & 127)) for point in map(ord, text)
    )


def _unescaped(data: bytes) -> str:
    """Return an escaped character. Raises ValueError where the three bytes are of none."""
    high, middle, low = data
    character = chr(high << 14 | middle << 7 | low)
    if max(data) > 127 or "\ud800" <= character <= "\udfff":
        raise ValueError(f"{data.hex()} is no character")
    return character


def read_codes(array_file: ArrayFile) -> CharacterCodes | None:
    """Return the codes of a segment, None where its texts are in UTF-8. Raises IndexDamagedError."""
    if CHARACTERS not in array_file:
        return None
    points = array_file.array(CHARACTERS).all().astype(np.int64)
    fits = points.size <= _MOST and points.min(initial=128) >= 128
    if not fits or points.max(initial=0) >= ord(_UNDEFINED) or np.any(np.diff(points) <= 0):
        raise damaged(array_file.path, f"{CHARACTERS}: not distinct characters")
    if np.any((points >= 0xD800) & (points < 0xE000)):
        raise damaged(array_file.path, f"{CHARACTERS}: not distinct characters")
    return CharacterCodes("".join(map(chr, points.tolist())))
