"""Each kind is written, read by searchd and by the bare library, and both find every word."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import formats
from benchmarks.bare_readers import BARE_READERS
from benchmarks.checks import WrongAnswerError
from benchmarks.format_files import WRITERS
from indexer.sources import Record, read_records

TEXTS = ["نص الفقرة الأولى كتبه المحرر أمس", "وهذه فقرة ثانية، أطول من الأولى بكلمات"]


@pytest.mark.parametrize("kind", WRITERS)
def test_searchd_finds_what_is_written(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_bytes(WRITERS[kind](TEXTS))
    found = ""
    for record in read_records([tmp_path / f"a.{kind}"]):
        assert isinstance(record, Record)
        found += f" {record.values.get('title', '')} {record.values['text']}"
    assert set(" ".join(TEXTS).split()) <= set(found.split())


def test_every_kind_has_a_library() -> None:
    assert set(BARE_READERS) == set(WRITERS)


def test_a_reader_that_loses_words_is_no_answer(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(BARE_READERS, "jsonl", ("deaf", lambda _path: TEXTS[0]))
    with pytest.raises(WrongAnswerError, match="deaf found"):
        formats.measure("jsonl", TEXTS, 1, tmp_path)


@pytest.mark.skipif(find_spec("selectolax") is None, reason="selectolax is not installed")
def test_the_command_prints_a_line_for_each_kind(monkeypatch, capsys) -> None:
    options = ["--megabytes", "0.01", "--passes", "1", "--kind", "html", "--kind", "eml"]
    monkeypatch.setattr(sys, "argv", ["formats", *options])
    formats.main()
    lines = capsys.readouterr().out.splitlines()[2:]
    assert [line.split()[0] for line in lines] == ["html", "eml"]
