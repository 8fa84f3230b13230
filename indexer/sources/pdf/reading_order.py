"""Reading order: the pieces of a page in the order in which readers read them.

The page is cut again and again: at ruled lines that separate the cells of a table, at the gaps between
columns, and between lines (an XY-cut; Nagy and Seth, ICPR 1984). Columns are read whole, tables row by
row where each row is one line, and else cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.sources.pdf.glyphs import Rule
from indexer.sources.pdf.lines import Piece

Block = list[list[Piece]]
"""Lines that belong together, each of pieces in the order in which they are read."""

_COLUMN_GAP = 0.8
"""The least gap between columns, in font sizes."""

_FULL = 0.75
"""The share of a part that a ruled line must cross, to cut it."""

_TABLE_FILL = 0.8
"""Columns whose lines fill less of them, and stand beside each other, are those of a table."""

_MAX_DEPTH = 40


def blocks_of(pieces: Sequence[Piece], rules: Sequence[Rule], *, from_right: bool) -> list[Block]:
    """Return the blocks of a page in reading order; `from_right` where columns are read so."""
    flat = [rule for rule in rules if rule.right - rule.left >= rule.top - rule.bottom]
    upright = [rule for rule in rules if rule.right - rule.left < rule.top - rule.bottom]
    return _cut(list(pieces), flat, upright, from_right, 0)


def _cut(
    pieces: list[Piece], flat: list[Rule], upright: list[Rule], from_right: bool, depth: int
) -> list[Block]:
    """Return the blocks of a part of a page."""
    if not pieces:
        return []
    if len(pieces) == 1 or depth > _MAX_DEPTH:
        return [_lines(pieces, from_right)]
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    bottom, top = min(p.bottom for p in pieces), max(p.top for p in pieces)
    flat = [r for r in flat if r.right > left and r.left < right and bottom < r.bottom < top]
    upright = [r for r in upright if r.top > bottom and r.bottom < top and left < r.left < right]
    parts = (
        _cut_at_flat_rules(pieces, flat, right - left)
        or _cut_at_upright_rules(pieces, upright, top - bottom, from_right)
        or _cut_bands(pieces)
        or _cut_columns(pieces, from_right)
    )
    if not parts:
        return [_lines(pieces, from_right)]
    return [block for part in parts for block in _cut(part, flat, upright, from_right, depth + 1)]


def _cut_at_flat_rules(pieces: list[Piece], rules: list[Rule], width: float) -> list[list[Piece]]:
    """Cut a part at horizontal lines that cross it and no piece."""
    cuts = [
        height
        for height in _crossing([(r.bottom, r.left, r.right) for r in rules], width)
        if not any(piece.y < height < piece.y + 0.5 * piece.size for piece in pieces)
    ]
    return _stack(pieces, cuts)


def _stack(pieces: list[Piece], cuts: list[float]) -> list[list[Piece]]:
    """Return the pieces between heights, from above; empty where all are between the same two."""
    cuts = sorted(cuts, reverse=True)
    parts: list[list[Piece]] = [[] for _ in range(len(cuts) + 1)]
    at = 0
    for piece in sorted(pieces, key=lambda piece: -piece.y):
        while at < len(cuts) and piece.y + 0.25 * piece.size < cuts[at]:
            at += 1
        parts[at].append(piece)
    parts = [part for part in parts if part]
    return parts if len(parts) > 1 else []


def _crossing(rules: list[tuple[float, float, float]], length: float) -> list[float]:
    """Return the places of lines that together cross most of a length.

    `rules` has for each its place, its start and its end. Lines of one table are drawn cell by cell.
    """
    groups: list[list[tuple[float, float, float]]] = []
    for rule in sorted(rules):
        if groups and rule[0] - groups[-1][-1][0] < 1.5:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    crossing = []
    for group in groups:
        covered, reached = 0.0, float("-inf")
        for _place, start, end in sorted(group, key=lambda rule: rule[1]):
            covered += max(0.0, end - max(start, reached))
            reached = max(reached, end)
        if covered >= _FULL * length:
            crossing.append(group[0][0])
    return crossing


def _cut_at_upright_rules(
    pieces: list[Piece], rules: list[Rule], height: float, from_right: bool
) -> list[list[Piece]]:
    """Cut a part at vertical lines that cross it and no piece."""
    cuts = [
        place
        for place in _crossing([(r.left, r.bottom, r.top) for r in rules], height)
        if not any(p.left + 0.3 * p.size < place < p.right - 0.3 * p.size for p in pieces)
    ]
    return _beside(pieces, cuts, from_right)


def _beside(pieces: list[Piece], cuts: list[float], from_right: bool) -> list[list[Piece]]:
    """Return the pieces between places, in the order in which columns are read."""
    cuts = sorted(cuts)
    parts: list[list[Piece]] = [[] for _ in range(len(cuts) + 1)]
    at = 0
    for piece in sorted(pieces, key=lambda piece: piece.left + piece.right):
        while at < len(cuts) and (piece.left + piece.right) / 2 > cuts[at]:
            at += 1
        parts[at].append(piece)
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return []
    return parts[::-1] if from_right else parts


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces in rows from above, each with those that stand beside each other."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.y):
        if rows and rows[-1][0].y - piece.y < 0.35 * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


Gap = tuple[float, float]


def _gaps(pieces: Sequence[Piece]) -> list[Gap]:
    """Return the gaps between pieces, from left to right, that are wide enough for columns."""
    found: list[Gap] = []
    reached = None
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if reached is not None and piece.left - reached > _COLUMN_GAP * piece.size:
            found.append((reached, piece.left))
        reached = piece.right if reached is None else max(reached, piece.right)
    return found


def _still_free(gaps: list[Gap], row: list[Piece]) -> list[Gap]:
    """Return the parts of gaps that a row leaves free."""
    size = max(piece.size for piece in row)
    for piece in row:
        gaps = [
            part
            for start, end in gaps
            for part in (
                [(start, min(end, piece.left)), (max(start, piece.right), end)]
                if piece.left < end and piece.right > start
                else [(start, end)]
            )
        ]
    return [(start, end) for start, end in gaps if end - start > _COLUMN_GAP * size]


def _cut_bands(pieces: list[Piece]) -> list[list[Piece]]:
    """Cut a part between rows, where the columns of the rows above end and others begin."""
    bands: list[list[list[Piece]]] = []
    gaps: list[Gap] = []
    for row in _rows(pieces):
        if not bands:
            bands.append([row])
            gaps = _gaps(row)
            continue
        free = _still_free(gaps, row)
        if free:
            bands[-1].append(row)
            gaps = free
        elif not gaps and len(row) == 1:
            bands[-1].append(row)
        else:
            bands.append([row])
            gaps = _gaps(row)
    if len(bands) < 2:
        return []
    return [[piece for row in band for piece in row] for band in bands]


def _cut_columns(pieces: list[Piece], from_right: bool) -> list[list[Piece]]:
    """Cut a part at its columns; a table of rows of one line each is cut into its rows."""
    rows = _rows(pieces)
    cuts = [(start + end) / 2 for start, end in _gaps(pieces)]
    columns = _beside(pieces, [cut for cut in cuts if _divides(cut, rows)], from_right)
    if len(columns) < 2:
        return []
    if len(rows) > 1 and _is_table(columns, rows):
        return rows
    return columns


def _divides(place: float, rows: list[list[Piece]]) -> bool:
    """Return whether pieces of one row stand on both sides of a place."""
    return any(
        any(piece.right < place for piece in row) and any(piece.left > place for piece in row)
        for row in rows
    )


def _is_table(columns: list[list[Piece]], rows: list[list[Piece]]) -> bool:
    """Return whether columns are those of a table whose rows are one line each."""
    full = sum(len(row) >= len(columns) for row in rows)
    if full < 0.7 * len(rows):
        return False
    fills = []
    for column in columns:
        width = max(p.right for p in column) - min(p.left for p in column)
        fills += [(piece.right - piece.left) / width for piece in column if width]
    return sum(fills) < _TABLE_FILL * len(fills) or len(columns) > 3


def _lines(pieces: list[Piece], from_right: bool) -> Block:
    """Return the lines of a block, from above."""
    rows = _rows(pieces)
    for row in rows:
        row.sort(key=lambda piece: -piece.right if from_right else piece.left)
    return rows


def is_new_paragraph(above: list[Piece], below: list[Piece]) -> bool:
    """Return whether the gap between two lines of a block is that between paragraphs."""
    size = max(piece.size for piece in below)
    return above[0].y - below[0].y > 2.2 * size
