"""The phrases of a manifest are asked of the files, and counted."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import files
from tests.indexer.sources.office.packages import docx, xlsx

HEAD = "file\tkind\torigin\ttruth\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.docx").write_bytes(docx("<w:p><w:r><w:t>قرأ كتابا جديدا</w:t></w:r></w:p>"))
    sheet = '<row><c t="inlineStr"><is><t>نص الجدول الأول</t></is></c></row>'
    (tmp_path / "b.xlsx").write_bytes(xlsx({"7": sheet}))
    (tmp_path / "c.xyz").write_bytes(b"x")
    rows = [
        "a.docx\tdocx\tx\tbody|قرأ كتابا| ; body|غائب عنه| ; 1|في صورة|o",
        "b.xlsx\txlsx\tx\t7|الجدول الأول| ; 8|نص الجدول|",
        "c.xyz\txyz\tx\tbody|شيء ما|",
        "d.png\tpng\tx\t",
    ]
    (tmp_path / "manifest.tsv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return tmp_path


def test_what_is_found_is_counted_by_kind(folder):
    results = files.ask(folder, files.read_manifest(folder))
    counted = {
        kind: (each.files, each.phrases, each.found, each.pages, each.right_pages)
        for kind, each in results.items()
    }
    assert counted == {"docx": (1, 2, 1, 0, 0), "xlsx": (1, 2, 2, 2, 1), "xyz": (1, 1, 0, 0, 0)}
    assert results["docx"].missed == ["a.docx: غائب عنه"]


def test_the_command_prints_a_table(folder, monkeypatch, capsys, tmp_path):
    out = tmp_path / "out.json"
    monkeypatch.setattr(sys, "argv", ["files", "--data", str(folder), "--json", str(out)])
    files.main()
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1].split()[:6] == ["all", "3", "5", "3", "2", "1"]
    assert "missed docx: a.docx: غائب عنه" in printed.err
    assert json.loads(out.read_text("utf-8"))["xlsx"]["places"] == 1
