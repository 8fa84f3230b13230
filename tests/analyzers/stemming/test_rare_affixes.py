"""The interrogative أ and what dialects write together: cut where what remains is known, and only there."""

from __future__ import annotations

import pytest

from analyzers import Analyzer, fold, stem
from analyzers.stemming.light_stemmer import explain
from tests.analyzers.assertions import assert_analyzes_to

MEET = [
    pytest.param("أتدرون", "تدرون", id="a-plural"),
    pytest.param("أيعقل", "يعقل", id="a-third-person"),
    pytest.param("أليس", "ليس", id="a-function-word"),
    pytest.param("أهذا", "هذا", id="a-demonstrative"),
    pytest.param("أفتؤمنون", "تؤمنون", id="a-fa-plural"),
    pytest.param("أفلا", "لا", id="a-fa-negation"),
    pytest.param("أفيعلم", "يعلم", id="a-fa-third-person"),
    pytest.param("أفحسبتم", "حسبتم", id="a-fa-past"),
    pytest.param("أوكلما", "كلما", id="a-wa-function-word"),
    pytest.param("أولم", "لم", id="a-wa-negation"),
    pytest.param("أأنتم", "أنتم", id="two-hamzas"),
    pytest.param("أتعلمون", "تعلمون", id="a-plural-is-no-first-person"),
    pytest.param("هالكتاب", "الكتاب", id="this"),
    pytest.param("وهالبنت", "البنت", id="and-this"),
    pytest.param("هاليوم", "اليوم", id="this-day"),
    pytest.param("عالطاولة", "الطاولة", id="on"),
    pytest.param("عالمدرسة", "المدرسة", id="on-and-a-meem"),
    pytest.param("ماكتبش", "كتب", id="not-in-the-past"),
    pytest.param("مكتبتش", "كتبت", id="not-by-meem-alone"),
    pytest.param("مايعرفش", "يعرف", id="not-in-the-present"),
    pytest.param("مابيعرفش", "يعرف", id="not-after-b"),
    pytest.param("ماقالوش", "قالوا", id="not-in-the-plural"),
    pytest.param("معنديش", "عندي", id="not-with-me"),
    pytest.param("مابيعرفوش", "يعرفون", id="not-after-b-in-the-plural"),
    pytest.param("معرفوش", "عرفوا", id="not-in-the-past-plural"),
    pytest.param("ماشفتوش", "شفت", id="not-you-in-the-plural"),
    pytest.param("معملهاش", "عملها", id="not-before-an-object"),
    pytest.param("متخافيش", "تخاف", id="not-to-a-woman"),
    pytest.param("معندوش", "عندوا", id="not-with-him"),
    pytest.param("حيكتبها", "يكتبها", id="future-before-an-object"),
    pytest.param("حتعملي", "تعمل", id="future-of-a-woman"),
    pytest.param("هتقوليلي", "تقول", id="future-to-me"),
    pytest.param("هنعمل", "نعمل", id="future-of-several"),
    pytest.param("بيحكيلي", "يحكي", id="present-to-me"),
    pytest.param("بهالجامعة", "الجامعة", id="in-this"),
    pytest.param("ولهالسبب", "السبب", id="and-for-this"),
    pytest.param("فهالدنيا", "الدنيا", id="so-this"),
    pytest.param("قلتلك", "قلت", id="to-you"),
    pytest.param("كتبتلها", "كتبت", id="to-her"),
    pytest.param("قالولنا", "قالوا", id="to-us-plural"),
]


@pytest.mark.parametrize(("word", "inside"), MEET)
def test_what_remains_gives_the_stem(word: str, inside: str) -> None:
    assert stem(fold(word)) == stem(fold(inside))
    assert_analyzes_to(word)


WHOLE = """
أحمد أكرم أيمن أيوب أيام أيضا أتراك أتوا أنوار أنهار أرسل أخرج أكبر أجمل أولا أولو أولى أفهم أهم أينما أينعت
اتفاق اتحاد اتصال افتتاح افتقد افتعال انتخاب انفجر إيران إيمان إيقاع إيطاليون أندرسون أوتاوا أفيون أفكار أفلام
هالة هالك هالكون هاليفاكس هالوجين هالووين هالات هالتون عالم عالمي عالمية عالمهم عالمنا عالية عاليا عالج عالجوا
عالق عالقين عالة فعالياتها
مفتش مشمش منعش مدهش مراكش معاش متوحش متعطش مناقش مرتعش منتعش منقوش مفروش مفترش
حياتي حياتنا حياة هياكل هياكلها حيوان حيوي حيدر حيرة حيلهم حيفا حيثيات حنان حنين هنود هندسة هنادي هتاف هتلر
هيئتها هيام هيولى هيكل هيمنة هيرميون حتمية بيتهم بيتها بيان بينهم بينونة بيوت بيهان بيونغ بيولوجي بيروت
جهاله بهاليل بهالة لهالة كهالك فعالية فعالة فعاليات
قتلهم مقتلها لقتله تقتله عقولهم رسوله قبولها تحولها تقوله طفولة عملها قبلها أهلها تحويلها تشكيلها داخلها
"""


@pytest.mark.parametrize("word", WHOLE.split())
def test_words_that_only_look_so_are_left(word: str) -> None:
    rules = {
        affix.rule for affix in (*explain(fold(word)).proclitics, *explain(fold(word)).endings)
    }
    assert not rules & {
        "interrogative", "negation", "هذا", "على", "ل and a pronoun", "present", "future of a dialect"
    }  # fmt: skip


def test_the_affixes_are_named() -> None:
    assert explain("ايعقل").describe() == "ا- interrogative"
    assert explain("افتؤمنون").describe() == "ا- interrogative, ف- conjunction, -ون ending"
    assert explain("وهالكتاب").describe() == "و- conjunction, ه- هذا, ال- article"
    assert explain("ماكتبش").describe() == "ما- negation, -ش negation"
    assert explain("بهالبيت").describe() == (
        "ب- preposition, ه- هذا, ال- article, بيت is kept whole"
    )
    assert explain("مابيعرفوش").describe() == ("ما- negation, ب- present, -ش negation, -وا ending")
    assert explain("حيكتبها").describe() == "ح- future of a dialect, -ها pronoun"
    assert explain("قلتلك").describe() == "-لك ل and a pronoun"


def test_a_protected_word_keeps_them() -> None:
    word = fold("أيعقل")
    assert Analyzer(frozenset({word})).stem(word) == word
    assert Analyzer().stem(word) == "يعقل"
