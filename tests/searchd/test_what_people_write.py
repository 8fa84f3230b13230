"""What people write is found: documents and queries that spell one thing in two ways.

Each pair is searched both ways: a document with either spelling, a query with the other.
"""

from __future__ import annotations

import pytest

from indexer.document import Document

BOTH_WAYS = {
    "turned lam ligatures": [
        ("اإلسالمي", "الإسلامي"),
        ("األراضي", "الأراضي"),
        ("رسول اهلل", "رسول الله"),
        ("عبد هللا", "عبد الله"),
        ("اململكة", "المملكة"),
        ("املثبتة", "المثبتة"),
        ("االأخضر", "الأخضر"),
        ("املدرسة", "المدرسة"),
        ("اجلامعة", "الجامعة"),
        ("االحتالل", "الاحتلال"),
    ],
    "names written together": [
        ("أبوبكر", "أبو بكر"),
        ("ابوهنية", "أبو هنية"),
        ("أبومحمد", "أبو محمد"),
        ("بومرداس", "بو مرداس"),
        ("ذوالقرنين", "ذو القرنين"),
        ("عبدالله", "عبد الله"),
        ("أبوظبي", "أبو ظبي"),
        ("نورالدين", "نور الدين"),
        ("ضياءالدين", "ضياء الدين"),
        ("فخرالدين", "فخر الدين"),
        ("دارالسلام", "دار السلام"),
    ],
    "particles written together": [
        ("لايمكن", "لا يمكن"),
        ("لايجوز", "لا يجوز"),
        ("مازال", "ما زال"),
        ("ماشاء", "ما شاء"),
        ("ماجاء", "ما جاء"),
        ("يارب", "يا رب"),
        ("لاسيما", "لا سيما"),
    ],
    "a mark behind a space": [
        ("ٱلصِّرَ\u200a\u0670\u2060طَ", "الصراط"),
        ("ذَ \u0670لِكَ", "ذلك"),
        ("ذَ\u00a0\u0670لِكَ", "ذلك"),
        ("ٱ ْﻟ َﺣ ْﻣ ُد", "الحمد"),
    ],
    "Quranic encodings": [
        ("أُو۟لَـٰۤىِٕكَ", "أولئك"),
        ("خَزَاۤىِٕنُ", "خزائن"),
        ("یَـٰمُوسَىٰ", "يا موسى"),
        ("یَـٰۤأَهۡلَ", "يا أهل"),
        ("اُولٰٓٮِٕكَ", "أولئك"),
        ("اِسۡرَآءِيۡلَ", "إسرائيل"),
    ],
    "Quranic spelling": [
        ("ءَأَنتُمْ", "أأنتم"),
        ("أَءِذَا", "أإذا"),
        ("أَءِلَٰهٌ", "أإله"),
        ("أَرَءَيْتَ", "أرأيت"),
        ("أَرَءَيْتُمْ", "أرأيتم"),
        ("رَءَا", "رأى"),
        ("ٱلرُّءْيَا", "الرؤيا"),
        ("لِشَا۟ىْءٍ", "لشيء"),
        ("وَجِا۟ىٓءَ", "وجيء"),
        ("أُو۟لُوا۟", "أولو"),
        ("نَبَؤُا۟", "نبأ"),
        ("ٱلْمَلَؤُا۟", "الملأ"),
        ("جَآءُو", "جاءوا"),
        ("أَقْصَا", "أقصى"),
        ("طَغَا", "طغى"),
        ("تَتْرَا", "تترى"),
        ("شُرَكَآءِىَ", "شركائي"),
        ("يُحْىِۦ", "يحيي"),
        ("ٱمْرَأَتُ", "امرأة"),
        ("نِعْمَتَ", "نعمة"),
        ("سُنَّتُ", "سنة"),
        ("كَلِمَتُ", "كلمة"),
        ("بَصْۜطَةً", "بسطة"),
        ("ٱلْمُصَۣيْطِرُونَ", "المسيطرون"),
    ],
    "honorifics": [
        ("موسى ﵇", "موسى عليه السلام"),
        ("عائشة ﵂", "عائشة رضي الله عنها"),
    ],
    "letters and digits": [
        ("F-16", "F16"),
        ("F-16", "F 16"),
        ("256GB", "256 GB"),
        ("RTX4090", "RTX 4090"),
        ("iPhone15", "ايفون 15"),
        ("978-0-306-40615-7", "9780306406157"),
    ],
    "foreign letters": [
        ("ڤيروس", "فيروس"),
        ("پاريس", "باريس"),
        ("ڨالمة", "قالمة"),
        ("أڨادير", "أكادير"),
        ("گهوة", "قهوة"),
    ],
    "a final hamza dropped": [
        ("الكهربا", "الكهرباء"),
        ("الدوا", "الدواء"),
        ("السما", "السماء"),
    ],
    "everyday plurals": [
        ("كراتين", "كرتون"),
        ("بناطيل", "بنطلون"),
        ("فلاتر", "فلتر"),
        ("مكائن", "ماكينة"),
        ("نساء", "امرأة"),
        ("قدور", "قدر"),
        ("أطقم", "طقم"),
        ("شواحن", "شاحن"),
    ],
    "romanised Arabic": [("ʿuqūl", "uqul"), ("maʿānī", "maani")],
    "small ones": [
        ("ماءة", "مئة"),
        ("خمسماءة", "خمسمئة"),
        ("سورية", "سوريا"),
        ("إنكليزي", "إنجليزي"),
        ("ݢولا", "ڬولا"),
        ("جزٴ", "جزء"),
    ],
}

ONE_WAY = {
    "parts of a joined name": [("ابوهنية", "هنية"), ("أبوبكر", "بكر")],
    "after a joined particle": [("لايجوز", "يجوز"), ("ماجاء", "جاء"), ("لايمكن", "يمكن")],
    "parts of a code": [
        ("i7-1185G7", "i7"),
        ("QLED-55Q70", "qled"),
        ("QLED-55Q70", "55Q70"),
        ("COVID-19", "covid"),
    ],
    "the interrogative": [
        ("أتدرون", "تدرون"),
        ("أيعقل", "يعقل"),
        ("أليس", "ليس"),
        ("أفتؤمنون", "تؤمنون"),
        ("أوكلما", "كلما"),
    ],
    "dialect": [
        ("هالكتاب", "كتاب"),
        ("عالطاولة", "الطاولة"),
        ("ماكتبش", "كتب"),
        ("قلتلك", "قلت"),
        ("بيكتب", "يكتب"),
    ],
    "a zero width space separates": [("نهر\u200bجبل", "نهر"), ("نهر\u200bجبل", "جبل")],
    "a control character does not": [("الط\u0019َّالِبُ", "الطالب")],
    "number words": [("مائتي دينار", "200"), ("مئتا دينار", "200")],
}

APART = [
    ("لاعب الكرة", "عب"),
    ("مفتش الآثار", "مفت"),
    ("عالم الفيزياء", "الم"),
    ("أبيات شعر", "أبي"),
    ("ثلاث مئة دينار", "200"),
]


def pairs(table: dict[str, list[tuple[str, str]]]) -> list[object]:
    return [
        pytest.param(first, second, id=f"{kind}-{first}-{second}")
        for kind, listed in table.items()
        for first, second in listed
    ]


def finds(make_engine, text: str, query: str) -> bool:
    """Tell whether a query finds a text, among others, and marks something of it."""
    engine = make_engine(
        [
            Document("meant", f"قيل {text} أمس"),
            Document("other", "خبر قديم من البحر"),
            Document("2", "شجرة في الحديقة"),
        ]
    )
    results = engine.search(query)
    found = [hit for hit in results.hits if hit.id == "meant"]
    return bool(found) and any(snippet.highlights for snippet in found[0].snippets)


@pytest.mark.parametrize(("first", "second"), pairs(BOTH_WAYS))
def test_two_spellings_meet_both_ways(make_engine, first: str, second: str) -> None:
    assert finds(make_engine, first, second), f"{second} does not find {first}"
    assert finds(make_engine, second, first), f"{first} does not find {second}"


SYNONYMS = {"iPhone15", "978-0-306-40615-7", "سورية", "إنكليزي"}
"""Words that meet the others as synonyms or as the same number: quotes ask for the word itself."""


@pytest.mark.parametrize(
    ("first", "second"),
    pairs(
        {
            kind: [pair for pair in listed if pair[0] not in SYNONYMS]
            for kind, listed in BOTH_WAYS.items()
        }
    ),
)
def test_two_spellings_meet_in_a_phrase(make_engine, first: str, second: str) -> None:
    engine = make_engine([Document("1", f"قيل {first} أمس"), Document("2", f"قيل {second} أمس")])
    for query in (first, second):
        assert sorted(engine.ids(f'"{query}"')) == ["1", "2"], query


@pytest.mark.parametrize(("text", "query"), pairs(ONE_WAY))
def test_a_part_finds_the_whole(make_engine, text: str, query: str) -> None:
    assert finds(make_engine, text, query)


@pytest.mark.parametrize(("text", "query"), APART)
def test_what_must_not_meet(make_engine, text: str, query: str) -> None:
    engine = make_engine([Document("1", text), Document("2", "خبر")])
    assert engine.ids(query) == []


def test_words_of_a_text_with_all_its_ligatures_turned_are_marked_as_they_stand(
    make_engine,
) -> None:
    text = "قرر مجلس األمن إرسال ثالثة مراقبين إلى الواليات املتحدة"
    engine = make_engine([Document("turned", text), Document("other", "ثالثة في الواليات")])
    for query, written in (("ثلاثة", "ثالثة"), ("الولايات", "الواليات"), ("المتحدة", "املتحدة")):
        (hit,) = engine.search(query).hits
        (highlight,) = hit.snippets[0].highlights
        assert hit.id == "turned"
        assert hit.snippets[0].text == text
        assert text[highlight.start : highlight.end] == written
