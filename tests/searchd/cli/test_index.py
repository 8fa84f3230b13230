"""`searchd index`: every format and option, the output, and the resulting index."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.searchd.cli.test_program import DOCUMENTS, invoke, jsonl, run

TREC = "<DOC>\n<DOCNO>t-1</DOCNO>\n<TITLE>عنوان</TITLE>\n<TEXT>كتاب</TEXT>\n</DOC>\n"
FILES = {
    "a.txt": "عنوان\nكتاب",
    "a.md": "# عنوان\n\n**كتاب**",
    "a.html": "<title>عنوان</title><p>كتاب",
    "a.jsonl": '{"id": "t-1", "title": "عنوان", "text": "كتاب"}\n',
    "a.csv": "id,title,text\nt-1,عنوان,كتاب\n",
    "a.tsv": "id\ttitle\ttext\nt-1\tعنوان\tكتاب\n",
    "a.trec": TREC,
}


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(directory: Path, name: str, content: str) -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def hits(query: str = "*", *options: str) -> list[dict[str, Any]]:
    done = invoke("query", query, "--json", *options)
    assert done.exit_code == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["hits"]
    return found


def ids() -> set[str]:
    return {hit["id"] for hit in hits()}


def report(*args: object, exit_code: int = 0, stdin: str | None = None) -> dict[str, Any]:
    done = invoke("index", *args, "--json", stdin=stdin)
    assert done.exit_code == exit_code, done.stderr
    counted: dict[str, Any] = json.loads(done.stdout)
    return counted


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file(at: Path, name: str, ending: str) -> None:
    write(at, name + ending, FILES[name])
    done = invoke("index", name + ending)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("1 document into searchd-index: 1 added, 0 replaced, 0 unchanged")
    (hit,) = hits("كتاب")
    assert (hit["title"], hit["snippets"][0]["text"]) == ("عنوان", "كتاب")


@pytest.mark.parametrize("name", FILES)
def test_standard_input_has_the_given_format(at: Path, name: str) -> None:
    options = [] if name == "a.jsonl" else ["--format", name[2:]]
    assert report("-", *options, stdin=FILES[name])["added"] == 1
    assert [hit["title"] for hit in hits("كتاب")] == ["عنوان"]


def test_a_directory(at: Path) -> None:
    for name, content in FILES.items():
        write(at, f"articles/{name[2:]}/{name}", content)
    write(at, "articles/.hidden.txt", "مخفي")
    write(at, "articles/photo.jpg", "x")
    write(at, "articles/README", "x")
    done = invoke("index", "articles")
    assert done.exit_code == 0
    # jsonl, csv, tsv and trec have the same document under the same id: only the first is written.
    assert done.stderr.startswith("7 documents into searchd-index: 4 added, 0 replaced, 3 unchang")
    assert "\nnot read: 2 files of unknown format (.jpg, README); " in done.stderr
    assert ids() == {"txt/a.txt", "md/a.md", "html/a.html", "t-1"}
    assert report("articles")["skipped"] == ["articles/README", "articles/photo.jpg"]


def test_format_sets_the_kind_of_files_with_any_name(at: Path) -> None:
    write(at, "a.log", FILES["a.jsonl"])
    done = invoke("index", "a.log")
    assert done.exit_code == 1
    assert "a.log is of no kind that can be read" in done.stderr
    assert invoke("index", "a.log", "--format", "jsonl").exit_code == 0
    assert invoke("index", "a.log", "--format", "doc").exit_code == 2


def test_several_paths(at: Path) -> None:
    write(at, "a.txt", "كتاب")
    write(at, "b.txt", "قلم")
    assert report("a.txt", "b.txt", "-", stdin=jsonl(DOCUMENTS))["added"] == 2 + len(DOCUMENTS)


def test_the_files_of_the_index_are_not_indexed(at: Path) -> None:
    write(at, "a.txt", "كتاب")
    for _ in range(2):
        done = invoke("index", ".")
        assert done.exit_code == 0
        assert "unknown format" not in done.stderr
    assert report(".", "--format", "txt")["unchanged"] == 1
    assert ids() == {"a.txt"}


def test_fields(at: Path) -> None:
    row = {"رقم": "1", "headline": "عنوان", "body": "كتاب", "day": "2024-05-01", "ثمن": "١٢٫٥"}
    row |= {"section": "أخبار", "abstract": "ملخص المكتبة", "seen": "2024"}
    options = (
        "id=رقم title=headline text=body date=day price:number=ثمن section summary:text=abstract"
    )
    fields = [part for option in (*options.split(), "seen:date") for part in ("--field", option)]
    assert report("-", *fields, stdin=jsonl([row]))["added"] == 1
    (hit,) = hits("summary:المكتبة", "--filter", "price>12", "--filter", "section=أخبار")
    assert (hit["id"], hit["title"], hit["date"][:10]) == ("1", "عنوان", "2024-05-01")
    assert hit["fields"]["price"] == 12.5
    assert hits("*", "--filter", "seen=2023") == []
    # The fields belong to the index: a later run need not give them, and cannot change them.
    assert report("-", stdin=jsonl([row]))["unchanged"] == 1
    done = invoke("index", "-", "--field", "author", stdin=jsonl([row]))
    assert done.exit_code == 1
    assert "'searchd index --rebuild'" in done.stderr


@pytest.mark.parametrize("option", ["price:money", "a-b", "title:number", "hash", "x="])
def test_an_invalid_field_is_wrong_usage(at: Path, option: str) -> None:
    done = invoke("index", "-", "--field", option, stdin=jsonl(DOCUMENTS))
    assert done.exit_code == 2
    assert "Invalid value for --field" in done.stderr
    assert list(at.iterdir()) == []


BAD = '{"id": "1", "text": "كتاب"}\n{"id": \n{"id": "3"}\n{"id": "4", "text": "قلم"}\n'


def test_on_error_stop_names_the_first_bad_record_and_keeps_the_old_index(at: Path) -> None:
    write(at, "old.txt", "قديم")
    invoke("index", "old.txt")
    write(at, "bad.jsonl", BAD)
    done = invoke("index", "bad.jsonl")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: bad.jsonl:2: not valid JSON")
    assert done.stderr.count("\n") == 1
    assert ids() == {"old.txt"}
    assert invoke("index", "bad.jsonl", "--rebuild").exit_code == 1
    assert ids() == {"old.txt"}


def test_files_of_one_name_in_two_folders_do_not_replace_each_other(at: Path) -> None:
    write(at, "2023/01.txt", "خبر العام الماضي")
    write(at, "2024/01.txt", "خبر هذا العام")
    done = invoke("index", "2023", "2024")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: 2024/01.txt: its name '01.txt' below the folder")
    assert "that of 2023/01.txt too; index the folder that holds both" in done.stderr
    # A file that is named twice is still one file.
    assert invoke("index", "2023", "2023/01.txt").exit_code == 0


def test_a_link_to_itself_is_skipped(at: Path) -> None:
    write(at, "folder/a.txt", "نص")
    (at / "folder" / "self").symlink_to("self")
    assert invoke("index", "folder").exit_code == 0
    assert ids() == {"a.txt"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_link_to_a_pipe_is_not_read_and_named(at: Path) -> None:
    write(at, "folder/a.txt", "نص")
    os.mkfifo(at / "pipe")
    (at / "folder" / "b.txt").symlink_to(at / "pipe")
    done = invoke("index", "folder")
    assert done.exit_code == 0
    assert "not read: folder/b.txt: a pipe, which would wait" in done.stderr
    assert "unknown format" not in done.stderr
    assert ids() == {"a.txt"}
    counted = report("folder")
    assert counted["skipped"] == [*counted["skip_reasons"]] == ["folder/b.txt"]


def test_an_empty_path_is_refused(at: Path) -> None:
    done = invoke("index", "")
    assert done.exit_code != 0
    assert "one of the paths is empty" in done.stderr


def test_the_error_for_an_empty_file(at: Path) -> None:
    write(at, "folder/empty.txt", " \n")
    write(at, "folder/full.txt", "نص")
    done = invoke("index", "folder")
    assert done.exit_code == 1
    assert "folder/empty.txt: the file holds no text; remove it, or leave" in done.stderr
    assert invoke("index", "folder", "--on-error", "skip").exit_code == 3
    assert ids() == {"full.txt"}


def test_on_error_skip_says_what_was_skipped(at: Path) -> None:
    write(at, "bad.jsonl", BAD)
    done = invoke("index", "bad.jsonl", "--on-error", "skip")
    assert done.exit_code == 3
    first, second, summary, skipped = done.stderr.splitlines()
    assert first.startswith("bad.jsonl:2: not valid JSON")
    assert second.startswith("bad.jsonl:3: no title and no text")
    assert summary.startswith("2 documents into searchd-index: 2 added")
    assert skipped == "skipped: 2 bad records"
    assert ids() == {"1", "4"}
    bad = report("bad.jsonl", "--on-error", "skip", exit_code=3)["bad"]
    assert [record["origin"] for record in bad] == ["bad.jsonl:2", "bad.jsonl:3"]


def test_many_bad_records_are_only_counted(at: Path) -> None:
    write(at, "bad.jsonl", "x\n" * 1000 + FILES["a.jsonl"])
    done = invoke("index", "bad.jsonl", "--on-error", "skip")
    assert done.exit_code == 3
    assert len(done.stderr.splitlines()) == 20 + 3
    assert "skipped: 1,000 bad records" in done.stderr


def test_a_missing_path(at: Path) -> None:
    done = invoke("index", "none.txt")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "cannot read none.txt: No such file or directory" in done.stderr
    assert list(at.iterdir()) == []


def state(directory: Path) -> dict[str, tuple[int, int]]:
    stats = {path.name: path.stat() for path in (directory / "searchd-index").iterdir()}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}


def test_an_unchanged_input_writes_nothing(at: Path) -> None:
    write(at, "a.jsonl", jsonl(DOCUMENTS))
    invoke("index", "a.jsonl")
    before = state(at)
    again = report("a.jsonl")
    assert (again["added"], again["replaced"], again["unchanged"]) == (0, 0, len(DOCUMENTS))
    assert state(at) == before
    changed = [{**DOCUMENTS[0], "text": "نص جديد"}, *DOCUMENTS[1:]]
    write(at, "a.jsonl", jsonl(changed))
    again = report("a.jsonl")
    assert (again["added"], again["replaced"], again["unchanged"]) == (0, 1, len(DOCUMENTS) - 1)
    assert [hit["id"] for hit in hits("جديد")] == ["law"]


def test_rebuild_keeps_nothing_but_the_fields(at: Path) -> None:
    invoke("index", "-", "--field", "section", stdin=jsonl(DOCUMENTS))
    write(at, "a.jsonl", jsonl([{"id": "new", "text": "كتاب", "section": "جديد"}]))
    assert report("a.jsonl", "--rebuild")["added"] == 1
    assert ids() == {"new"}
    assert len(hits("*", "--filter", "section=جديد")) == 1


def segments() -> int:
    number: int = json.loads(invoke("info", "--json").stdout)["segments"]
    return number


def test_optimize_leaves_one_segment(at: Path) -> None:
    for document in DOCUMENTS[:3]:
        invoke("index", "-", stdin=jsonl([document]))
    assert report("-", "--optimize", stdin=jsonl(DOCUMENTS[3:]))["added"] == 1
    assert segments() == 1
    assert ids() == {document["id"] for document in DOCUMENTS}


def test_the_index_is_the_same_for_any_memory(at: Path) -> None:
    many = [{"id": str(number), "text": f"كتاب {number}"} for number in range(500)]
    assert report("-", "--memory", "16", stdin=jsonl(many))["added"] == 500
    assert invoke("index", "-", "--memory", "1", stdin="").exit_code == 2


def quiet(*args: str) -> Result:
    return invoke("index", "-", "--quiet", *args, stdin=BAD)


def test_quiet(at: Path) -> None:
    done = invoke("index", "-", "-q", stdin=jsonl(DOCUMENTS))
    assert (done.exit_code, done.output) == (0, "")
    assert quiet().exit_code == 1
    done = quiet("--on-error", "skip")
    assert done.exit_code == 3
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["stdin", "stdin"]


def test_json(at: Path) -> None:
    counted = report("-", stdin=jsonl(DOCUMENTS))
    assert counted.pop("seconds") >= 0
    assert counted == {
        "index": "searchd-index",
        "added": len(DOCUMENTS),
        "replaced": 0,
        "unchanged": 0,
        "deleted": 0,
        "books": 0,
        "bad": [],
        "damaged": 0,
        "damage": {},
        "skipped": [],
        "skip_reasons": {},
        "bytes": len(jsonl(DOCUMENTS).encode()),
    }


def test_no_progress_bar_without_a_terminal(at: Path) -> None:
    done = run("index", "-", stdin=jsonl(DOCUMENTS).encode(), cwd=at)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("4 documents into searchd-index: 4 added")
    assert "\r" not in done.stderr
    assert "%" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert "documents/s)" in done.stderr
