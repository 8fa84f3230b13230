"""Which words the compiled lists protect, by frequencies of a few words each."""

from __future__ import annotations

import pytest

from analyzers.compile.protected_words import (
    MIN_FREQUENCY,
    SurfaceFrequencies,
    compile_lists,
    find_function_words,
    find_prefixed,
    find_prefixed_names,
    find_protected_ends,
    find_protected_starts,
)
from analyzers.stemming.protected_words import ProtectedWords

UNPROTECTED = ProtectedWords(frozenset(), frozenset())
WITH_STARTS = ProtectedWords(frozenset({"لبنان", "فرنسا"}), frozenset())

Millionths = dict[str, float]
"""Frequencies in words of a million."""


def frequencies(millionths: Millionths) -> SurfaceFrequencies:
    return SurfaceFrequencies({word: count * 1e-6 for word, count in millionths.items()})


def test_frequencies_with_and_without_article() -> None:
    given = frequencies({"كتاب": 4, "الكتاب": 2, "للكتاب": 1})
    assert given["قلم"] == 0
    assert given.with_article("كتاب") == pytest.approx(3e-6)
    assert given.with_or_without_article("كتاب") == pytest.approx(6e-6)
    assert given.takes_article("كتاب")
    assert not frequencies({"كتاب": 100, "الكتاب": 1}).takes_article("كتاب")


@pytest.mark.parametrize(
    ("word", "counts", "protected"),
    [
        pytest.param("وزاره", {"وزاره": 9, "الوزاره": 5}, True, id="takes-the-article"),
        pytest.param("وافق", {"وافق": 9, "افق": 0.5}, True, id="the-rest-is-rare"),
        pytest.param("وكتب", {"وكتب": 9, "كتب": 90}, False, id="conjunction-and-word"),
        pytest.param("بيت", {"بيت": 9, "البيت": 9}, True, id="short-noun-before-pronouns"),
        pytest.param("بها", {"بها": 9}, False, id="short-without-article"),
        pytest.param("التزم", {"التزم": 9}, True, id="what-follows-al-is-no-word"),
        pytest.param("الكتاب", {"الكتاب": 9, "كتاب": 9}, False, id="article-and-word"),
        pytest.param("البوم", {"البوم": 9, "بوم": 1, "الالبوم": 2}, True, id="article-before-al"),
        pytest.param("لغه", {"للغه": 1, "اللغه": 9}, True, id="noun-in-lam-inside-lil"),
        pytest.param("بالون", {"بالون": 9, "البالون": 3, "الون": 5}, True, id="bal-with-article"),
        pytest.param("بالقلم", {"بالقلم": 9, "القلم": 9}, False, id="preposition-and-article"),
        pytest.param("وعول", {"وعول": 0.05}, False, id="too-rare"),
    ],
)
def test_protected_starts(word: str, counts: Millionths, protected: bool) -> None:
    assert (word in set(find_protected_starts(frequencies(counts)))) is protected


@pytest.mark.parametrize(
    ("word", "counts", "starts", "prefixed"),
    [
        pytest.param("بسبب", {"بسبب": 9, "سبب": 5, "السبب": 2}, (), True, id="short"),
        pytest.param("بسبب", {"بسبب": 9, "سبب": 1, "السبب": 1}, (), False, id="rest-too-rare"),
        pytest.param(
            "بلغه", {"بلغه": 9, "لغه": 9, "اللغه": 9, "بلغ": 9}, ("بلغ",), True, id="not-a-pronoun"
        ),
        pytest.param(
            "للازمه",
            {"للازمه": 9, "الازمه": 90, "لازمه": 5},
            ("لازمه",),
            True,
            id="li-and-article",
        ),
        pytest.param("بكتاب", {"بكتاب": 9, "كتاب": 90}, (), False, id="the-rules-strip-it"),
        pytest.param("بيت", {"بيت": 9, "يت": 90}, ("بيت",), False, id="a-protected-start"),
        pytest.param("بمن", {"بمن": 9, "من": 90}, (), False, id="a-short-rest-without-article"),
        pytest.param(
            "الفهم",
            {"الفهم": 9, "فهم": 50, "للفهم": 1, "الف": 900},
            ("الف",),
            True,
            id="article-and-no-pronoun",
        ),
        pytest.param(
            "الوانها",
            {"الوانها": 9, "وانها": 50, "الوان": 90},
            ("الوان",),
            False,
            id="a-pronoun-and-no-article",
        ),
        pytest.param(
            "الانا",
            {"الانا": 1, "انا": 900, "للانا": 1, "الان": 90},
            ("الان",),
            False,
            id="a-rest-that-takes-no-article",
        ),
        pytest.param(
            "والدين",
            {"والدين": 9, "الدين": 400, "الوالدين": 9, "والد": 90},
            ("والد",),
            True,
            id="conjunction-and-article",
        ),
        pytest.param(
            "والدان", {"والدان": 9, "الدان": 5, "والد": 90}, ("والد",), False, id="a-dual"
        ),
    ],
)
def test_prefixed(word: str, counts: Millionths, starts: tuple[str, ...], prefixed: bool) -> None:
    protected = ProtectedWords(frozenset(starts), frozenset())
    assert (word in set(find_prefixed(frequencies(counts), protected))) is prefixed


def test_a_conjunction_before_the_article_is_no_start_of_a_word() -> None:
    counts = {"والدين": 9, "الوالدين": 9, "الدين": 400}
    assert "والدين" not in set(find_protected_starts(frequencies(counts)))
    assert "والدين" in set(find_protected_starts(frequencies({**counts, "الدين": 40})))


@pytest.mark.parametrize(
    ("counts", "starts", "found"),
    [
        pytest.param({"لدينا": 9, "دين": 90}, (), ("لدينا", ""), id="cut-to-a-noun"),
        pytest.param(
            {"ويكون": 9, "يكون": 90, "ويك": 1}, ("ويك",), ("يكون", "و"), id="after-a-conjunction"
        ),
        pytest.param(
            {"واليها": 1, "اليها": 90, "والي": 9, "الوالي": 9},
            ("والي",),
            ("اليها", "و"),
            id="a-rare-noun",
        ),
    ],
)
def test_function_words(
    counts: Millionths, starts: tuple[str, ...], found: tuple[str, str]
) -> None:
    protected = ProtectedWords(frozenset(starts), frozenset())
    assert found in set(find_function_words(frequencies(counts), protected))


@pytest.mark.parametrize(
    "word",
    [
        pytest.param(("هما", "و"), id="a-frequent-noun-with-tanween"),
        pytest.param(("نفسه", ""), id="a-noun-with-a-pronoun"),
        pytest.param(("لازال", ""), id="written-together"),
    ],
)
def test_function_words_that_are_cut_rightly(word: tuple[str, str]) -> None:
    counts = {"وهما": 9, "هما": 90, "وهم": 90, "الوهم": 90, "نفسه": 9, "نفس": 90}
    assert word not in set(find_function_words(frequencies(counts), UNPROTECTED))


def test_names_that_are_a_preposition_and_a_noun_as_well() -> None:
    counts = {"باسم": 90, "اسم": 90, "الاسم": 90, "باسمه": 9, "بابل": 90, "ابل": 90, "الابل": 90}
    names = frozenset({"باسم", "بابل"})
    protected = ProtectedWords(names, names)
    assert list(find_prefixed_names(frequencies(counts), protected, names)) == ["باسم"]


@pytest.mark.parametrize(
    ("word", "counts", "protected"),
    [
        pytest.param("سليمان", {"سليمان": 90, "سليم": 2}, True, id="the-rest-is-rare"),
        pytest.param("مسلمون", {"مسلمون": 9, "مسلم": 9}, False, id="a-plural"),
        pytest.param("مشترك", {"مشترك": 9, "المشترك": 5, "مشتر": 2}, True, id="kaf-with-article"),
        pytest.param("صوت", {"صوت": 9, "الصوت": 5}, True, id="teh-with-article"),
        pytest.param("حياه", {"حياه": 9, "الحياه": 9, "حي": 90}, True, id="ah-with-article"),
        pytest.param(
            "سياراه", {"سياراه": 1, "السياراه": 1, "سيارات": 90, "سيارا": 9}, False, id="a-slip"
        ),
        pytest.param("لغه", {"لغه": 9, "اللغه": 9, "لغات": 2}, True, id="three-letters-in-heh"),
        pytest.param("معدن", {"معدنا": 1, "معدن": 9, "معد": 2}, True, id="nun-before-tanween"),
        pytest.param("كتابا", {"كتابا": 9, "كتاب": 90}, False, id="tanween"),
        pytest.param("فرنسا", {"فرنسا": 9, "فرنس": 1}, True, id="a-name-in-alef"),
        pytest.param("مستواهم", {"مستواهم": 9, "مستوي": 9}, False, id="restored-before-pronoun"),
        pytest.param("بلبنان", {"بلبنان": 9, "لبنان": 90}, False, id="with-a-proclitic"),
    ],
)
def test_protected_ends(word: str, counts: Millionths, protected: bool) -> None:
    found = find_protected_ends(frequencies(counts), WITH_STARTS)
    assert (word in set(found)) is protected


def test_lists_are_sorted_below_a_comment() -> None:
    lists = compile_lists(frequencies({"وزاره": 9, "الوزاره": 5, "بيت": 9, "البيت": 9}), {})
    assert lists.keys() == {"protected_starts.txt", "protected_ends.txt", "prefixed.txt"}
    *comment, one, two = lists["protected_starts.txt"].splitlines()
    assert (one, two) == ("بيت", "وزاره")
    assert all(line.startswith("# ") for line in comment)


def test_rare_words_are_left_to_the_rules() -> None:
    rare = SurfaceFrequencies({"وزاره": MIN_FREQUENCY / 4, "الوزاره": MIN_FREQUENCY / 4})
    assert not set(find_protected_starts(rare))
    assert not set(find_prefixed(rare, UNPROTECTED))
    assert not set(find_protected_ends(rare, UNPROTECTED))
