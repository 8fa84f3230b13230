from __future__ import annotations

import json
from dataclasses import replace

import pytest

from indexer import generation as generations
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.generation import GENERATION_FILE, Generation, SegmentEntry

WHOLE = Generation(
    number=3,
    analysis="0123456789abcdef",
    fields=FieldMap(
        text="النص", extra=(FieldSpec("قسم", FieldType.KEYWORD, "القسم: الفرعي"), FieldSpec("b"))
    ),
    created="2024-05-01T00:00:00+00:00",
    segments=(SegmentEntry("a.segment", 5), SegmentEntry("b.segment", 4, 1, "c.deletions")),
    title_weight=7,
)


def test_what_is_written_is_read(tmp_path):
    generations.write(tmp_path, WHOLE)
    assert generations.exists(tmp_path)
    assert generations.read(tmp_path) == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == [GENERATION_FILE]
    assert "القسم" in (tmp_path / GENERATION_FILE).read_text("utf-8")


def test_the_next_generation(tmp_path):
    following = WHOLE.next((SegmentEntry("d.segment", 1),))
    assert (following.number, following.segments[0].name) == (4, "d.segment")
    generations.write(tmp_path, WHOLE)
    before = generations.commit_stamp(tmp_path)
    assert generations.commit_stamp(tmp_path) == before
    generations.write(tmp_path, following)
    assert generations.commit_stamp(tmp_path) != before


def test_a_write_that_fails_keeps_the_old_and_no_draft(tmp_path, monkeypatch):
    generations.write(tmp_path, WHOLE)

    def fail(_from: object, _to: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        generations.write(tmp_path, WHOLE.next(()))
    assert generations.read(tmp_path) == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == [GENERATION_FILE]


@pytest.mark.parametrize("where", ["", "missing", "file", "file/below"])
def test_no_index(tmp_path, where):
    (tmp_path / "file").write_bytes(b"")
    directory = tmp_path / where
    assert not generations.exists(directory)
    for look in (generations.read, generations.commit_stamp):
        with pytest.raises(IndexMissingError, match="make one with 'searchd index --index"):
            look(directory)


FIELDS = dict.fromkeys(("id", "title", "text", "date", "url"), "x") | {"extra": []}
FORMAT_2 = {"number": 1, "analysis": "abc", "created": "", "fields": FIELDS, "segments": []}
"""What an index of format 2 recorded: the title weight was in the code alone."""


def content(**changes: object) -> bytes:
    """Return the file of a small generation with other values, and the checksum that they need."""
    values = {**FORMAT_2, "format": generations.FORMAT_VERSION, "title_weight": 3, **changes}
    return json.dumps({**values, "checksum": generations._checksum(values)}).encode()


def with_extra(spec: object) -> bytes:
    return content(fields={**FIELDS, "extra": [spec]})


def test_the_smallest_that_is_good(tmp_path):
    (tmp_path / GENERATION_FILE).write_bytes(content())
    assert generations.read(tmp_path).segments == ()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(content()[:-9], id="truncated"),
        pytest.param(content().replace(b"abc", b"abd"), id="changed"),
        pytest.param(b"\xff\xfe\x00", id="not-utf-8"),
        pytest.param(b"\0" * 100, id="zeros"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"{}", id="no-values"),
        pytest.param(b"3", id="number"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(content(fields=None), id="fields-null"),
        pytest.param(content(fields={"id": "id"}), id="fields-missing"),
        pytest.param(content(segments=None), id="segments-null"),
        pytest.param(content(segments=""), id="segments-text"),
        pytest.param(content(segments={}), id="segments-object"),
        pytest.param(content(fields={**FIELDS, "extra": ""}), id="extra-text"),
        pytest.param(content(segments=[{"name": "a"}]), id="segment-without-documents"),
        pytest.param(content(segments=[{"name": "a", "documents": 1, "x": 1}]), id="segment-more"),
        pytest.param(
            json.dumps(
                {
                    **FORMAT_2,
                    "format": generations.FORMAT_VERSION,
                    "checksum": generations._checksum(
                        {**FORMAT_2, "format": generations.FORMAT_VERSION}
                    ),
                }
            ).encode(),
            id="no-title-weight",
        ),
        pytest.param(content(title_weight=0), id="title-weight-zero"),
        pytest.param(content(title_weight=2.5), id="title-weight-fraction"),
        pytest.param(content(title_weight=True), id="title-weight-true"),
        pytest.param(content(title_weight="3"), id="title-weight-text"),
        pytest.param(content(title_weight=101), id="title-weight-too-large"),
        pytest.param(with_extra("price"), id="extra-not-an-object"),
        pytest.param(with_extra({"name": "a"}), id="extra-without-a-type"),
        pytest.param(with_extra({"name": "a", "type": "blob", "column": "a"}), id="unknown-type"),
        pytest.param(
            with_extra({"name": "a b", "type": "text", "column": "a"}), id="bad-field-name"
        ),
        pytest.param(
            with_extra({"name": 5, "type": "text", "column": "a"}), id="field-name-number"
        ),
    ],
)
def test_damage(tmp_path, data):
    (tmp_path / GENERATION_FILE).write_bytes(data)
    with pytest.raises(IndexDamagedError, match=r"searchd\.json .*'searchd index --rebuild'"):
        generations.read(tmp_path)


@pytest.mark.parametrize("name", ["../secret", "a/b.segment", "/etc/passwd", "..\\x", ""])
@pytest.mark.parametrize("key", ["name", "deletions"])
def test_a_segment_is_in_the_directory(tmp_path, name, key):
    if not name and key == "deletions":
        return
    entry = {"name": "a.segment", "documents": 1, "deleted": 0, "deletions": "", key: name}
    (tmp_path / GENERATION_FILE).write_bytes(content(segments=[entry]))
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        generations.read(tmp_path)


def test_the_format_is_the_one_these_tests_are_about():
    """Raise the format in `FORMAT_VERSION`, here, and in the tests of older and newer formats."""
    assert generations.FORMAT_VERSION == 7


@pytest.mark.parametrize(
    ("data", "found", "way_out"),
    [
        pytest.param(json.dumps({**FORMAT_2, "format": 2}).encode(), 2, "build", id="older"),
        pytest.param(content(format=99), 99, "upgrade searchd, or build", id="newer"),
        pytest.param(
            b'{"format": 99, "new": "layout"}',
            99,
            "upgrade searchd, or build",
            id="newer-of-another-layout",
        ),
        pytest.param(b'{"format": "4"}', "4", "build", id="no-number"),
    ],
)
def test_another_format_is_refused_with_the_way_out(tmp_path, data, found, way_out):
    (tmp_path / GENERATION_FILE).write_bytes(data)
    with pytest.raises(
        IndexMismatchError,
        match=rf"has format {found}, this is format {generations.FORMAT_VERSION}; {way_out} the .* with 'searchd index --rebuild'",
    ):
        generations.read(tmp_path)


def test_another_analysis(tmp_path):
    WHOLE.check_analysis("0123456789abcdef", tmp_path)
    with pytest.raises(
        IndexMismatchError, match=r"was built by analysis 0123.* this is fedc.*--rebuild"
    ):
        WHOLE.check_analysis("fedc", tmp_path)


def test_another_title_weight(tmp_path):
    weighted = replace(WHOLE, title_weight=5)
    weighted.check_title_weight(5, tmp_path)
    with pytest.raises(
        IndexMismatchError,
        match=r"counts a word of the title 5 times, not 3 times.*use the title weight 5.*--rebuild",
    ):
        weighted.check_title_weight(3, tmp_path)
