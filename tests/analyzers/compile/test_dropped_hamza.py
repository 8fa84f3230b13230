"""Which words are written without their final hamza, by frequencies of a few words each."""

from __future__ import annotations

import pytest

from analyzers.compile.dropped_hamza import compile_dropped_hamzas, find_dropped_hamzas
from analyzers.compile.protected_words import SurfaceFrequencies
from analyzers.morphology.lexicon import LexiconEntry

COMMON = {"كهرباء": 90.0, "الكهرباء": 90.0}


def found(
    counts: dict[str, float], word: str = "كهرباء", others: dict[str, LexiconEntry] | None = None
) -> set[str]:
    entries = {word: LexiconEntry(word, 40), **(others or {})}
    frequencies = SurfaceFrequencies({form: count * 1e-6 for form, count in counts.items()})
    return set(find_dropped_hamzas(entries, frequencies))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param(COMMON, {"كهربا"}, id="no-other-word"),
        pytest.param({**COMMON, "كهربا": 50}, {"الكهربا"}, id="another-word-without-article"),
        pytest.param({**COMMON, "كهرب": 900}, {"الكهربا"}, id="tanween-of-a-noun"),
        pytest.param({**COMMON, "كهربا": 50, "الكهربا": 50}, set(), id="another-word"),
    ],
)
def test_words(counts: dict[str, float], expected: set[str]) -> None:
    assert found(counts) == expected


def test_a_verb_has_no_hamza_to_drop() -> None:
    verb = {"انشا": LexiconEntry("انشا", 40, verb=True)}
    assert found({"انشاء": 90, "الانشاء": 90}, "انشاء", verb) == {"الانشا"}


def test_words_that_are_rare_short_or_of_another_kind_are_left() -> None:
    assert found(COMMON, "ماء") == set()
    assert found(COMMON, "كهرباي") == set()
    entries = {"كهرباء": LexiconEntry("كهرباء", 10)}
    assert set(find_dropped_hamzas(entries, SurfaceFrequencies())) == set()


def test_the_list_is_sorted_below_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {word: LexiconEntry(word, 40) for word in ("كهرباء", "كربلاء")}
    monkeypatch.setattr("analyzers.compile.dropped_hamza.dictionary_entries", lambda _: entries)
    lines = compile_dropped_hamzas(
        SurfaceFrequencies({"كهرباء": 1e-5, "كربلاء": 1e-5})
    ).splitlines()
    assert lines[2:] == ["كربلا", "كهربا"]
    assert all(line.startswith("# ") for line in lines[:2])
