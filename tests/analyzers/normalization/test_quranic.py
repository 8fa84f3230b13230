"""Quranic orthography and modern spelling: pairs that must share their surface form, and others."""

from __future__ import annotations

import unicodedata

import pytest

from analyzers.normalization.folding import fold
from analyzers.normalization.quranic import MODERN_SPELLINGS, QURANIC_SIGNS, modern_spelling
from tests.analyzers.assertions import ANALYZER, assert_analyzes_to

PAIRS = """
ٱلْكِتَٰبُ الكتاب
ٱلْكِتَـٰبُ الكتاب
الكتٰب الكتاب
ٱلْعَٰلَمِينَ العالمين
مَٰلِكِ مالك
ٱلصِّرَٰطَ الصراط
ٱلصَّلَوٰةَ الصلاة
الصلوٰة الصلاة
الصَّلٰوةَ الصلاة
ٱلزَّكَوٰةَ الزكاة
ٱلْحَيَوٰةُ الحياة
بِٱلْغَدَوٰةِ بالغداة
كَمِشْكَوٰةٍ كمشكاة
ٱلنَّجَوٰةِ النجاة
ٱلرِّبَوٰا۟ الربا
ٱلتَّوْرَىٰةَ التوراة
هَدَىٰهُمْ هداهم
مَوْلَىٰنَا مولانا
ٱجْتَبَىٰهُ اجتباه
ءَاتَىٰهُ آتاه
مُوسَىٰ موسى
عَلَىٰ على
علٰى على
ٱلسَّمَٰوَٰتِ السماوات
السمٰوٰت السماوات
السموات السماوات
أَمْوَٰلَهُم أموالهم
إِخْوَٰنًا إخوانا
ٱلْوَٰلِدَيْنِ الوالدين
ٱلْعَدَٰوَةَ العداوة
هَٰذَا هذا
هٰذَا هذا
هٰذا هذا
هَٰذِهِۦ هذه
وَهَٰذَا وهذا
هَـٰٓؤُلَآءِ هؤلاء
أُو۟لَٰٓئِكَ أولئك
وَأُو۟لَـٰٓئِكَ وأولئك
ذَٰلِكَ ذلك
كَذَٰلِكَ كذلك
ذَٰلِكُمْ ذلكم
لَٰكِن لكن
وَلَٰكِنَّ ولكن
إِلَٰهَ إله
إِلَٰهُكُمْ إلهكم
اللّٰه الله
ٱللَّهِ الله
الرحمٰن الرحمن
ٱلرَّحْمَـٰنِ الرحمن
الرحمان الرحمن
للرحمان للرحمن
طٰه طه
إِبْرَٰهِۦمَ إبراهيم
إِسْمَٰعِيلَ إسماعيل
إِسْحَٰقَ إسحاق
هَٰرُونَ هارون
سُلَيْمَٰنُ سليمان
لُقْمَٰنَ لقمان
دَاوُۥدَ داود
إِسْرَٰٓءِيلَ إسرائيل
ٱلْمَلَٰٓئِكَةِ الملائكة
ٱلْقِيَٰمَةِ القيامة
ءَايَٰتٍ آيات
بِـَٔايَٰتِنَا بآياتنا
ٱلْـَٔاخِرَةِ الآخرة
ٱلْـَٔانَ الآن
ءَامَنُوا۟ آمنوا
ٱلْقُرْءَانُ القرآن
ٱلظَّمْـَٔانُ الظمآن
مَـَٔابٍ مآب
مَسْـُٔولًا مسئولا
ٱلْأَفْـِٔدَةَ الأفئدة
شَيْـًٔا شيئا
سَيِّـَٔاتِ سيئات
سَيِّـَٔةً سيئة
خَطِيٓـَٔةً خطيئة
يَسْـَٔلُونَكَ يسألونك
ٱلْمَشْـَٔمَةِ المشأمة
خَٰسِـِٔينَ خاسئين
ٱلْخَٰطِـُٔونَ الخاطئون
لَهُۥ له
بِهِۦ به
يَلْوُۥنَ يلوون
ٱلْغَاوُۥنَ الغاوون
ٱلنَّبِيِّۦنَ النبيين
ٱلنَّبِيِّـۧنَ النبيين
يُحْىِۦ يحيي
وَلِـِّۧىَ وليي
نُـۨجِى ننجي
ٱلَّيْلِ الليل
وَٱلَّيْلِ والليل
ٱلَّـٰتِى اللاتي
ٱلَّٰٓـِٔى اللائي
ٱلْعُلَمَٰٓؤُا۟ العلماء
شُرَكَٰٓؤُا۟ شركاء
رَءَاهُ رآه
سُبْحَٰنَ سبحان
ٱلشَّيْطَٰنُ الشيطان
ثَلَٰثَةٍ ثلاثة
جَنَّٰتٍ جنات
رَزَقْنَٰهُمْ رزقناهم
ٱلسَّمَآءِ السماء
سَوَآءٌ سواء
ٱلضَّآلِّينَ الضالين
رَيْبَۛ ريب
مَرَضٌۭ مرض
عَظِيمٌۢ عظيم
ٱلْمُصَۣيْطِرُونَ المصيطرون
أَنۢبِيَآءَ أنبياء
الۡعٰلَمِيۡنَ العالمين
قَالُوا۟ قالوا
مَجْر۪ىٰهَا مجراها
لِإِيلَٰفِ لإيلاف
إِۦلَٰفِهِمْ إيلافهم
سَوْءَٰتِهِمَا سوآتهما
لَرَءُوفٌ لرءوف
مَلَـٰٓئِكَةٌ ملائكة
"""
"""A word as the Quran writes it, with signs or without, and its modern spelling."""

VOCATIVES = """
يَـٰٓأَيُّهَا يا أيها
يَٰٓأَيُّهَا يا أيها
يأيها يا أيها
يَٰقَوْمِ يا قوم
وَيَٰقَوْمِ ويا قوم
يَٰمُوسَىٰ يا موسى
يَٰٓـَٔادَمُ يا آدم
يَٰبَنِىٓ يا بني
يٰۤاَيُّهَا يا أيها
يَٰلَيْتَنِى يا ليتني
يَٰهَٰمَٰنُ يا هامان
"""
"""One word in the Quran, two in modern spelling."""

APART = """
ٱلْكِتَٰبُ الكتب
كِتَٰبٌ كتب
مَٰلِكِ ملك
ٱلصَّلَوٰةَ الصلو
شَٰهِدٌ شهد
قَٰتِلْ قتل
عَٰلِمِ علم
جزءان جزان
قراءات قرات
سوءات سوات
أليف الليف
هَٰرُونَ هرون
"""
"""Words that must not meet."""


def rows(table: str) -> list[list[str]]:
    return [line.split(maxsplit=1) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("old", "modern"), rows(PAIRS))
def test_quranic_and_modern_spelling_share_a_surface_form(old: str, modern: str) -> None:
    assert fold(old) == fold(modern)
    assert_analyzes_to(old, surfaces=[fold(modern)])


@pytest.mark.parametrize(("old", "modern"), rows(PAIRS + VOCATIVES.lstrip()))
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_normal_forms_make_no_difference(old: str, modern: str, form: str) -> None:
    written = unicodedata.normalize(form, old)
    assert ANALYZER.terms(written) == ANALYZER.terms(modern)


@pytest.mark.parametrize(("old", "modern"), rows(VOCATIVES))
def test_a_vocative_is_two_words(old: str, modern: str) -> None:
    assert_analyzes_to(old, surfaces=[fold(word) for word in modern.split()])


@pytest.mark.parametrize(("old", "modern"), rows(APART))
def test_words_that_stay_apart(old: str, modern: str) -> None:
    assert fold(old) != fold(modern)


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("كت\u0670اب", id="dagger-before-alef"),
        pytest.param("كتا\u0670ب", id="dagger-on-alef"),
        pytest.param("كتاب\u0670", id="dagger-at-the-end"),
        pytest.param("كتاب\u06e5", id="small-waw-at-the-end"),
        pytest.param("كتاب\u06e6\u0653", id="small-yeh-at-the-end"),
    ],
)
def test_a_sign_vanishes_where_no_letter_can_stand(word: str) -> None:
    assert_analyzes_to(word, surfaces=["كتاب"])


@pytest.mark.parametrize(
    "verse",
    [
        pytest.param(
            (
                "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ ٱلْحَمْدُ لِلَّهِ رَبِّ ٱلْعَٰلَمِينَ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ مَٰلِكِ يَوْمِ ٱلدِّينِ",
                "بسم الله الرحمن الرحيم الحمد لله رب العالمين الرحمن الرحيم مالك يوم الدين",
            ),
            id="opening",
        ),
        pytest.param(
            (
                "ذَٰلِكَ ٱلْكِتَٰبُ لَا رَيْبَ ۛ فِيهِ ۛ هُدًى لِّلْمُتَّقِينَ ٱلَّذِينَ يُؤْمِنُونَ بِٱلْغَيْبِ وَيُقِيمُونَ ٱلصَّلَوٰةَ وَمِمَّا رَزَقْنَٰهُمْ يُنفِقُونَ",
                "ذلك الكتاب لا ريب فيه هدى للمتقين الذين يؤمنون بالغيب ويقيمون الصلاة ومما رزقناهم ينفقون",
            ),
            id="cow",
        ),
        pytest.param(
            (
                "يَٰٓأَيُّهَا ٱلَّذِينَ ءَامَنُوا۟ كُتِبَ عَلَيْكُمُ ٱلصِّيَامُ ﴿١٨٣﴾",
                "يا أيها الذين آمنوا كتب عليكم الصيام 183",
            ),
            id="fasting",
        ),
    ],
)
def test_a_verse_is_found_as_it_is_written_today(verse: tuple[str, str]) -> None:
    old, modern = verse
    assert ANALYZER.terms(old) == ANALYZER.terms(modern)


@pytest.mark.parametrize(("old", "modern"), MODERN_SPELLINGS.items())
def test_listed_spellings_are_surface_forms(old: str, modern: str) -> None:
    assert fold(old) == modern == fold(modern)


@pytest.mark.parametrize("word", ["كتاب", "مؤمن", "الْمَدْرَسَةُ", "كـــتاب", "خانه\u0654"])
def test_words_without_such_signs_are_left(word: str) -> None:
    assert not QURANIC_SIGNS.search(word)


def test_other_marks_do_not_matter() -> None:
    assert modern_spelling("ٱلۡكِتَٰبُۖ") == modern_spelling("الكت\u0670ب") == "الكتاب"
