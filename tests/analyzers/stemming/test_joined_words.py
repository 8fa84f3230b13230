"""Words that are written together with the next are split; words that look so are not."""

from __future__ import annotations

from itertools import chain

import pytest

from analyzers import Analyzer
from analyzers.analyzer import surface_forms
from analyzers.normalization.folding import fold
from analyzers.stemming.joined_words import JOINED_WORD_FILE, may_be_joined, split_joined_word
from analyzers.word_files import read_data_text
from tests.analyzers.assertions import assert_analyzes_to

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("joined", "apart"),
    [
        pytest.param("أبوبكر", "أبو بكر", id="abu"),
        pytest.param("ابوهنية", "ابو هنية", id="abu-without-hamza"),
        pytest.param("وأبومحمد", "وأبو محمد", id="abu-after-a-conjunction"),
        pytest.param("لأبوظبي", "لأبو ظبي", id="abu-after-a-preposition"),
        pytest.param("أبوالعلاء", "أبو العلاء", id="abu-and-the-article"),
        pytest.param("أباالفضل", "أبا الفضل", id="abu-in-the-accusative"),
        pytest.param("أبوعبدالرحمن", "أبو عبد الرحمن", id="three-words"),
        pytest.param("بومرداس", "بو مرداس", id="bu"),
        pytest.param("بوخالد", "بو خالد", id="bu-and-a-given-name"),
        pytest.param("ذوالقرنين", "ذو القرنين", id="dhu"),
        pytest.param("أخوزيد", "أخو زيد", id="brother"),
        pytest.param("بنوإسرائيل", "بنو إسرائيل", id="children"),
        pytest.param("عبدالله", "عبد الله", id="servant"),
        pytest.param("وعبدالحق", "وعبد الحق", id="servant-of-a-short-name"),
        pytest.param("عبدربه", "عبد ربه", id="servant-without-article"),
        pytest.param("نورالدين", "نور الدين", id="noun-and-article"),
        pytest.param("ضياءالدين", "ضياء الدين", id="noun-in-hamza"),
        pytest.param("دارالسلام", "دار السلام", id="house"),
        pytest.param("ديرالزور", "دير الزور", id="monastery"),
        pytest.param("فؤادالدين", "فؤاد الدين", id="any-noun-and-a-known-last-part"),
        pytest.param("هبةالله", "هبة الله", id="inner-teh-marbuta"),
        pytest.param("وزارةُالتعليم", "وزارة التعليم", id="inner-teh-marbuta-with-a-mark"),
        pytest.param("لايمكن", "لا يمكن", id="la-and-a-verb"),
        pytest.param("ولاتستطيع", "ولا تستطيع", id="la-after-a-conjunction"),
        pytest.param("لايهمني", "لا يهمني", id="la-and-a-verb-with-a-pronoun"),
        pytest.param("لاأعرف", "لا أعرف", id="la-and-alef"),
        pytest.param("لابد", "لا بد", id="la-and-a-noun"),
        pytest.param("مازالت", "ما زالت", id="ma-and-the-past"),
        pytest.param("مايحدث", "ما يحدث", id="ma-and-the-present"),
        pytest.param("ماقاله", "ما قاله", id="ma-and-a-verb-with-a-pronoun"),
        pytest.param("ماهي", "ما هي", id="ma-and-a-pronoun"),
        pytest.param("ماشاءالله", "ما شاء الله", id="ma-and-two-words"),
        pytest.param("فيمايتعلق", "فيما يتعلق", id="particle-in-ma"),
        pytest.param("يارب", "يا رب", id="ya"),
        pytest.param("ياأيها", "يا أيها", id="ya-and-alef"),
        pytest.param("يامحمد", "يا محمد", id="ya-and-a-name"),
    ],
)
def test_joined_words_have_the_terms_of_both(joined: str, apart: str) -> None:
    assert len(surface_forms(joined)) > 1
    assert ANALYZER.terms(joined) == ANALYZER.terms(apart)
    assert_analyzes_to(f"قال {joined} ذلك")
    start = len("قال ")
    spans = {(token.start, token.end) for token in ANALYZER.analyze(f"قال {joined} ذلك")[1:-1]}
    assert spans == {(start, start + len(joined))}


WHOLE = """
أبواب أبوابها أبوة أبوته أبوية أبوي أبوهم أبوها أبوكم أبونا أبوين أبواه أبواق أبولو أبولون أبوجا أبوقراط
أبوليس بابوية وابورات كابوس كابوتشينو تابوت لابوتا أبابيل
بوتين بوليس بورصة بوسنة بوصلة بوابة بودرة بولندا بوضوح بوقت بوعي بوحدة بوعدي بوعيد بوالده بوالديه بوفاء
بوذا بوران بورجا بوليد بوسام بوسيلة بوجود بوجه بوصف بوزارة بودابست
ذوات ذوي ذوبان ذوق ذوقهم ذويها أخوات أخوان أخواله أخوالهم أخوتي أخوة أخويه
دارت دارس دارسين دارفور داروين نورس نوران نورها بنوك بنود بنون عبدها عبدة عبدون عباد إسدالهما حوالي
والدين الوالدين خالدين ليبرالي فدرالية
لاعب لاعبون لاحق لاحقا لاجئ لازم لامع لاحظ لاتيني لاتفاق لانتخاب لاتخاذ لأنهم لاقى لاسلكي لافتة لاذع لائق
لأتعلم لأناملها لأنفسهم لإيجاد لإيران لأحياء لاستعادة لافتتاح ولايات ولايتهم لاهم لأهم لاتفيا لاوس
مادة ماهر ماجد ماضي مالك مانع ماكينة مارس ماسح مائدة ماكرون ماليزيا مأخوذ مأمور مايكل مانويل مادلين مارسوا
ماتوا ماهية ماشية ماريا مالي مايو مائلة
ياسر ياسمين ياسين يابان ياباني ياقوت يافع يأخذ يأتي يأمر يأكل يأمن يأسف يافا ياردة يانصيب ياهو
كمال بمال عمال إنسان فيمن مما
"""


@pytest.mark.parametrize("word", WHOLE.split())
def test_words_of_their_own_stay_whole(word: str) -> None:
    assert len(surface_forms(word)) == 1


def test_a_protected_word_stays_whole() -> None:
    protecting = Analyzer(frozenset({"أبوبكر"}))
    assert [terms.surface for terms in protecting.terms("أبوبكر أبوعمر")] == [
        "ابوبكر",
        "ابو",
        "عمر",
    ]


def test_the_parts_of_a_joined_word_are_not_split_again() -> None:
    for word in ("أبوعبدالله", "ماشاءالله", "ولاسيما", "ياأيها"):
        parts = surface_forms(word)
        assert list(chain.from_iterable(map(surface_forms, parts))) == parts


def test_the_fast_test_lets_every_joined_word_pass() -> None:
    for word in ("وابوبكر", "لعبدالله", "نورالدين", "انمايريد", "يارب", "بنوهاشم", "ذوالنون"):
        assert may_be_joined(word)
        assert len(split_joined_word(word)) == 2
    assert not may_be_joined("كتاب")


def test_the_lists_are_surface_forms() -> None:
    for line in read_data_text(JOINED_WORD_FILE).splitlines():
        key, tab, words = line.partition("\t")
        if tab and not key.startswith("#"):
            assert words, key
            assert sorted(words.split()) == sorted(set(words.split())), key
            assert [word for word in words.split() if fold(word) != word] == []


def test_the_fingerprint_covers_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Analyzer().fingerprint
    monkeypatch.setattr("analyzers.analyzer.JOINED_WORD_FILE", "stopwords.txt")
    assert Analyzer().fingerprint != before


@pytest.mark.parametrize("parts", ["وابو", "عبدال", "ما", "ولا"])
def test_a_word_of_thousands_of_letters_is_not_split(parts):
    """وابووابو... ended with a RecursionError, عبدالعبدال... took quadratic time."""
    word = "ابو" + parts * 2000
    assert split_joined_word(word) == [word]
