from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import stem
from analyzers.morphology.lexicon import (
    HEADER,
    MAGIC,
    Lexicon,
    LexiconError,
    fold_for_lexicon,
    shipped_lexicon,
)
from analyzers.stemming.hamza import fold_hamza
from analyzers.stemming.protected_words import shipped_protected_words
from analyzers.word_files import DATA_DIR, LEXICON_FILE

LARGEST_FILE = 6_000_000

# --- what the lexicon says: a lemma and its forms ---------------------------------------------

LEMMAS = """
كتاب: كتاب كتب كتابا كتابين
مدينة: مدينة مدن
قصة: قصة قصص
طفل: طفل أطفال
عالم: عالم علماء
دولة: دولة دول
رجل: رجل رجال
قرية: قرية قرى
مدرسة: مدرسة مدارس
رئيس: رئيس رؤساء رييس
مسلم: مسلم مسلمون مسلمين مسلمات مسلمة
عربي: عربي عربية عرب
جامعة: جامعة جامعات
كبير: كبير كبيرة كبار
مسؤول: مسؤول مسئول مسؤولين مسؤولون مسؤولة
قال: قال قالت قالوا قلت يقول تقول يقولون نقول
أراد: أراد أرادت أرادوا يريد تريد يريدون
استعمل: استعمل استعملت يستعمل تستعمل
وصل: وصل وصلت وصلوا يصل تصل
ارتفع: ارتفع ارتفعت يرتفع
دعا: دعا دعت يدعو تدعو
رأى: رأى رأت يرى ترى رأيت
أول: أول أولى
آخر: آخر أخرى
"""


def forms(table: str) -> list[object]:
    return [
        pytest.param(form, lemma, id=f"{form}-{lemma}")
        for line in table.strip().splitlines()
        for lemma, _, several in [line.partition(": ")]
        for form in several.split()
    ]


@pytest.mark.parametrize(("form", "lemma"), forms(LEMMAS))
def test_lemma(form: str, lemma: str) -> None:
    assert shipped_lexicon().lemma(fold_for_lexicon(form)) == fold_for_lexicon(lemma)


APART = [
    ("مدرس", "مدرسة"),
    ("جامع", "جامعة"),
    ("كتاب", "كتابة"),
    ("دراسة", "تدريس"),
    ("سياسة", "سياسي"),
    ("عالم", "علم"),
    ("شعور", "شعر"),
    ("قراءة", "قارئ"),
    ("مال", "مالي"),
    ("سليمان", "سالم"),
    ("سكان", "ساكن"),
    ("تونس", "أنس"),
    ("شخصية", "شخصي"),
    ("نظرية", "نظري"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_lemmas_apart(one: str, other: str) -> None:
    lexicon = shipped_lexicon()
    assert lexicon.lemma(fold_for_lexicon(one)) == fold_for_lexicon(one)
    assert lexicon.lemma(fold_for_lexicon(other)) in (None, fold_for_lexicon(other))


def test_unknown_form() -> None:
    lexicon = shipped_lexicon()
    assert lexicon.find("قطبزلخ") is None
    assert lexicon.lemma("") is None
    assert "قطبزلخ" not in lexicon
    assert lexicon.forms_of("قطبزلخ") == []
    assert lexicon.stems_of("قطبزلخ") == []


def test_verbs_are_marked() -> None:
    lexicon = shipped_lexicon()
    marks = {word: lexicon.find(word) for word in ("يقولون", "مدينه", "عمل")}
    assert {word: entry.verb for word, entry in marks.items() if entry} == {
        "يقولون": True,
        "مدينه": False,
        "عمل": False,  # a noun as well
    }


# --- the other way: the forms and stems of a lemma --------------------------------------------


def test_forms_of_a_lemma_are_the_inverse_of_its_forms() -> None:
    lexicon = shipped_lexicon()
    for form in list(lexicon)[::50]:
        lemma = lexicon.lemma(form)
        assert lemma is not None
        assert form in lexicon.forms_of(lemma)


def test_forms_come_with_the_most_frequent_first() -> None:
    lexicon = shipped_lexicon()
    weights = [entry.weight for form in lexicon.forms_of("مدينه") if (entry := lexicon.find(form))]
    assert len(weights) > 2
    assert weights == sorted(weights, reverse=True)


def test_stems_of_a_lemma() -> None:
    assert shipped_lexicon().stems_of("مدينه")[:2] == ["مدينه", "مدن"]
    assert {"كتاب", "كتب"} <= set(shipped_lexicon().stems_of("كتاب"))


def test_shares_of_stems() -> None:
    shares = dict(shipped_lexicon().stem_shares_of("مدينه"))
    assert shares["مدينه"] == 10, "every word with this stem is of this lemma"
    assert all(1 <= share <= 10 for share in shares.values())


@pytest.mark.parametrize(
    "form",
    [form for form in list(shipped_lexicon())[::500] if not form.startswith("ال")],
)
def test_stems_are_those_of_the_stemmer(form: str) -> None:
    """Fails where the stemmer changed: run `python -m analyzers.compile.lexicon`."""
    lexicon = shipped_lexicon()
    lemma = lexicon.lemma(form)
    assert lemma is not None
    assert stem(form, shipped_protected_words()) in (lexicon.stems_of(lemma) or [lemma])


# --- invariants of the file -------------------------------------------------------------------


def test_size() -> None:
    assert (DATA_DIR / LEXICON_FILE).stat().st_size <= LARGEST_FILE


def test_forms_and_lemmas_are_folded() -> None:
    lexicon = shipped_lexicon()
    for form in list(lexicon)[::20]:
        lemma = lexicon.lemma(form)
        assert lemma
        assert fold_hamza(form) == form
        assert fold_hamza(lemma) == lemma


def test_lemmas_of_nouns_are_their_own() -> None:
    lexicon = shipped_lexicon()
    for form in list(lexicon)[::20]:
        entry = lexicon.find(form)
        assert entry is not None
        if not entry.verb:
            lemma = lexicon.find(entry.lemma)
            assert lemma is None or lemma.lemma == entry.lemma or lexicon.forms_of(entry.lemma)


@given(st.text(max_size=12))
def test_any_text_may_be_looked_up(text: str) -> None:
    lexicon = shipped_lexicon()
    assert lexicon.find(text) is None or fold_for_lexicon(text) == text
    assert isinstance(lexicon.forms_of(text), list)


# --- files that are wrong ---------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copy(DATA_DIR / LEXICON_FILE, tmp_path / "lexicon.bin"))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot read the lexicon"):
        Lexicon(tmp_path / "none.bin")


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"not a lexicon" * 10, MAGIC, MAGIC + bytes(HEADER.size), MAGIC + b"\xff" * 90],
    ids=["empty", "line", "other", "magic", "no-buckets", "noise"],
)
def test_not_a_lexicon(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "lexicon.bin"
    path.write_bytes(data)
    with pytest.raises(LexiconError, match="install searchd again"):
        Lexicon(path)


def test_cut_file(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-1])
    with pytest.raises(LexiconError, match="damaged"):
        Lexicon(copy)


def test_changed_tables(copy: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[len(MAGIC) + HEADER.size + 5] ^= 1
    copy.write_bytes(data)
    with pytest.raises(LexiconError, match="damaged"):
        Lexicon(copy)


def test_changed_record_is_noticed_when_it_is_read(copy: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[-1] ^= 1
    copy.write_bytes(data)
    lexicon = Lexicon(copy)
    assert lexicon.lemma("مدن") == "مدينه"
    with pytest.raises(LexiconError, match="damaged"):
        list(map(lexicon.forms_of, shipped_lexicon()))


# --- own entries ------------------------------------------------------------------------------


def test_own_entry_comes_first() -> None:
    shipped = shipped_lexicon()
    lexicon = shipped.with_entries({"كُتُب": "كتب", "قطبزلخات": "قطبزلخ"})
    assert lexicon.lemma("كتب") == "كتب"
    assert lexicon.lemma("قطبزلخات") == "قطبزلخ"
    assert lexicon.lemma("قطبزلخ") == "قطبزلخ", "the lemma is a form of itself"
    assert lexicon.lemma("مدن") == "مدينه"
    assert shipped.lemma("كتب") == "كتاب", "the shipped lexicon stays as it is"


def test_own_entries_are_forms_of_their_lemma() -> None:
    lexicon = shipped_lexicon().with_entries({"بلدات": "مدينة", "كتب": "كتب"})
    assert lexicon.forms_of("مدينه")[0] == "بلدات"
    assert "مدن" in lexicon.forms_of("مدينه")
    assert "كتب" not in lexicon.forms_of("كتاب")


def test_own_lemma_may_be_a_form_of_the_file() -> None:
    lexicon = shipped_lexicon().with_entries({"بلدات": "مدن"})
    assert lexicon.lemma("بلدات") == "مدينه"


def test_own_entries_may_lead_to_each_other() -> None:
    lexicon = shipped_lexicon().with_entries(
        {"ضظطا": "ضظطب", "ضظطب": "ضظطج", "ضظغ": "غظض", "غظض": "ضظغ"}
    )
    assert lexicon.lemma("ضظطا") == lexicon.lemma("ضظطب") == "ضظطج"
    assert lexicon.lemma("ضظغ")


def test_entries_add_up() -> None:
    lexicon = shipped_lexicon().with_entries({"ضظطا": "ضظطب"}).with_entries({"ضظطج": "ضظطب"})
    assert lexicon.user_entries == {"ضظطا": "ضظطب", "ضظطج": "ضظطب"}


def test_pickled_for_another_process() -> None:
    lexicon = shipped_lexicon().with_entries({"ضظطا": "ضظطب"})
    again = pickle.loads(pickle.dumps(lexicon))
    assert again.lemma("ضظطا") == "ضظطب"
    assert again.lemma("مدن") == "مدينه"
