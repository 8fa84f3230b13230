"""Packed arrays that hold anything, with checksums that are right: an error of damage or an answer.

Nobody writes such files but to do harm, or by an error in a program. No search may take more memory than
the file allows for, end in another error, or never end.
"""

from __future__ import annotations

import random

import numpy as np
import pytest

import searchd
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.segment.array_file import ArrayFile
from indexer.writer import IndexWriter
from tests.indexer.check.contents import rewrite

QUERIES = [
    "كتاب",
    "=كتابهم",
    '"كتاب قلم"',
    "كتاب مدرسة قلم",
    "=وبكتابها",
    "كتا*",
    "مدرسه~",
    '"قلم مدرسة"~3',
]
FORMS = ["كتاب", "قلم", "مدرسة"]
STARTS = ["", "و", "ال", "وال", "ب", "وب", "لل", "ك"]
ENDS = ["", "هم", "ها", "ه", "كم"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Texts of many forms of few stems, one of them long, so that every packed form is there."""
    chance = random.Random(5)
    directory = tmp_path_factory.mktemp("malformed")
    words = [start + form + end for form in FORMS for start in STARTS for end in ENDS]
    with IndexWriter(directory) as writer:
        for number in range(40):
            size = 4000 if number == 7 else 300
            text = " ".join(chance.choices([*FORMS * 30, *words, "سيّارة😀"], k=size))
            writer.upsert(Document(str(number), text, title=f"كتاب {number}"))
        writer.commit()
    return directory


def packed_names(directory):
    array_file = ArrayFile(next(directory.glob("*.segment")))
    return [
        name
        for name in array_file
        if "packed" in name or ".large" in name or name in ("texts.characters", "text.positions")
    ]


def test_every_packed_form_is_there(whole):
    names = " ".join(packed_names(whole))
    for name in ("text.codes.packed4", "text.codes.large_starts", "text.positions_high.packed"):
        assert name in names
    array_file = ArrayFile(next(whole.glob("*.segment")))
    assert array_file.array("text.codes.large").size
    assert array_file.array("text.positions_high.large").size


@pytest.mark.parametrize("seed", range(12))
def test_any_values_give_an_answer_or_an_error_of_damage(whole, tmp_path, seed):
    chance = np.random.default_rng(seed)
    for file in whole.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = next(tmp_path.glob("*.segment"))

    def change(array):
        chosen = chance.random(array.size) < (0.01, 0.3, 1)[seed % 3]
        chosen[chance.integers(array.size)] = True
        most = np.iinfo(array.dtype).max
        other = chance.integers(0, most, array.size, array.dtype, endpoint=True)
        array[chosen] = np.where(other == array, other ^ 1, other)[chosen]
        return array

    names = [each for each in packed_names(whole) if ArrayFile(path).array(each).size]
    name = random.Random(seed).choice(names)
    rewrite(path, {name: change})
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        verify_index(tmp_path)
    try:
        with searchd.open(tmp_path) as engine:
            for query in QUERIES:
                try:
                    engine.search(query, snippets=2)
                except IndexDamagedError as error:
                    assert "--rebuild" in str(error)
    except IndexDamagedError:
        pass
    try:
        with IndexWriter(tmp_path) as writer:
            writer.upsert(Document("new", "كتاب"))
            writer.commit(optimize=True)
    except IndexDamagedError:
        pass
