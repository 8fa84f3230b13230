"""The log of queries, and what it counts."""

from __future__ import annotations

import json
import logging
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from searchd.query_log import LoggedQuery, QueryLog, read_query_log, top_queries


def queries_of(path: Path) -> list[str]:
    return [json.loads(line)["query"] for line in path.read_text("utf-8").splitlines()]


def test_lines_come_back(tmp_path: Path) -> None:
    log = QueryLog(tmp_path / "log")
    asked = ["الحشد الشعبي", 'a "b"\n\u2028c', "x\ud800y"]
    for total, query in enumerate(asked):
        log.add(query, total, 0.25)
    log.close()
    with log.path.open("rb") as lines:
        found = list(read_query_log(lines))
    assert [(each.query, each.total, each.seconds) for each in found if each] == [
        (asked[0], 0, 0.25),
        (asked[1], 1, 0.25),
        ("x?y", 2, 0.25),
    ]
    assert all(each and each.time.tzinfo for each in found)
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_an_older_log_goes_on_and_a_renamed_one_is_begun_anew(tmp_path: Path) -> None:
    for query in ("a", "b"):
        log = QueryLog(tmp_path / "log")
        log.add(query, 1, 0)
    log.path.rename(tmp_path / "old")
    log.add("c", 1, 0)
    log.close()
    assert (queries_of(tmp_path / "old"), queries_of(tmp_path / "log")) == (["a", "b"], ["c"])


def test_a_failing_disk_is_logged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log = QueryLog(tmp_path / "log")

    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(os, "write", full)
        log.add("a", 1, 0)
        log.add("b", 1, 0)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    log.add("c", 1, 0)
    log.close()
    assert queries_of(log.path) == ["c"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"time": "2030-01-01T00:00:00Z", "query": "x", "tot',
        b"[]",
        b"1",
        b"\xff",
        b"",
        b'{"time": "2030-01-01", "query": "x", "total": 1, "seconds": 1}',
        b'{"time": "2030-01-01T00:00:00Z", "query": 1, "total": 1, "seconds": 1}',
        b'{"time": 5, "query": "x", "total": 1, "seconds": 1}',
    ],
)
def test_other_lines_are_told_apart(line: bytes) -> None:
    assert list(read_query_log([line])) == [None]


def asked(query: str, total: int) -> LoggedQuery:
    return LoggedQuery(datetime(2030, 1, 1, tzinfo=UTC), query, total, 0.1)


def test_spellings_count_as_one() -> None:
    log = [asked(query, 5) for query in ("إيران", "ايران", "  إيران ", "إيرانية", "Iran", "iran")]
    assert [(each.query, each.count) for each in top_queries(log)] == [
        ("إيران", 3),
        ("Iran", 2),
        ("إيرانية", 1),
    ]


def test_what_finds_nothing_now() -> None:
    """A query that was mended since, by a document or a synonym, is none of them."""
    log = [asked("mended", 0)] * 3 + [asked("mended", 2), asked("none", 0), asked("lost", 4)]
    log += [asked("lost", 0), asked("lost", 0), asked("found", 1)]
    found = top_queries(log, without_results=True)
    assert [(each.query, each.count, each.without_results) for each in found] == [
        ("lost", 3, 2),
        ("none", 1, 1),
    ]
