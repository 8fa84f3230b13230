"""Long numbers meet whether their digits stand together or in groups."""

from __future__ import annotations

from pathlib import Path

import pytest

import searchd
from searchd.query.written_numbers import MAX_LAYOUTS, grouped, is_long_number, joined

SPELLINGS = {
    "phone-together": "07701234567",
    "phone-hyphens": "0770-123-4567",
    "phone-spaces": "0770 123 4567",
    "phone-brackets": "(0770) 123-45-67",
    "phone-country": "00964 770 123 4567",
    "isbn-together": "9780306406157",
    "isbn-hyphens": "978-0-306-40615-7",
    "isbn-spaces": "978 0 306 40615 7",
    "other": "رقم 0771 واثنان 321 وثلاثة 7654",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("numbers") / "index"
    with searchd.IndexWriter(path) as writer:
        for name, number in SPELLINGS.items():
            writer.upsert(searchd.Document(name, f"اتصل على {number} اليوم"))
        writer.commit()
    return path


PHONES = {name for name in SPELLINGS if name.startswith("phone")}
ISBNS = {name for name in SPELLINGS if name.startswith("isbn")}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param("07701234567", PHONES, id="together"),
        pytest.param("٠٧٧٠١٢٣٤٥٦٧", PHONES, id="arabic-digits"),
        pytest.param("0770-123-4567", PHONES, id="hyphens"),
        pytest.param("0770 123 4567", PHONES, id="spaces"),
        pytest.param("9647701234567", PHONES, id="country"),
        pytest.param("964 770 123 4567", PHONES, id="country-and-spaces"),
        pytest.param("7701234567", PHONES, id="without-zero"),
        pytest.param("9780306406157", ISBNS, id="isbn"),
        pytest.param("978-0-306-40615-7", ISBNS, id="isbn-hyphens"),
        pytest.param("97803064061", set(), id="another-number"),
        pytest.param("0771 321 7654", {"other"}, id="no-number-but-its-groups"),
    ],
)
def test_a_number_is_found_in_every_spelling(index: Path, query: str, wanted: set[str]) -> None:
    with searchd.open(index) as engine:
        found = set(engine.ids(query))
        assert wanted <= found
        if len(query.split()) == 1 and "-" not in query:
            assert found == wanted


def test_a_number_in_groups_is_marked(index: Path) -> None:
    with searchd.open(index) as engine:
        hits = {hit.id: hit for hit in engine.search("07701234567").hits}
        assert "[0770-123-4567]" in hits["phone-hyphens"].snippets[0].render("[", "]")


def test_without_synonyms_in_the_ranking_a_number_is_as_it_is_written(index: Path) -> None:
    with searchd.open(index, ranking=searchd.Ranking(synonym=0)) as engine:
        assert engine.ids("07701234567") == ["phone-together"]


@pytest.mark.parametrize(
    ("surface", "long"),
    [("123456", False), ("1234567", True), ("1" * 15, True), ("1" * 16, False), ("12a4567", False)],
)
def test_long_numbers(surface: str, long: bool) -> None:
    assert is_long_number(surface) is long


def test_groups_are_indexed_and_bounded() -> None:
    assert grouped("07701234567", lambda _: False) == []
    every = grouped("07701234567", lambda _: True)
    assert len(every) == MAX_LAYOUTS
    assert all("".join(groups).lstrip("0") in "07701234567" for groups in every)
    assert list(map(len, every)) == sorted(map(len, every))


def test_short_numbers_next_to_each_other_are_no_long_one() -> None:
    assert joined(["2010", "11"], 0) == (0, [])
    assert joined(["12", "كتاب", "345678"], 0) == (0, [])
