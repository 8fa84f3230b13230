"""The sample corpus holds what its README claims: formats, ids, judgments and noise."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
ARTICLES = CORPUS / "articles"


@dataclass(frozen=True)
class Article:
    id: str
    title: str
    text: str
    """Title and body as stored, no normalisation; an HTML page without its tags."""
    source: str
    """The format: md, txt, gz, html, jsonl, csv or trec."""


def decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1256")


def html_article(path: Path, article_id: str) -> Article:
    page = path.read_text(encoding="utf-8")
    heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    body = re.search(r"<article>(.*?)</article>", page, re.DOTALL)
    assert heading, article_id
    assert body, article_id
    return Article(article_id, heading[1], re.sub(r"<[^>]+>", " ", body[1]), "html")


def plain_article(path: Path, article_id: str) -> Article:
    data = path.read_bytes()
    source = path.suffix.lstrip(".")
    text = decode(gzip.decompress(data) if source == "gz" else data)
    title = text.partition("\n")[0].removeprefix("# ")
    return Article(article_id, title, text, source)


def jsonl_articles(path: Path) -> list[Article]:
    articles = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        assert set(record) == {"id", "title", "text", "date", "url", "category"}
        date.fromisoformat(record["date"])
        text = record["title"] + "\n" + record["text"]
        articles.append(Article(record["id"], record["title"], text, "jsonl"))
    return articles


def csv_articles(path: Path) -> list[Article]:
    articles = []
    with io.StringIO(path.read_text(encoding="utf-8"), newline="") as stream:
        for record in csv.DictReader(stream):
            assert list(record) == ["id", "title", "text", "date", "category"]
            date.fromisoformat(record["date"])
            text = record["title"] + "\n" + record["text"]
            articles.append(Article(record["id"], record["title"], text, "csv"))
    return articles


TREC_DOC = re.compile(
    r"<DOC>\s*<DOCNO>(?P<id>.*?)</DOCNO>\s*<TITLE>(?P<title>.*?)</TITLE>\s*"
    r"<DATE>(?P<date>.*?)</DATE>\s*<TEXT>(?P<text>.*?)</TEXT>\s*</DOC>",
    re.DOTALL,
)


def trec_articles(path: Path) -> list[Article]:
    articles = []
    for match in TREC_DOC.finditer(path.read_text(encoding="utf-8")):
        date.fromisoformat(match["date"])
        text = match["title"] + "\n" + match["text"]
        articles.append(Article(match["id"], match["title"], text, "trec"))
    return articles


def read_articles() -> list[Article]:
    articles: list[Article] = []
    for path in sorted(path for path in ARTICLES.rglob("*") if path.is_file()):
        article_id = path.relative_to(ARTICLES).as_posix()
        match path.suffix:
            case ".html":
                articles.append(html_article(path, article_id))
            case ".jsonl":
                articles += jsonl_articles(path)
            case ".csv":
                articles += csv_articles(path)
            case ".trec":
                articles += trec_articles(path)
            case ".md" | ".txt" | ".gz":
                articles.append(plain_article(path, article_id))
            case _:
                raise AssertionError(f"a file of no known format: {article_id}")
    return articles


def read_queries() -> dict[str, str]:
    lines = (CORPUS / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert all(set(record) == {"id", "text"} for record in records)
    queries = {record["id"]: record["text"] for record in records}
    assert len(queries) == len(records), "query ids repeat"
    return queries


def read_judgments() -> list[tuple[str, str, int]]:
    rows = []
    for line in (CORPUS / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, relevance = line.split("\t")
        rows.append((query, document, int(relevance)))
    return rows


ALL = read_articles()
BY_ID = {article.id: article for article in ALL}


def test_number_of_articles_in_each_format() -> None:
    counts = Counter(article.source for article in ALL)
    assert counts == {"md": 18, "txt": 21, "gz": 1, "html": 6, "jsonl": 14, "csv": 6, "trec": 4}
    assert len(ALL) >= 60


def test_article_ids_are_unique() -> None:
    assert len(BY_ID) == len(ALL)


def test_titles_are_unique_and_not_empty() -> None:
    titles = [article.title.strip() for article in ALL]
    assert all(titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("article", ALL, ids=lambda article: article.id)
def test_length_in_words(article: Article) -> None:
    assert 90 <= len(article.text.split()) <= 220


@pytest.mark.parametrize("article", ALL, ids=lambda article: article.id)
def test_most_letters_are_arabic(article: Article) -> None:
    letters = [char for char in article.text if char.isalpha()]
    arabic = [char for char in letters if "ARABIC" in unicodedata.name(char, "")]
    assert len(arabic) > 0.9 * len(letters)


def test_queries() -> None:
    queries = read_queries()
    assert len(queries) >= 40
    assert next(iter(queries.items())) == ("q01", "الحشد الشعبي")
    assert len(set(queries.values())) == len(queries)


def test_judgments_name_known_queries_and_articles() -> None:
    queries = read_queries()
    for query, document, relevance in read_judgments():
        assert query in queries
        assert document in BY_ID
        assert relevance in {1, 2}


def test_every_query_is_judged_once_per_article() -> None:
    pairs = [(query, document) for query, document, _ in read_judgments()]
    assert len(set(pairs)) == len(pairs)
    assert {query for query, _ in pairs} == set(read_queries())


def test_three_articles_are_about_the_popular_mobilization() -> None:
    found = {article.id for article in ALL if "حشد" in article.text}
    assert found == {"news/hashd-parade.md", "news/hashd-law.txt", "news/hashd-floods.md"}
    text = "\n".join(BY_ID[article_id].text for article_id in found)
    for form in ("الحشد الشعبي", "والحشد", "للحشد الشعبي", "بالحشد"):
        assert re.search(rf"\b{form}\b", text), form


# Noise: what the README claims, by code point. Marks are written as escapes.

HARAKAT = re.compile("[\u064b-\u0652]")
ARABIC_LETTER = re.compile("[\u0621-\u063a\u0641-\u064a]")


def is_vocalised(text: str) -> bool:
    return len(HARAKAT.findall(text)) > 0.6 * len(ARABIC_LETTER.findall(text))


def is_decomposed(text: str) -> bool:
    return unicodedata.normalize("NFD", text) == text and bool(re.search("[\u0653-\u0655]", text))


def contains(pattern: str, at_least: int = 1) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: len(compiled.findall(text)) >= at_least


NOISE: dict[str, tuple[Callable[[str], bool], str]] = {
    "vocalised": (
        is_vocalised,
        "science/honeybees.txt religion/crescent.txt recipes/lentil-soup.txt "
        "history/ibn-battuta.txt literature/ferryman.txt wire-013",
    ),
    "tatweel": (
        contains("\u0640{2,}"),
        "news/shalamcheh-railway.md sport/marathon.txt culture/calligrapher.txt",
    ),
    "missing-hamza": (
        contains(r"\b(?:الى|ان|او|اذا|اكثر|ادارة|اعلان|اخر)\b", 4),
        "news/iraq-budget-session.txt technology/iphone-repair.txt wire-014 "
        "education/village-school.txt",
    ),
    "heh-for-teh-marbuta": (
        contains(r"\b(?:المدرسه|القريه|القاهره|الجديده|المقلوبه|الجمعه|دجاجه|الدراسيه)\b"),
        "education/village-school.txt recipes/maqluba.txt news/cairo-metro.html "
        "news/iraq-budget-session.txt",
    ),
    "alef-maqsura-for-yeh": (
        contains(r"\bفى\b", 2),
        "news/iraq-prime-ministers.md education/village-school.txt recipes/maqluba.txt "
        "news/cairo-metro.html",
    ),
    "persian-keyboard": (
        contains("[\u06a9\u06cc]", 5),
        "news/shalamcheh-railway.md religion/arbaeen-walk.md wire-004",
    ),
    "urdu-heh": (contains("\u06c1"), "religion/arbaeen-walk.md"),
    "arabic-indic-digits": (
        contains("[\u0660-\u0669]{2,}"),
        "news/basra-electricity.txt news/municipal-elections.txt sport/gulf-cup.md "
        "economy/dinar.txt.gz education/village-school.txt",
    ),
    "western-digits": (
        contains("[0-9]{2,}"),
        "news/hashd-law.txt science/black-holes.md geography/marshes.md NASHRA-0003 tbl-5",
    ),
    "months-syriac": (
        contains(r"\b(?:آب|حزيران|كانون الثاني|كانون الأول|نيسان|آذار|أيلول|شباط|تشرين الأول)\b"),
        "news/basra-electricity.txt news/municipal-elections.txt sport/gulf-cup.md "
        "sport/marathon.txt economy/dinar.txt.gz literature/mutanabbi-street.md wire-004",
    ),
    "months-latin": (
        contains(r"\b(?:أغسطس|يونيو|يناير|مايو|أكتوبر|نوفمبر|يوليو)\b"),
        "health/heatstroke.html health/sleep-phones.txt news/cairo-metro.html "
        "news/oman-cyclone.txt news/iraq-prime-ministers.md science/moon-water.html "
        "wire-010 NASHRA-0003",
    ),
    "ligature-blessing": (contains("\ufdfa"), "religion/prophet-mosque.txt religion/crescent.txt"),
    "ligature-allah": (
        contains("\ufdf2"),
        "religion/prophet-mosque.txt religion/crescent.txt culture/calligrapher.txt",
    ),
    "presentation-forms": (
        contains("[\ufe70-\ufeff]", 30),
        "technology/pdf-arabic.txt law/inheritance.txt",
    ),
    "zero-width-joiners": (
        contains("[\u200c\u200d]"),
        "news/shalamcheh-railway.md culture/calligrapher.txt",
    ),
    "bidi-marks": (
        contains("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", 2),
        "health/covid-wastewater.md technology/whatsapp-groups.txt technology/iphone-repair.txt",
    ),
    "decomposed-hamza": (is_decomposed, "law/online-store.md tbl-5"),
    "lengthened": (
        contains(r"([\u0621-\u063a\u0641-\u064a])\1{2,}"),
        "health/sleep-phones.txt sport/marathon.txt tbl-2",
    ),
    "latin-words": (
        contains(r"[A-Za-z]{2,}|[A-Z]-?[0-9]+"),
        "health/covid-wastewater.md wire-001 technology/iphone-repair.txt "
        "technology/pdf-arabic.txt technology/search-engines.md science/black-holes.md",
    ),
    "clitics": (
        contains(r"\b(?:وبالكتاب|وللمدرسة|فسيكتبونها|وبالمعلمين)\b"),
        "technology/search-engines.md history/house-of-wisdom.md education/school-shortage.md "
        "wire-012",
    ),
}


@pytest.mark.parametrize(
    ("occurs", "article_id"),
    [
        pytest.param(occurs, article_id, id=f"{kind}-{article_id}")
        for kind, (occurs, article_ids) in NOISE.items()
        for article_id in article_ids.split()
    ],
)
def test_noise_occurs_where_claimed(occurs: Callable[[str], bool], article_id: str) -> None:
    assert occurs(BY_ID[article_id].text)


def test_clean_text_is_the_majority() -> None:
    marked = {
        article.id
        for article in ALL
        for kind in ("vocalised", "missing-hamza", "alef-maqsura-for-yeh", "persian-keyboard")
        if NOISE[kind][0](article.text)
    }
    assert len(marked) < len(ALL) / 2


def test_one_paragraph_is_wholly_in_presentation_forms() -> None:
    paragraphs = BY_ID["technology/pdf-arabic.txt"].text.split("\n\n")
    base = [bool(ARABIC_LETTER.search(paragraph)) for paragraph in paragraphs]
    assert base.count(False) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("كتاب", "كتب", id="book"),
        pytest.param("رجل", "رجال", id="man"),
        pytest.param("مدرسة", "المدارس", id="school"),
        pytest.param("قلم", "أقلامه", id="pen"),
        pytest.param("السفينة", "سفن", id="ship"),
        pytest.param("سد", "السدود", id="dam"),
        pytest.param("غوغل", "جوجل", id="google"),
        pytest.param("الإنترنت", "الانترنت", id="internet"),
        pytest.param("واتساب", "واتس اب", id="whatsapp"),
        pytest.param("عبد الله", "عبدالله", id="abdullah"),
        pytest.param("أبو عثمان", "أبي عثمان", id="kunya"),
        pytest.param("ابن", "أبي", id="ibn-and-abi"),
    ],
)
def test_both_forms_occur(one: str, other: str) -> None:
    for form in (one, other):
        assert any(re.search(rf"\b{form}\b", article.text) for article in ALL), form


def test_one_file_is_windows_1256() -> None:
    data = (ARTICLES / "news/oman-cyclone.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert "سلطنة عُمان" in data.decode("windows-1256")


def test_the_gzip_file_carries_no_time() -> None:
    assert (ARTICLES / "economy/dinar.txt.gz").read_bytes()[4:8] == b"\0\0\0\0"


@pytest.mark.parametrize("path", sorted(ARTICLES.rglob("*.html")), ids=lambda path: path.stem)
def test_html_pages_have_boilerplate(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for tag in ("<nav", "<footer", "<script", "<style", "<time", "<meta"):
        assert tag in page, tag
