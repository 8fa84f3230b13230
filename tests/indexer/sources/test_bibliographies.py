from __future__ import annotations

import pytest

from indexer.sources.latex import plain_text
from tests.indexer.sources.conftest import values_of

ARTICLE = r"""% a comment { with a brace
@string{muq = "المقتبس"}
@ARTICLE{key1,
  author = {كرد علي, محمد and Erd{\H{o}}s, P.},
  title = "{صدور} المشارقة",
  subtitle = {والمغاربة},
  journal = muq # { مجلة},
  year = 1907, month = mar, day = {16},
  publisher = {أول}, publisher = {ثان},
  keywords = {علم، أدب; تاريخ},
  abstract = {سطر
    ثان},
  doi = {10.1/a},
}
"""


def test_bibtex(read_stored):
    (item,) = read_stored("a.bib", ARTICLE.encode())
    assert item.origin.endswith(":3")
    assert values_of(item) == {
        "id": "a.bib#key1",
        "key": "key1",
        "type": "article",
        "author": ["كرد علي, محمد", "Erdős, P."],
        "title": "صدور المشارقة: والمغاربة",
        "subtitle": "والمغاربة",
        "journal": "المقتبس مجلة",
        "year": "1907",
        "month": "mar",
        "day": "16",
        "date": "1907-03-16",
        "publisher": ["أول", "ثان"],
        "keywords": ["علم", "أدب", "تاريخ"],
        "subject": ["علم", "أدب", "تاريخ"],
        "abstract": "سطر ثان",
        "text": "سطر ثان\nالمقتبس مجلة",
        "doi": "10.1/a",
        "url": "https://doi.org/10.1/a",
    }


def test_comments_and_other_entries_are_no_references(read_stored):
    data = (
        '@comment{x}\n@preamble{"y"}\ntext @ here\n@book(k2, title = {قلم})\n@misc{k3, title={أ}}'
    )
    first, second = read_stored("a.bib", data.encode())
    assert first.values["key"] == "k2"
    assert second.values["key"] == "k3"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param("@book{k, title = {open\n", "do not pair up", id="open-brace"),
        pytest.param(
            "@book{k, title = {a} year = }\n", "a value is missing before '}", id="no-value"
        ),
        pytest.param("@book{, title = {a}}\n", "the entry has no key", id="no-key"),
        pytest.param(
            "@book{k, title {a}}\n", "cannot be read from 'title {a}}' on", id="no-equals"
        ),
    ],
)
def test_a_damaged_entry_is_bad_and_the_next_is_read(read_stored, entry, reason):
    bad, good = read_stored("a.bib", f"{entry}@book{{k2, title = {{قلم}}}}\n".encode())
    assert reason in bad.reason
    assert bad.origin.endswith(":1")
    assert good.values["title"] == "قلم"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        pytest.param(r"{\=A}th{\=a}r", "Āthār", id="macron"),
        pytest.param(r"\v{S}e\'{\i}n \c c \d{h}", "Šeín ç ḥ", id="accents"),
        pytest.param(r"M\"uller \aa{} \o", "Müller å ø", id="letters"),
        pytest.param(r"\emph{x} \textbf{y}", "x y", id="styles"),
        pytest.param(r"a~b -- c --- d", "a b – c — d", id="spaces-and-dashes"),
        pytest.param(r"50\% \& \$5 \{x\} a\_b", "50% & $5 {x} a_b", id="escaped"),
        pytest.param("{كتاب} $x$", "كتاب x", id="braces"),
    ],
)
def test_latex(latex, text):
    assert plain_text(latex) == text


RIS = """TY  - JOUR
AU  - كرد علي, محمد
A1  - Other, A.
TI  - صدور المشارقة
AB  - سطر
أول يتبع
T2  - المقتبس
PY  - 1907/03/16/
KW  - علم
KW  - أدب
PB  - مطبعة
LA  - ar
DO  - 10.1/a
ID  - r1
ER  -\x20

TY  - BOOK
TI  - قلم
ER  -
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_ris(read_stored, newline):
    first, second = read_stored("a.ris", RIS.replace("\n", newline).encode())
    assert values_of(first) == {
        "id": "a.ris#r1",
        "type": "JOUR",
        "title": "صدور المشارقة",
        "author": ["كرد علي, محمد", "Other, A."],
        "text": "سطر أول يتبع\nالمقتبس",
        "date": "1907-03-16",
        "journal": "المقتبس",
        "publisher": "مطبعة",
        "subject": ["علم", "أدب"],
        "language": "ar",
        "doi": "10.1/a",
        "url": "https://doi.org/10.1/a",
    }
    assert second.origin.endswith(":17")
    assert second.values["title"] == "قلم"


def test_a_reference_without_an_end(read_stored):
    bad, good = read_stored("a.ris", b"TY  - BOOK\nTI  - a\nTY  - BOOK\nTI  - b\nER  - \n")
    assert bad.reason == "the reference is not sound: no ER before the next TY"
    assert good.values["title"] == "b"


def test_no_reference(read_stored):
    (bad,) = read_stored("a.ris", b"text\n")
    assert bad.reason.startswith("no reference in the file")
