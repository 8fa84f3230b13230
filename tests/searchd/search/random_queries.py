"""Random documents, and random queries of every kind that the language knows."""

from __future__ import annotations

import random

from analyzers import fold
from indexer.document import Document

WORDS = [
    "كتاب",
    "والكتاب",
    "كتابهم",
    "بِالكتابِ",
    "كتب",
    "كتابة",
    "مدرسة",
    "المدرسة",
    "مدارس",
    "مدرس",
    "طالب",
    "الطلاب",
    "بغداد",
    "لبغداد",
    "واشنطن",
    "الحشد",
    "الشعبي",
    "رئيس",
    "برئيس",
    "رؤساء",
    "غورباتشوف",
    "جورباتشوف",
    "غورباتشيف",
    "في",
    "من",
    "و",
    "ثم",
    "COVID",
    "COVID-19",
    "covid2",
    "Book",
    "book",
    "٢٠٢٤",
    "2024",
    "قران",
    "قرآن",
]
"""Forms of one stem, stems of one lemma, names that look alike, stop words and Latin words."""

UNKNOWN_WORDS = [
    "قورباتشوف",
    "واشنطون",
    "المدرسية",
    "الحشود",
    "bookshop",
    "ظظظظ",
    "covid1",
    "ضح",
    "كتابالمدرسة",
    "بغدادواشنطن",
    "كتابواشنطن",
]
"""No document holds them. Some look like words that documents hold, some are two without a space."""


def random_documents(rng: random.Random, count: int) -> list[Document]:
    """Return documents, of which some say the very same."""

    def words(most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(0, most)))

    sections: list = ["رياضة", "سياسة", ("رياضة", "سياسة"), None]
    documents: list[Document] = []
    for number in range(count):
        section = rng.choice(sections)
        fields = {"section": section} if section else {}
        if rng.random() < 0.3:
            fields["note"] = words(8)
        text, title = words(rng.choice([3, 12, 40])), words(4)
        if documents and rng.random() < 0.2:
            twin = rng.choice(documents)
            text, title, fields = twin.text, twin.title, dict(twin.fields)
        documents.append(Document(str(number), text, title=title, fields=fields))
    return documents


def random_query(rng: random.Random, depth: int = 2) -> str:
    """Return a query of every kind that the language knows, or one of plain words."""

    def word() -> str:
        return rng.choice(UNKNOWN_WORDS if rng.random() < 0.12 else WORDS)

    def some(low: int, high: int) -> str:
        return " ".join(word() for _ in range(rng.randint(low, high)))

    def atom(depth: int) -> str:
        kinds = [
            word,
            word,
            lambda: f'"{some(1, 3)}"',
            lambda: f'"{some(2, 3)}"~{rng.randint(1, 4)}',
            lambda: f"={word()}",
            lambda: f'="{some(1, 2)}"',
            lambda: fold(word())[: rng.randint(1, 4)] + "*",
            lambda: "*" + fold(word())[-2:],
            lambda: (letters := fold(word())) and f"{letters[0]}?{letters[2:]}*",
            lambda: f"{word()}~{rng.randint(0, 2)}",
            lambda: f"{rng.choice(FIELDS)}:{word()}",
            lambda: f'{rng.choice(FIELDS)}:"{some(1, 2)}"',
            lambda: f"section:{rng.choice(['رياضة', 'سِياسه', 'أخرى'])}",
            lambda: "*",
            lambda: f"{word()}/{word()}",
        ]
        if depth:
            kinds += [
                lambda: f"({query(depth - 1)})",
                lambda: f"{rng.choice(FIELDS)}:({query(depth - 1)})",
            ]
        return rng.choice(kinds)()

    def query(depth: int) -> str:
        parts = []
        for _ in range(rng.randint(1, 4)):
            joined = rng.choice(["", "", "", "+", "-", " AND ", " OR ", " AND NOT ", "NOT "])
            if joined.strip() in ("", "+", "-", "NOT"):
                parts.append(joined + atom(depth))
            else:
                parts.append(f"{atom(depth)}{joined}{atom(depth)}")
        return " ".join(parts)

    return some(1, 6) if rng.random() < 0.3 else query(depth)


FIELDS = ["title", "text", "note"]
