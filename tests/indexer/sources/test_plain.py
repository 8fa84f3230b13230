from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources import BadRecord, Record, read_records

LONG = "كلمة " * 50
LINE = "وكان النهر يجري بين البساتين والناس"


@pytest.mark.parametrize(
    ("name", "content", "title", "text"),
    [
        pytest.param("a.txt", "\n عنوان \n\nنص\nثان\n", "عنوان", "نص\nثان", id="txt-title"),
        pytest.param("a.txt", "سطر وحيد\n\n", "", "سطر وحيد", id="txt-one-line"),
        pytest.param("a.txt", f"{LONG}\nنص", "", f"{LONG}\nنص", id="txt-paragraph-first"),
        pytest.param("a.txt", "ع\r\n\r\nنص\r\nثان", "ع", "نص\nثان", id="txt-crlf"),
        pytest.param("a.txt", f"عنوان\n{LINE}", "عنوان", LINE, id="txt-heading"),
        pytest.param("a.txt", f"{LINE}\nنص", LINE, f"{LINE}\nنص", id="txt-runs-on"),
        pytest.param("a.txt", "بيت أول\nبيت ثان", "بيت أول", "بيت أول\nبيت ثان", id="txt-verse"),
        pytest.param("a.md", "## عنوان ##\nنص", "عنوان", "نص", id="md-heading"),
        pytest.param("a.md", "عنوان\n====\nنص", "عنوان", "نص", id="md-underlined"),
        pytest.param("a.md", "# عنوان", "عنوان", "", id="md-heading-alone"),
        pytest.param("a.md", f"{LONG}\nنص", "", f"{LONG}نص", id="md-paragraph-first"),
        pytest.param("a.md", "---\ntitle: ع\n---\n# ع\nنص", "ع", "نص", id="md-same-title-twice"),
        pytest.param("a.md", "---\ntitle: ع\n---\n# غ\nنص", "ع", "غ\nنص", id="md-other-heading"),
        pytest.param("a.md", "---\nقال لي\n---\nنص", "قال لي", "نص", id="md-rules"),
        pytest.param("a.md", "---\na: b\n", "", "a: b", id="md-front-matter-not-closed"),
        pytest.param("a.md", "بيت\nنص\nثان", "بيت", "بيت نص ثان", id="md-runs-on"),
        pytest.param("a.md", "سطر\n\n***\n", "", "سطر", id="md-one-line"),
        pytest.param("a.md", "# **ع** [غ](u)\nنص", "ع غ", "نص", id="md-heading-with-markup"),
        pytest.param("a.md", "<!-- x -->\n# ع\nنص", "ع", "نص", id="md-comment-first"),
        pytest.param("a.md", "---\ntitle: ع\n---\n# *ع*\nنص", "ع", "نص", id="md-same-title-marked"),
        pytest.param("a.md", "- أ\n- ب", "أ", "ب", id="md-list-first"),
        pytest.param("a.md", f"# {LONG}\nنص", LONG.strip(), "نص", id="md-long-heading"),
    ],
)
def test_the_title_is_kept_out_of_the_text(read_stored, name, content, title, text):
    (item,) = read_stored(name, content.encode())
    assert (item.values["title"], item.values["text"]) == (title, text)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("content", ["", " \n\t\n"])
def test_a_file_without_text_is_named_as_such(read_stored, name, content):
    (item,) = read_stored(name, content.encode())
    assert isinstance(item, BadRecord)
    assert item.reason.startswith("the file holds no text; remove it")


def test_front_matter_gives_columns(read_stored):
    matter = '---\ntitle: "عنوان"\ndate: 2024-05-01\nurl: https://a.b/c\ntags: [أ، ب]\nقسم:\n  - ج\n---\n'
    (item,) = read_stored("a.md", f"{matter}نص".encode())
    assert dict(item.values) | {"id": ""} == {
        "id": "",
        "title": "عنوان",
        "date": "2024-05-01",
        "url": "https://a.b/c",
        "tags": ["أ", "ب"],
        "قسم": ["ج"],
        "text": "نص",
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp1256", "iso8859_6"])
def test_encodings(read_stored, encoding):
    text = "قال الوزير إن الحكومة ستعمل\n" * 3
    (item,) = read_stored("a.txt", text.encode(encoding))
    assert item.values["title"] == "قال الوزير إن الحكومة ستعمل"


def test_bad_bytes_are_reported_with_their_line(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes("عنوان\nنص طويل هنا ".encode() + b"\xff\nx")
    (item,) = read_records([path])
    assert isinstance(item, BadRecord)
    assert item.origin == f"{path}:2"
    assert "ff are not valid UTF-8" in item.reason


def test_a_large_document_is_read_within_reason(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes("كتاب جديد\n".encode() * 1_100_000)
    started = time.process_time()
    (item,) = read_records([path])
    assert time.process_time() - started < 5
    assert item.size == path.stat().st_size > 18_000_000


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@settings(deadline=None)
@given(data=st.binary() | st.text("-#=:[] \n\raك").map(lambda text: f"---\n{text}".encode()))
def test_arbitrary_bytes_never_raise(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
):
    path: Path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(data)
    (item,) = read_records([path])
    assert isinstance(item, Record | BadRecord)
