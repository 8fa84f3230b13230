"""Lines in visual order are turned, and no other line is touched."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.normalization.logical_order import titled_to_logical_order, to_logical_order
from tests.analyzers.normalization.test_visual_order import LOGICAL

MIRRORED = str.maketrans("()[]«»", ")(][»«")
RUN = re.compile(r"[A-Za-z][A-Za-z0-9 .-]*[A-Za-z0-9]|\d+(?:[.,:/٫٬]\d+)*|[A-Za-z]")


def displayed(text: str) -> str:
    """Return each line as the Unicode bidirectional algorithm displays it, from left to right.

    A simple form of it, for lines of Arabic with numbers and Latin words.
    """
    lines = []
    for line in text.split("\n"):
        runs = RUN.findall(line)
        parts = [part[::-1].translate(MIRRORED) for part in RUN.split(line)]
        line_parts = [parts[0]]
        for run, part in zip(runs, parts[1:], strict=True):
            line_parts += [run, part]
        lines.append("".join(reversed(line_parts)))
    return "\n".join(lines)


def reverse_lines(text: str) -> str:
    return "\n".join(line[::-1] for line in text.split("\n"))


def behind(text: str) -> str:
    """Reverse the lines, with each mark kept behind its letter."""
    letters = re.compile(".[\u064b-\u0652]*")
    return "\n".join("".join(reversed(letters.findall(line))) for line in text.split("\n"))


TEXTS = [
    pytest.param(
        "زار وفد من وزارة الزراعة وادي النيل يوم 15 مايو 2019 (برفقة خبراء من شركة Nestle)",
        id="numbers",
    ),
    pytest.param("مكتبة الإسكندرية القديمة", id="three-words"),
    pytest.param("اللغة العربية", id="two-words"),
    pytest.param("الجامعة", id="a-word-in-teh-marbuta"),
    pytest.param("إيران", id="a-word-in-hamza-below"),
    pytest.param("بلغت قيمة العقد 1,250,000 ريال في 12/5/2024 الساعة 10:30", id="separators"),
    pytest.param("صدر الكتاب «الأيام» [الجزء الثاني] عن دار المعارف (القاهرة)", id="brackets"),
    pytest.param("أعلنت شركة Microsoft Windows 11 عن تحديث جديد", id="latin-words"),
    pytest.param("في سنة ١٩٦٧ م كانت المدينة تضم ٣٥٠ دارا", id="arabic-digits"),
    pytest.param("لا إله إلا الله محمد رسول الله صلى الله عليه وسلم", id="lam-alef"),
    pytest.param("السطر الأول من الصفحة\nوالسطر الثاني منها\n\nوالسطر الثالث بعد فراغ", id="lines"),
    pytest.param("هذا البيت لنا\r\nوهذه الدار لكم", id="carriage-returns"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_as_displayed(text: str) -> None:
    if "\r" not in text:
        assert to_logical_order(displayed(text)) == text
    assert to_logical_order(text) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("انعقد المؤتمر عام 2019 (في القاهرة) برعاية Nestle", id="year-and-capital"),
        pytest.param("قَالَتِ المُعَلِّمَةُ إِنَّ الدِّرَاسَةَ تَبْدَأُ غَدًا", id="marks"),
        pytest.param("بلغ عدد السكان 250 ألفا و40 قرية", id="round-numbers"),
        pytest.param("هذا البيت لنا\r\nوهذه الدار الكبيرة لكم", id="carriage-returns"),
    ],
)
def test_reversed_as_a_whole(text: str) -> None:
    breaks = re.split("(\r?\n)", text)
    reversed_ = "".join(part if part.strip() == "" else part[::-1] for part in breaks)
    assert to_logical_order(reversed_) == text


def test_marks_behind_their_letters() -> None:
    text = "قَالَتِ المُعَلِّمَةُ إِنَّ الدِّرَاسَةَ تَبْدَأُ فِي المَدْرَسَةِ"
    assert to_logical_order(behind(text)) == text


def test_a_ligature_is_one_character() -> None:
    line = "\ufefb \ufef3\ufea0\ufeee\ufeaf \ufe8d\ufef7\ufee7\ufe92\ufe8e\ufe80 \ufe8d\ufef9\ufeb3\ufefc\ufee3\ufef4\ufe94"
    turned = to_logical_order(line[::-1])
    assert turned == line
    assert unicodedata.normalize("NFKC", turned) == "لا يجوز الأنباء الإسلامية"


def test_a_ligature_that_was_spelled_out_before() -> None:
    visual = "\ufe94\ufef4\ufee3\ufefc\ufeb3\ufef9\ufe8d \ufe94\ufed8\ufef4\ufe9b\ufeee\ufedf\ufe8d \ufef2\ufed3"
    assert to_logical_order(unicodedata.normalize("NFKC", visual)).endswith("الإسالمية")


MIXED = (
    "هذه مقدمة كتبها الناشر عن الكتاب وصاحبه",
    "الفصل الأول في ذكر المدينة القديمة وما فيها من الأسواق\nوكانت القافلة تصل إليها مرة في السنة",
    "انتهت المقدمة والحمد لله على كل حال",
)


def test_only_the_paragraphs_that_are_reversed() -> None:
    first, second, third = MIXED
    assert to_logical_order(f"{first}\n\n{displayed(second)}\n\n{third}") == "\n\n".join(MIXED)


def test_a_line_that_shows_nothing_goes_with_its_neighbours() -> None:
    text = "تقع المدينة القديمة في وسط الجزيرة\nباب\nوكانت القافلة تصل إليها مرة في السنة"
    assert to_logical_order(displayed(text)) == text


@pytest.mark.parametrize("title", ["رخام", "أحمد زويل", "مكتبة الإسكندرية", "Paris"])
@pytest.mark.parametrize("title_turned", [True, False])
def test_a_title(title: str, title_turned: bool) -> None:
    """It goes with the text, unless the words that both have say otherwise."""
    text = f"ولد {title} في المدينة القديمة وكانت له مكتبة كبيرة فيها كتب كثيرة"
    given_title = displayed(title) if title_turned else title
    assert titled_to_logical_order(given_title, displayed(text)) == (title, text)


@pytest.mark.parametrize(
    "text",
    [
        *LOGICAL,
        pytest.param("رصم", id="a-word-that-may-be-either"),
        pytest.param("التاء المربوطة ة والألف المقصورة ى", id="letters-alone"),
        pytest.param("12 34 56\n١٢ ٣٤", id="a-table-of-numbers"),
        pytest.param("قِفا نَبكِ مِن ذِكرى حَبيبٍ وَمَنزِلِ *** بِسِقطِ اللِوى بَينَ الدَخولِ فَحَومَلِ", id="verse"),
        pytest.param("بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ ۝ ٱلْحَمْدُ لِلَّهِ رَبِّ ٱلْعَـٰلَمِينَ", id="quran"),
        pytest.param("دييغو فورلان وروجر فيدرر ونوفاك ديوكوفيتش", id="foreign-names"),
        pytest.param("هیچ کس نمی‌داند که او در آنجا چه می‌کرد و چرا رفت", id="persian"),
        pytest.param("", id="nothing"),
        pytest.param("\n\n", id="line-breaks"),
    ],
)
def test_what_is_not_in_visual_order_stays(text: str) -> None:
    assert to_logical_order(text) is text


WORDS = [
    "في",
    "من",
    "على",
    "إلى",
    "الكتاب",
    "المدرسة",
    "الجديدة",
    "قال",
    "الوزير",
    "مدينة",
    "القاهرة",
    "أمس",
    "الحكومة",
    "كبيرة",
    "التي",
    "كانت",
    "2021",
    "15",
]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=6, max_size=12), min_size=1, max_size=4))
def test_words_come_back(lines: list[list[str]]) -> None:
    lines = [["المدرسة", "الجديدة", *line] for line in lines]
    text = "\n".join(map(" ".join, lines))
    assert sorted(to_logical_order(displayed(text)).split()) == sorted(text.split())
    assert to_logical_order(text) == text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="ةى"), max_size=60))
def test_every_text_keeps_its_characters(text: str) -> None:
    mirrored = str.maketrans("()[]{}<>«»‹›“”‘’⟨⟩⟪⟫「」『』﴾﴿", "(([[{{<<««‹‹““‘‘⟨⟨⟪⟪「「『『﴾﴾")
    turned = to_logical_order(f"المدرسة القديمة\n{text}"[::-1])
    assert sorted(turned.translate(mirrored)) == sorted(
        f"المدرسة القديمة\n{text}".translate(mirrored)
    )


def test_a_run_of_marks_that_count_as_letters_is_passed_over_once():
    """`\\w` matches U+06E5: 12,000 of them took 14 seconds."""
    line = "نلعأ " + "\u06e5" * 30_000 + "x ةملاع ةمظنم ماع يف"
    started = time.process_time()
    to_logical_order("2024 ماع يف ةيملعلا ةمظنملا تنلعأ\n" + line)
    assert time.process_time() - started < 3
