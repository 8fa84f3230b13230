"""Files whose checksums fit and whose content does not: an error that says so, or right answers."""

from __future__ import annotations

import random
import shutil
import tracemalloc
from pathlib import Path

import pytest

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError
from indexer.segment.array_file import ArrayFile
from indexer.writer import IndexWriter
from searchd.engine import Engine
from tests.stress import mutations
from tests.stress.sample import ANALYZER, FIELDS, QUERIES, answer

REFUSALS = (IndexDamagedError, IndexMismatchError)

MOST_BYTES = 64_000_000
"""That a search or a check of the small index may take at once."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small index of two segments, the first with deletions."""
    directory = tmp_path_factory.mktemp("whole") / "index"
    for first, count in ((0, 30), (30, 8)):
        with IndexWriter(directory, FIELDS, analyzer=ANALYZER) as writer:
            for number in range(first, first + count):
                writer.upsert(
                    Document(
                        str(number),
                        f"وثيقة رقم {number} في كتاب عن العراق والحشد الشعبي ومجلس النواب مدرسة ﷺ "
                        * (1 + number % 3),
                        title=f"عنوان {number} أحمد كتاب" if number % 2 else "",
                        fields={
                            "section": (f"قسم{number % 3}", "عام"),
                            "price": number,
                            "author": f"كاتب {number}",
                        }
                        if number % 4
                        else {},
                    )
                )
            if first:
                writer.delete("3")
                writer.delete("11")
            writer.commit()
    assert [bool(entry.deleted) for entry in generations.read(directory).segments] == [True, False]
    return directory


@pytest.fixture(scope="module")
def answers(whole: Path) -> list[object]:
    with Engine(whole, analyzer=ANALYZER) as engine:
        return [answer(engine, query, options) for query, options in QUERIES]


def check(directory: Path, answers: list[object], what: object) -> bool:
    """Open, search and verify a changed index; return whether `verify` found the change."""
    found, right = False, True
    tracemalloc.start()
    try:
        try:
            verify_index(directory)
        except REFUSALS as error:
            assert "searchd" in str(error)
            found = True
        try:
            with Engine(directory, analyzer=ANALYZER) as engine:
                for (query, options), wanted in zip(QUERIES, answers, strict=True):
                    try:
                        right &= answer(engine, query, options) == wanted
                    except REFUSALS as error:
                        assert str(directory) in str(error) or "stored document" in str(error)
        except REFUSALS as error:
            assert str(directory) in str(error)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES, what
    finally:
        tracemalloc.stop()
    assert found or right, what
    return found


def copy(whole: Path, directory: Path) -> Path:
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(whole, directory)
    return directory / generations.read(directory).segments[0].name


def names_of(whole: Path) -> list[str]:
    return list(ArrayFile(whole / generations.read(whole).segments[0].name))


def change_arrays(
    whole: Path, answers: list[object], directory: Path, rounds: range, step: int = 1
) -> int:
    found = 0
    for round_ in rounds:
        for number, name in list(enumerate(names_of(whole)))[::step]:
            change = (round_ + number) % len(mutations.CHANGES)
            path = copy(whole, directory)
            mutations.change_array(path, name, change, random.Random(f"{round_} {name}"))
            found += check(directory, answers, (round_, name, mutations.CHANGES[change].__name__))
    return found


def change_json(whole: Path, answers: list[object], directory: Path, seeds: range) -> int:
    found = 0
    for seed in seeds:
        chance = random.Random(seed)
        path = copy(whole, directory)
        if seed % 3 == 0:
            done = mutations.change_generation(directory, chance)
        elif seed % 3 == 1:
            done = mutations.change_values(path, chance)
        else:
            done = mutations.change_directory(path, chance)
        found += check(directory, answers, (seed, done))
    return found


def test_a_changed_array(whole: Path, answers: list[object], tmp_path: Path) -> None:
    assert change_arrays(whole, answers, tmp_path / "changed", range(1), step=19) > 1


def test_a_changed_value(whole: Path, answers: list[object], tmp_path: Path) -> None:
    assert change_json(whole, answers, tmp_path / "changed", range(24)) > 8


@pytest.mark.stress
def test_many_changed_arrays(whole: Path, answers: list[object], tmp_path: Path) -> None:
    assert change_arrays(whole, answers, tmp_path / "changed", range(1, 60)) > 2_000


@pytest.mark.stress
def test_many_changed_values(whole: Path, answers: list[object], tmp_path: Path) -> None:
    assert change_json(whole, answers, tmp_path / "changed", range(60, 3_000)) > 1_000
