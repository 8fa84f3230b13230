"""Turned ligatures: the table of letters beside لا is that of the lexicon."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from analyzers.morphology.lexicon import shipped_lexicon
from analyzers.normalization.turned_ligatures import NEXT_TO_LAM_ALEF

LEAST_WEIGHT = 30


@pytest.mark.compilers
def test_the_letters_beside_lam_alef_are_those_of_the_lexicon() -> None:
    lexicon = shipped_lexicon()
    found: defaultdict[str, set[str]] = defaultdict(set)
    for form in lexicon:
        entry = lexicon.find(form)
        assert entry is not None
        if "لا" not in form or entry.weight < LEAST_WEIGHT:
            continue
        for letters in re.finditer("(?=(.)لا(.))", form):
            found[letters[1]].add(letters[2])
        if form.startswith("لا") and form != "لا":
            found["ل"].add(form[2:3])
    table = {before: set(after) for before, after in NEXT_TO_LAM_ALEF.items()}
    assert {
        before: "".join(sorted(table.get(before, set()) ^ after))
        for before, after in found.items()
        if table.get(before, set()) != after
    } == {}
