from __future__ import annotations

from itertools import combinations

import pytest

from analyzers import Analyzer, fold, is_stopword
from analyzers.stemming.hamza import fold_hamza
from analyzers.synonyms import (
    PACKS,
    SynonymEntry,
    SynonymRule,
    Synonyms,
    parse_rules,
    shipped_synonyms,
)
from analyzers.word_files import DATA_DIR, read_word_file

ANALYZER = Analyzer()


def found(synonyms: Synonyms, query: str) -> dict[str, list[str]]:
    """Return what each word or run of words of a query may be called as well, by surface form."""
    words = ANALYZER.terms(query)
    surfaces = [terms.surface for terms in words]
    return {
        " ".join(surfaces[start : start + expansion.length]): [
            "=" * entry.exact + " ".join(entry.words) for entry in expansion.alternatives
        ]
        for start in range(len(words))
        if (expansion := synonyms.longest_match(words, start, ANALYZER))
    }


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param(
            "غوغل, جوجل",
            SynonymRule(*[(SynonymEntry(("غوغل",)), SynonymEntry(("جوجل",)))] * 2),
            id="latin-comma",
        ),
        pytest.param(
            "غوغل، جوجل",
            SynonymRule(*[(SynonymEntry(("غوغل",)), SynonymEntry(("جوجل",)))] * 2),
            id="arabic-comma",
        ),
        pytest.param(
            "ترامب => ترمب",
            SynonymRule((SynonymEntry(("ترامب",)),), (SynonymEntry(("ترمب",)),)),
            id="one-way",
        ),
        pytest.param(
            "الأُمَم المتحدة, UN",
            SynonymRule(*[(SynonymEntry(("الامم", "المتحده")), SynonymEntry(("un",)))] * 2),
            id="several-words-folded",
        ),
        pytest.param(
            "=أبو => =أبي",
            SynonymRule(
                (SynonymEntry(("ابو",), exact=True),), (SynonymEntry(("ابي",), exact=True),)
            ),
            id="exact",
        ),
        pytest.param(
            "إيران, ايران", SynonymRule(*[(SynonymEntry(("ايران",)),)] * 2), id="alike-already"
        ),
    ],
)
def test_rules(line: str, rule: SynonymRule) -> None:
    assert parse_rules([line]) == [rule]


OWN = Synonyms(
    parse_rules(
        [
            "غوغل, جوجل",
            "إنجلترا, إنكلترا",
            "الأمم المتحدة, UN",
            "الأمم, شعوب",
            "ترامب => ترمب",
            "=بن, =ابن",
            "أبو بكر, أبي بكر",
            "مسؤول, موظف",
            "رجل, ذكر",
        ]
    )
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("غوغل", {"غوغل": ["جوجل"]}, id="as-written"),
        pytest.param("جُوجل", {"جوجل": ["غوغل"]}, id="marks"),
        pytest.param("والجوجل", {"والجوجل": ["غوغل"]}, id="conjunction-and-article"),
        pytest.param("لغوغل", {"لغوغل": ["جوجل"]}, id="preposition"),
        pytest.param("وبإنجلترا", {"وبانجلترا": ["انكلترا"]}, id="stem-is-shorter"),
        pytest.param("الأمم المتحدة", {"الامم المتحده": ["un"]}, id="longest"),
        pytest.param("وللأمم المتحدة", {"وللامم المتحده": ["un"]}, id="article-in-double-lam"),
        pytest.param("الأمم والمتحدة", {"الامم": ["شعوب"]}, id="no-clitic-inside"),
        pytest.param("UN", {"un": ["الامم المتحده"]}, id="to-several-words"),
        pytest.param("ترامب", {"ترامب": ["ترمب"]}, id="one-way"),
        pytest.param("ترمب", {}, id="not-back"),
        pytest.param("محمد بن سلمان", {"بن": ["=ابن"]}, id="exact"),
        pytest.param("البن", {}, id="exact-has-no-article"),
        pytest.param("لأبي بكر", {"لابي بكر": ["ابو بكر"]}, id="the-next-word-confirms"),
        pytest.param("لأبي", {}, id="nothing-confirms"),
        pytest.param("المسؤولون", {"المسؤولون": ["موظف"]}, id="plural"),
        pytest.param("كبار موظفيهم", {"موظفيهم": ["مسؤول"]}, id="pronoun"),
        pytest.param("رجالهم", {"رجالهم": ["ذكر"]}, id="broken-plural"),
        pytest.param("مسئول", {"مسئول": ["موظف"]}, id="hamza"),
        pytest.param("جوجلاند", {}, id="another-word"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_what_words_may_be_called(query: str, expected: dict[str, list[str]]) -> None:
    assert found(OWN, query) == expected


def test_the_analysis_decides_what_is_a_clitic() -> None:
    synonyms = Synonyms(parse_rules(["ليد, يد"]))
    assert found(synonyms, "وليد") == {}
    protecting = Analyzer(frozenset({"والجوجل"}))
    assert OWN.longest_match(protecting.terms("والجوجل"), 0, protecting) is None


def test_rules_of_two_files_are_united() -> None:
    both = OWN | Synonyms(parse_rules(["غوغل, الباحث"]))
    assert found(both, "غوغل") == {"غوغل": ["جوجل", "الباحث"]}


def test_nothing_has_no_rules() -> None:
    assert not Synonyms()
    assert OWN


# --- the packs that ship ----------------------------------------------------------------------


def key(entry: SynonymEntry) -> tuple[str, ...]:
    return tuple(map(fold_hamza, entry.words))


@pytest.fixture(params=PACKS)
def groups(request: pytest.FixtureRequest) -> list[list[SynonymEntry]]:
    """The two-way groups of a pack."""
    return [
        [
            entry
            for piece in line.text.split(",")
            for entry in parse_rules([f"{piece},{piece}"])[0].left
        ]
        for line in read_word_file(DATA_DIR / "synonyms" / f"{request.param}.txt")
        if "=>" not in line.text
    ]


def test_the_entries_of_a_group_differ(groups: list[list[SynonymEntry]]) -> None:
    for group in groups:
        assert len(group) > 1
        for one, other in combinations(group, 2):
            assert key(one) != key(other), one


def test_no_entry_is_in_two_groups(groups: list[list[SynonymEntry]]) -> None:
    entries = [key(entry) for group in groups for entry in group]
    assert sorted(entries) == sorted(set(entries))


def test_no_entry_is_a_stop_word(groups: list[list[SynonymEntry]]) -> None:
    single = [entry.words[0] for group in groups for entry in group if len(entry.words) == 1]
    assert not [word for word in single if is_stopword(word)]


@pytest.mark.parametrize(
    ("pack", "entries"),
    [("months", 40), ("names", 400), ("numbers", 100), ("transliterations", 1000)],
)
def test_the_size_of_the_packs(pack: str, entries: int) -> None:
    assert sum(len(rule.left) for rule in shipped_synonyms((pack,)).rules) > entries


def test_there_is_no_other_pack() -> None:
    with pytest.raises(ValueError, match="no pack 'days'; the packs are months, names"):
        shipped_synonyms(("days",))


@pytest.mark.parametrize(
    ("query", "alternative"),
    [
        ("يناير", "كانون الثاني"),
        ("كانون الثاني", "يناير"),
        ("وتموز", "يوليو"),
        ("جويلية", "يوليو"),
        ("آب", "اغسطس"),
        ("أغسطس", "=اب"),
        ("فضل الله", "فضلالله"),
        ("وسيفالدين", "سيف الدين"),
        ("أبوظبي", "ابي ظبي"),
        ("أبا بكر", "ابو بكر"),
        ("ابن", "=بن"),
        ("ثلاثة", "3"),
        ("200", "مئتي"),
        ("مائتا", "200"),
        ("٣٠٠", "ثلاث مائه"),
        ("ثلثمائة", "300"),
        ("سورية", "سوريا"),
        ("تركيا", "تركيه"),
        ("أميركان", "امريكان"),
        ("البلجارية", "بلغاريه"),
        ("20", "عشرين"),
        ("اثنتي عشرة", "12"),
        ("والجوجل", "غوغل"),
        ("ترمب", "ترامب"),
        ("الإنجليزية", "انكليزيه"),
        ("بلجيكا", "بلجيكه"),
        ("هوليود", "هوليوود"),
        ("فيس بوك", "فيسبوك"),
        ("إنستقرام", "انستغرام"),
    ],
)
def test_what_the_packs_find(query: str, alternative: str) -> None:
    assert any(alternative in others for others in found(shipped_synonyms(), query).values())


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("الأب", id="father-not-august"),
        pytest.param("أبي", id="my-father-not-a-kunya"),
        pytest.param("بني", id="brown-not-the-sons-of"),
        pytest.param("البن", id="coffee-not-son-of"),
        pytest.param("الاثنين", id="monday-not-two"),
        pytest.param("عشرات المدن", id="tens-not-ten"),
        pytest.param("مئات الملايين", id="hundreds-of-millions"),
        pytest.param("القرن الثالث عشر", id="thirteenth-not-ten"),
        pytest.param("ألف كتابا", id="wrote-not-a-thousand"),
        pytest.param("عمر", id="not-amr"),
        pytest.param("إبل", id="camels-not-a-company"),
        pytest.param("سيول", id="floods-not-a-capital"),
        pytest.param("كابل", id="cable-not-a-capital"),
        pytest.param("غرام", id="love-not-a-weight"),
    ],
)
def test_what_the_packs_leave_alone(query: str) -> None:
    assert found(shipped_synonyms(), query) == {}


def test_a_pack_can_be_left_out() -> None:
    assert found(shipped_synonyms(("months",)), "ترمب في يناير") == {
        "يناير": ["كانون الثاني", "جانفي"]
    }
    assert not shipped_synonyms(())


def test_packs_are_spelled_with_care() -> None:
    for pack in PACKS:
        for line in read_word_file(DATA_DIR / "synonyms" / f"{pack}.txt"):
            assert line.text == " ".join(line.text.split()), line.text
            assert fold(line.text.split(",")[0])
