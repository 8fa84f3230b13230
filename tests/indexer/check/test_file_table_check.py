"""Verification of a table of files: everything that does not fit is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.errors import IndexDamagedError
from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.sync.folder_sync import sync_folder

Arrays = dict[str, Any]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"كتاب {name}", "utf-8")
    (folder / "r.jsonl").write_text('{"id": "1", "text": "نص"}\n{"id": "2", "text": "نص"}\n')
    sync_folder(tmp_path / "index", folder)
    return tmp_path / "index"


def table_path(index: Path) -> Path:
    return index / generations.read(index).files


def change(index: Path, edit: Callable[[Arrays, Arrays], object]) -> None:
    """Write the table anew, with other arrays or values and sound checksums."""
    path = table_path(index)
    file = ArrayFile(path)
    arrays: Arrays = {name: file.array(name).all().copy() for name in file}
    values: Arrays = file.values
    edit(arrays, values)
    path.unlink()
    with ArrayFileWriter(path) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        writer.finish(values)


def put(name: str, place: int, value: int) -> Callable[[Arrays, Arrays], object]:
    def edit(arrays: Arrays, _values: Arrays) -> None:
        arrays[name][place] = value

    return edit


def as_type(name: str, dtype: str) -> Callable[[Arrays, Arrays], object]:
    return lambda arrays, _values: arrays.update({name: arrays[name].astype(dtype)})


def cut(name: str) -> Callable[[Arrays, Arrays], object]:
    return lambda arrays, _values: arrays.update({name: arrays[name][:-1]})


def of_root(**changed: object) -> Callable[[Arrays, Arrays], object]:
    return lambda _arrays, values: values["roots"][0].update(changed)


def test_a_sound_table(index):
    assert verify_index(index).files == 3
    change(index, lambda _arrays, _values: None)
    assert verify_index(index).files == 3


def duplicate_id(arrays: Arrays, _values: Arrays) -> None:
    """Give the second record the id of the first."""
    place = int(arrays["ids.offsets"][-2])
    arrays["ids.bytes"][place] = ord("1")
    arrays["ids.hashes"][-1] = arrays["ids.hashes"][-2]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        pytest.param(as_type("sizes", "<u4"), "sizes: of another type", id="type"),
        pytest.param(
            lambda arrays, _: arrays.pop("named"), "lacks the array 'named'", id="missing"
        ),
        pytest.param(cut("digests"), "digests: it has 47 values, not 48", id="length"),
        pytest.param(cut("names.offsets"), "names.offsets: they do not", id="offsets-end"),
        pytest.param(put("ids.offsets", 1, 1000), "ids.offsets: they go back", id="offsets-back"),
        pytest.param(put("documents.first", 0, 1), "documents.first: they do not", id="first"),
        pytest.param(put("states", 0, 9), "a file has an unknown state", id="state"),
        pytest.param(put("names.bytes", 0, ord("c")), "are not in order", id="order"),
        pytest.param(put("ids.hashes", 0, 7), "the hash of the id 'a.txt' is another", id="hash"),
        pytest.param(put("ids.bytes", 0, 0xFF), "UnicodeDecodeError", id="no-text"),
        pytest.param(duplicate_id, "the document '1' is there twice", id="twice"),
        pytest.param(of_root(stop=2), "do not follow each other", id="root-rows"),
        pytest.param(of_root(start=-1), "a folder has no rows", id="root-start"),
        pytest.param(of_root(path=7), "a folder is no text", id="root-path"),
        pytest.param(of_root(other=7), "TypeError", id="root-values"),
        pytest.param(
            lambda _, values: values["roots"].append({**values["roots"][0], "start": 3}),
            "a folder is there twice",
            id="root-twice",
        ),
    ],
)
def test_what_does_not_fit_is_named(index, edit, reason):
    change(index, edit)
    with pytest.raises(IndexDamagedError, match=reason) as caught:
        verify_index(index)
    assert str(table_path(index)) in str(caught.value)


def test_a_flipped_bit_is_found(index):
    path = table_path(index)
    data = bytearray(path.read_bytes())
    data[ArrayFile(path)._arrays["digests"][0]] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexDamagedError, match="are not as written"):
        verify_index(index)


def test_a_missing_table(index, tmp_path):
    path = table_path(index)
    path.unlink()
    for use in (verify_index, lambda found: sync_folder(found, tmp_path / "folder")):
        with pytest.raises(IndexDamagedError, match="lacks a file"):
            use(index)


def test_the_name_in_the_generation_is_checked(index):
    generation = generations.read(index)
    for name in ("../x.files", "a/b.files"):
        generations.write(index, replace(generation, files=name))
        with pytest.raises(IndexDamagedError, match="is not the name of a file"):
            generations.read(index)


def test_a_commit_of_a_plain_writer_keeps_the_table_and_removes_old_ones(index, tmp_path):
    from indexer.document import Document
    from indexer.writer import IndexWriter

    before = table_path(index)
    with IndexWriter(index) as writer:
        writer.upsert(Document("x", "نص"))
        writer.commit()
    assert table_path(index) == before
    (tmp_path / "folder" / "c.txt").write_text("نص", "utf-8")
    sync_folder(index, tmp_path / "folder")
    assert [path.name for path in index.glob("*.files")] == [table_path(index).name]
    with IndexWriter(index, rebuild=True) as writer:
        writer.commit()
    assert list(index.glob("*.files")) == []
    assert "files" not in (index / "searchd.json").read_text()
    assert np.all(verify_index(index).files == 0)
