"""`searchd index` warns of documents in visual order, but indexes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import invoke, jsonl

TEXT = (
    "أعلن وزير النفط العراقي يوم الاثنين عن خطة جديدة لزيادة الإنتاج في حقول الجنوب، "
    "وقال إن الشركات التي فازت بالعقود ستبدأ العمل على مراحل"
)


@pytest.fixture(autouse=True)
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def documents(count: int) -> str:
    reversed_ = [{"id": f"r{number}", "text": TEXT[::-1]} for number in range(count)]
    return jsonl([{"id": "ok", "text": TEXT}, *reversed_])


def test_the_summary_warns() -> None:
    Path("a.jsonl").write_text(documents(2), "utf-8")
    done = invoke("index", "a.jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    summary, warning = done.stderr.splitlines()
    assert summary.startswith("3 documents into searchd-index: 3 added")
    assert warning.startswith(
        "warning: 2 documents in visual order, from the last letter to the first "
    )
    assert "(a.jsonl:2, a.jsonl:3)" in warning


def test_only_the_first_are_named() -> None:
    warning = invoke("index", "-", stdin=documents(9)).stderr.splitlines()[1]
    assert warning.startswith("warning: 9 documents ")
    assert "(stdin:2, stdin:3, stdin:4, stdin:5, stdin:6, ...)" in warning


def test_json() -> None:
    report = json.loads(invoke("index", "-", "--json", stdin=documents(1)).stdout)
    assert (report["added"], report["reversed"]) == (2, 1)
    assert report["first_reversed"] == [{"id": "r0", "origin": "stdin:2"}]


def test_no_warning_without_reversed_documents() -> None:
    assert "warning" not in invoke("index", "-", stdin=documents(0)).stderr


def test_quiet() -> None:
    assert invoke("index", "-", "-q", stdin=documents(1)).output == ""
