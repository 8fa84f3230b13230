from __future__ import annotations

import json

from analyzers.levels import INDEXED_LEVELS, Level


def test_levels_come_from_the_closest_to_the_furthest() -> None:
    assert list(Level) == ["surface", "stem", "lemma", "synonym", "similar", "near", "phrase"]


def test_a_level_is_its_name() -> None:
    assert dict.fromkeys(Level, 1) == {level.value: 1 for level in Level}
    assert json.dumps(Level.STEM) == '"stem"'
    assert f"{Level.STEM}" == "stem"
    assert Level("stem") is Level.STEM


def test_an_index_holds_stems_and_surface_forms() -> None:
    assert set(INDEXED_LEVELS) == {Level.STEM, Level.SURFACE}
