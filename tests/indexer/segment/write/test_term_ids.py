"""Term ids: the written forms of texts, and of those whose ligatures are turned."""

from __future__ import annotations

from itertools import pairwise

import pytest

from analyzers import Analyzer
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
