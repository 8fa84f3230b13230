"""The entries of a small lexicon, built from a few words with given frequencies."""

from __future__ import annotations

import pytest

from analyzers.compile.lexicon import RECORDS_PER_BUCKET, serialize, source_digest, stems_by_lemma
from analyzers.compile.lexicon_entries import (
    MAX_FUNCTION_WORD_WEIGHT,
    LexiconBuilder,
    weight_of,
)
from analyzers.compile.lexicon_sources import Dictionary
from analyzers.compile.protected_words import SurfaceFrequencies
from analyzers.morphology.lexicon import Lexicon, LexiconEntry
from analyzers.morphology.reading import MorphologicalAnalyzer

FORMS = {
    "مدينة": "مدينة", "المدينة": "مدينة", "علماء": "عالم", "العلماء": "عالم", "عالم": "عالم",
    "معلم": "معلم", "المعلم": "معلم", "سياسي": "سياسي", "سياسية": "سياسية",
    "قال": "قال", "قلتما": "قال", "وصل": "وصل", "وصلتما": "وصل",
    "علم": "علم", "علمتما": "علم", "أعلم": "أعلم", "أعلمتما": "أعلم",
    "وقال": "وقال", "التزام": "التزام", "الالتزام": "التزام",
    "قام": "قام", "قمتما": "قام", "قم": "قم", "قمت": "قم", "قل": "قل", "قلتا": "قل", "قللتما": "قل",
    "رد": "رد", "ردت": "رد", "رددتما": "رد", "راد": "راد", "رادتما": "راد", "مقال": "مقال",
}  # fmt: skip

COUNTS = {
    "مدينه": 90, "المدينه": 90, "مدن": 50, "المدن": 50, "علماء": 20, "العلماء": 20,
    "عالم": 50, "العالم": 90, "معلم": 9, "المعلم": 9, "معلمون": 2, "المعلمون": 2, "معلمين": 3,
    "سياسي": 40, "السياسي": 40, "سياسيه": 40, "السياسيه": 40,
    "قال": 900, "قالت": 300, "يقول": 200, "يقولون": 20, "يقل": 5, "وقال": 30,
    "وصل": 90, "وصلت": 60, "يصل": 50, "تصل": 40,
    "علم": 60, "العلم": 60, "علمت": 9, "يعلم": 30, "اعلم": 9, "اعلمت": 1,
    "في": 9000, "التزام": 9, "الالتزام": 9,
    "قام": 90, "قمت": 40, "قم": 9, "القم": 1, "يقوم": 90, "يقومون": 9, "يقم": 5,
    "قل": 9, "يقلون": 0.1, "قولوا": 5, "رد": 90, "الرد": 50, "ردت": 20, "يردون": 5, "راد": 5,
    "اراضي": 40, "الاراضي": 40, "اراض": 6, "ارض": 90, "الارض": 90,
    "مقالي": 2, "مقال": 50, "المقال": 50, "مقلاه": 2,
}  # fmt: skip
"""Frequencies in words of a million."""

PLURALS = {"مدن": "مدينة", "مدينة": "مدينة", "أراضي": "أرض", "مقالي": "مقلاة"}


@pytest.fixture(scope="module")
def entries() -> dict[str, LexiconEntry]:
    frequencies = SurfaceFrequencies({word: count * 1e-6 for word, count in COUNTS.items()})
    return LexiconBuilder(Dictionary(FORMS), {"أعلم": "أعلم"}, PLURALS, frequencies).build()


@pytest.mark.parametrize(
    ("form", "lemma", "verb"),
    [
        pytest.param("مدينه", "مدينه", False, id="noun"),
        pytest.param("مدن", "مدينه", False, id="listed-plural"),
        pytest.param("علماء", "عالم", False, id="plural-of-the-dictionary"),
        pytest.param("معلمون", "معلم", False, id="sound-plural-by-rule"),
        pytest.param("معلمين", "معلم", False, id="another-case-by-rule"),
        pytest.param("سياسيه", "سياسي", False, id="feminine-adjective-in-yeh"),
        pytest.param("يقولون", "قال", True, id="verb-form-by-rule"),
        pytest.param("يقم", "قام", True, id="jussive-that-is-no-other-form"),
        pytest.param("تصل", "وصل", True, id="assimilated-verb"),
        pytest.param("علم", "علم", False, id="noun-and-verb"),
        pytest.param("يعلم", "علم", True, id="form-of-the-more-frequent-verb"),
        pytest.param("قمت", "قام", True, id="no-noun-ends-in-the-teh-of-a-verb"),
        pytest.param("ردت", "رد", True, id="a-doubled-verb-does"),
        pytest.param("اراض", "ارض", False, id="plural-without-its-yeh"),
        pytest.param("مقال", "مقال", False, id="another-word-than-the-plural"),
        pytest.param("في", "في", False, id="function-word"),
        pytest.param("التزام", "التزام", False, id="noun-in-al"),
    ],
)
def test_entries(entries: dict[str, LexiconEntry], form: str, lemma: str, verb: bool) -> None:
    assert (entries[form].lemma, entries[form].verb) == (lemma, verb)


def test_a_short_form_of_a_frequent_hollow_verb_is_of_both_verbs(
    entries: dict[str, LexiconEntry],
) -> None:
    assert entries["قل"] == LexiconEntry("قل", weight_of(9e-6), verb=True, others=("قال",))
    assert entries["قال"].others == ()


@pytest.mark.parametrize(
    "form",
    [
        pytest.param("معلمات", id="does-not-occur"),
        pytest.param("وقال", id="conjunction-and-verb"),
        pytest.param("المدينه", id="article-and-noun"),
    ],
)
def test_forms_without_an_entry(entries: dict[str, LexiconEntry], form: str) -> None:
    assert form not in entries


def test_weights(entries: dict[str, LexiconEntry]) -> None:
    assert entries["مدينه"].weight == weight_of(180e-6) == 53
    assert entries["في"].weight == MAX_FUNCTION_WORD_WEIGHT < weight_of(9000e-6)


# --- the file ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lexicon(entries: dict[str, LexiconEntry], tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path = tmp_path_factory.mktemp("lexicon") / "lexicon.bin"
    stems = {"مدينه": [("مدينه", 10), ("مدن", 9)]}
    path.write_bytes(serialize(entries, stems, source_digest([b"sources"])))
    return Lexicon(path)


def test_a_file_has_what_was_written(entries: dict[str, LexiconEntry], lexicon: Lexicon) -> None:
    assert len(entries) > 2 * RECORDS_PER_BUCKET, "the records are in several buckets"
    assert {form: lexicon.find(form) for form in lexicon} == entries
    assert lexicon.forms_of("مدينه") == ["مدينه", "مدن"]
    assert lexicon.stem_shares_of("مدينه") == (("مدينه", 10), ("مدن", 9))
    assert lexicon.digest == source_digest([b"sources"]).hex()


def test_stems_by_lemma(lexicon: Lexicon) -> None:
    lemmas = {"مدينه": "مدينه", "مدن": "مدينه", "معلم": "معلم"}
    surfaces = {"المدينه": 6e-6, "ومدن": 3e-6, "معلم": 1e-6, "abc": 1.0}
    found = {form: LexiconEntry(lemma, 30) for form, lemma in lemmas.items()}
    stems = stems_by_lemma(found, MorphologicalAnalyzer(lexicon), surfaces)
    assert stems == {"مدينه": [("مدينه", 10), ("مدن", 10)]}
