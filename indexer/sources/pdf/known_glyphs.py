"""Known glyphs: the letters of glyphs by their outlines, of fonts that are free and much used.

Producers embed the outlines of a font unchanged even where they leave out what tells its letters. The
shipped table has a hash of the outline of each Arabic glyph, and its text. It is compiled by
`indexer.compile.known_glyphs`, and read at the first glyph whose letters a PDF does not tell.

Layout of the file: MAGIC, then zstandard-compressed: the number of glyphs as an unsigned 32-bit
little-endian integer, the sorted hashes of `HASH_BYTES` each, and the texts in UTF-8, one a line.
"""

from __future__ import annotations

import hashlib
import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

MAGIC = b"searchd known glyphs 1\n"
HASH_BYTES = 6
KNOWN_GLYPHS_FILE = Path(__file__).parent / "data" / "known_glyphs.zst"

_MAX_BYTES = 1 << 24


def outline_hash(font: TTFont, name: str) -> bytes | None:
    """Return the hash of the outline of a glyph; None for one without.

    Components are put together first, so it does not matter how a font divides a glyph.
    """
    table = font["glyf"]
    coordinates, ends, _flags = table[name].getCoordinates(table)
    points = [(int(x), int(y)) for x, y in coordinates]
    if len(points) < 3:
        return None
    data = struct.pack(f"<{len(ends)}H", *ends)
    data += struct.pack(f"<{2 * len(points)}h", *(value for point in points for value in point))
    return hashlib.blake2b(data, digest_size=HASH_BYTES).digest()


def encoded_glyphs(texts: dict[bytes, str]) -> bytes:
    """Return the file for texts by the hashes of outlines."""
    hashes = sorted(texts)
    lines = "\n".join(texts[each] for each in hashes).encode()
    body = struct.pack("<I", len(hashes)) + b"".join(hashes) + lines
    return MAGIC + zstandard.ZstdCompressor(level=19).compress(body)


@cache
def known_glyphs() -> dict[bytes, str]:
    """Return the texts of the shipped table by the hashes of outlines; empty where it is missing."""
    try:
        data = KNOWN_GLYPHS_FILE.read_bytes()
        body = zstandard.ZstdDecompressor().decompress(
            data.removeprefix(MAGIC), max_output_size=_MAX_BYTES
        )
    except (OSError, zstandard.ZstdError):
        return {}
    (count,) = struct.unpack_from("<I", body)
    end = 4 + HASH_BYTES * count
    texts = body[end:].decode().split("\n")
    hashes = (body[at : at + HASH_BYTES] for at in range(4, end, HASH_BYTES))
    return dict(zip(hashes, texts, strict=True))
