"""Every affix that the light stemmer strips, the words that it leaves whole, and its invariants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import fold, stem
from analyzers.analyzer import Analyzer
from analyzers.stemming.affixes import PRONOUNS
from analyzers.stemming.light_stemmer import (
    ARABIC_WORD,
    Affix,
    explain,
    fold_hamza,
    outermost_ending,
    outermost_proclitic,
    protected_start_of,
)
from analyzers.stemming.protected_words import shipped_protected_words
from analyzers.stemming.stopwords import is_stopword
from tests.analyzers.assertions import ANALYZER, assert_analyzes_to, stem_of

# --- every affix that the rules strip, one row each --------------------------------------------

WA, FA, BI, KA, LI = (
    ("و", "conjunction"),
    ("ف", "conjunction"),
    ("ب", "preposition"),
    ("ك", "preposition"),
    ("ل", "preposition"),
)
AL, LIL, SA = ("ال", "article"), ("لل", "preposition and article"), ("س", "future")

PROCLITICS = [
    pytest.param("وكتاب", "كتاب", [WA], id="wa"),
    pytest.param("فكتاب", "كتاب", [FA], id="fa"),
    pytest.param("بكتاب", "كتاب", [BI], id="bi"),
    pytest.param("كقانون", "قانون", [KA], id="ka"),
    pytest.param("لكتاب", "كتاب", [LI], id="li"),
    pytest.param("الكتاب", "كتاب", [AL], id="al"),
    pytest.param("للكتاب", "كتاب", [LIL], id="lil"),
    pytest.param("سيكتب", "يكتب", [SA], id="sa-before-yeh"),
    pytest.param("ستكتب", "تكتب", [SA], id="sa-before-teh"),
    pytest.param("سنكتب", "نكتب", [SA], id="sa-before-noon"),
    pytest.param("سأكتب", "اكتب", [SA], id="sa-before-alef"),
    pytest.param("بالكتاب", "كتاب", [BI, AL], id="bi-al"),
    pytest.param("كالكتاب", "كتاب", [KA, AL], id="ka-al"),
    pytest.param("وبكتاب", "كتاب", [WA, BI], id="wa-bi"),
    pytest.param("وكقانون", "قانون", [WA, KA], id="wa-ka"),
    pytest.param("ولكتاب", "كتاب", [WA, LI], id="wa-li"),
    pytest.param("والكتاب", "كتاب", [WA, AL], id="wa-al"),
    pytest.param("وللكتاب", "كتاب", [WA, LIL], id="wa-lil"),
    pytest.param("وسيكتب", "يكتب", [WA, SA], id="wa-sa"),
    pytest.param("وبالكتاب", "كتاب", [WA, BI, AL], id="wa-bi-al"),
    pytest.param("وكالكتاب", "كتاب", [WA, KA, AL], id="wa-ka-al"),
    pytest.param("فبكتاب", "كتاب", [FA, BI], id="fa-bi"),
    pytest.param("فكقانون", "قانون", [FA, KA], id="fa-ka"),
    pytest.param("فلكتاب", "كتاب", [FA, LI], id="fa-li"),
    pytest.param("فالكتاب", "كتاب", [FA, AL], id="fa-al"),
    pytest.param("فللكتاب", "كتاب", [FA, LIL], id="fa-lil"),
    pytest.param("فسيكتب", "يكتب", [FA, SA], id="fa-sa"),
    pytest.param("فبالكتاب", "كتاب", [FA, BI, AL], id="fa-bi-al"),
    pytest.param("فكالكتاب", "كتاب", [FA, KA, AL], id="fa-ka-al"),
    pytest.param("لله", "الله", [LI], id="li-before-allah"),
    pytest.param("للغة", "لغه", [LI], id="li-and-article-before-lam"),
    pytest.param("بسبب", "سبب", [BI], id="bi-before-three-letters-if-listed"),
    pytest.param("بلغة", "لغه", [BI], id="bi-before-what-looks-like-a-pronoun-if-listed"),
    pytest.param("ولد", "ولد", [], id="wa-that-leaves-two-letters"),
    pytest.param("بيت", "بيت", [], id="bi-that-leaves-two-letters"),
    pytest.param("سلام", "سلام", [], id="seen-before-another-letter"),
]

ENDINGS = [
    pytest.param("كتابهما", "كتاب", [("هما", "pronoun")], id="huma"),
    pytest.param("كتابكما", "كتاب", [("كما", "pronoun")], id="kuma"),
    pytest.param("كتابها", "كتاب", [("ها", "pronoun")], id="ha"),
    pytest.param("كتابهم", "كتاب", [("هم", "pronoun")], id="hum"),
    pytest.param("كتابهن", "كتاب", [("هن", "pronoun")], id="hunna"),
    pytest.param("كتابكم", "كتاب", [("كم", "pronoun")], id="kum"),
    pytest.param("كتابنا", "كتاب", [("نا", "pronoun")], id="na"),
    pytest.param("كتابك", "كتاب", [("ك", "pronoun")], id="ka-pronoun"),
    pytest.param("كتبوه", "كتب", [("ه", "pronoun")], id="hu-after-a-verb"),
    pytest.param("كتابه", "كتاب", [("ه", "ending")], id="hu-or-teh-marbuta"),
    pytest.param("معلمات", "معلم", [("ات", "ending")], id="at"),
    pytest.param("معلمون", "معلم", [("ون", "ending")], id="un"),
    pytest.param("معلمين", "معلم", [("ين", "ending")], id="in"),
    pytest.param("قانونان", "قانون", [("ان", "ending")], id="an"),
    pytest.param("كتبوا", "كتب", [("وا", "ending")], id="wa-alef"),
    pytest.param("كِتَابًا", "كتاب", [("ا", "ending")], id="alef-of-tanween"),
    pytest.param("شاهدت", "شاهد", [("ت", "ending")], id="teh"),
    pytest.param("مدرستان", "مدرسه", [("تان", "ending")], id="tan-of-a-listed-feminine"),
    pytest.param("مدرستين", "مدرسه", [("تين", "ending")], id="tayn-of-a-listed-feminine"),
    pytest.param("دولتين", "دول", [("تين", "ending")], id="tayn-of-another-feminine"),
    pytest.param("سيارات", "سياره", [("ات", "ending")], id="at-of-a-listed-feminine"),
    pytest.param("معلوماته", "معلوم", [("ه", "pronoun"), ("ات", "ending")], id="at-hu"),
    pytest.param("معلماتهم", "معلم", [("هم", "pronoun"), ("ات", "ending")], id="at-hum"),
    pytest.param("يكتبونه", "يكتب", [("ه", "pronoun"), ("ون", "ending")], id="un-hu"),
    pytest.param("مدرستهم", "مدرسه", [("هم", "pronoun")], id="teh-marbuta-before-a-pronoun"),
    pytest.param("أبناؤهم", "ابناء", [("هم", "pronoun")], id="hamza-on-waw-before-a-pronoun"),
    pytest.param("أبنائهم", "ابناء", [("هم", "pronoun")], id="hamza-on-yeh-before-a-pronoun"),
    pytest.param("مستواهم", "مستوي", [("هم", "pronoun")], id="alef-maksura-before-a-pronoun"),
    pytest.param("كتبوها", "كتب", [("ها", "pronoun")], id="waw-of-a-verb-before-a-pronoun"),
    pytest.param("قانونا", "قانون", [("ا", "ending")], id="tanween-and-not-na"),
    pytest.param("ضظون", "ضظون", [], id="an-ending-that-leaves-two-letters"),
    pytest.param("ضظعان", "ضظعان", [], id="an-that-leaves-three-letters"),
    pytest.param("كتابي", "كتابي", [], id="yeh-is-kept"),
]

DEFINITE_ENDINGS = [
    pytest.param("المعلمات", "معلم", [AL, ("ات", "ending")], id="at"),
    pytest.param("المعلمون", "معلم", [AL, ("ون", "ending")], id="un"),
    pytest.param("المعلمين", "معلم", [AL, ("ين", "ending")], id="in"),
    pytest.param("القانونان", "قانون", [AL, ("ان", "ending")], id="an"),
    pytest.param("الكبيرة", "كبير", [AL, ("ه", "ending")], id="teh-marbuta"),
    pytest.param("الشباك", "شباك", [AL], id="no-pronoun"),
    pytest.param("البقالا", "بقالا", [AL], id="no-tanween"),
]


def affixes_of(word: str) -> list[Affix]:
    explained = explain(fold(word))
    return [*explained.proclitics, *explained.endings]


@pytest.mark.parametrize(("word", "expected", "affixes"), PROCLITICS)
def test_proclitics(word: str, expected: str, affixes: list[tuple[str, str]]) -> None:
    assert_analyzes_to(word, stems=[expected])
    assert affixes_of(word) == affixes


@pytest.mark.parametrize(("word", "expected", "affixes"), ENDINGS)
def test_endings(word: str, expected: str, affixes: list[tuple[str, str]]) -> None:
    assert_analyzes_to(word, stems=[expected])
    assert affixes_of(word) == affixes


@pytest.mark.parametrize(("word", "expected", "affixes"), DEFINITE_ENDINGS)
def test_endings_after_the_article(
    word: str, expected: str, affixes: list[tuple[str, str]]
) -> None:
    assert_analyzes_to(word, stems=[expected])
    assert affixes_of(word) == affixes


def test_every_pronoun_has_a_row() -> None:
    rows = {text for row in ENDINGS for text, rule in row.values[2] if rule == "pronoun"}
    assert rows == set(PRONOUNS)


@pytest.mark.parametrize("word", ["لبنان", "nasa", "2010"])
def test_words_without_affixes(word: str) -> None:
    assert affixes_of(word) == []
    assert explain(word).stem == stem_of(word)


# --- clitics on words with letters that look like clitics ------------------------------------

CLITICS = """
stacked كتاب: وكتابه بكتابهم لكتابنا وبكتابه ولكتابها فبكتابهم
س يكتب: سيكتبون وسيكتبون فسيكتبون يكتبون ويكتبون يكتبه يكتبها يكتبونها
حشد حشد: والحشد للحشد بالحشد وحشد
واشنطن واشنطن: بواشنطن لواشنطن وواشنطن
لبنان لبنان: ولبنان بلبنان للبنان لبنان
سودان سودان: السودان بالسودان للسودان والسودان
ايران ايران: وإيران لإيران بإيران
فلسطين فلسطين: وفلسطين بفلسطين لفلسطين
بغداد بغداد: ببغداد لبغداد وبغداد
بيروت بيروت: ببيروت لبيروت وبيروت
برلمان برلمان: البرلمان للبرلمان بالبرلمان والبرلمان
المانيا المانيا: بألمانيا وألمانيا لألمانيا
الله الله: بالله والله فالله لله ولله
وزاره وزاره: الوزارة وزارته بوزارة لوزارة ووزارة للوزارة وبوزارتهم وزارات
والد والد: الوالد لوالد والدها والدهم
لغه لغه: للغة باللغة واللغة بلغة لغته لغتهم لغتها
لجنه لجنه: للجنة باللجنة ولجنة بلجنة لجنته لجنتها
ليل ليل: لليل بالليل والليل
لحم لحم: للحم اللحم واللحم
لقاء لقاء: للقاء اللقاء لقاءات
لاعب لاعب: للاعب اللاعب للاعبين لاعبون
ازمه ازمه: للأزمة الأزمة بالأزمة أزمات
بيت بيت: للبيت البيت بيتهم بيته ببيته بيتنا
وقت وقت: الوقت للوقت بالوقت وقته وقتها
حق حق: الحق بالحق للحق والحق
سبب سبب: بسبب لسبب وبسبب السبب
حزب حزب: لحزب للحزب بالحزب حزبهم
كاس كاس: كأس بكأس لكأس الكأس
راي راي: الرأي برأيه رأيهم
سماء سماء: بالسماء للسماء السماء
"""

CLITIC_ROWS = [
    pytest.param(word, line.partition(":")[0].split()[1], id=word)
    for line in CLITICS.strip().splitlines()
    for word in line.partition(":")[2].split()
]


@pytest.mark.parametrize(("word", "expected"), CLITIC_ROWS)
def test_clitics_are_cut(word: str, expected: str) -> None:
    assert_analyzes_to(word, stems=[expected])


def test_a_protected_word_is_named() -> None:
    assert explain("بلبنان").protected == "لبنان"
    assert explain("كتابهم").protected == ""


@pytest.mark.parametrize(
    ("word", "root"),
    [
        pytest.param("كتبتم", "كتب", id="kaf-of-the-root"),
        pytest.param("بلغتم", "بلغ", id="beh-of-the-root"),
        pytest.param("لعبتم", "لعب", id="lam-of-the-root"),
        pytest.param("فتحتم", "فتح", id="feh-of-the-root"),
        pytest.param("ولدتم", "ولد", id="waw-of-the-root"),
        pytest.param("فكتبتم", "كتب", id="after-a-conjunction"),
        pytest.param("كتبتموه", "كتب", id="before-a-pronoun"),
        pytest.param("سمعتما", "سمع", id="dual"),
        pytest.param("وكنتم", "كنتم", id="hollow"),
    ],
)
def test_the_plural_of_the_past_keeps_its_root(word: str, root: str) -> None:
    assert stem_of(word) == root


# --- what the rules leave alone --------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("و", id="waw-alone"),
        pytest.param("في", id="two-letters"),
        pytest.param("بن", id="son"),
        pytest.param("2010", id="number"),
        pytest.param("5,800", id="thousands"),
        pytest.param("NASA", id="latin"),
        pytest.param("گازها", id="letter-outside-arabic"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_its_own_stem(word: str) -> None:
    assert stem_of(word) == fold(word)
    assert explain(fold(word)).proclitics == explain(fold(word)).endings == ()


@pytest.mark.parametrize(
    ("spellings", "together"),
    [
        pytest.param(("مسؤول", "مسئول", "مسوول"), True, id="masul"),
        pytest.param(("شؤون", "شئون", "شوون"), True, id="shuun"),
        pytest.param(("قران", "قرءان"), True, id="quran"),
        pytest.param(("رئيس", "رييس"), True, id="rais"),
        pytest.param(("ماء", "ما"), False, id="final-hamza-is-kept"),
        pytest.param(("بناء", "بنا"), False, id="final-hamza-is-kept-too"),
        pytest.param(("شيء", "شي"), False, id="final-hamza-behind-yeh"),
    ],
)
def test_hamza_spellings(spellings: tuple[str, ...], together: bool) -> None:
    assert (len(set(map(fold_hamza, spellings))) == 1) is together


def test_first_proclitic_leaves_enough_letters() -> None:
    assert outermost_proclitic("بسبب") == ""
    assert outermost_proclitic("بسبب", short=True) == "ب"
    assert outermost_proclitic("وفد") == ""
    assert outermost_proclitic("وفتح", after_conjunction=True) == ""


def test_the_definite_take_fewer_endings() -> None:
    assert outermost_ending("كتابها") == ("كتاب", "ها")
    assert outermost_ending("كتابها", definite=True) == ("كتابها", "")


# --- the word lists --------------------------------------------------------------------------


def test_own_words_are_kept_whole_in_any_spelling() -> None:
    own = Analyzer(frozenset({"بسبب", "كِتابها"}))
    assert_analyzes_to("بسبب وكتابها", stems=["بسبب", "كتابها"], analyzer=own)
    assert_analyzes_to("بسبب وكتابها", stems=["سبب", "كتاب"])


def test_the_lists_hold_surface_forms_that_the_rules_apply_to() -> None:
    protection = shipped_protected_words()
    for words in (protection.starts, protection.ends, protection.prefixed):
        assert words
        assert all(fold(word) == word and ARABIC_WORD.fullmatch(word) for word in words)


def test_no_word_is_both_protected_and_prefixed() -> None:
    protection = shipped_protected_words()
    assert not protection.starts & protection.prefixed
    assert {word[0] for word in protection.prefixed if is_stopword(word)} <= set("وف")


def test_names_that_are_a_preposition_and_a_noun_as_well_are_kept_whole() -> None:
    protection = shipped_protected_words()
    assert "باسم" in protection.prefixed_names <= protection.starts
    assert stem("باسم") == "باسم"
    assert not protection.with_user_words(frozenset({"باسم"})).prefixed_names


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("الفهم", "فهم", id="article-and-no-pronoun"),
        pytest.param("بالفهم", "فهم", id="after-a-preposition"),
        pytest.param("والتهم", "تهم", id="after-a-conjunction"),
        pytest.param("الغازات", "غاز", id="article-and-plural"),
        pytest.param("الصيني", "صيني", id="article-and-nisba"),
        pytest.param("والدين", "دين", id="conjunction-and-article"),
        pytest.param("الوالدين", "والد", id="a-radical-after-the-article"),
        pytest.param("ويكون", "يكون", id="conjunction-and-verb"),
        pytest.param("وإليها", "الي", id="conjunction-and-function-word"),
        pytest.param("لدينا", "لدينا", id="a-function-word-is-no-noun"),
        pytest.param("فلدينا", "لدينا", id="nor-after-a-conjunction"),
        pytest.param("ألوانها", "الوان", id="a-noun-that-begins-with-al-and-a-pronoun"),
        pytest.param("ألفاظهم", "الفاظ", id="another-one"),
        pytest.param("التزامهم", "التزام", id="a-verbal-noun"),
        pytest.param("ألعابك", "العاب", id="a-broken-plural"),
        pytest.param("واقعين", "واقع", id="a-radical-and-an-ending"),
        pytest.param("وافدين", "وافد", id="the-same"),
        pytest.param("والدته", "والده", id="a-radical-and-a-pronoun"),
        pytest.param("فهمهم", "فهم", id="a-radical-and-another-pronoun"),
    ],
)
def test_what_looks_like_a_listed_noun_with_an_ending(word: str, expected: str) -> None:
    assert_analyzes_to(word, stems=[expected])


ARABIC = st.text("اأإآبتثجحخدذرزسشصضطظعغفقكلمنهويىةءؤئ", min_size=1, max_size=12)


@given(ARABIC)
def test_a_stem_is_never_empty_and_never_longer(word: str) -> None:
    surface = fold(word)
    assert 1 <= len(stem(surface)) <= len(surface) + 1  # لله becomes الله


@pytest.mark.parametrize("conjunction", ["و", "ف"])
def test_a_conjunction_before_a_listed_word_changes_no_stem(conjunction: str) -> None:
    protection = shipped_protected_words()
    for word in protection.starts:
        listed = protected_start_of(conjunction + word, protection)
        if not listed and conjunction + word not in protection.ends:
            assert stem(conjunction + word) == stem(word)


@given(ARABIC)
def test_the_cuts_and_the_stem_make_up_the_word(word: str) -> None:
    explained = explain(fold(word))
    cut = sum(len(part.text) for part in (*explained.proclitics, *explained.endings))
    folded = fold(word).count("ءا")  # which lose a letter
    # One letter more or less where a spelling is restored.
    assert abs(len(explained.stem) + cut - len(fold(word))) <= 1 + folded


@given(ARABIC)
def test_a_stem_is_the_text_of_its_explanation(word: str) -> None:
    assert stem(fold(word)) == explain(fold(word)).stem


def test_stems_of_a_text_come_in_order() -> None:
    assert [terms.stem for terms in ANALYZER.terms("وبالكتاب كتابهم")] == ["كتاب", "كتاب"]
