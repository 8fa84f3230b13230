"""The documents of the tests of the query language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from tests.searchd.conftest import write_index

FIELDS = FieldMap(
    extra=(
        FieldSpec("category"),
        FieldSpec("author", FieldType.TEXT),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("year", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
    )
)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


DOCUMENTS = [
    Document("a", "كتاب تاريخ المدينة القديمة", title="كتاب المدينة", date=moment(2019, 12, 31, 23, 59),
             fields={"category": "تاريخ", "price": -5, "year": 1999, "author": "طه حسين"}),
    Document("b", "تاريخ طويل كتبه مؤرخ في كتاب كبير", title="سيرة", date=moment(2020, 1, 1),
             fields={"category": "سيرة", "price": 5, "year": 2000, "seen": moment(2020, 2, 29)}),
    Document("c", "مجلة الأدب والكتاب", title="مجلة", date=moment(2020, 6, 15, 12),
             fields={"category": ("أدب", "تاريخ"), "price": 7.5, "year": 2001}),
    Document("d", "رياضة وصحة وغذاء", title="رياضة", date=moment(2021, 12, 31, 23, 59, 59),
             fields={"category": "رياضة", "price": 100, "year": 2010, "seen": moment(2021, 5, 1)}),
    Document("e", "جريدة يومية عن الاقتصاد", title="جريدة", date=moment(2022, 1, 1),
             fields={"category": "أخبار العراق", "year": 2021}),
    Document("f", "نص بلا تاريخ معروف", title="بلا شيء"),
]  # fmt: skip


def write_documents(directory: Path) -> None:
    """Index the documents, in two segments."""
    write_index(directory, DOCUMENTS[:4], fields=FIELDS)
    write_index(directory, DOCUMENTS[4:], fields=FIELDS)
