"""Each rule of conjugation: a verb of its class with forms that are made, and forms that are not."""

from __future__ import annotations

import pytest

from analyzers.compile.conjugation import (
    conjugate,
    duals,
    hollow_short_forms,
    jussives,
    present_stems,
)
from analyzers.morphology.lexicon import fold_for_lexicon


def fold_all(words: str) -> list[str]:
    return [fold_for_lexicon(word) for word in words.split()]


@pytest.mark.parametrize(
    ("verb", "stems"),
    [
        pytest.param("كتب", "كتب", id="sound"),
        pytest.param("تم", "تم", id="two-letters"),
        pytest.param("وصل", "صل وصل", id="assimilated-drops-waw"),
        pytest.param("قال", "قول قيل قال", id="hollow"),
        pytest.param("دعا", "دعو دعا", id="defective-in-alef"),
        pytest.param("مشى", "مشي", id="defective-in-yeh"),
        pytest.param("رأى", "ري", id="to-see-loses-its-hamza"),
        pytest.param("أخذ", "اخذ خذ وخذ", id="three-letters-with-alef"),
        pytest.param("أرسل", "رسل", id="form-4"),
        pytest.param("أراد", "ريد راد", id="hollow-form-4"),
        pytest.param("احتاج", "حتاج", id="hollow-form-8-keeps-alef"),
        pytest.param("استطاع", "ستطيع ستطاع", id="hollow-form-10"),
    ],
)
def test_present_stems(verb: str, stems: str) -> None:
    assert present_stems(fold_for_lexicon(verb)) == fold_all(stems)


@pytest.mark.parametrize(
    ("verb", "made", "not_made"),
    [
        pytest.param("كتب", "كتب كتبت كتبوا كتبنا كتبتم كتبن", "كتببت كتبي", id="sound-past"),
        pytest.param(
            "كتب", "يكتب تكتب أكتب نكتب يكتبون يكتبوا تكتبين يكتبن", "يكتبي", id="sound-present"
        ),
        pytest.param("كتب", "اكتب اكتبوا", "اكتبي", id="imperative"),
        pytest.param("تم", "تمت تممت تممنا", "تميت", id="doubled-letter-before-a-consonant"),
        pytest.param("أحب", "أحبت أحببت أحببنا يحب يحبون", "حبب", id="doubled-form-4"),
        pytest.param("قال", "قالت قالوا قلت قلنا", "قالنا قالتم", id="hollow-loses-its-alef"),
        pytest.param("قال", "يقول يقولون تقولين", "يقل", id="hollow-present"),
        pytest.param("باع", "بعت يبيع يبيعون", "يبع", id="hollow-with-yeh"),
        pytest.param("دعا", "دعت دعوا دعوت دعونا يدعو يدعون تدعين", "يدع", id="defective-waw"),
        pytest.param("مشى", "مشت مشوا مشيت مشينا يمشي يمشون تمشين", "يمش", id="defective-yeh"),
        pytest.param("قرأ", "قرأت قرأوا يقرأ يقرأون يقرؤون", "قري", id="final-hamza"),
        pytest.param("وصل", "وصلت يصل يصلون", "اوصلوا", id="assimilated"),
        pytest.param("رأى", "رأت رأيت رأوا يرى يرون ترين", "يراي", id="to-see"),
        pytest.param("أرسل", "أرسلت أرسلوا يرسل نرسل", "يارسل", id="form-4"),
        pytest.param("أراد", "أرادت أردت يريد يراد", "ارادنا", id="hollow-form-4"),
        pytest.param("احتاج", "احتاجت احتجت يحتاج", "يحتيج", id="hollow-form-8"),
        pytest.param("استطاع", "استطاعت استطعت يستطيع", "استطاعنا", id="hollow-form-10"),
    ],
)
def test_conjugate(verb: str, made: str, not_made: str) -> None:
    forms = list(conjugate(fold_for_lexicon(verb)))
    assert forms[0] == fold_for_lexicon(verb)
    assert not set(fold_all(made)) - set(forms)
    assert not set(fold_all(not_made)) & set(forms)


def test_conjugate_with_given_stems() -> None:
    forms = set(conjugate("قال", ["قول"]))
    assert "يقول" in forms
    assert not {"يقيل", "يقال"} & forms


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        pytest.param("كتب", "كتبا كتبتا كتبتما يكتبان يكتبا تكتبان تكتبا", id="sound"),
        pytest.param("مشى", "مشيا مشيتا مشيتما يمشيان يمشيا تمشيان تمشيا", id="defective"),
    ],
)
def test_duals(verb: str, forms: str) -> None:
    assert list(duals(fold_for_lexicon(verb))) == fold_all(forms)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        pytest.param("كتب", "", id="sound-has-none-of-its-own"),
        pytest.param("قال", "يقل تقل أقل نقل", id="hollow"),
        pytest.param("دعا", "يدع تدع أدع ندع", id="defective-waw"),
        pytest.param("انتهى", "ينته تنته أنته ننته", id="defective-yeh"),
        pytest.param("استطاع", "يستطع تستطع أستطع نستطع", id="hollow-form-10"),
        pytest.param("رأى", "", id="a-stem-of-two-letters-is-not-shortened"),
    ],
)
def test_jussives(verb: str, forms: str) -> None:
    assert set(jussives(fold_for_lexicon(verb))) == set(fold_all(forms))


@pytest.mark.parametrize(
    ("verb", "stem", "forms"),
    [
        pytest.param("قال", "قول", "قل قولوا يقل تقل أقل نقل", id="waw"),
        pytest.param("باع", "بيع", "بع بيعوا يبع تبع أبع نبع", id="yeh"),
        pytest.param("نام", "نام", "", id="a-stem-like-the-past"),
        pytest.param("كتب", "كتب", "", id="sound"),
        pytest.param("أجاب", "جيب", "", id="four-letters"),
    ],
)
def test_hollow_short_forms(verb: str, stem: str, forms: str) -> None:
    assert list(hollow_short_forms(fold_for_lexicon(verb), stem)) == fold_all(forms)
