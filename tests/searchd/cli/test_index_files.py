"""`searchd index` and `query` with files of all kinds: what is read, with what, and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.places import PlaceKind
from indexer.sources import Kind
from searchd.cli.index import _FORMATS
from tests.indexer.sources.office.packages import docx, package, xlsx
from tests.searchd.cli.test_program import invoke

JPEG = b"\xff\xd8\xff\xe0"
WORD = docx("<w:p><w:r><w:t>كتاب في ملف</w:t></w:r></w:p>")
SHEETS = xlsx(
    {
        name: f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'
        for name, text in (("أولى", "قلم"), ("ثانية", "كتاب في جدول"))
    }
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `files` of several kinds in the current directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "files"
    path.mkdir()
    (path / "a.docx").write_bytes(WORD)
    (path / "b.xlsx").write_bytes(SHEETS)
    (path / "c.zip").write_bytes(package({"d.txt": "كتاب في أرشيف", "e.jpg": JPEG}))
    (path / "f.jpg").write_bytes(JPEG)
    return path


def without_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.sources.formats.find_spec", lambda _name: None)


def test_the_formats_of_the_option_are_all_kinds():
    assert set(_FORMATS) == set(Kind)


def test_files_of_all_kinds_are_found_with_their_place(folder):
    done = invoke("index", "files", "--json")
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["added"] == 3
    assert report["skipped"] == ["files/f.jpg", "files/c.zip/e.jpg"]
    assert report["skip_reasons"] == dict.fromkeys(report["skipped"], "a JPEG image")
    hits = json.loads(invoke("query", "كتاب", "--json").stdout)["hits"]
    places = {hit["id"]: hit["snippets"][0]["place"] for hit in hits}
    assert places == {
        "a.docx": None,
        "c.zip/d.txt": None,
        "b.xlsx": {"kind": PlaceKind.SHEET, "label": "ثانية", "start": 5},
    }
    assert "sheet ثانية: … كتاب في جدول" in invoke("query", "كتاب").stdout


def test_the_summary_names_what_was_not_read(folder):
    done = invoke("index", "files")
    assert "\nnot read: files/f.jpg: a JPEG image\n" in done.stderr
    assert "\nnot read: files/c.zip/e.jpg: a JPEG image\n" in done.stderr


def test_a_dry_run_indexes_nothing(folder, tmp_path):
    (folder / "g.zip").write_bytes(b"PK\3\4")
    done = invoke("index", "files", "--dry-run", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "kinds": [
            {"kind": "docx", "files": 1, "bytes": len(WORD), "package": "", "missing_extra": ""},
            {"kind": "txt", "files": 1, "bytes": 24, "package": "", "missing_extra": ""},
            {
                "kind": "xlsx",
                "files": 1,
                "bytes": len(SHEETS),
                "package": "python_calamine",
                "missing_extra": "",
            },
        ],
        "skipped": [
            {"path": "files/f.jpg", "reason": "a JPEG image"},
            {"path": "files/c.zip/e.jpg", "reason": "a JPEG image"},
        ],
        "bad": [
            {
                "origin": "files/g.zip",
                "reason": "not a sound ZIP file (File is not a zip file); check it with: unzip -t",
            }
        ],
    }
    assert not (tmp_path / "searchd-index").exists()


def test_a_dry_run_says_what_is_missing(folder, monkeypatch):
    without_packages(monkeypatch)
    done = invoke("index", "files", "--dry-run")
    assert (
        "xlsx             1         0.0  python_calamine, which is missing; install it"
        in done.stdout
    )
    assert "not read: files/f.jpg: a JPEG image" in done.stdout
    assert "3 files would be read, 2 not, 0 bad" in done.stderr


def test_a_missing_package_ends_the_run_before_it_begins(folder, monkeypatch):
    without_packages(monkeypatch)
    (folder / "h.xls").write_bytes(SHEETS)
    done = invoke("index", "files")
    assert done.exit_code == 1
    assert (
        "2 XLSX files cannot be read: python_calamine is not installed; install it" in done.stderr
    )
    assert "[files]'" in done.stderr
    assert "leave such files out with --on-error skip" in done.stderr


def test_files_whose_package_is_missing_can_be_left_out(folder, monkeypatch):
    without_packages(monkeypatch)
    (folder / "b.xlsx").rename(folder / "b2.xlsx")
    done = invoke("index", "files", "--on-error", "skip", "--quiet")
    assert "1 XLSX file cannot be read" in done.stderr


@pytest.mark.parametrize("option", ["--file-seconds=0", "--file-memory=10", "--file-seconds=x"])
def test_limits_must_be_possible(folder, option):
    assert invoke("index", "files", option).exit_code == 2


def test_a_file_beyond_its_limits_is_a_bad_record(folder, monkeypatch):
    monkeypatch.setattr("indexer.sources.reader_process._CLOCK_FACTOR", 0)
    done = invoke("index", "files", "--file-seconds", "7", "--on-error", "skip")
    assert done.exit_code == 3
    assert "takes more than 7 seconds; split it" in done.stderr
    assert "1 document into searchd-index" in done.stderr
