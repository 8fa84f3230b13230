"""Facets, facet filters and groups on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.searchd.cli.test_program import invoke, jsonl

DOCUMENTS = [
    {"id": "1", "title": "كتاب أول", "text": "كتاب كتاب", "category": "سياسة", "pages": 10, "date": "2020-05-01"},
    {"id": "2", "title": "كتاب ثان", "text": "كتاب", "category": ["سياسة", "أدب"], "pages": 150, "date": "2021-01-01"},
    {"id": "3", "title": "كتاب ثالث", "text": "كتاب ورق", "category": "أدب", "pages": 160, "date": "2021-02-01"},
    {"id": "4", "title": "كتاب رابع", "text": "كتاب ورق حبر"},
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("facets") / "index"
    fields = ("--field", "category", "--field", "pages:number")
    done = invoke("index", "-", *fields, "--index", directory, stdin=jsonl(DOCUMENTS))
    assert done.exit_code == 0, done.stderr
    return directory


def query(index: Path, *arguments: object) -> Any:
    return invoke("query", "كتاب", "--index", index, "--snippets", 0, *arguments)


def test_facets_follow_the_hits(index: Path) -> None:
    done = query(index, "--facet", "category,limit=1", "--facet", "pages:100", "--limit", 1)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split("\n\n")[1:] == [
        "category:\n  2  أدب\n     1 other value, 1 document without a value",
        "pages:\n  1  0\n  2  100\n     1 document without a value",
        "",
    ]


def test_facets_of_nothing(index: Path) -> None:
    done = query(index, "--facet", "category", "--filter", "pages>1000")
    assert done.stdout == "category:\n     no value\n\n"
    assert "no document matches" in done.stderr


def test_a_facet_filter_leaves_its_own_counts(index: Path) -> None:
    done = query(
        index, "--facet", "category", "--facet", "date:year", "--json",
        "--facet-filter", "category IN (سياسة)",
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["total"] == 2
    category, years = answer["facets"]
    assert [(each["value"], each["count"]) for each in category["values"]] == [
        ("أدب", 2),
        ("سياسة", 2),
    ]
    assert [(each["value"], each["count"]) for each in years["values"]] == [
        ("2020", 1),
        ("2021", 1),
    ]


def test_groups_have_headings(index: Path) -> None:
    done = query(index, "--group-by", "category", "--group-size", 1)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("──")] == [
        "── سياسة: 2 documents",
        "── أدب: 1 document",
        "── without a value",
    ]
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2.", "3."]
    assert done.stderr.startswith("4 documents match")
    assert "in 3 groups" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--facet", "other"], "no field 'other' to count by", id="facet"),
        pytest.param(["--group-by", "pages"], "no keyword field 'pages'", id="group"),
        pytest.param(["--filter", "pages>5 AND x=1"], "at character 13: there is no field 'x'", id="filter"),
        pytest.param(["--facet-filter", "pages>5 OR date=2020"], "conditions on date and pages", id="two-fields"),
        pytest.param(["--group-by", "category", "--group-size", "50", "--limit", "500"], "are more than 10,000", id="hits"),
    ],
)  # fmt: skip
def test_errors(index: Path, arguments: list[str], message: str) -> None:
    done = query(index, *arguments)
    assert done.exit_code == 1
    assert message in done.stderr
