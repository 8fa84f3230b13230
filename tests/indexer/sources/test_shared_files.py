"""Real files of many kinds: every phrase that a reader sees in one is found as a phrase.

The files are under SEARCHD_TEST_DATA, with the phrases in `files/manifest.tsv`, and are never copied
into the project.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import searchd
from indexer.fields import FieldMap, parse_field_option
from indexer.indexing import index_records
from indexer.sources import ReadOptions, read_records, scan, with_options

DATA = os.environ.get("SEARCHD_TEST_DATA", "")
MANIFEST = Path(DATA) / "files" / "manifest.tsv"
KINDS = ("bib", "csv", "eml", "html", "md", "mrc", "sqlite", "srt", "txt", "xml")
FIELDS = FieldMap.from_specs(map(parse_field_option, ["abstract:text"]))


def files() -> Iterator[tuple[str, list[str]]]:
    """Yield each file of these kinds, with its phrases."""
    if not DATA or not MANIFEST.is_file():
        return
    for line in MANIFEST.read_text("utf-8").splitlines()[1:]:
        name, kind, *_, truth = line.split("\t")
        if kind in KINDS:
            yield name, [each.split("|")[1] for each in truth.split(" ; ")]


@pytest.mark.skipif(not MANIFEST.is_file(), reason="SEARCHD_TEST_DATA names no files/manifest.tsv")
@pytest.mark.parametrize(("name", "phrases"), list(files()))
def test_every_phrase_is_found(tmp_path, name, phrases):
    found = with_options(scan([MANIFEST.parent / name]), ReadOptions(row_ids=True))
    index_records(tmp_path, read_records(found), FIELDS)
    with searchd.open(tmp_path) as engine:
        missing = [phrase for phrase in phrases if not engine.search(f'"{phrase}"').total]
    assert not missing
