"""The text of a line comes from the places of its glyphs, however a producer draws and names them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.indexer.sources.pdf.pages import PdfMaker

TextOf = Callable[[PdfMaker], str]


@pytest.mark.parametrize(
    ("glyphs", "expected"),
    [
        pytest.param("ةيبرعلا ةغللا", "اللغة العربية", id="letters"),
        pytest.param("ﺔﻴﺑﺮﻌﻟﺍ ﺔﻐﻠﻟﺍ", "اللغة العربية", id="presentation forms"),
        pytest.param(["م", "لا", "س", "ل", "ا"], "السلام", id="ligature"),
        pytest.param(["الله", "ا", "ب"], "بالله", id="ligature drawn without its alef"),
        pytest.param(["م", "ﻼ", "س", "ل", "ا"], "السلام", id="ligature in its own form"),
        pytest.param("٢٠٢٤ ةنس", "سنة ٢٠٢٤", id="Arabic digits"),
        pytest.param("١٢٫٥", "١٢٫٥", id="decimal alone"),
        pytest.param("1,250.50 غلبملا", "المبلغ 1,250.50", id="decimal"),
        pytest.param("Word 2007 جمانرب", "برنامج Word 2007", id="Latin with a number"),
        pytest.param("2014 يناجو 2011 يفناج", "جانفي 2011 وجاني 2014", id="two numbers"),
        pytest.param("+966 11 234 5678 فتاه", "هاتف +966 11 234 5678", id="phone from the left"),
        pytest.param("5678 234 11 966+ فتاه", "هاتف +966 11 234 5678", id="phone from the right"),
        pytest.param("(ىلوأ) ةدام", "مادة (أولى)", id="brackets by their looks"),
        pytest.param(")ىلوأ( ةدام", "مادة (أولى)", id="brackets by their meaning"),
        pytest.param("(ISO 9001) رايعم", "معيار (ISO 9001)", id="brackets around Latin"),
        pytest.param("the word ملق is a pen", "the word قلم is a pen", id="Arabic in Latin"),
        pytest.param("ة\u0640\u0640\u0640\u0640ئيبلا", "البيئة", id="stroke"),
        pytest.param("\u0640ه ١٤٤٥", "١٤٤٥ هـ", id="stroke at the end"),
        pytest.param("باتك\u202bلا\x07", "الكتاب", id="controls"),
    ],
)
def test_lines_are_read_in_logical_order(text_of: TextOf, glyphs: list[str], expected: str) -> None:
    made = PdfMaker().page().show(glyphs, 100, 700)
    made.arabic("هذا سطر آخر في الصفحة", 500, 600)
    assert text_of(made).split("\n\n")[0] == expected


def test_the_order_of_drawing_does_not_matter(text_of: TextOf) -> None:
    made = PdfMaker().page()
    for place, letter in enumerate("كتاب"):
        made.show([letter], 200 - 5 * place, 700)
    made.arabic("هذا", 230, 700)
    assert text_of(made) == "هذا كتاب"


def test_gaps_are_spaces_where_a_page_has_none(text_of: TextOf) -> None:
    made = PdfMaker().page().arabic("اللغة", 300, 700).arabic("العربية", 271, 700)
    assert text_of(made) == "اللغة العربية"


def test_a_space_that_shows_nothing_divides_no_word(text_of: TextOf) -> None:
    made = PdfMaker().page().show("ةيبر", 100, 700).show(" ", 118, 700).show("علا", 120, 700)
    assert text_of(made) == "العربية"


def test_a_space_that_is_covered_divides_words_of_two_scripts(text_of: TextOf) -> None:
    made = PdfMaker().page().show("Word 2007", 100, 700).show(" ", 141, 700)
    assert text_of(made.show("جمانرب", 144, 700)) == "برنامج Word 2007"


def with_narrow_gaps(text: str) -> PdfMaker:
    """Return a page with a line that has spaces, and gaps of a quarter of the font size at `|`."""
    made = PdfMaker().page()
    right = 500.0
    for part in text.split("|"):
        made.arabic(part, right, 700)
        right -= 5 * len(part) + 2.5
    return made


def test_narrow_gaps_are_spaces_where_a_page_lacks_some(text_of: TextOf) -> None:
    text = "هذا سطر وفيه مسافات|ولا|يحتاج|الزائر إلى بطاقة|إذا|أراد|استعارة|الكتب"
    assert text_of(with_narrow_gaps(text)) == text.replace("|", " ")


def test_one_narrow_gap_is_a_space_where_the_lexicon_knows_what_it_divides(text_of: TextOf) -> None:
    text = "تفتح المكتبة|أبوابها للقراء كل يوم من الساعة الثامنة"
    assert text_of(with_narrow_gaps(text)) == text.replace("|", " ")


def test_narrow_gaps_within_words_are_none(text_of: TextOf) -> None:
    text = "هذا سطر وفيه مسا|فات ولا يحتا|ج الزا|ئر إلى بطا|قة إذا أرا|د استعا|رة الكتا|ب"
    assert text_of(with_narrow_gaps(text)) == text.replace("|", "")


def test_marks_stay_with_their_letters(text_of: TextOf) -> None:
    made = PdfMaker(zero="\u064e\u064f").page()
    made.show("بتك", 100, 700)
    made.show("\u064e", 112.5, 702).show("\u064f", 107.5, 702)
    assert text_of(made) == "ك\u064eت\u064fب"


def test_what_is_drawn_twice_is_read_once(text_of: TextOf) -> None:
    made = PdfMaker().page().arabic("عنوان", 300, 700).arabic("عنوان", 300.3, 700)
    made.arabic("عنوان", 300.4, 699.8)
    assert text_of(made) == "عنوان"


def test_a_double_letter_is_read_twice(text_of: TextOf) -> None:
    assert text_of(PdfMaker().page().arabic("اللبن", 300, 700)) == "اللبن"


def test_the_number_of_a_footnote_is_left_out(text_of: TextOf) -> None:
    made = PdfMaker().page().arabic("نص القانون", 300, 700)
    made.show("(1)", 243, 704, 5).arabic("الجديد", 240, 700)
    assert text_of(made) == "نص القانون الجديد"


def test_letters_above_their_line_are_in_it(text_of: TextOf) -> None:
    made = PdfMaker().page().show("ب", 100, 700).show("ا", 105, 702.5).show("ب", 110, 700)
    assert text_of(made) == "باب"


def test_stated_text_stands_for_its_glyphs(text_of: TextOf) -> None:
    made = PdfMaker().page().draw("/Span << /ActualText <feff06270644> >> BDC")
    made.show("xy", 120, 700).draw("EMC").show("باتك", 100, 700)
    assert text_of(made) == "الكتاب"


def test_a_stated_text_that_lost_letters_is_not_used(text_of: TextOf) -> None:
    made = PdfMaker().page().draw("/Span << /ActualText <feff0627> >> BDC")
    made.show(["ما"], 105, 700).draw("EMC").show("ن", 100, 700).show("ض", 110, 700)
    assert text_of(made) == "ضمان"


def test_turned_pages_are_read_upright(text_of: TextOf) -> None:
    made = PdfMaker().page()
    made.show("x", 1, 1, 0.1)
    code = {letter: made._code(letter) for letter in "بتك"}
    codes = "".join(f"{code[letter]:04x}" for letter in "بتك")
    made.draw(f"BT /F1 10 Tf 0 1 -1 0 300 300 Tm <{codes}> Tj ET")
    assert text_of(made).split() == ["x", "كتب"]


def test_an_unknown_glyph_over_a_letter_is_a_mark(text_of: TextOf) -> None:
    made = PdfMaker(stated={"?": "\ue823"}).page().arabic("يوما", 300, 700)
    made.show("?", 280.5, 700).arabic("آخر", 275, 700)
    assert text_of(made) == "يوما آخر"


def test_a_hamza_drawn_apart_joins_the_letter_that_bears_it(text_of: TextOf) -> None:
    made = PdfMaker(zero="\u0654").page().show(["د", "ا", "ر"], 100, 700)
    made.show(["\u0654"], 105.3, 700)  # nearer to the dal than to the middle of the alef
    assert text_of(made) == "رأد"


def test_a_letter_stated_for_its_hamza_alone_is_not_doubled(text_of: TextOf) -> None:
    made = PdfMaker(zero="أ").page().show(["ب", "ا", "أ"], 100, 700)
    assert text_of(made) == "أب"


def test_a_hamza_that_is_stated_with_its_letter_and_drawn_again_is_one(text_of: TextOf) -> None:
    made = PdfMaker(zero="\u0654").page().show(["و", "ب", "أ"], 100, 700)
    made.show(["\u0654"], 111.8, 700)
    assert text_of(made) == "أبو"


def test_a_letter_without_a_width_stays_where_no_other_bears_its_hamza(text_of: TextOf) -> None:
    made = PdfMaker(zero="أ").page().show(["ر", "أ", "ب"], 100, 700)
    assert text_of(made) == "بأر"


def test_equal_digits_of_a_font_without_widths_are_kept(text_of: TextOf) -> None:
    made = PdfMaker(zero="٣٠").page().show(["٣", "٠", "٠"], 100, 700).show("ةئم", 120, 700)
    assert "٣٠٠" in text_of(made)


def test_a_mark_that_ghostscript_states_with_a_letter_is_the_mark(text_of: TextOf) -> None:
    made = PdfMaker(zero="\u064e", stated={"\u064e": "\u064a\u4a4e"}).page()
    made.show(["ب", "\u064e", "ت", "ك"], 100, 700)
    assert text_of(made).replace("\u064e", "") == "كتب"


def test_letters_that_are_stated_for_the_mark_drawn_first(text_of: TextOf) -> None:
    """cairo states the letters of a cluster for its first glyph, and nothing for the others."""
    made = PdfMaker({"#": "#"}, zero="َ").page().arabic("ظ", 130, 700)
    made.draw("/Span << /ActualText <feff0644064e0627> >> BDC").show("َ", 123, 702)
    made.draw("EMC /Span << /ActualText <feff> >> BDC").show("#", 120, 700).draw("EMC")
    assert text_of(made.show("م", 115, 700)) == "ظلَام"


def test_text_upside_down_is_read_upright(text_of: TextOf) -> None:
    made = PdfMaker().page().arabic("الصفحة الأولى", 500, 700)
    made.draw("q -1 0 0 -1 600 800 cm").arabic("نص مقلوب", 500, 300).draw("Q")
    assert text_of(made) == "الصفحة الأولى\n\nنص مقلوب"
