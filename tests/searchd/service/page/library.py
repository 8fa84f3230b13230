"""A small library of Arabic articles with dates, sources and categories, for the tests of the page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from indexer.document import Document
from indexer.fields import FieldMap, parse_field_option
from indexer.mapping import to_document
from indexer.sources.reading import read_records
from indexer.sources.records import Record
from tests.searchd.conftest import write_index

ARTICLES = Path(__file__).parents[4] / "corpus" / "articles"

CATEGORIES = {
    "culture": "ثقافة",
    "economy": "اقتصاد",
    "education": "تعليم",
    "geography": "جغرافيا",
    "health": "صحة",
    "history": "تاريخ",
    "law": "قانون",
    "literature": "أدب",
    "news": "أخبار",
    "science": "علوم",
}

SOURCES = ("صحيفة دجلة", "مجلة الرافدين", "وكالة الأنباء")

HARD_ID = "كتب/a b/'ب'/\"ج\"?x=1&y#..%2F"
"""An id with what an address must escape."""

STRANGE = Document(
    id=HARD_ID,
    title='<script>alert("عنوان")</script> & Python 3.11',
    text="سطر أول <b>ليس عريضًا</b>.\n\nفقرة ثانية فيها كلمة search الإنجليزية & رمز < هنا.",
    url="javascript:alert(1)",
    fields={"category": ("<i>وسم</i>",), "source": ("صحيفة دجلة",)},
)
"""A document in which everything that HTML understands must stay text."""

LONG = Document(
    id="long",
    title="كتاب طويل",
    text="\n\n".join(
        f"الفصل {number}. "
        + "كان النهر يجري بين البساتين والناس يعبرونه كل صباح. " * 40
        + ("ثم جاء الفيضان." if number % 20 == 0 else "")
        for number in range(1, 61)
    ),
    date=datetime(2020, 1, 1, tzinfo=UTC),
    fields={"category": ("أدب",), "source": ("مجلة الرافدين",)},
)
"""A document of more than 100,000 characters; its word الفيضان occurs three times, far apart."""


def library() -> list[Document]:
    """Return the articles of the sample whose folder is a category, and the two above."""
    documents = []
    for folder, category in CATEGORIES.items():
        for record in read_records([ARTICLES / folder]):
            assert isinstance(record, Record)
            number = len(documents)
            document = to_document(record, FieldMap())
            documents.append(
                Document(
                    id=f"{folder}/{document.id}",
                    title=document.title,
                    text=document.text,
                    url=f"https://example.org/{folder}/{number}" if number % 2 else "",
                    date=datetime(2018 + number % 6, 1 + number % 12, 1 + number % 28, tzinfo=UTC),
                    fields={"category": (category,), "source": (SOURCES[number % 3],)},
                )
            )
    return [*documents, LONG, STRANGE]


def write_library(directory: Path) -> None:
    """Index the library."""
    fields = FieldMap.from_specs([parse_field_option("category"), parse_field_option("source")])
    write_index(directory, library(), fields=fields)
