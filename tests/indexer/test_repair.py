"""Damage in texts and documents: found, mended where that is certain, or left alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.character_references import decode_ampersands, decode_references
from indexer.document import Document
from indexer.places import PlaceKind, joined
from indexer.repair import Damage, RepairedDocument, RepairedText, repair_document, repair_text
from tests.analyzers.normalization.test_mojibake import read_as
from tests.analyzers.normalization.test_visual_order import LOGICAL

SOUND = "أعلن وزير النفط العراقي يوم الاثنين عن خطة جديدة لزيادة الإنتاج في حقول الجنوب"


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param("قال &quot;نعم&quot;", 'قال "نعم"', id="quot"),
        pytest.param("كلمة&nbsp;ثانية", "كلمة\u00a0ثانية", id="nbsp"),
        pytest.param("&laquo;الأيام&raquo;&hellip;", "«الأيام»…", id="laquo"),
        pytest.param("علوم &amp; تقنية", "علوم & تقنية", id="amp"),
        pytest.param("الرمز &amp;lt; هكذا", "الرمز &lt; هكذا", id="once"),
        pytest.param("&#1603;&#1578;&#1575;&#1576;", "كتاب", id="decimal"),
        pytest.param("&#x643;&#X62a;ب", "كتب", id="hexadecimal"),
        pytest.param("سيناء &#39;جنوب&#39;", "سيناء 'جنوب'", id="apostrophe"),
        pytest.param("می&zwnj;داند&rlm;", "می\u200cداند\u200f", id="joiner"),
        pytest.param("&eacute;t&eacute; &rdquo;", "été ”", id="accents"),
        pytest.param("1 &lt; 2 &gt; 0", "1 < 2 > 0", id="signs"),
        pytest.param("&shy;&ndash;&mdash;", "\u00ad–—", id="hyphens"),
    ],
)
def test_references(text: str, decoded: str) -> None:
    assert decode_references(text) == decoded
    assert repair_text(text) == RepairedText(
        decoded, frozenset({Damage.REFERENCES}), frozenset({Damage.REFERENCES})
    )
    assert repair_text(text, references=False) == RepairedText(text)


@pytest.mark.parametrize(
    "text",
    ["R&D; بحث", "AT&T", "a && b;", "&nbsp بلا فاصلة", "&كتاب;", "&#;", "&#0;", "&#x110000;",
     "&#xD800;", "&unknownname;", "&quot", "& quot;", "&#8;", ";&"],
)  # fmt: skip
def test_what_is_no_reference_stays(text: str) -> None:
    assert decode_references(text) == text
    assert repair_text(text) == RepairedText(text)


def test_only_the_ampersand_of_a_url() -> None:
    assert decode_ampersands("http://a.b/?x=1&amp;y=2&copy;=3") == "http://a.b/?x=1&y=2&copy;=3"


DAMAGED = [
    pytest.param(SOUND[::-1], SOUND, Damage.VISUAL_ORDER, id="visual-order"),
    pytest.param(read_as(SOUND, "cp1252"), SOUND, Damage.MOJIBAKE, id="mojibake"),
    pytest.param(f"&quot;{SOUND}&quot;", f'"{SOUND}"', Damage.REFERENCES, id="references"),
    pytest.param(
        "وزارة الشؤون اإلسالمية", "وزارة الشؤون اإلسالمية", Damage.TURNED_LIGATURES, id="turned"
    ),
]


@pytest.mark.parametrize(("text", "mended", "kind"), DAMAGED)
def test_a_document(text: str, mended: str, kind: Damage) -> None:
    document = Document(
        "&amp;1", text, title=text, url="u", date=datetime(2024, 5, 1, tzinfo=UTC),
        fields={"a": text, "b": ("x", text), "c": 1.5}, origin="o",
    )  # fmt: skip
    expected = Document(
        "&amp;1", mended, title=mended, url="u", date=document.date,
        fields={"a": mended, "b": ("x", mended), "c": 1.5}, origin="o",
    )  # fmt: skip
    assert repair_document(document) == RepairedDocument(
        expected, frozenset({kind}), frozenset({kind})
    )


def test_two_kinds_in_one_text() -> None:
    text = f"&quot;{read_as(SOUND[::-1], 'cp1256')}&quot;"
    done = repair_text(text)
    assert done.text == f'"{SOUND}"'
    assert done.found == {Damage.REFERENCES, Damage.MOJIBAKE, Damage.VISUAL_ORDER}


def test_mojibake_that_lost_letters_is_found() -> None:
    done = repair_text("ÙÙŠ ÙŽÙ Ø§Ù„Ù‚Ø§Ù‡Ø±Ø©")
    assert Damage.MOJIBAKE in done.found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("وزارة اإلسكان واألوقاف", id="hamza"),
        pytest.param("كتب عبد هللا إلى رسول اهلل", id="allah"),
        pytest.param("مدينة املنورة يف اململكة", id="meem"),
        pytest.param("نظام األحوال املدنية", id="both"),
        pytest.param("عىل الطاولة", id="alef-maksura"),
    ],
)
def test_turned_ligatures_are_found_and_stay(text: str) -> None:
    done = repair_text(text)
    assert (done.text, done.found) == (text, {Damage.TURNED_LIGATURES})


@pytest.mark.parametrize(
    "text",
    [
        *LOGICAL,
        SOUND,
        pytest.param(
            "أمل وامل وأحلام واحلام على الطريق، كامل العامل ثالث سالم", id="words-like-turned"
        ),
        pytest.param("ٱلْحَمْدُ لِلَّهِ رَبِّ ٱلْعَـٰلَمِينَ", id="quran"),
        pytest.param("1,234.50 ١٬٢٣٤٫٥ 2024/03/13", id="numbers"),
        pytest.param("The R&D team of AT&T; naïve café, Øresund", id="latin"),
    ],
)
def test_sound_documents_stay(text: str) -> None:
    document = Document("1", text, title=text, fields={"k": (text, "ب")})
    done = repair_document(document)
    assert done == RepairedDocument(document)
    assert done.document is document


WORDS = st.sampled_from([*SOUND.split(), "the", "2024", "(ص 5)", "«نعم»", "؟", "\n"])


@given(st.lists(WORDS, max_size=30))
def test_repair_of_sound_text_is_the_identity(words: list[str]) -> None:
    text = " ".join(words)
    assert repair_text(text) == RepairedText(text)


@given(st.text(max_size=80))
def test_any_text_is_taken(text: str) -> None:
    done = repair_text(text)
    assert done.repaired <= done.found
    if not done.repaired:
        assert done.text == text


@given(st.lists(WORDS, max_size=20))
def test_mojibake_comes_back(words: list[str]) -> None:
    text = re.sub(r"\s+", " ", " ".join([SOUND, *words]))
    assert repair_text(read_as(text, "cp1256")).text == text


def test_places_begin_where_they_do_after_a_repair():
    text, places = joined(
        [
            (PlaceKind.PAGE, "1", "ط§ظ„ط£ظ…ظ† ط§ظ„ظˆط·ظ†ظٹ"),
            (PlaceKind.PAGE, "2", "ط§ظ„ظ‚ط§ظ†ظˆظ† ط§ظ„ظ…ط¯ظ†ظٹ"),
        ]
    )
    mended = repair_document(Document("a", text, places=places)).document
    assert len(mended.text) < len(text)
    second = mended.places[1]
    assert mended.text[second.start :] == "القانون المدني"
    assert (second.kind, second.label) == (PlaceKind.PAGE, "2")
