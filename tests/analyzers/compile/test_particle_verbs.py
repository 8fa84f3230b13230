"""Which verbs may be written together with a particle, by frequencies of a few words each."""

from __future__ import annotations

import pytest

from analyzers.compile.particle_verbs import compile_particle_verbs, find_particle_verbs
from analyzers.compile.protected_words import SurfaceFrequencies
from analyzers.morphology.lexicon import LexiconEntry
from analyzers.stemming.protected_words import ProtectedWords

NOTHING = ProtectedWords(frozenset(), frozenset())
VERBS = {
    "عرف": LexiconEntry("عرف", 40, verb=True),
    "يعرف": LexiconEntry("عرف", 40, verb=True),
    "تعرف": LexiconEntry("عرف", 40, verb=True),
    "ذهب": LexiconEntry("ذهب", 40, verb=True),
}


def found(entries: dict[str, LexiconEntry], millionths: dict[str, float]) -> set[str]:
    counts = SurfaceFrequencies({word: count * 1e-6 for word, count in millionths.items()})
    return find_particle_verbs(entries, counts, NOTHING)


COMMON = {"عرف": 90.0, "يعرف": 90.0, "تعرف": 90.0}


@pytest.mark.parametrize(
    ("counts", "joined", "listed"),
    [
        pytest.param(COMMON, "لايعرف", True, id="la-present"),
        pytest.param(COMMON, "مايعرف", True, id="ma-present"),
        pytest.param(COMMON, "ماعرف", True, id="ma-past"),
        pytest.param(COMMON, "لاعرف", False, id="la-past"),
        pytest.param(COMMON, "ايعرف", True, id="interrogative"),
        pytest.param({**COMMON, "يعرف": 0.1}, "لايعرف", False, id="a-rare-verb"),
        pytest.param({**COMMON, "لايعرف": 30}, "لايعرف", False, id="the-whole-is-another-word"),
        pytest.param({**COMMON, "اتعرف": 30}, "لاتعرف", False, id="li-and-alef"),
        pytest.param({**COMMON, "اتعرف": 30}, "ماتعرف", True, id="alef-does-not-matter-after-ma"),
        pytest.param({**COMMON, "اتعرف": 30}, "اتعرف", False, id="no-question"),
        pytest.param({**COMMON, "ذهب": 90, "الذهب": 50}, "ماذهب", False, id="a-noun-too"),
    ],
)
def test_particles_with_verbs(counts: dict[str, float], joined: str, listed: bool) -> None:
    assert (joined in found(VERBS, counts)) is listed


def test_what_would_split_a_known_word_is_left_out() -> None:
    whole = {**VERBS, "ماعرفه": LexiconEntry("ماعرفه", 30)}
    assert "ماعرف" in found(VERBS, COMMON)
    assert "ماعرف" not in found(whole, COMMON)


def test_the_list_is_sorted_below_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzers.compile.particle_verbs.dictionary_entries", lambda _: VERBS)
    counts = SurfaceFrequencies({word: count * 1e-6 for word, count in COMMON.items()})
    lines = compile_particle_verbs(counts).splitlines()
    words = [line for line in lines if not line.startswith("# ")]
    assert words == sorted(words)
    assert {"لايعرف", "ماعرف"} <= set(words)
    assert len(lines) == len(words) + 2
