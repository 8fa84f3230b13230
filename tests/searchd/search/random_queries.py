"""Random documents, and random queries, filters and sort keys of every kind that there is."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta, timezone

from analyzers import fold
from indexer.document import Document, FieldValue
from indexer.fields import FieldMap, FieldSpec, FieldType

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("note", FieldType.TEXT),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
    )
)

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
    "علي",
    "على",
    "وعلي",
    "آلي",
    "إلى",
    "مثل",
    "COVID",
    "COVID-19",
    "covid2",
    "Book",
    "book",
    "٢٠٢٤",
    "2024",
    "قران",
    "قرآن",
    "غوغل",
    "وجوجل",
    "google",
    "كانون الثاني",
    "يناير",
    "عبد الله",
    "لعبدالله",
    "3",
    "ثلاث",
    "صحيفة",
    "الصحف",
    "كِتاب",
    "كُتّاب",
    "كُتُب",
    "كَتَب",
    "كتابه",
    "احمد",
    "أحمد",
    "أَحْمَد",
    "على",
    "علي",
    "ﷺ",
    "صلى الله",
]
"""Forms of one stem, stems of one lemma, names that look alike, stop words, Latin words, synonyms,
and words of one surface form with different hamzas and marks."""

SYNONYMS = """
كتاب, صحيفة  # each for the other, in all their forms
الحشد الشعبي, القوات => طالب, رئيس بغداد
=مدرس => =مدارس, =كتاب كتب
book, مدرسة, covid
في بغداد, الطلاب  # a synonym of a stop word and another word beside the other
هاتف, الهواتف
بغداد => واشنطن, القاهرة  # one that no document holds
"""
"""A file of synonyms over these words: of one word and several, exact, and in one direction."""

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
    "قوقل",
    "القوات",
    "جانفي",
]
"""No document holds them. Some look like words that documents hold, some are two without a space,
some have synonyms that documents hold."""

NAMES = ["غوغل", "يناير"]
CLITICS = ["و", "ف", "ب", "ك", "ل", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال"]
"""Written together with names, which synonyms find all the same."""

MOMENTS = [
    datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2024, 1, 1),
    datetime(2024, 5, 31, 12, 30, tzinfo=UTC),
    datetime(2024, 6, 1, 1, 0, tzinfo=timezone(timedelta(hours=3))),
    datetime(2025, 12, 1, tzinfo=UTC),
]
PRICES = [-2.5, 0, 5, 5.0, 7, 1e12]


def random_documents(rng: random.Random, count: int) -> list[Document]:
    """Return documents, of which some say the very same."""

    def word() -> str:
        with_clitic = rng.random() < 0.06
        return rng.choice(CLITICS) + rng.choice(NAMES) if with_clitic else rng.choice(WORDS)

    def words(most: int) -> str:
        return " ".join(word() for _ in range(rng.randint(0, most)))

    sections: list[FieldValue] = ["رياضة", "سياسة", ("سياسة", "رِياضه"), "أخبار  العراق"]
    documents: list[Document] = []
    for number in range(count):
        fields: dict[str, FieldValue] = {}
        if rng.random() < 0.3:
            fields["note"] = words(8)
        text, title = words(rng.choice([3, 12, 40])), words(4)
        if documents and rng.random() < 0.2:
            twin = rng.choice(documents)
            text, title = twin.text, twin.title
            fields = {"note": twin.fields["note"]} if "note" in twin.fields else {}
        for name, values in (("section", sections), ("price", PRICES), ("seen", MOMENTS)):
            if rng.random() < 0.7:
                fields[name] = rng.choice(values)
        date = rng.choice(MOMENTS) if rng.random() < 0.7 else None
        documents.append(Document(str(number), text, title=title, date=date, fields=fields))
    return documents


def random_query(rng: random.Random, depth: int = 2) -> str:
    """Return a query of every kind that the language knows, or one of plain words."""

    def word() -> str:
        return rng.choice(UNKNOWN_WORDS if rng.random() < 0.12 else WORDS)

    def letters() -> str:
        """Return a word with letters alone, which a pattern may have: covid2 is two words."""
        return re.sub(r"[\W\d_]", "", fold(word())) or "كتاب"

    def some(low: int, high: int) -> str:
        return " ".join(word() for _ in range(rng.randint(low, high)))

    def atom(depth: int) -> str:
        kinds = [
            word,
            word,
            lambda: f'"{some(1, 3)}"',
            lambda: f'"{some(2, 3)}"~{rng.randint(1, 4)}',
            lambda: f'"{some(2, 4)}"~~{rng.randint(0, 9)}',
            lambda: f'="{some(2, 3)}"~{rng.choice(["", "~"])}{rng.randint(1, 9)}',
            lambda: f"={word()}",
            lambda: f'="{some(1, 2)}"',
            lambda: letters()[: rng.randint(1, 4)] + "*",
            lambda: "*" + letters()[-2:],
            lambda: (found := letters()) and f"{found[0]}?{found[2:]}*",
            lambda: f"{word()}~{rng.randint(0, 2)}",
            lambda: f"{rng.choice(TEXTS)}:{word()}",
            lambda: f'{rng.choice(TEXTS)}:"{some(1, 2)}"',
            lambda: f"section:{rng.choice(['رياضة', 'سِياسه', 'أخرى'])}",
            lambda: f"{rng.choice(['date', 'seen'])}:{rng.choice(['2024', '2024-05', '2020'])}",
            lambda: f"price:{rng.choice([5, 7, 8, -2.5])}",
            lambda: random_filter(rng).replace("أخبار العراق", '"أخبار العراق"'),
            lambda: random_range(rng),
            lambda: f"{rng.choice([*CONDITIONS, *TEXTS])}:*",
            lambda: f"{word()}^{rng.choice(BOOSTS)}",
            lambda: f'"{some(1, 3)}"~~3^{rng.choice(BOOSTS)}',
            lambda: f"{rng.choice(TEXTS)}:{word()}~^{rng.choice(BOOSTS)}",
            lambda: "*",
            lambda: f"{word()}/{word()}",
        ]
        if depth:
            kinds += [
                lambda: f"({query(depth - 1)})",
                lambda: f"{rng.choice(TEXTS)}:({query(depth - 1)})",
                lambda: f"({word()} {query(depth - 1)})^{rng.choice(BOOSTS)}",
            ]
        return rng.choice(kinds)()

    def query(depth: int) -> str:
        parts = []
        for _ in range(rng.randint(1, 4)):
            joined = rng.choice(
                ["", "", "", "+", "-", " AND ", " OR ", " | ", " AND NOT ", " && !", "NOT "]
            )
            if joined.strip() in ("", "+", "-", "NOT"):
                parts.append(joined + atom(depth))
            else:
                parts.append(f"{atom(depth)}{joined}{atom(depth)}")
        return " ".join(parts)

    return some(1, 6) if rng.random() < 0.3 else query(depth)


TEXTS = ["title", "text", "note"]
BOOSTS = ["2", "0.5", "٣"]

OPERATORS = ["=", "!=", "<", "<=", ">", ">="]
CONDITIONS = {
    "section": (OPERATORS[:2], ["رياضة", "سِياسه", "أخبار العراق", "أخبار", "أخرى"]),
    "price": (OPERATORS, ["5", "٥", "-2.5", "0", "6.5", "1e12"]),
    "date": (OPERATORS, ["2024", "2024-05", "2024-05-31", "2023-12-31T23:59:59", "2030"]),
    "seen": (OPERATORS, ["2023", "2024-12", "2024-01-01", "2024-05-31T15:30+03:00"]),
}
"""For each column the operators and values of filters."""


def random_range(rng: random.Random) -> str:
    """Return a range of the values of a column, open at one end, at both or at none."""
    name = rng.choice(["price", "date", "seen"])
    order = {
        "price": ["-2.5", "0", "6.5", "1e12"],
        "date": ["2023", "2024-02", "2024-05-31", "2025"],
    }
    values = order.get(name, ["2023", "2024-01-01", "2024-05-31T15:30+03:00", "2024-12"])
    low = rng.randrange(len(values))
    high = rng.randrange(low, len(values))
    lower = rng.choice(["*", values[low]])
    upper = rng.choice(["*", values[high]])
    return f"{name}:{rng.choice('[{')}{lower} TO {upper}{rng.choice(']}')}"


def random_filter(rng: random.Random) -> str:
    """Return a filter on any column with any of its operators."""
    name, (operators, values) = rng.choice(list(CONDITIONS.items()))
    return f"{name}{rng.choice(operators)}{rng.choice(values)}"


def random_sort(rng: random.Random) -> str:
    """Return one to three sort keys, of which the score may be one."""
    names = rng.sample([*CONDITIONS, "score", "title", "id"], rng.randint(1, 3))
    return ",".join(rng.choice(["", "-"]) + name for name in names)
