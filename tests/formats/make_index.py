"""Makes the index of the current format that is checked in beside this script.

    python -m tests.formats.make_index

Run it, and add what it wrote, when `FORMAT_VERSION` has been raised, or when the analysis has
changed, for an index of another analysis is refused. The indexes of older formats stay: a test
says what becomes of them.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.generation import FORMAT_VERSION
from indexer.writer import IndexWriter

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("note", FieldType.TEXT),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
    )
)

FIRST = [
    Document(
        "library",
        "فتحت المكتبة العامة أبوابها، وفيها كتب قديمة وكتاب واحد بخط مؤلفه.",
        title="المكتبة العامة",
        url="https://example.org/library",
        date=datetime(2024, 5, 1, tzinfo=UTC),
        fields={"section": "ثقافة", "price": 0, "note": "زرناها مع الطلاب"},
    ),
    Document(
        "market",
        "يبيع السوق القديم الكتب المستعملة والأقمشة.\nوعند بابه مقهى صغير.",
        title="السوق القديم",
        date=datetime(2023, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=3))),
        fields={"section": ("تجارة", "ثقافة"), "price": 12.5},
    ),
    Document("recipe", "يُغلى الرُّز في الماءِ ثم يُضاف الملـــح.", title="أرز أبيض"),
    Document(
        "match",
        "انتهت المباراة بثلاثة أهداف. COVID-19 أخّر المباراة التالية.",
        title="المباراة",
        fields={"section": "رياضة", "seen": datetime(2020, 3, 11, tzinfo=UTC)},
    ),
    Document("empty", "", title="عنوان بلا نص", fields={"price": -3}),
    Document("draft", "مسودة كتاب لم تنشر.", title="مسودة"),
    Document("name", "كتب غورباتشوف مذكراته في موسكو 😀.", title="مذكرات"),
]

SECOND = [
    Document(
        "market",
        "انتقل السوق القديم إلى شارع آخر، وبقيت الكتب المستعملة.",
        title="السوق الجديد",
        date=datetime(2025, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC),
        fields={"section": "تجارة", "price": 1e6, "note": "انتقل السوق"},
    ),
    Document("river", "يعبر الجسر نهر دجلة في بغداد.", title="الجسر", fields={"section": "مدن"}),
]

DELETED = ["draft"]

LIVE = [*(document for document in FIRST if document.id not in ("draft", "market")), *SECOND]
"""The documents that the index holds, in its order."""


def directory_of(version: int) -> Path:
    """Return where the index of a format is."""
    return Path(__file__).parent / f"format-{version}"


def make_index(directory: Path) -> None:
    """Write two segments, of which the second replaces a document of the first and deletes one."""
    with IndexWriter(directory, FIELDS) as writer:
        for document in FIRST:
            writer.upsert(document)
        writer.commit()
    with IndexWriter(directory) as writer:
        for document in SECOND:
            writer.upsert(document)
        for document_id in DELETED:
            writer.delete(document_id)
        writer.commit()


def main() -> None:
    directory = directory_of(FORMAT_VERSION)
    if directory.exists():
        shutil.rmtree(directory)
    make_index(directory)
    for lock in directory.glob("*lock*"):
        lock.unlink()
    size = sum(path.stat().st_size for path in directory.iterdir())
    print(f"made {directory.name}: {size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
