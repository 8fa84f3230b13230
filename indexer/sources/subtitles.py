"""Subtitles: .srt and .vtt, one document each, whose places are the cues.

The times are places and no words, and a sentence runs on from one cue to the next. Lines that roll
on in automatic captions, which repeat the line before, are taken once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.places import Place, PlaceKind
from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.lines import DecodedLines
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

_TIMES = re.compile(
    r"\s*(?:(\d+):)?(\d{1,2}):(\d{2})[,.:](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[,.:](\d{1,3})"
)
_TAG = re.compile(r"</?(?:[a-z][\w.:-]*(?:\s[^<>]*)?|\d[\d:.]*)>|\{\\?[^{}]*\}", re.IGNORECASE)
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_HEADER = re.compile(r"([A-Za-z]+)\s*:\s*(.+)")
_SENTENCE_END = tuple('.!?؟…۔:»"”')
_TOUCHING_SECONDS = 0.05
_NO_CUES = (
    "no times of subtitles in the file; a cue has a line like 00:00:01,000 --> 00:00:04,000, "
    "for other text use --format txt"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: when it begins and ends, in seconds, and its lines without tags."""

    start: float
    end: float
    lines: tuple[str, ...]


def read_srt(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the subtitles of a .srt file as one record; its id is the name of the file.

    Each cue is a place, whose label is the time at which it begins (`00:01:02`). Tags and positions
    are dropped. A file without cues, or with bytes that are not valid in its encoding, is a
    BadRecord. `read_vtt` reads the same way.
    """
    return _read(source)


def read_vtt(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the subtitles of a .vtt file as one record, like `read_srt`; notes are left out."""
    return _read(source)


def _read(source: Input) -> Iterator[Record | BadRecord]:
    lines = DecodedLines(source)
    values: dict[str, object] = {"id": source.file.name}
    text, places = joined_cues(_cues(_bounded(lines), values))
    size, damage = lines.take()
    if damage:
        yield BadRecord(source.origin, damage, size)
    elif not places:
        yield BadRecord(source.origin, _NO_CUES, size)
    else:
        values["text"] = text
        yield Record(source.origin, values, size, is_named=True, is_markup=True, places=places)


def _bounded(lines: DecodedLines) -> Iterator[str]:
    length = 0
    for line in lines:
        length += len(line)
        if length > RECORD_LIMIT:
            lines.damage = lines.damage or too_long("the file")
            return
        yield line.rstrip("\r\n")


def _cues(lines: Iterator[str], values: dict[str, object]) -> Iterator[Cue]:
    """Yield the cues; the language that the header of a .vtt file names is put into `values`."""
    cue: list[str] | None = None
    start = end = 0.0
    is_header = skipping = False
    for number, line in enumerate(lines):
        is_header = is_header or (number == 0 and line.lstrip("\ufeff").startswith("WEBVTT"))
        times = _TIMES.match(line)
        if times:
            if cue is not None:
                # No empty line before: the last line is the number of this cue.
                yield Cue(start, end, _clean(cue[:-1] if cue and cue[-1].isdecimal() else cue))
            start, end, cue = _seconds(times, 1), _seconds(times, 5), []
            is_header = skipping = False
        elif not line.strip():
            if cue:
                yield Cue(start, end, _clean(cue))
                cue = None
            is_header = skipping = False
        elif is_header:
            if (named := _HEADER.fullmatch(line)) and named[1].lower() in {"language", "title"}:
                values[named[1].lower()] = named[2].strip()
        elif cue is not None:
            cue.append(line)
        elif _BLOCK.match(line):
            skipping = True
    if cue and not skipping:
        yield Cue(start, end, _clean(cue))


def _seconds(times: re.Match[str], group: int) -> float:
    hours, minutes, seconds, fraction = times.group(*range(group, group + 4))
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _clean(lines: list[str]) -> tuple[str, ...]:
    cleaned = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in lines)
    return tuple(filter(None, cleaned))


def joined_cues(cues: Iterator[Cue]) -> tuple[str, tuple[Place, ...]]:
    """Return one text of cues, and a place for each that adds to it.

    A cue ends a line where it ends a sentence. Lines that a cue repeats of the one that it
    overlaps or touches are left out, and so is the start of a line that grows word by word.

    >>> cues = [Cue(0, 2, ("قال",)), Cue(2, 4, ("قال", "إن الكتاب")), Cue(4, 6, ("إن الكتاب جديد",))]
    >>> text, places = joined_cues(iter(cues))
    >>> text, [(place.start, place.label) for place in places]
    ('قال إن الكتاب جديد', [(0, '00:00:00'), (4, '00:00:02'), (14, '00:00:04')])
    """
    parts: list[str] = []
    places: list[Place] = []
    length = 0
    last: Cue | None = None
    for cue in cues:
        words = " ".join(_new_lines(last, cue))
        last = cue if cue.lines else last
        if not words:
            continue
        if parts:
            parts.append("\n" if parts[-1].endswith(_SENTENCE_END) else " ")
            length += 1
        places.append(Place(length, PlaceKind.CUE, _clock(cue.start)))
        parts.append(words)
        length += len(words)
    return "".join(parts), tuple(places)


def _new_lines(last: Cue | None, cue: Cue) -> tuple[str, ...]:
    """Return the lines of a cue that the last one has not shown yet."""
    if last is None or cue.start > last.end + _TOUCHING_SECONDS:
        return cue.lines
    for count in range(min(len(last.lines), len(cue.lines)), 0, -1):
        if last.lines[-count:] == cue.lines[:count]:
            return cue.lines[count:]
    if last.lines and cue.lines and cue.lines[0].startswith(f"{last.lines[-1]} "):
        return (cue.lines[0][len(last.lines[-1]) + 1 :], *cue.lines[1:])
    return cue.lines


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
