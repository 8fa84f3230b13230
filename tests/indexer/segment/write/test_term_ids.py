"""Term ids: the written forms of texts, and of those whose ligatures are turned."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from analyzers import Analyzer
from analyzers.pretokenizer import Chunks, split_at_separators
from indexer.segment.write import term_ids as term_ids_module
from indexer.segment.write.term_ids import TermIds

TURNED = "قرر مجلس األمن إرسال ثالثة مراقبين إلى الواليات ملدة عام من االتحاد األوروبي"
RIGHT = "قرر مجلس الأمن إرسال ثلاثة مراقبين إلى الولايات لمدة عام من الاتحاد الأوروبي"
OTHER = "ثالثة الواليات، ٢٠٠٣م"


def surfaces_of(term_ids: TermIds, texts: list[str]) -> list[list[str]]:
    """Return the surface forms of each text."""
    ids, lengths = term_ids.encode(texts)
    words = [term_ids.surfaces[term_ids.form_surfaces[form]] for form in ids.tolist()]
    starts = [0, *lengths.cumsum().tolist()]
    return [words[start:end] for start, end in pairwise(starts)]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([TURNED], id="alone"),
        pytest.param([OTHER, TURNED, OTHER], id="in-the-middle"),
        pytest.param(["", TURNED, "", RIGHT, TURNED], id="several"),
        pytest.param([OTHER, "في اململكة"], id="one-turned-word"),
        pytest.param(["", ""], id="empty"),
    ],
)
def test_words_are_those_of_the_analyzer(texts: list[str]) -> None:
    analyzer = Analyzer()
    term_ids = TermIds(analyzer)
    expected = [[terms.surface for terms in analyzer.terms(text)] for text in texts]
    assert surfaces_of(term_ids, texts) == expected
    assert surfaces_of(term_ids, texts) == expected, "the second time from the cache"


def test_a_turned_text_does_not_change_the_words_of_others() -> None:
    words = surfaces_of(TermIds(Analyzer()), [TURNED, OTHER])
    assert "ثلاثه" in words[0]
    assert words[1][:2] == ["ثالثه", "الواليات"]


def test_a_long_text_is_tokenized_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    analyzer = Analyzer()
    texts = [
        " ".join([f"{TURNED} {OTHER} ذَ \u0670لِكَ\nسطر", "كلمة" * 30, "\u0301 a-b  \u200d ج" * 9]),
        "",
        "قصير",
        "ا" * 300,
        f"{RIGHT}\n" * 3,
    ]
    expected = surfaces_of(TermIds(analyzer), texts)
    sizes: list[int] = []

    def split(pieces: Sequence[str]) -> Chunks:
        sizes.extend(map(len, pieces))
        return split_at_separators(pieces)

    monkeypatch.setattr(term_ids_module, "split_at_separators", split)
    for size in range(1, 40):
        sizes.clear()
        monkeypatch.setattr(term_ids_module, "LONG_TEXT", size)
        assert surfaces_of(TermIds(analyzer), texts) == expected
        assert max(sizes) <= max(300, size + 130), "no word is longer"


def test_a_table_is_full_by_its_bytes() -> None:
    words, long_words = TermIds(Analyzer(), 40_000), TermIds(Analyzer(), 40_000)
    words.encode([" ".join(f"كلمة{number}" for number in range(90))])
    assert not words.is_full
    words.encode([" ".join(f"كلمة{number}" for number in range(90))])
    assert not words.is_full, "known words take nothing"
    words.encode([" ".join(f"كتاب{number}" for number in range(30))])
    assert words.is_full
    long_words.encode(["ا" * 10_000])
    assert long_words.is_full
