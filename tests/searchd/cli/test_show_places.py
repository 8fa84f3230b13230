"""`searchd show` and `searchd export` of documents with pages."""

from __future__ import annotations

from pathlib import Path

import pytest

import searchd
from indexer.document import Document
from indexer.places import PlaceKind, joined
from indexer.writer import IndexWriter
from tests.searchd.cli.test_program import invoke

PAGES = ["أعلنت الوزارة خطة", "وزار الوفد القرية", "ثم عاد إلى الوزارة"]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    parts = [(PlaceKind.PAGE, str(number), text) for number, text in enumerate(PAGES, start=1)]
    text, places = joined(parts, "\n")
    with IndexWriter(tmp_path / "index") as writer:
        writer.upsert(Document("book", text, places=places))
        writer.commit()
    return tmp_path / "index"


def test_each_page_is_named(index: Path) -> None:
    done = invoke("show", "book", "--query", "الوزارة", "--color", "never", "--index", index)
    body = done.stdout.partition("\n\n")[2]
    assert body == "".join(
        f"— page {number} —\n{text}\n" for number, text in enumerate(PAGES, start=1)
    )
    assert done.stderr == "الوزارة: 2\n"


def test_one_page(index: Path) -> None:
    done = invoke("show", "book", "--place", "2", "--index", index)
    assert done.stdout.partition("\n\n")[2].split() == ["—", "page", "2", "—", *PAGES[1].split()]


def test_an_unknown_page_is_refused_with_the_known_ones(index: Path) -> None:
    done = invoke("show", "book", "--place", "٧", "--index", index)
    assert done.exit_code == 2
    assert "no place '٧'; it has 1, 2, 3" in done.stderr


def test_exported_places_are_indexed_again(index: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text(invoke("export", "--index", index).stdout, "utf-8")
    assert invoke("index", file, "--index", tmp_path / "again").exit_code == 0
    with searchd.open(index) as old, searchd.open(tmp_path / "again") as new:
        assert new.get("book") == old.get("book")
        assert new.get("book").places


@pytest.mark.parametrize(
    "places", ["1", '["1"]', '[{"start": 0}]', '[{"start": -4, "kind": "page", "label": "1"}]']
)
def test_malformed_places_are_a_bad_record(tmp_path: Path, places: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": "a", "text": "نص", "_places": ' + places + "}\n", "utf-8")
    done = invoke("index", file, "--index", tmp_path / "index")
    assert done.exit_code != 0
    assert "place" in done.stderr
    assert "Traceback" not in done.stderr
