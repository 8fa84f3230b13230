"""Text that was decoded by a wrong encoding is restored where that is Arabic; sound text stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.normalization.mojibake import Undone, undo_wrong_readings


def read_as(text: str, encoding: str, stored: str = "utf-8") -> str:
    """Return a text that is stored in one encoding and read in another.

    A byte that the second does not have becomes the control of its number, as in most programs.
    """
    characters = []
    for byte in text.encode(stored):
        try:
            characters.append(bytes((byte,)).decode(encoding))
        except UnicodeDecodeError:
            characters.append(chr(byte))
    return "".join(characters)


SENTENCE = "تقرير البنك المركزي (عن أسعار الفائدة) في الربع الأول: 3.5٪ — «تقديرات» أولية، بحسب ECB"


@pytest.mark.parametrize(
    "encoding",
    ["cp1252", "latin-1", "cp1256", "mac_roman", "cp437", "cp850", "cp1251", "cp1250"],
)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SENTENCE, id="sentence"),
        pytest.param("مصر", id="a-word"),
        pytest.param("من", id="two-letters"),
        pytest.param("في القلب", id="feh-has-a-byte-that-windows-1252-lacks"),
        pytest.param("عِلْمُ النَّفْسِ", id="marks"),
        pytest.param("لماذا؟ لأن ٢٠٢٤؛ نعم…", id="punctuation-and-digits"),
        pytest.param("کتاب چاپ پنجم گرامی است", id="persian"),
        pytest.param("سطر أول\n\tسطر ثان\r\n", id="lines"),
        pytest.param("ﷺ محمد", id="ligature"),
        pytest.param(SENTENCE * 30, id="long"),
    ],
)
def test_utf8_that_was_read_wrongly(encoding: str, text: str) -> None:
    assert undo_wrong_readings(read_as(text, encoding)) == Undone(text)


@pytest.mark.parametrize(
    "readings",
    [
        pytest.param(("cp1252", "cp1252"), id="1252-twice"),
        pytest.param(("cp1256", "cp1256"), id="1256-twice"),
        pytest.param(("cp1256", "cp1252"), id="1256-then-1252"),
        pytest.param(("cp1252", "latin-1"), id="1252-then-latin-1"),
        pytest.param(("cp1252", "cp1252", "cp1252"), id="three-times"),
    ],
)
@pytest.mark.parametrize("text", [SENTENCE, "أخبار الرياضة", "في"])
def test_several_readings(readings: tuple[str, ...], text: str) -> None:
    damaged = text
    for encoding in readings:
        damaged = read_as(damaged, encoding)
    assert undo_wrong_readings(damaged) == Undone(text)


@pytest.mark.parametrize("stored", ["cp1256", "iso8859_6"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("السلام عليكم ورحمة الله وبركاته", id="greeting"),
        pytest.param("المكتبة", id="a-word"),
        pytest.param("لماذا؟ لأن الطريق طويل، طويل جدا؛ نعم", id="punctuation"),
        pytest.param("مشروع قانون الموازنة لعام 2021", id="number"),
        pytest.param("برنامج Windows الجديد", id="latin-word"),
    ],
)
def test_a_code_page_that_was_read_as_windows_1252(stored: str, text: str) -> None:
    assert undo_wrong_readings(read_as(text, "cp1252", stored)) == Undone(text)


def test_mojibake_within_sound_text() -> None:
    sound, word = "العنوان فقط، وحفظ: ", "تقرير المدينة"
    for encoding in ("cp1252", "cp1256"):
        damaged = sound + read_as(word, encoding) + "\n" + sound
        assert undo_wrong_readings(damaged) == Undone(sound + word + "\n" + sound)


def test_words_that_lost_a_byte_stay() -> None:
    damaged = "في القاهرة".encode().decode("cp1252", "ignore")
    assert undo_wrong_readings(damaged) == Undone("ÙÙŠ القاهرة", has_losses=True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("قال الوزير: «حفظ الأمن فقط، لا غير»… نعم؛ غلط!", id="letters-before-signs"),
        pytest.param("ط. ظ، ط§ ظ™ ط", id="single-letters"),
        pytest.param("Ø 20 ±0,5 mm, Ø±0.1", id="diameters"),
        pytest.param("Ærøskøbing og Øresund ligger i Danmark, Ørsted på Ø", id="danish"),
        pytest.param("þýð þýða æði íþrótt Ísland", id="icelandic"),
        pytest.param("L’été à la crêperie, où l’on naît: çà et là", id="french"),
        pytest.param("Ça alors! Çok güzel, Ürdün'ün başkenti Amman", id="turkish"),
        pytest.param("CafÃ© et thÃ©, naÃ¯ve", id="mojibake-of-another-language"),
        pytest.param("Большая Ш§ Щука", id="russian"),
        pytest.param("غژغژ در کهنه، کتاب چاپ شد و گچ و گژ", id="persian"),
        pytest.param("ظ…", id="zah-and-ellipsis"),
        pytest.param("╔══╗\n║أب║\n╚══╝ ┘", id="box"),
        pytest.param("كِتَابٌ مُبِينٌ", id="marks"),
        pytest.param("ÿ Ÿ", id="letters-with-diaeresis"),
    ],
)
def test_sound_text_stays(text: str) -> None:
    assert undo_wrong_readings(text) is None


ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ ،؛؟.:!«»…0123456789\n", max_size=80)


@given(ARABIC)
def test_arabic_is_never_taken_for_mojibake(text: str) -> None:
    assert undo_wrong_readings(text) is None


@given(ARABIC, st.sampled_from(["cp1252", "cp1256", "cp437"]))
def test_every_reading_is_undone(text: str, encoding: str) -> None:
    text = f"من البنك {text}"
    assert undo_wrong_readings(read_as(text, encoding)) == Undone(text)


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    undone = undo_wrong_readings(text)
    assert undone is None or isinstance(undone.text, str)
