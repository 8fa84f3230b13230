"""Sound pages of every kind are sound; rubbish is named, whatever script it seems to be in."""

from __future__ import annotations

import pytest

from indexer.sources.pdf.fonts import UNKNOWN
from indexer.sources.pdf.glyphs import Glyph, PageContent
from indexer.sources.pdf.judging import Verdict, judge

PROSE = (
    "تجتمع اللجنة كل شهر وتقدم تقريرا عن أعمالها إلى المجلس في نهاية السنة ثم تنشر نتائجها للناس"
)
POETRY = (
    "قفا نبك من ذكرى حبيب ومنزل بسقط اللوى بين الدخول فحومل فتوضح فالمقراة لم يعف رسمها لما نسجتها"
)
QURAN = "بِسْمِ اللَّهِ الرَّحْمَنِ الرَّحِيمِ الْحَمْدُ لِلَّهِ رَبِّ الْعَالَمِينَ الرَّحْمَنِ الرَّحِيمِ مَالِكِ يَوْمِ الدِّينِ إِيَّاكَ نَعْبُدُ وَإِيَّاكَ نَسْتَعِينُ"
NAMES = (
    "محمد أحمد علي حسن فاطمة خديجة عبد الله يوسف إبراهيم مريم سعاد خالد عمر عثمان سعيد نورة ليلى"
)
ENGLISH = (
    "The committee meets every month and reports its work to the council at the end of each year"
)
FRENCH = "La commission se réunit chaque mois et présente un rapport sur ses activités à la fin de l'année"
NUMBERS = " ".join(f"{n * 7919 % 10007} {n * 31 % 97},5 -" for n in range(60))
SHORT_NAMES = "FAO WHO UNDP UNESCO OPEC HTTP TCP TLS XML HTML PDF CSV GDP KSA UAE BBC CNN NASA"


def content(text: str, *, lost: int = 0, images: int = 0, paths: int = 0) -> PageContent:
    glyphs = [Glyph(0, 5, 0, 10, letter, 0, 1) for letter in text if not letter.isspace()]
    glyphs += [Glyph(0, 5, 0, 10, UNKNOWN, 0, 2)] * lost
    return PageContent(glyphs=glyphs, images=images, paths=paths)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PROSE, id="prose"),
        pytest.param(POETRY, id="poetry"),
        pytest.param(QURAN, id="quran"),
        pytest.param(NAMES, id="names"),
        pytest.param(ENGLISH, id="english"),
        pytest.param(FRENCH, id="french"),
        pytest.param(NUMBERS, id="numbers"),
        pytest.param(f"{PROSE} {ENGLISH}", id="mixed"),
        pytest.param(f"{PROSE} {SHORT_NAMES}", id="abbreviations"),
        pytest.param("委員会は毎月会合を開き 年末に評議会に報告する " * 9, id="japanese"),
        pytest.param(
            "Комиссия собирается каждый месяц и отчитывается перед советом " * 3, id="russian"
        ),
    ],
)
def test_pages_that_are_sound(text: str) -> None:
    assert judge(text, content(text)) is Verdict.SOUND


def shifted(text: str, by: int) -> str:
    """Return Arabic text whose table of letters is shifted."""
    return "".join(
        chr(0x621 + (ord(c) - 0x621 + by) % 42) if "\u0621" <= c <= "\u064a" else c for c in text
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(shifted(PROSE, 3), id="shifted"),
        pytest.param(" ".join(word[::-1] for word in PROSE.split()), id="turned"),
        pytest.param("þþÿþþÿا Gþÿ þÿþÿ þÿاN þÿ þþþþÿا þÿþþÿا " * 9, id="high-bytes"),
        pytest.param("xQzTr pLkWq zXcVb nMqWs dFgHj " * 5, id="codes-as-letters"),
        pytest.param(
            "Snmnojo pvzn vnon pv nsxs pxv ynx vtl qn nwl Snsxn hn osj uxk hnn xno " * 2,
            id="low-bytes",
        ),
        pytest.param("\u2702\u2703\u2704 \u2706\u2707\u2708 " * 9, id="dingbats"),
    ],
)
def test_rubbish_is_not_sound(text: str) -> None:
    assert judge(text, content(text)) in (Verdict.UNREADABLE, Verdict.DOUBTFUL)


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [
        pytest.param(0, Verdict.SOUND, id="none"),
        pytest.param(5, Verdict.DOUBTFUL, id="some"),
        pytest.param(40, Verdict.UNREADABLE, id="many"),
    ],
)
def test_the_share_of_lost_letters(lost: int, verdict: Verdict) -> None:
    assert judge(PROSE, content(PROSE, lost=lost)) is verdict


@pytest.mark.parametrize(
    ("images", "paths", "verdict"),
    [
        pytest.param(0, 0, Verdict.BLANK, id="nothing"),
        pytest.param(1, 0, Verdict.SCANNED, id="picture"),
        pytest.param(0, 500, Verdict.SCANNED, id="outlines"),
        pytest.param(0, 3, Verdict.BLANK, id="ruled-lines"),
    ],
)
def test_pages_without_text(images: int, paths: int, verdict: Verdict) -> None:
    assert judge("", content("", images=images, paths=paths)) is verdict


def test_letters_stated_as_signs_within_words_make_a_page_doubtful() -> None:
    words = "المكتبة العامة تفتح أبوابها للقراء صباحا وتغلق مساء ما عدا العطلات الرسمية كلها "
    sound = words * 3
    broken = sound.replace("ا", "V")
    content = PageContent(glyphs=[Glyph(0.0, 5.0, 0.0, 10.0, c, 0, 1) for c in sound if c != " "])
    assert judge(sound, content) is Verdict.SOUND
    assert judge(broken, content) in (Verdict.DOUBTFUL, Verdict.UNREADABLE)


@pytest.mark.parametrize("sign", ["7", "@", "ÿ", "x"])
def test_signs_within_words_make_a_page_doubtful(sign: str) -> None:
    text = PROSE.replace("اللجنة", f"اللج{sign}ة").replace("تقريرا", f"تق{sign}يرا")
    assert judge(text, content(text)) is Verdict.DOUBTFUL
    once = PROSE.replace("اللجنة", f"اللج{sign}ة")
    assert judge(once, content(once)) is Verdict.SOUND


def test_numbers_without_a_space_do_not() -> None:
    text = PROSE.replace("السنة", "سنة2024").replace("شهر", "شهر12")
    assert judge(text, content(text)) is Verdict.SOUND


def test_guessed_letters_make_a_page_doubtful() -> None:
    assert judge(PROSE, content(PROSE), {(0, 1)}) is Verdict.DOUBTFUL
    assert judge(PROSE, content(PROSE), {(0, 3)}) is Verdict.SOUND
