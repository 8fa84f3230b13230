from __future__ import annotations

import json

import pytest
from indexer.metadata import METADATA_FILE, IndexMetadata

from indexer import metadata
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType

WHOLE = IndexMetadata(
    name="index3",
    analysis="0123456789abcdef",
    fields=FieldMap(
        text="النص", extra=(FieldSpec("قسم", FieldType.KEYWORD, "القسم: الفرعي"), FieldSpec("b"))
    ),
    created="2024-05-01T00:00:00+00:00",
)


def test_what_is_written_is_read(tmp_path):
    metadata.write(tmp_path, WHOLE)
    assert metadata.exists(tmp_path)
    assert metadata.read(tmp_path) == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == [METADATA_FILE]
    assert "القسم" in (tmp_path / METADATA_FILE).read_text("utf-8")


def test_a_write_that_fails_keeps_the_old_and_no_draft(tmp_path, monkeypatch):
    metadata.write(tmp_path, WHOLE)

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        metadata.write(tmp_path, IndexMetadata("index4", "0", FieldMap(), ""))
    assert metadata.read(tmp_path) == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == [METADATA_FILE]


@pytest.mark.parametrize("where", ["", "missing", "file", "file/below"])
def test_no_index(tmp_path, where):
    (tmp_path / "file").write_bytes(b"")
    directory = tmp_path / where
    assert not metadata.exists(directory)
    with pytest.raises(IndexMissingError, match="make one with 'searchd index --index"):
        metadata.read(directory)


def changed(**values: object) -> str:
    return json.dumps({**GOOD, **values})


GOOD = {
    "name": "index1",
    "analysis": "abc",
    "format": 1,
    "created": "",
    "fields": {
        "id": "id", "title": "title", "text": "text", "date": "date", "url": "url", "extra": []
    },
}  # fmt: skip


def with_extra(*specs: object) -> str:
    return changed(fields={**GOOD["fields"], "extra": list(specs)})


def test_the_smallest_that_is_good(tmp_path):
    (tmp_path / METADATA_FILE).write_text(changed())
    assert metadata.read(tmp_path) == IndexMetadata("index1", "abc", FieldMap(), "")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(changed()[:-9].encode(), id="truncated"),
        pytest.param(b"\xff\xfe\x00", id="not-utf-8"),
        pytest.param(b"\0" * 100, id="zeros"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"{}", id="no-values"),
        pytest.param(b"3", id="number"),
        pytest.param(changed(name="../secret").encode(), id="name-with-a-path"),
        pytest.param(changed(name="").encode(), id="no-name"),
        pytest.param(changed(name=None).encode(), id="name-null"),
        pytest.param(changed(analysis=7).encode(), id="analysis-number"),
        pytest.param(changed(fields=None).encode(), id="fields-null"),
        pytest.param(changed(fields={"id": "id"}).encode(), id="fields-missing"),
        pytest.param(with_extra("price").encode(), id="extra-not-an-object"),
        pytest.param(with_extra({"name": "a"}).encode(), id="extra-without-a-type"),
        pytest.param(
            with_extra({"name": "a", "type": "blob", "column": "a"}).encode(), id="unknown-type"
        ),
        pytest.param(
            with_extra({"name": "a b", "type": "text", "column": "a"}).encode(), id="bad-field-name"
        ),
        pytest.param(
            with_extra({"name": 5, "type": "text", "column": "a"}).encode(), id="field-name-number"
        ),
    ],
)
def test_damage(tmp_path, content):
    (tmp_path / METADATA_FILE).write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"searchd\.json .*'searchd index --rebuild'"):
        metadata.read(tmp_path)


def test_another_format(tmp_path):
    (tmp_path / METADATA_FILE).write_text(json.dumps({"format": 99, "new": "layout"}))
    with pytest.raises(IndexMismatchError, match=r"has format 99, this is format 1; .* --rebuild"):
        metadata.read(tmp_path)


def test_another_analysis(tmp_path):
    WHOLE.check_analysis("0123456789abcdef", tmp_path)
    with pytest.raises(
        IndexMismatchError, match=r"was built by analysis 0123.* this is fedc.*--reb"
    ):
        WHOLE.check_analysis("fedc", tmp_path)
