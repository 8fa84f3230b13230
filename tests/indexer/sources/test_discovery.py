from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.sources import BadRecord, Kind, read_records, scan


def store(root: Path, *names: str, data: bytes = b"x") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_a_directory_is_walked_in_order_with_relative_names(tmp_path):
    store(tmp_path, "b.txt", "a/z.md", "a/b/c.jsonl.gz", "c.HTML", "d.bin", "a/.hidden.txt")
    store(tmp_path, ".git/x.txt", "noext")
    found = scan([tmp_path])
    assert [(file.name, file.kind) for file in found.files] == [
        ("a/b/c.jsonl.gz", Kind.JSONL),
        ("a/z.md", Kind.MD),
        ("b.txt", Kind.TXT),
        ("c.HTML", Kind.HTML),
    ]
    assert [path.name for path in found.skipped] == ["d.bin", "noext"]
    assert found.total_bytes == 4


def test_a_given_file_is_named_by_its_name(tmp_path):
    store(tmp_path, "a/b.txt")
    assert [file.name for file in scan([str(tmp_path / "a/b.txt")]).files] == ["b.txt"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("a.xyz", r"of no kind .*\.txt.*--format", id="unknown-suffix"),
        pytest.param("a.gz", "of no kind", id="gz-alone"),
        pytest.param("gone", "No such file", id="missing"),
        pytest.param("a\0b", "not a path", id="nul"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused(tmp_path, name, reason):
    if name.startswith("a."):
        store(tmp_path, name)
    with pytest.raises(SourceError, match=reason):
        scan([tmp_path / name])


def test_an_xml_file_counts_when_its_kind_is_known(tmp_path):
    store(tmp_path, "a.xml", data=b"\xef\xbb\xbf \n<DOC>")
    store(tmp_path, "b.xml", data=b"<project>")
    store(tmp_path, "c.xml.gz", data=gzip.compress(b'<doc id="1">'))
    found = scan([tmp_path])
    assert [file.name for file in found.files] == ["a.xml", "c.xml.gz"]
    assert [path.name for path in found.skipped] == ["b.xml"]


def test_links_in_a_circle_end(tmp_path):
    store(tmp_path, "a/b.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a/self.txt").symlink_to(tmp_path / "a/self.txt")
    (tmp_path / "a/there.txt").symlink_to(tmp_path / "a/back.txt")
    (tmp_path / "a/back.txt").symlink_to(tmp_path / "a/there.txt")
    found = scan([tmp_path])
    assert [file.name for file in found.files] == ["a/b.txt"]
    assert [path.name for path in found.skipped] == ["back.txt", "self.txt", "there.txt"]
    assert set(found.reasons.values()) == {"a link that leads to itself; remove it"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_closed_directory_is_reported(tmp_path):
    store(tmp_path, "a/b.txt", "c.txt")
    (tmp_path / "a").chmod(0)
    found = scan([tmp_path])
    (tmp_path / "a").chmod(0o700)
    assert [file.name for file in found.files] == ["c.txt"]
    assert isinstance(found.unreadable[0], BadRecord)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("forced", [None, "txt"])
def test_only_regular_files_of_a_directory_are_opened(tmp_path, forced, monkeypatch):
    folder = tmp_path / "folder"
    store(folder, "z.txt")
    os.mkfifo(folder / "a.txt")
    (folder / "b.xml").symlink_to(folder / "a.txt")
    (folder / "c.txt.gz").symlink_to("/dev/zero")
    (folder / "d.jsonl").symlink_to("/dev/tty")
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("e.txt")
        (folder / "f.txt").symlink_to("e.txt")
        found = scan([folder], format=forced)
        assert [file.name for file in found.files] == ["z.txt"]
        reasons = {path.name: found.reasons[path].partition(",")[0] for path in found.skipped}
        assert reasons == {
            "a.txt": "a pipe",
            "b.xml": "a pipe",
            "c.txt.gz": "a device",
            "d.jsonl": "a device",
            "e.txt": "a socket",
            "f.txt": "a socket",
        }
        assert len([*read_records(found)]) == 1


def test_a_format_overrides_the_names(tmp_path):
    store(tmp_path, "a.dat", "b.txt")
    assert {file.kind for file in scan([tmp_path], format="jsonl").files} == {Kind.JSONL}
    with pytest.raises(SourceError, match="no format 'xyz'; known formats are txt, md"):
        scan([tmp_path], format="xyz")


def test_standard_input():
    found = scan(["-"], stdin_format="trec")
    assert [(file.path, file.kind) for file in found.files] == [(None, Kind.TREC)]
    assert found.total_bytes is None
    with pytest.raises(SourceError, match="given twice"):
        scan(["-", "-"])
