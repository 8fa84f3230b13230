from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import fold, stem
from analyzers.compile.conjugation import conjugate, duals, jussives
from analyzers.compile.declension import inflect
from analyzers.morphology.lexicon import fold_for_lexicon, shipped_lexicon
from analyzers.morphology.reading import RULES, MorphologicalAnalyzer, Reading
from analyzers.stemming.protected_words import ProtectedWords

MORPHOLOGY = MorphologicalAnalyzer(shipped_lexicon())


def read(word: str) -> Reading:
    return MORPHOLOGY.analyze(fold(word))


def words(table: str) -> list[object]:
    return [
        pytest.param(word, lemma, id=f"{word}-{lemma}")
        for line in table.strip().splitlines()
        for lemma, _, several in [line.partition(": ")]
        for word in several.split()
    ]


# --- lemmas of words as they stand in texts ---------------------------------------------------

CLITICS = """
كتاب: والكتاب وبالكتاب للكتاب كالكتاب فبالكتاب كتابهم بكتابهم ولكتابنا والكتب كتبهم بالكتب
مدرسة: المدرسة بمدرسة مدرسته مدرستهم ومدارسهم للمدارس
لغة: بلغة للغة لغتهم اللغات ولغات
ابن: أبناؤهم أبنائه أبناءها لأبنائهم
مستوى: مستواهم بمستواه ومستويات
معلم: معلموهم معلميهم والمعلمون للمعلمين معلمة ومعلمات
كتب: سيكتب وسيكتبون كتبوه فكتبوا ليكتب يكتبها فسيكتبه كتبتها
قال: وقال فقالت سيقولون ويقولون وسيقول
ضرب: يضربني ضربوهم
عربي: العربية بالعربية والعرب العربي
دولة: الدول للدول ودولتهم بدولة ودولته
علم: للعلوم وعلومه
"""

NAMES = """
فاطمة: فاطمة وفاطمة لفاطمة
وائل: وائل
بلال: بلال وبلال
كاظم: كاظم وكاظم
بيروت: بيروت وبيروت ببيروت
ليبيا: ليبيا وليبيا بليبيا لليبيا
لبنان: لبنان ولبنان بلبنان
فلسطين: فلسطين وفلسطين بفلسطين
سودان: السودان والسودان
كوالالمبور: كوالالمبور
سامسونغ: سامسونغ
وسام: وسام
كامل: كامل
فادي: فادي
باسم: باسم
واشنطن: واشنطن وواشنطن بواشنطن
الله: الله لله والله بالله ولله
إيران: إيران وإيران بإيران
تونس: تونس وتونس بتونس
سعاد: سعاد
"""

DIALECT = """
كتب: بيكتب بيكتبوا هيكتب حيكتب
"""


@pytest.mark.parametrize(("word", "lemma"), words(CLITICS + NAMES + DIALECT))
def test_lemma(word: str, lemma: str) -> None:
    assert read(word).lemma == fold_for_lexicon(lemma)


READINGS = [
    ("والمدن", (("و", "ال"), "مدن", "", "مدينه", "clitics")),
    ("مدن", ((), "مدن", "", "مدينه", "lexicon")),
    ("وبمدارسهم", (("و", "ب"), "مدارس", "هم", "مدرسه", "clitics")),
    ("للغة", (("ل", "ال"), "لغه", "", "لغه", "clitics")),
    ("لله", (("ل",), "الله", "", "الله", "clitics")),
    ("مدرستهم", ((), "مدرسه", "هم", "مدرسه", "clitics")),
    ("مستواهم", ((), "مستوي", "هم", "مستوي", "clitics")),
    ("أبناؤهم", ((), "ابناء", "هم", "ابن", "clitics")),
    ("كتبوه", ((), "كتبوا", "ه", "كتب", "clitics")),
    ("معلميهم", ((), "معلمين", "هم", "معلم", "clitics")),
    ("سيكتبون", (("س",), "يكتبون", "", "كتب", "clitics")),
    ("قطبزلخ", ((), "قطبزلخ", "", "قطبزلخ", "light stem")),
    ("COVID-19", ((), "covid19", "", "covid19", "other")),
    ("٢٠٠٣", ((), "2003", "", "2003", "other")),
]


@pytest.mark.parametrize(("word", "reading"), READINGS, ids=[word for word, _ in READINGS])
def test_reading(word: str, reading: tuple[object, ...]) -> None:
    assert tuple(read(word)) == reading


APART = [
    ("مدرس", "مدرسة"),
    ("يكتب", "كتابة"),
    ("كاتب", "مكتوب"),
    ("دراسة", "تدريس"),
    ("مال", "مالي"),
    ("سليمان", "سالم"),
    ("كاظم", "كظم"),
    ("واشنطن", "شطن"),
    ("وسام", "سام"),
    ("باسم", "اسم"),
    ("والي", "إلى"),
    ("بلال", "لال"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_apart(one: str, other: str) -> None:
    assert read(one).lemma != read(other).lemma


def test_a_verb_takes_no_article_and_a_noun_no_ni() -> None:
    assert "ال" not in read("اليكتبون").proclitics
    assert read("يوناني").enclitic == ""


def test_an_unknown_word_has_its_light_stem_for_lemma() -> None:
    surface = fold("والقطبزلخات")
    assert MORPHOLOGY.analyze(surface).lemma == stem(surface) == "قطبزلخ"


def test_own_protected_words_reach_the_light_stem() -> None:
    own = ProtectedWords(frozenset({"وقطبزل"}), frozenset({"وقطبزل"}))
    assert MorphologicalAnalyzer(shipped_lexicon(), own).lemma("وقطبزل") == "وقطبزل"


def test_own_entries_are_found_behind_clitics() -> None:
    morphology = MorphologicalAnalyzer(shipped_lexicon().with_entries({"قطابز": "قطبزة"}))
    assert morphology.lemma("وبالقطابز") == morphology.lemma("قطبزتهم") == "قطبزه"


def test_reasons() -> None:
    assert read("والمدن").describe() == (
        "و- + ال- + مدن -> مدينه (in the lexicon without its clitics)"
    )
    assert read("مدارسهم").describe().startswith("مدارس + -هم -> مدرسه")


# --- properties -------------------------------------------------------------------------------

ARABIC = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF), max_size=20)


@given(st.one_of(st.text(max_size=20), ARABIC))
def test_every_surface_form_has_a_lemma(text: str) -> None:
    for surface in fold(text).split():
        reading = MORPHOLOGY.analyze(surface)
        assert reading == MORPHOLOGY.analyze(surface)
        assert reading.lemma
        assert reading.base
        assert reading.rule in RULES


@given(st.text(st.sampled_from("ابتلكوفسهيمنءئؤ"), min_size=1, max_size=12))
def test_words_of_clitic_letters(word: str) -> None:
    reading = read(word)
    assert reading.lemma
    assert sum(map(len, reading.proclitics)) + len(reading.enclitic) <= len(word) + 1


# --- forms made by rule -----------------------------------------------------------------------

CONJUGATIONS = """
كتب: كتبت كتبوا كتبنا يكتب تكتب اكتب نكتب يكتبون تكتبين يكتبوا
قال: قالت قلت قالوا يقول تقولون
وصل: وصلت يصل تصلون
رمي: رمت رميت رموا يرمي يرمون
دعا: دعت دعوت دعوا يدعو يدعون
قرا: قرات قراوا يقرا
اراد: ارادت اردت يريد يريدون
ارسل: ارسلت يرسل
احتاج: احتاجت احتجت يحتاج
استطاع: استطاعت استطعت يستطيع
تم: تمت تممت يتم
راي: رات رايت يري يرون
"""


@pytest.mark.parametrize(("form", "lemma"), words(CONJUGATIONS))
def test_conjugate(form: str, lemma: str) -> None:
    assert form in set(conjugate(lemma))


def test_rare_forms_of_verbs() -> None:
    assert {"يقل", "تقل"} <= set(jussives("قال"))
    assert "يدع" in set(jussives("دعا"))
    assert {"كتبا", "كتبتا", "كتبتما", "يكتبان"} <= set(duals("كتب"))


DECLENSIONS = """
معلم: معلما معلمان معلمين معلمون معلمات معلمه معلمو
مدرسه: مدرستان مدرستين مدرسات
مستشفي: مستشفيات
صحراء: صحراوات
محامي: محامون محامين محاميه
"""


@pytest.mark.parametrize(("form", "noun"), words(DECLENSIONS))
def test_inflect(form: str, noun: str) -> None:
    assert form in set(inflect(noun))


@pytest.mark.parametrize("noun", ["", "يد", "معلمون", "لغات"])
def test_nothing_to_inflect(noun: str) -> None:
    assert list(inflect(noun)) == []
