from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record, files_to_read, read_records, scan
from tests.indexer.sources.office.packages import docx, package, xlsx
from tests.indexer.sources.test_detection import tar

TEXT = "نص الملف"
JPEG = b"\xff\xd8\xff\xe0"


def read(path: Path, **options: object) -> tuple[dict[str, str], list[BadRecord], dict[str, str]]:
    """Return the texts by id, the bad records, and the reasons of members that are skipped."""
    skipped: dict[str, str] = {}
    items = list(
        read_records([path], on_skip=lambda name, why: skipped.update({name: why}), **options)  # type: ignore[arg-type]
    )
    if items:
        assert sum(item.size for item in items) == path.stat().st_size
    texts = {
        str(each.values["id"]): each.values.get("text", "")
        for each in items
        if isinstance(each, Record)
    }
    bad = [each for each in items if isinstance(each, BadRecord)]
    names = {name.removeprefix(f"{path}/"): why for name, why in skipped.items()}
    return texts, bad, names  # type: ignore[return-value]


MEMBERS = {
    "ب/نص.txt": TEXT.encode(),
    "a.html.gz": gzip.compress(b"<p>page"),
    "1256.txt": TEXT.encode("cp1256"),
    "word.docx": docx(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"),
    "photo.jpg": JPEG,
    "data.bin": b"x",
    ".hidden.txt": b"x",
    "__MACOSX/ب/نص.txt": b"x",
    "../../out.txt": TEXT.encode(),
    "inner.zip": package({"c.txt": TEXT, "d.tgz": gzip.compress(tar({"e.txt": TEXT.encode()}))}),
}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "noname"])
def test_the_files_of_an_archive(tmp_path, name):
    make = package if "zip" in name else tar
    data = make(MEMBERS)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    texts, bad, skipped = read(tmp_path / name)
    assert bad == []
    assert texts == {
        f"{name}/{member}": text
        for member, text in [
            ("ب/نص.txt", TEXT),
            ("a.html.gz", "page"),
            ("1256.txt", TEXT),
            ("word.docx", TEXT),
            ("out.txt", TEXT),
            ("inner.zip/c.txt", TEXT),
            ("inner.zip/d.tgz/e.txt", TEXT),
        ]
    }
    assert skipped == {"photo.jpg": "a JPEG image", "data.bin": ""}


def test_nothing_is_left_of_the_copies(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "a.zip").write_bytes(package(MEMBERS))
    records = read_records([tmp_path / "a.zip"])
    next(records)
    assert list((tmp_path / "tmp").iterdir())
    records.close()
    assert not list((tmp_path / "tmp").iterdir())


def test_names_that_occur_twice_are_told_apart(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b/a.txt", "نص 1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("b/a.txt", "نص 2")
    texts, _, _ = read(tmp_path / "a.zip")
    assert texts == {"a.zip/b/a.txt": "نص 1", "a.zip/b/a#2.txt": "نص 2"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp720"])
def test_names_in_the_encoding_of_old_programs(tmp_path, encoding):
    name = "الكتاب".encode(encoding)
    stored = package({"X" * len(name) + ".txt": TEXT}).replace(b"X" * len(name), name)
    (tmp_path / "a.zip").write_bytes(stored)
    assert read(tmp_path / "a.zip")[0] == {"a.zip/الكتاب.txt": TEXT}


def test_a_given_format_is_that_of_the_members(tmp_path):
    (tmp_path / "a.zip").write_bytes(package({"log": '{"id": "1", "text": "x"}'}))
    assert read(tmp_path / "a.zip", format="jsonl")[0] == {"1": "x"}


@pytest.mark.parametrize("make", [package, tar])
def test_an_archive_that_is_damaged_is_named(tmp_path, make):
    path = tmp_path / ("a.zip" if make is package else "a.tar")
    path.write_bytes(make({f"{n}.txt": TEXT.encode() * 99 for n in range(9)})[:-3000])
    texts, bad, _ = read(path)
    assert "not a sound" in bad[-1].reason
    assert all(text.startswith(TEXT) for text in texts.values())


def test_a_member_that_is_damaged_costs_that_member(tmp_path):
    stored = bytearray(package({"a.txt": "x" * 50, "b.txt": TEXT}))
    stored[40] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(stored)
    texts, (bad,), _ = read(tmp_path / "a.zip")
    assert texts == {"a.zip/b.txt": TEXT}
    assert bad.origin.endswith("a.zip/a.txt")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz"])
@pytest.mark.parametrize("members", [{}, {"__MACOSX/a.txt": b"x", ".hidden": b"x"}])
def test_an_archive_without_files_is_named(tmp_path, name, members):
    data = {"a.zip": package(members), "a.tar": tar(members), "a.tgz": gzip.compress(tar(members))}
    path = tmp_path / name
    path.write_bytes(data[name])
    skipped: list[tuple[str, str]] = []
    assert not list(read_records([path], on_skip=lambda *skip: skipped.append(skip)))
    assert skipped == [(str(path), "an archive without files")]


@pytest.mark.parametrize("length", [512, 300], ids=["damaged", "cut-off"])
def test_the_rest_of_a_damaged_tar_file_is_reported(tmp_path, length):
    path = tmp_path / "a.tar"
    sound = tar({"a.txt": TEXT.encode(), "b.txt": TEXT.encode()})
    path.write_bytes(sound[:1024] + b"U" * length + (sound[1536:] if length == 512 else b""))
    texts, (bad,), _skipped = read(path)
    assert texts == {"a.tar/a.txt": TEXT}
    assert "damaged 1,024 bytes from its start; the rest is lost" in bad.reason


def test_an_encrypted_member_and_links_are_skipped_with_a_reason(tmp_path):
    stored = bytearray(package({"a.txt": TEXT}))
    stored[6] |= 1
    stored[stored.find(b"PK\1\2") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(stored)
    assert read(tmp_path / "a.zip")[2] == {
        "a.txt": "it is encrypted; unpack the archive with its password"
    }
    with tarfile.open(tmp_path / "b.tar", "w") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert read(tmp_path / "b.tar")[2] == {"link.txt": "a link or a device"}


class TestBounds:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch):
        monkeypatch.setattr("indexer.sources.archives.MIN_EXPANDED", 5000)
        monkeypatch.setattr("indexer.sources.archives.MAX_EXPANSION", 2)
        monkeypatch.setattr("indexer.sources.archives.MAX_MEMBERS", 5)
        monkeypatch.setattr("indexer.sources.bounded_reads.READ_LIMIT", 20_000)

    def test_an_archive_that_expands_too_much_costs_its_rest(self, tmp_path):
        (tmp_path / "a.zip").write_bytes(
            package({"a.txt": TEXT, "b.txt": "x" * 90_000, "c.txt": TEXT})
        )
        (tmp_path / "b.txt").write_text(TEXT)
        texts, (bad,), _ = read(tmp_path / "a.zip")
        assert list(texts) == ["a.zip/a.txt"]
        assert "takes more than 2 times its size" in bad.reason
        assert len(list(read_records([tmp_path]))) == 3

    def test_nested_archives_share_what_they_may_expand_to(self, tmp_path):
        inner = package({"a.txt": "x" * 4000})
        (tmp_path / "a.zip").write_bytes(package({f"{n}.zip": inner for n in range(3)}))
        texts, bad, _ = read(tmp_path / "a.zip")
        assert list(texts) == ["a.zip/0.zip/a.txt"]
        assert ["times its size" in each.reason for each in bad] == [True, True]

    def test_too_many_members(self, tmp_path):
        (tmp_path / "a.tar").write_bytes(tar({f"{n}.txt": TEXT.encode() for n in range(9)}))
        texts, (bad,), _ = read(tmp_path / "a.tar")
        assert len(texts) == 5
        assert "holds more than 5 files" in bad.reason

    def test_a_header_that_is_too_long(self, tmp_path):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            archive.addfile(tarfile.TarInfo("x" * 40_000 + ".txt"))
        (tmp_path / "a.tar").write_bytes(stream.getvalue())
        _, (bad,), _ = read(tmp_path / "a.tar")
        assert "has more than" in bad.reason

    def test_archives_too_deep_within_each_other(self, tmp_path):
        data = package({"a.txt": TEXT})
        for _ in range(3):
            data = package({"a.txt": TEXT, "a.zip": data})
        (tmp_path / "a.zip").write_bytes(data)
        texts, (bad,), _ = read(tmp_path / "a.zip")
        assert len(texts) == 3
        assert "it is the archive number 4 within others" in bad.reason


def test_an_archive_from_standard_input():
    stdin = io.BytesIO(package({"a.txt": TEXT}))
    (record,) = read_records(["-"], stdin=stdin, stdin_format="zip")
    assert record.values["id"] == "stdin/a.txt"


def test_the_files_that_would_be_read(tmp_path):
    (tmp_path / "a.zip").write_bytes(package({"b.txt": TEXT, "c.xlsx": xlsx({"a": ""})}))
    (tmp_path / "d.txt").write_text(TEXT)
    names = [
        file.name for file in files_to_read(scan([tmp_path])) if not isinstance(file, BadRecord)
    ]
    assert names == ["a.zip/b.txt", "a.zip/c.xlsx", "d.txt"]
