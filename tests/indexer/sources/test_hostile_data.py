"""Broken and hostile files of mail, data and text: each ends with its own line, and costs bounded work."""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record
from indexer.sources.file_reading import read_file
from indexer.sources.kinds import Kind
from indexer.sources.source_file import SourceFile
from tests.stress.fuzz_files import WHOLE

HEAD = b"From: a@b.example\nSubject: s\n"


def parts_within_each_other(depth: int) -> bytes:
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (number, number)
        for number in range(depth)
    )


HOSTILE: dict[str, tuple[Kind, bytes, str]] = {
    "messages-within-each-other": (
        Kind.EML,
        HEAD + b"Content-Type: message/rfc822\n\n" * 5000,
        "too many messages or parts within each other",
    ),
    "parts-within-each-other": (
        Kind.EML,
        HEAD + parts_within_each_other(1500),
        "too many messages or parts within each other",
    ),
    "a-mailbox-with-one": (
        Kind.MBOX,
        b"From a Sun Mar 14 10:00:00 2021\n" + HEAD + parts_within_each_other(1500),
        "too many messages or parts within each other",
    ),
    "comments-in-an-address": (Kind.EML, b"Subject: s\nFrom: " + b"(" * 50_000 + b"\n\nx", ""),
    "parameters-of-a-part": (
        Kind.EML, HEAD + b"Content-Type: text/plain; " + b"a*0=b;" * 50_000 + b"\n\nx", "",
    ),
    "a-number-in-json": (Kind.JSON, b'[{"id": 1, "n": ' + b"9" * 50_000 + b"}]", "more digits"),
    "lists-in-json": (Kind.JSON, b"[" * 50_000, "deep"),
    "objects-in-json": (Kind.JSON, b'{"a":' * 50_000, "deep"),
    "lists-in-a-line": (Kind.JSONL, b"[" * 50_000 + b"\n", "JSON"),
    "a-number-without-end": (Kind.JSONL, b'{"id": "1", "text": "a", "n": ' + b"9" * 50_000 + b"}\n", "more digits"),
    "elements-in-xml": (Kind.XML, b"<article>" + b"<p>" * 5000, "within each other"),
    "entities": (Kind.XML, b'<!DOCTYPE a [<!ENTITY a "b">]><article>&a;</article>', "entit"),
    "braces-in-bibtex": (Kind.BIB, b"@a{k, t = " + b"{" * 50_000, ""),
    "a-quote-without-end": (Kind.CSV, b'id,text\n1,"' + b"a\n" * 20_000, "quote"),
    "structured-data": (Kind.HTML, b"<script type='application/ld+json'>" + b"[" * 50_000 + b"</script><p>a", ""),
    "raised-within-each-other": (Kind.HTML, b"<p>" + b"<sup>" * 3000 + b"x", ""),
    "elements-in-a-page": (Kind.HTML, b"<div>" * 5000, "within each other"),
    "notes-of-markdown": (Kind.MD, b"".join(b"[^%d]: a\n" % number for number in range(3000)), ""),
    "aliases-in-front-matter": (Kind.MD, b"---\na: &a [*a, *a]\n---\nx", ""),
    "groups-in-rtf": (Kind.RTF, rb"{\rtf1 " + b"{" * 6000, "within each other"),
    "a-directory-that-lies": (Kind.MARC, b"99999nam a2299999 a 4500" + b"245000100000" * 900 + b"\x1e\x1d", ""),
    "a-cue-of-digits": (Kind.SRT, b"1" * 50_000 + b"\n00:00:01,000 --> 00:00:02,000\nx\n", ""),
    "a-cue-of-tags": (Kind.VTT, b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<c" * 50_000, ""),
    "a-reference-without-end": (Kind.RIS, b"TY  - BOOK\nAB  - a\n" + b"b\n" * 20_000, "no ER"),
}  # fmt: skip
"""Each file with a part of its reason; without one it may also be read."""


def broken(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a sound file cut off, spoiled, and as something else, the same each time."""
    chance = random.Random(7)
    for tenths in (1, 5, 9):
        yield f"cut-{tenths}", data[: len(data) * tenths // 10]
    for number in range(3):
        spoiled = bytearray(data)
        for _ in range(1 + 5 * number):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        yield f"spoiled-{number}", bytes(spoiled)
    yield "empty", b""
    yield "zeros", bytes(3000)
    yield "noise", chance.randbytes(3000)
    yield "doubled", data + data
    yield "a-long-line", data.replace(b"\n", b" ") * 50


def sqlite_file(path: Path) -> bytes:
    with sqlite3.connect(path) as connection:
        connection.execute("create table t(id integer primary key, text)")
        connection.execute("insert into t values(1, 'نص')")
    connection.close()
    return path.read_bytes()


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Kind, bytes], list[Record | BadRecord]]:
    """Read a file in this process, so that no error is turned into a line by another one."""

    def read_bytes(kind: Kind, data: bytes) -> list[Record | BadRecord]:
        path = tmp_path / "file"
        path.write_bytes(data)
        items = list(read_file(SourceFile(path, f"a.{kind}", kind, f"a.{kind}", len(data))))
        for item in items:
            if isinstance(item, BadRecord):
                assert item.reason
                assert item.origin.startswith(f"a.{kind}")
        return items

    return read_bytes


@pytest.mark.parametrize("kind", WHOLE)
def test_each_broken_file_has_a_line_or_is_read(read, kind):
    (first, *_) = WHOLE[kind]
    silent = {name for name, data in broken(first) if not read(kind, data)}
    assert silent <= {"empty", "zeros"}


def test_each_broken_database_has_a_line_or_is_read(read, tmp_path):
    data = sqlite_file(tmp_path / "sound")
    for name, spoiled in broken(data):
        assert read(Kind.SQLITE, spoiled) or name in ("empty", "spoiled-1", "spoiled-2"), name


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_file_ends_with_its_line(read, name):
    kind, data, reason = HOSTILE[name]
    items = read(kind, data)
    reasons = [item.reason for item in items if isinstance(item, BadRecord)]
    assert items
    assert not reason or any(reason in each for each in reasons), reasons


WORK = {
    "parameters-of-a-part": lambda n: (Kind.EML, HEAD + b"Content-Type: text/plain; " + b"a*0=b;" * n + b"\n\nx"),
    "lines-of-a-value": lambda n: (Kind.RIS, b"TY  - BOOK\nAB  - a\n" + b"b\n" * n + b"ER  - \n"),
    "marks-of-notes": lambda n: (Kind.HTML, b"<p>" + "كلمة<sup>1</sup>".encode() * n),
    "cues": lambda n: (Kind.SRT, b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n" * n),
}  # fmt: skip


@pytest.mark.parametrize("name", WORK)
def test_twice_the_input_is_at_most_twice_the_calls(read, name):
    counts = []
    for size in (10, 3000, 6000):  # the first one loads the modules
        calls = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        kind, data = WORK[name](size)
        sys.setprofile(count)
        try:
            read(kind, data)
        finally:
            sys.setprofile(None)
        counts.append(calls)
    assert counts[2] < 2.3 * counts[1]
