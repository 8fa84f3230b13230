"""An index of the sample corpus in several segments with deletions, and what searches answer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

from analyzers import Analyzer
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.mapping import to_document
from indexer.snapshot import Snapshot
from indexer.sources import read_records, scan
from indexer.sources.records import Record
from indexer.writer import IndexWriter
from searchd.engine import Engine
from searchd.results import Results

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("author", FieldType.TEXT),
    )
)

COPIES = 40
"""Of the corpus, so that its segment has many pages and a damage spares most searches."""

ANALYZER = Analyzer()

QUERIES: tuple[tuple[str, dict[str, object]], ...] = (
    ("الحشد الشعبي", {"snippets": 2}),
    ("رئيس الوزراء العراقي", {}),
    ("كتاب", {"limit": 50, "snippets": 0}),
    ('"مجلس النواب"', {"snippets": 1}),
    ('"رئيس الوزراء"~2', {"snippets": 0}),
    ('="الكتاب"', {"snippets": 0}),
    ("+في -العراق", {"limit": 100, "snippets": 0}),
    ("title:العراق OR مدرسة", {"snippets": 0}),
    ("كتا* مدر?ة", {"snippets": 0}),
    ("الحشذ~", {"snippets": 0}),
    ("ززززز", {}),
    ("*", {"limit": 100, "snippets": 1, "filters": ["date>=2020"]}),
    ("*", {"limit": 100, "snippets": 0, "filters": ["section=قسم1"], "sort": "-price,date"}),
    ("author:كاتب NOT وثيقة", {"limit": 100, "snippets": 0, "sort": "section"}),
)


def make_sample(directory: Path) -> None:
    """Index the sample corpus several times, and then a few small runs with deletions."""
    records = [record for record in read_records(scan([CORPUS])) if isinstance(record, Record)]
    with IndexWriter(directory, FIELDS, analyzer=ANALYZER) as writer:
        for copy in range(COPIES):
            for record in records:
                article = to_document(record, FIELDS)
                writer.upsert(replace(article, id=f"{copy}/{article.id}"))
        writer.commit()
    for run, size in enumerate((24, 9, 3)):
        with IndexWriter(directory, analyzer=ANALYZER) as writer:
            for number in range(size):
                writer.upsert(_document(run, number))
            if run:
                writer.delete(f"{run - 1}-1")
            else:
                for name in _some_ids(directory):
                    writer.delete(name)
            writer.commit()
    segments = Snapshot(directory).segments
    assert len(segments) >= 3
    assert any(segment.entry.deletions for segment in segments)


def _document(run: int, number: int) -> Document:
    return Document(
        f"{run}-{number}",
        f"وثيقة رقم {number} في كتاب عن العراق والحشد الشعبي ومجلس النواب ﷺ " * 3,
        title=f"عنوان {run} كتاب" if number % 2 else "",
        fields={"section": f"قسم{number % 3}", "price": number, "author": f"كاتب {run}"},
    )


def _some_ids(directory: Path) -> list[str]:
    first = Snapshot(directory).segments[0]
    return [
        first.documents.stored_fields([number])[0].id
        for number in range(0, first.document_count, 9)
    ]


def answer(engine: Engine, query: str, options: dict[str, object]) -> Hashable:
    """Return all of what a search answers, but the time it took."""
    results: Results = engine.search(query, **options)  # type: ignore[arg-type]
    hits = [
        (hit.id, hit.title, hit.score, hit.url, hit.date, sorted(hit.fields.items()), hit.snippets)
        for hit in results.hits
    ]
    return repr((results.total, hits, results.suggestions, results.terms, results.common))
