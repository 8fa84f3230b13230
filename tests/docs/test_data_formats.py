"""The tables of the page about mail, data and editions name what the readers give."""

from __future__ import annotations

from pathlib import Path

from indexer.sources import Kind, read_records
from tests.docs.test_tables import table
from tests.indexer.sources import test_bibliographies as bibliographies
from tests.indexer.sources import test_feed as feed
from tests.indexer.sources import test_jats as jats
from tests.indexer.sources import test_marc as marc
from tests.indexer.sources import test_subtitles as subtitles

STANDARD = {"id", "title", "text", "date", "url"}
SAMPLES = {
    "vtt": ("a.vtt", subtitles.VTT.encode()),
    "JATS": ("a.xml", jats.article("<p>نص</p>", jats.META)),
    "RSS, Atom": ("a.rss", feed.RSS.encode()),
    "MARC 21, UNIMARC": ("a.mrc", marc.marc(*marc.BOOK)),
    "ris": ("a.ris", bibliographies.RIS.encode()),
}
"""A file of each kind that has all columns, or most of them."""


def test_the_kinds_are_those_that_can_be_named() -> None:
    rows = table("data-formats.md", "kind", "files", "a document is", "places")
    kinds = {kind for row in rows for kind in row["kind"].replace("`", "").split(", ")}
    assert kinds < set(Kind)


def test_the_columns_are_those_of_the_records(tmp_path: Path) -> None:
    rows = {
        row["kind"].replace("`", ""): row["columns"]
        for row in table("data-formats.md", "kind", "columns")
    }
    for kind, (name, data) in SAMPLES.items():
        path = tmp_path / name
        path.write_bytes(data)
        found = {column for item in read_records([path]) for column in item.values}
        named = {part.split()[0].strip("`,") for part in rows[kind].split(", ")}
        assert found - STANDARD <= named, kind
