"""Another stemmer replaces the stems of the index and of queries, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers import Analyzer
from benchmarks.stemmers import StemmerAnalyzer, snowball
from indexer.errors import IndexMismatchError
from indexer.sources import Record
from searchd.engine import Engine


def first_three(surface: str) -> str:
    return surface[:3]


TEXTS = {"a": "كتبت الرسالة", "b": "والكتاب الرسمي", "c": "ﷺ كتابها"}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    records = [Record(name, {"id": name, "text": text}) for name, text in TEXTS.items()]
    StemmerAnalyzer(first_three).index(tmp_path, records)
    return tmp_path


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("كتابان", ["c"], id="same-letters"),
        pytest.param("كتبهم", ["a"], id="other-letters"),
        pytest.param("الرحيل", ["a", "b"], id="article-kept"),
        pytest.param("كتاب", ["c"], id="not-after-clitics"),
        pytest.param("صلاة", [], id="not-ours"),
        pytest.param("وسلطان", ["c"], id="words-of-a-ligature"),
    ],
)
def test_documents_and_queries_match_by_the_stems(
    index: Path, query: str, expected: list[str]
) -> None:
    with StemmerAnalyzer(first_three).open(index) as engine:
        assert sorted(hit.id for hit in engine.search(query, syntax="plain").hits) == expected


def test_other_analyzers_refuse_the_index(index: Path) -> None:
    for analyzer in (Analyzer(), StemmerAnalyzer(snowball)):
        with pytest.raises(IndexMismatchError):
            Engine(index, analyzer=analyzer)


def test_every_method_returns_the_stems_of_the_stemmer() -> None:
    ours, other = Analyzer(), StemmerAnalyzer(first_three)
    text = " ".join(TEXTS.values())
    tokens = other.analyze(text)
    assert [token.stem for token in tokens] == [token.surface[:3] for token in tokens]
    assert [(each.start, each.end, each.surface) for each in tokens] == [
        (each.start, each.end, each.surface) for each in ours.analyze(text)
    ]
    assert other.tokenize(text).stems == [terms.stem for terms in other.terms(text)]
    assert other.tokenize(text).stems == [token.stem for token in tokens]


def test_snowball() -> None:
    pytest.importorskip("snowballstemmer", reason="needs the extra bench")
    assert snowball("المعلمون") == snowball("معلم") == "معلم"
    stems = {snowball(word) for word in ("مدرسه", "مدرسة", "المدرسه", "المدرسة", "مدرستهم")}
    assert stems == {"مدرس"}  # folding loses nothing that Snowball needs
