"""Function words: names and nouns that look like one are searched, and the others break ties."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.document import Document
from searchd.engine import Engine
from searchd.ranking import Ranking

OTHERS = [
    "جلس على الكرسي ثم ذهب إلى البيت مع أمه",
    "قال له إن كل شيء هنا منه ومني وعليك",
    "هذا ما كان من أمر الناس في المدينة",
    "حتى إذا جاء الليل نام هم من تعب اليوم",
    "كتب عن الشمس والقمر وعن كم من النجوم",
    "سأل متى يصل القطار وهل هو مثل أمس",
    "أما بعد فقد قيل إنها لا تعرف ذلك أبدا",
    "ظل يمشي نحو النهر عبر الحقول حول القرية",
]

NAMES = [
    ("محمد علي", "محمد"),
    ("علي حسن", "حسن"),
    ("منى زكي", "زكي"),
    ("آية الكرسي", "الكرسي"),
    ("أم كلثوم", "كلثوم"),
    ("صراف آلي", "صراف"),
    ("مثل شعبي", "شعبي"),
    ("علم نفس", "علم"),
    ("كل يوم", "يوم"),
    ("فيليب حتي", "فيليب"),
    ("القديس متى", "القديس"),
    ("ذي قار", "قار"),
    ("ذات الصواري", "الصواري"),
    ("بروس لي", "بروس"),
    ("محمد بك", "محمد"),
    ("آيا صوفيا", "صوفيا"),
    ("ظل الأفعى", "الأفعى"),
    ("عبر التاريخ", "التاريخ"),
    ("علم نحو", "علم"),
    ("هم الوطن", "الوطن"),
    ("كم قميص", "قميص"),
    ("أذن وسطى", "وسطى"),
    ("مهرجان كان", "مهرجان"),
    ("ما وراء النهر", "النهر"),
    ("من الألف إلى الياء", "الألف"),
    ("ليس الآن", "الآن"),
    ("آن الأوان", "الأوان"),
    ("تيار سوي", "تيار"),
]
"""Titles that are a query, each with its most telling word."""


def documents(title: str, telling: str) -> list[Document]:
    """Return the document that is meant after three that hold the telling word more often."""
    return [
        Document("word", f"قيل كثيرا عن {telling} أمس في القاهرة", title=telling),
        Document("twice", f"جلس {telling} على الكرسي", title=f"{telling} {telling}"),
        Document("often", f"{telling} ثم {telling} هناك و{telling}", title="خبر"),
        Document("meant", "شرح طويل لهذا العنوان وما يقال عنه", title=title),
        *(Document(str(number), text) for number, text in enumerate(OTHERS)),
    ]


@pytest.mark.parametrize(("title", "telling"), NAMES, ids=[title for title, _word in NAMES])
def test_the_title_that_is_the_query_is_first(make_engine, title: str, telling: str) -> None:
    engine = make_engine(documents(title, telling))
    assert engine.search(title).hits[0].id == "meant"


@pytest.mark.parametrize(("title", "telling"), NAMES, ids=[title for title, _word in NAMES])
def test_the_text_that_holds_the_query_is_before_one_that_has_its_words(
    make_engine, title: str, telling: str
) -> None:
    first, *others = title.split()
    scattered = f"{' '.join(others)} في كتاب قديم عن تاريخ الأرض والبحر {first}"
    engine = make_engine(
        [
            Document("scattered", scattered),
            Document("phrase", f"قرأت في كتاب قديم عن {title} تاريخ الأرض والبحر"),
            *(Document(str(number), text) for number, text in enumerate(OTHERS)),
        ]
    )
    assert [hit.id for hit in engine.search(title).hits[:2]] == ["phrase", "scattered"]


ABBREVIATIONS = ["أ ف ب", "أ.ف.ب", "م.ت.ف", "ب ب س", "و أ ف", "ك.ل.م"]


@pytest.mark.parametrize("written", ABBREVIATIONS)
def test_letters_beside_each_other_are_an_abbreviation(make_engine, written: str) -> None:
    letters = [letter for letter in written if letter.isalpha()]
    engine = make_engine(
        [
            Document("one", f"الحرف {letters[0]} في أول السطر"),
            Document("meant", f"ذكرت {written} أن الخبر صحيح"),
            Document("other", f"جاء {letters[-1]} ثم {letters[1]} في الدرس"),
        ]
    )
    results = engine.search(written)
    assert results.hits[0].id == "meant"
    assert results.common == ()


@pytest.mark.parametrize(
    ("query", "common"),
    [
        pytest.param("الكتاب في المدرسة", ("في",), id="one"),
        pytest.param("الحرب على الفقر", ("على",), id="written-as-one"),
        pytest.param("محمد علي", (), id="a-name"),
        pytest.param("ذهب الى فى البيت", ("الى", "فى"), id="careless"),
        pytest.param("في", (), id="alone"),
        pytest.param("من إلى", (), id="nothing-else"),
        pytest.param("+في كتاب", (), id="required"),
        pytest.param('"في البيت"', (), id="quoted"),
        pytest.param("=في كتاب", (), id="exact"),
    ],
)
def test_common_words_are_named(make_engine, query: str, common: Sequence[str]) -> None:
    assert make_engine([Document("1", "كتاب")]).search(query).common == tuple(common)


def gains(engine: Engine, query: str, level: str) -> dict[str, float]:
    """Return what each hit gained on one level, by its id."""
    hits = engine.search(query, explain=True).hits
    return {
        hit.id: sum(part.score for part in hit.explanation if part.level == level) for hit in hits
    }


def test_a_function_word_breaks_a_tie(make_engine) -> None:
    engine = make_engine([Document("without", "كتاب بيت"), Document("with", "كتاب عن")])
    assert [hit.id for hit in engine.search("عن كتاب").hits] == ["with", "without"]
    without = Ranking(function_word=0.0, phrase=0.0)
    engine = make_engine([Document("b", "كتاب بيت"), Document("a", "كتاب عن")], ranking=without)
    assert [hit.id for hit in engine.search("عن كتاب").hits] == ["b", "a"]


def test_a_function_word_chooses_no_documents(make_engine) -> None:
    engine = make_engine([Document("1", "كتاب"), Document("2", "عن بيت")])
    assert engine.ids("عن كتاب") == ["1"]
    assert engine.count("عن كتاب") == 1


def test_a_phrase_is_one_of_the_whole_query(make_engine) -> None:
    engine = make_engine(
        [
            Document("whole", "قال إن كتاب عن الأرض قديم"),
            Document("part", "قال إن كتاب الأرض قديم جدا"),
            Document("title", "نص آخر قديم جدا هنا", title="كتاب عن الأرض"),
            Document("longer", "نص آخر قديم جدا", title="كتاب عن الأرض القديمة"),
        ]
    )
    found = gains(engine, "كتاب عن الأرض", "phrase")
    assert found["title"] > found["whole"] > 0
    assert found["part"] == found["longer"] == 0
    assert engine.search("كتاب عن الأرض").hits[0].id == "title"


def test_a_query_with_operators_is_no_phrase(make_engine) -> None:
    engine = make_engine([Document("1", "كتاب عن الأرض", title="كتاب عن الأرض")])
    assert gains(engine, "كتاب عن الأرض", "phrase")["1"] > 0
    assert gains(engine, "+كتاب عن الأرض", "phrase")["1"] == 0
    assert gains(engine, 'كتاب عن الأرض "نص"', "phrase")["1"] == 0


PHRASES = [
    ("السماء و الأرض", "السماء والأرض"),
    ("الشمس و القمر", "الشمس والقمر"),
    ("البحر ف النهر", "البحر فالنهر"),
    ("ذهب ب السيارة", "ذهب بالسيارة"),
    ("كتاب ل المدرسة", "كتاب للمدرسة"),
    ("قوي ك الأسد", "قوي كالأسد"),
    ("الآباء و الأبناء و الأحفاد", "الآباء والأبناء والأحفاد"),
    ("ليل و نهار", "ليل ونهار"),
]


@pytest.mark.parametrize(("apart", "joined"), PHRASES)
def test_particles_joined_and_apart_are_one_phrase(make_engine, apart: str, joined: str) -> None:
    engine = make_engine(
        [
            Document("apart", f"قيل {apart} أمس"),
            Document("joined", f"قيل {joined} أمس"),
            Document("reversed", " ".join(reversed(joined.split()))),
        ]
    )
    for query in (apart, joined):
        results = engine.search(f'"{query}"')
        assert {hit.id for hit in results.hits} == {"apart", "joined"}, query
        texts = {hit.id: hit.snippets[0] for hit in results.hits}
        for name, written in (("apart", apart), ("joined", joined)):
            snippet = texts[name]
            marked = [snippet.text[mark.start : mark.end] for mark in snippet.highlights]
            assert " ".join(marked) == written, (query, name)
    assert engine.ids(f'="{joined}"') == ["joined"]
