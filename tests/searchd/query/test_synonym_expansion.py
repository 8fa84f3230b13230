from __future__ import annotations

import pytest

from analyzers import Analyzer
from analyzers.synonyms import Synonyms, parse_rules
from searchd.query.synonym_expansion import expand_synonyms

ANALYZER = Analyzer()
SYNONYMS = Synonyms(
    parse_rules(
        [
            "غوغل, جوجل",
            "الأمم المتحدة, UN",
            "المتحدة, الموحدة",
            "كانون الثاني, يناير",
            "كانون, موقد",
            "=أبو => =أبي",
        ]
    )
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("شركة غوغل الكبرى", [(1, 2, ["جوجل"])], id="in-the-middle"),
        pytest.param("UN", [(0, 1, ["الامم المتحده"])], id="one-word-to-two"),
        pytest.param("في الأمم المتحدة", [(1, 3, ["un"])], id="two-words-to-one"),
        pytest.param("كانون الثاني", [(0, 2, ["يناير"])], id="longest"),
        pytest.param("كانون الأول", [(0, 1, ["موقد"])], id="a-shorter-one"),
        pytest.param("كانون", [(0, 1, ["موقد"])], id="at-the-end"),
        pytest.param(
            "جوجل والأمم المتحدة في يناير",
            [(0, 1, ["غوغل"]), (1, 3, ["un"]), (4, 5, ["كانون الثاني"])],
            id="several",
        ),
        pytest.param("غوغل غوغل", [(0, 1, ["جوجل"]), (1, 2, ["جوجل"])], id="twice"),
        pytest.param("أبو مازن", [(0, 1, ["=ابي"])], id="exact"),
        pytest.param("كتاب قديم", [], id="none"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_expansions(query: str, expected: list[tuple[int, int, list[str]]]) -> None:
    assert [
        (
            expansion.start,
            expansion.end,
            [
                "=" * alternative.exact + " ".join(terms.surface for terms in alternative.words)
                for alternative in expansion.alternatives
            ],
        )
        for expansion in expand_synonyms(ANALYZER.terms(query), SYNONYMS, ANALYZER)
    ] == expected


def test_alternatives_are_read_by_the_analyzer_of_the_query() -> None:
    protecting = Analyzer(frozenset({"الموحدة"}))
    (expansion,) = expand_synonyms(protecting.terms("المتحدة"), SYNONYMS, protecting)
    (alternative,) = expansion.alternatives
    assert alternative.words == tuple(protecting.terms("الموحدة"))
    assert alternative.words != tuple(ANALYZER.terms("الموحدة"))


def test_no_synonyms_expand_nothing() -> None:
    assert expand_synonyms(ANALYZER.terms("غوغل"), Synonyms(), ANALYZER) == []
