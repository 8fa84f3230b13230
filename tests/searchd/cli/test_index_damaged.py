"""`searchd index` counts and names damaged documents, and repairs them as it was asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import invoke, jsonl

TEXT = (
    "أعلن وزير النفط العراقي يوم الاثنين عن خطة جديدة لزيادة الإنتاج في حقول الجنوب، "
    "وقال إن الشركات التي فازت بالعقود ستبدأ العمل على مراحل"
)
LATIN = TEXT.encode().decode("latin-1")


@pytest.fixture(autouse=True)
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def documents(count: int) -> str:
    reversed_ = [{"id": f"r{number}", "text": TEXT[::-1]} for number in range(count)]
    return jsonl([{"id": "ok", "text": TEXT}, *reversed_])


def test_the_summary_counts_and_names() -> None:
    Path("a.jsonl").write_text(documents(2), "utf-8")
    done = invoke("index", "a.jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    summary, damaged = done.stderr.splitlines()
    assert summary.startswith("3 documents into searchd-index: 3 added")
    assert damaged == (
        "damaged: 2 documents, text in visual order, from the last letter to the first "
        "(a.jsonl:2, a.jsonl:3); 2 turned"
    )
    assert invoke("query", '+"وزير النفط العراقي"', "--json").stdout.count('"id"') == 3


def test_report_repairs_nothing() -> None:
    done = invoke("index", "-", "--repair", "report", stdin=documents(1))
    assert done.exit_code == 0
    damaged = done.stderr.splitlines()[1]
    assert damaged.endswith("(stdin:2); 0 turned; --repair auto turns it")
    assert json.loads(invoke("query", "+النفط", "--json").stdout)["total"] == 1


def test_off_looks_for_nothing() -> None:
    done = invoke("index", "-", "--repair", "off", stdin=documents(1))
    assert len(done.stderr.splitlines()) == 1
    assert json.loads(invoke("query", "+النفط", "--json").stdout)["total"] == 1


def test_only_the_first_are_named() -> None:
    damaged = invoke("index", "-", stdin=documents(9)).stderr.splitlines()[1]
    assert damaged.startswith("damaged: 9 documents, ")
    assert "(stdin:2, stdin:3, stdin:4, stdin:5, stdin:6, ...)" in damaged


def test_verbose_names_all() -> None:
    lines = invoke("index", "-", "--verbose", stdin=documents(9)).stderr.splitlines()
    assert lines[:9] == [f"stdin:{number}: visual order (repaired)" for number in range(2, 11)]


def test_every_kind() -> None:
    given = jsonl(
        [
            {"id": "1", "text": f"&quot;{TEXT}&quot;"},
            {"id": "2", "text": LATIN},
            {"id": "3", "text": "وزارة الشؤون اإلسالمية"},
        ]
    )
    Path("one.txt").write_bytes("كتاب".encode("iso8859_6"))
    Path("a.jsonl").write_text(given, "utf-8")
    lines = invoke("index", "a.jsonl", "one.txt").stderr.splitlines()[1:]
    assert lines == [
        "damaged: 1 document, HTML entities outside of HTML (a.jsonl:1); 1 decoded",
        "damaged: 1 document, too little text to tell the encoding (one.txt); "
        "check them, and save them as UTF-8",
        "damaged: 1 document, text that was read in a wrong encoding (a.jsonl:2); 1 mended",
        "damaged: 1 document, ligatures turned, as in اإلسالمي (a.jsonl:3); 1 found as if they were "
        "written rightly; the stored text is unchanged",
    ]


def test_verbose_names_the_encodings() -> None:
    Path("one.txt").write_bytes("كتاب".encode("iso8859_6"))
    done = invoke("index", "one.txt", "-v")
    assert done.stderr.startswith("one.txt: guessed encoding: read as iso8859_6, could be cp1256\n")


def test_json() -> None:
    report = json.loads(invoke("index", "-", "--json", stdin=documents(1)).stdout)
    assert (report["added"], report["damaged"]) == (2, 1)
    assert report["damage"] == {
        "visual_order": {
            "found": 1,
            "repaired": 1,
            "first": [{"id": "r0", "origin": "stdin:2"}],
        }
    }


def test_nothing_is_said_of_sound_documents() -> None:
    assert "damaged" not in invoke("index", "-", stdin=documents(0)).stderr


def test_quiet() -> None:
    assert invoke("index", "-", "-q", stdin=documents(1)).output == ""
