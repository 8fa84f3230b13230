from __future__ import annotations

import tracemalloc
from array import array
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers import Analyzer
from analyzers.tokenized_text import TokenizedText
from tests.indexer.segment.texts import ANALYZER, texts

TURNED = "قرر مجلس األمن إرسال ثالثة مراقبين إلى الواليات ملدة عام من االتحاد األوروبي"
MIXED = "قَالَ ﷺ: «وَبِالكِتَابِ»! \u064e COVID-19 ٢٠٠٣م 😀كتاب𞸀 أبوبكر F-16 ½"

any_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
arabic_texts = st.text(
    st.sampled_from("ابةىءآلمو َـ\u0640\u200f\n٣3.,'-aﷺ½😀" + "\u0301"), max_size=60
)


def tokens_of(words: TokenizedText) -> list[tuple[int, int, str, str]]:
    """Return the start, the end, the surface form and the stem of each word."""
    numbers = range(len(words))
    return [
        (words.start(number), words.end(number), words.surface(number), stem)
        for number, stem in zip(numbers, words.stems, strict=True)
    ]


@settings(deadline=None, max_examples=200)
@given(st.lists(any_texts | arabic_texts | texts, max_size=5))
def test_texts_have_the_tokens_of_an_analysis(documents: list[str]) -> None:
    for analyzer in (ANALYZER, Analyzer()):
        for text, words in zip(documents, analyzer.tokenize_all(documents), strict=True):
            tokens = analyzer.analyze(text)
            assert tokens_of(words) == [(t.start, t.end, t.surface, t.stem) for t in tokens]
            assert words.surfaces == [token.surface for token in tokens]


def test_words_of_every_kind() -> None:
    for text in (MIXED, TURNED, "", " ", "كتاب"):
        tokens = ANALYZER.analyze(text)
        words = ANALYZER.tokenize(text)
        assert tokens_of(words) == [(t.start, t.end, t.surface, t.stem) for t in tokens]


def test_positions_of_stems_and_surface_forms() -> None:
    first, second = ANALYZER.tokenize_all(["والكتاب كتاب ﷺ", "كتابهم الله كتاب غير كتاب"])
    assert first.positions_of({"كتاب", "الله", "غائب"}) == {"كتاب": [0, 1], "الله": [3]}
    assert second.positions_of({"كتاب", "الله", "غائب"}) == {"كتاب": [0, 2, 4], "الله": [1]}
    assert first.surface_positions_of({"كتاب", "الله"}) == {"كتاب": [1], "الله": [3]}
    assert second.surface_positions_of({"كتاب", "غائب"}) == {"كتاب": [2, 4]}
    assert [first.is_whole_word(number) for number in range(6)] == [True] * 2 + [False] * 4
    assert first.written(3) == "ﷺ"


def test_the_beginning_of_a_text_tells_whether_a_part_has_turned_ligatures() -> None:
    part = "ثالث سنوات"
    assert ANALYZER.tokenize(part).stems != ANALYZER.tokenize("ثلاث سنوات").stems
    assert ANALYZER.tokenize(part, beginning=TURNED).stems == ANALYZER.tokenize("ثلاث سنوات").stems


@pytest.mark.parametrize("limit", ["MAX_CACHED_CHUNKS", "MAX_CACHED_CHARACTERS"])
def test_a_full_cache_is_emptied(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of distinct words is bounded, and texts of before stay whole."""
    monkeypatch.setattr(f"analyzers.tokenized_text.{limit}", 1000)
    analyzer = Analyzer()
    held = analyzer.tokenize("والكتاب كتاب")
    sizes = []
    tracemalloc.start()
    for number in range(60):
        letters = "بتثجحخدذرز"
        words = [
            letters[number % 10] + letters[number // 10] + letters[n % 10] + letters[n // 10] + "ا"
            for n in range(100)
        ]
        assert len(analyzer.tokenize(" ".join(words))) == 100
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert max(sizes[30:]) < 1.5 * max(sizes[10:30])
    assert held.positions_of({"كتاب"}) == {"كتاب": [0, 1]}


def test_threads_share_what_is_known_of_words() -> None:
    analyzer = Analyzer()
    documents = [MIXED, TURNED, "كتب الطالب الدرس " * 20]
    expected = [tokens_of(words) for words in ANALYZER.tokenize_all(documents)]
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: analyzer.tokenize_all(documents), range(64)):
            assert [tokens_of(words) for words in found] == expected


class Full(array):  # type: ignore[type-arg]
    """An array that has no room for one more number, once."""

    room = 0

    def append(self, number: int) -> None:
        self.room -= 1
        if self.room == -1:
            raise MemoryError
        super().append(number)


@pytest.mark.parametrize("room", range(5))
def test_after_an_interruption_words_are_what_they_are(room: int) -> None:
    text = "كتب الطالب F-16 والدرس ﷺ"
    analyzer = Analyzer()
    stems = Full("i")
    stems.room = room
    analyzer._tokenizer._stems = stems
    with pytest.raises(MemoryError):
        analyzer.tokenize(text)
    assert tokens_of(analyzer.tokenize(text)) == tokens_of(ANALYZER.tokenize(text))


def test_known_words_are_not_analysed_again() -> None:
    analysed = []

    class Counting(Analyzer):
        def stem(self, surface: str) -> str:
            analysed.append(surface)
            return super().stem(surface)

    analyzer = Counting()
    analyzer.tokenize("كتب الطالب الدرس")
    assert len(analysed) == 3
    analyzer.tokenize_all(["كتب الطالب", "الدرس كتب"])
    assert len(analysed) == 3
