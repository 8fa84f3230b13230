"""Which words meet and which stay apart, on pairs written without regard to any analyzer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from analyzers.analyzer import surface_forms
from analyzers.normalization.folding import fold
from analyzers.tokenizer import WORD
from benchmarks import conflation
from benchmarks.conflation import Conflation, Figures, Pair, PairSet

Capture = pytest.CaptureFixture[str]

PAIRS = conflation.read_pair_set()
FILES = [
    pytest.param(PAIRS.meet, id="meet.tsv"),
    pytest.param(PAIRS.apart, id="apart.tsv"),
]
CATEGORIES = [
    "noun",
    "broken_plural",
    "verb",
    "weak_root",
    "nisba",
    "name",
    "clitic",
    "hamza",
    "loan_word",
    "derived",
    "joined",
    "particle",
    "letters_and_digits",
    "interrogative",
    "dialect",
    "dropped_hamza",
    "everyday",
]


IN_PARTS = frozenset(("joined", "particle", "letters_and_digits"))
"""The categories of words that analysis splits, beside what they are split into."""


def surface(word: str) -> str:
    """Return a word of a text, or several, folded and otherwise as written."""
    return " ".join(map(fold, WORD.findall(word)))


def surfaces(pair: Pair) -> frozenset[str]:
    return frozenset((surface(pair.first), surface(pair.second)))


@pytest.mark.parametrize("pairs", FILES)
class TestFile:
    def test_counts(self, pairs: list[Pair]) -> None:
        assert len(pairs) >= 350
        counts = Counter(pair.category for pair in pairs)
        assert list(counts) == CATEGORIES, "categories are the same and in order"
        assert min(counts.values()) >= 30

    def test_both_words_have_a_surface_form_of_their_own(self, pairs: list[Pair]) -> None:
        codes = "letters_and_digits"  # F16 and F-16 differ in a hyphen alone
        same = [pair for pair in pairs if len(surfaces(pair)) != 2 and pair.category != codes]
        assert same == []

    def test_others_than_those_in_parts_are_one_word(self, pairs: list[Pair]) -> None:
        single = [pair for pair in pairs if pair.category not in IN_PARTS]
        words = [word for pair in single for word in (pair.first, pair.second)]
        assert [word for word in words if len(surface_forms(word)) != 1] == []

    def test_no_pair_stands_twice(self, pairs: list[Pair]) -> None:
        counts = Counter(map(surfaces, pairs))
        assert [sorted(words) for words, count in counts.items() if count > 1] == []

    def test_every_pair_says_what_it_is(self, pairs: list[Pair]) -> None:
        assert [pair for pair in pairs if not pair.gloss] == []

    def test_splits_are_balanced(self, pairs: list[Pair]) -> None:
        assert {pair.split for pair in pairs} == {"dev", "test"}
        counts = Counter((pair.category, pair.split) for pair in pairs)
        apart = {name: abs(counts[name, "dev"] - counts[name, "test"]) for name in CATEGORIES}
        assert max(apart.values()) <= 1, apart

    def test_pairs_with_a_common_word_stand_in_one_split(self, pairs: list[Pair]) -> None:
        splits: dict[tuple[str, str], str] = {}
        for pair in pairs:
            for word in surfaces(pair):
                assert splits.setdefault((pair.category, word), pair.split) == pair.split, pair


def test_broken_plurals_are_many() -> None:
    assert len(PAIRS.only(category="broken_plural").meet) >= 120


def test_the_files_do_not_contradict_each_other() -> None:
    """Nor by a chain: what meets the same word meets."""
    leader: dict[str, str] = {}

    def find(word: str) -> str:
        while leader.setdefault(word, word) != word:
            word = leader[word]
        return word

    for pair in PAIRS.meet:
        leader[find(surface(pair.first))] = find(surface(pair.second))
    assert [
        pair for pair in PAIRS.apart if find(surface(pair.first)) == find(surface(pair.second))
    ] == []


def test_a_line_with_other_columns_is_named(tmp_path: Path) -> None:
    path = tmp_path / "meet.tsv"
    path.write_text("# comment\nكتاب\tكتب\n", "utf-8")
    with pytest.raises(ValueError, match=r"meet\.tsv:2: 2 columns; write first, second"):
        conflation.read_pairs(path)


SMALL = PairSet(
    meet=[
        Pair("aa", "ab", "noun", "dev", "alike by their first letter"),
        Pair("ac", "bc", "verb", "test", "alike by their last letter"),
    ],
    apart=[Pair("ca", "cb", "noun", "dev", "alike by their first letter")],
)


@pytest.mark.parametrize(
    ("level", "figures", "precision", "recall", "f1"),
    [
        pytest.param(lambda word: word, Figures(0, 2, 0, 1), 1.0, 0.0, 0.0, id="none-joined"),
        pytest.param(lambda word: "", Figures(2, 2, 1, 1), 2 / 3, 1.0, 0.8, id="all-joined"),
        pytest.param(lambda word: word[0], Figures(1, 2, 1, 1), 0.5, 0.5, 0.5, id="half"),
        pytest.param(lambda word: word[1], Figures(1, 2, 0, 1), 1.0, 0.5, 2 / 3, id="none-wrong"),
    ],
)
def test_figures(
    level: Conflation, figures: Figures, precision: float, recall: float, f1: float
) -> None:
    measured = SMALL.measure(level)
    assert measured == figures
    assert (measured.precision, measured.recall) == (precision, recall)
    assert measured.f1 == pytest.approx(f1)


def test_pairs_of_a_category_and_of_a_split() -> None:
    assert SMALL.categories() == ["noun", "verb"]
    assert SMALL.only(category="noun") == PairSet(SMALL.meet[:1], SMALL.apart)
    assert SMALL.only(split="test") == PairSet(SMALL.meet[1:], [])
    assert SMALL.only(category="noun", split="test") == PairSet([], [])


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        pytest.param("surface", 1.0, 0.0, id="surface"),
        pytest.param("stem", 0.91, 0.43, id="stem"),
        pytest.param("lemma", 0.94, 0.86, id="lemma"),
    ],
)
def test_no_level_falls_below_its_floor(name: str, precision: float, recall: float) -> None:
    """Raise a floor with what is measured; lower none without a reason in the changelog."""
    figures = PAIRS.only(split="test").measure(conflation.levels()[name])
    told = f"{name}: precision {figures.precision:.3f}, recall {figures.recall:.3f} on test"
    assert figures.precision >= precision, told
    assert figures.recall >= recall, told


def test_the_command_prints_every_level_and_category(capsys: Capture) -> None:
    conflation.main(["--split", "dev"])
    lines = capsys.readouterr().out.splitlines()
    for level in conflation.levels():
        rows = [line.split(" | ")[1] for line in lines if line.startswith(f"| {level} |")]
        assert rows == [*CATEGORIES, "all"]


def test_the_command_says_that_snowball_is_not_installed(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflation, "SNOWBALL", "no_such_package")
    conflation.main([])
    out = capsys.readouterr().out
    assert "| Snowball |" not in out
    assert out.endswith("Snowball is left out: the package no_such_package is not installed.\n")


def test_the_command_lists_wrong_pairs_of_dev_alone(capsys: Capture) -> None:
    conflation.main(["--wrong", "surface"])
    lines = capsys.readouterr().out.splitlines()
    dev, surface_forms_of = PAIRS.only(split="dev"), conflation.levels()["surface"]
    parted = [pair for pair in dev.meet if not pair.meets(surface_forms_of)]
    assert len(parted) > 300
    assert [tuple(line.split("\t")[:3]) for line in lines] == [
        ("parted", pair.first, pair.second) for pair in parted
    ]
