"""Random damage to the files of an index: always found by `verify`, never a wrong answer."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.writer import IndexWriter
from searchd.engine import Engine
from tests.stress.sample import ANALYZER, QUERIES, answer, make_sample

pytestmark = pytest.mark.stress

DAMAGES = 500

REFUSALS = (IndexDamagedError, IndexMismatchError)
"""A digit of the format in `searchd.json` may have changed, which is another refusal."""

Damage = Callable[[bytes, random.Random], bytes]


def flip_bit(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def flip_byte(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ chance.randrange(1, 256)]) + data[place + 1 :]


def truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 5000) :]


def overwrite(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    size = min(len(data) - start, chance.randrange(1, 5000))
    return data[:start] + chance.randbytes(size) + data[start + size :]


def zero(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data)) // 512 * 512
    size = min(len(data) - start, 512 * chance.randrange(1, 20))
    return data[:start] + bytes(size) + data[start + size :]


def append(data: bytes, chance: random.Random) -> bytes:
    return data + chance.randbytes(chance.randrange(1, 100))


KINDS: tuple[Damage, ...] = (
    flip_bit,
    flip_bit,
    flip_byte,
    truncate,
    cut_out,
    overwrite,
    zero,
    append,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("whole") / "index"
    make_sample(directory)
    verify_index(directory)
    return directory


@pytest.fixture(scope="module")
def answers(whole: Path) -> list[object]:
    with Engine(whole, analyzer=ANALYZER) as engine:
        found = [answer(engine, query, options) for query, options in QUERIES]
    assert len(set(found)) == len(QUERIES)
    return found


def damage_one(directory: Path, chance: random.Random) -> str:
    """Damage a file, the largest more often than the others; return what was done to which."""
    files = [path for path in directory.iterdir() if path.name != "searchd.lock"]
    files.sort(key=lambda path: (path.stat().st_size, path.name))
    while True:
        path, kind = chance.choice([*files, files[-1], files[-1]]), chance.choice(KINDS)
        data = path.read_bytes()
        changed = kind(data, chance)
        if changed != data and not _says_the_same(path, data, changed):
            path.write_bytes(changed)
            return f"{kind.__name__} {path.suffix}"


def _says_the_same(path: Path, data: bytes, changed: bytes) -> bool:
    """Tell whether nothing but space between values of JSON has changed, which is no damage."""
    return path.suffix == ".json" and data.split() == changed.split()


def test_every_damage_is_found_and_no_answer_is_wrong(
    whole: Path, answers: list[object], tmp_path: Path
) -> None:
    refused = Counter[str]()
    for seed in range(DAMAGES):
        directory = tmp_path / "damaged"
        shutil.copytree(whole, directory)
        what = damage_one(directory, random.Random(seed))
        with pytest.raises(REFUSALS, match="'searchd index --rebuild'"):
            verify_index(directory)
        refused[what] += 1
        try:
            with Engine(directory, analyzer=ANALYZER) as engine:
                for (query, options), wanted in zip(QUERIES, answers, strict=True):
                    try:
                        assert answer(engine, query, options) == wanted, (seed, what, query)
                        refused["answered"] += 1
                    except REFUSALS as error:
                        assert "--rebuild" in str(error)
                        refused["refused"] += 1
        except REFUSALS as error:
            assert "--rebuild" in str(error)
            refused["not opened"] += 1
        shutil.rmtree(directory)
    print(dict(refused))  # noqa: T201 - shown with -s
    assert refused["answered"] > 100
    assert refused["refused"] > 100


def test_a_writer_never_makes_damage_look_whole(
    whole: Path, answers: list[object], tmp_path: Path
) -> None:
    """It refuses, or what it commits is damaged where it was, or the damaged part was not needed."""
    refused = Counter[str]()
    more = [(query, options) for query, options in QUERIES if query != "*"]
    for seed in range(100):
        chance = random.Random(f"writer {seed}")
        directory, same = tmp_path / "damaged", tmp_path / "same"
        shutil.copytree(whole, directory)
        shutil.copytree(whole, same)
        damage_one(directory, chance)
        optimize = bool(seed % 2)
        commit(same, optimize=optimize)
        try:
            commit(directory, optimize=optimize)
        except (*REFUSALS, IndexMissingError) as error:
            assert "searchd index" in str(error)
            refused["refused"] += 1
        else:
            refused["committed"] += 1
            with Engine(same, analyzer=ANALYZER) as engine:
                wanted = [answer(engine, query, options) for query, options in more]
            with Engine(directory, analyzer=ANALYZER) as engine:
                for (query, options), expected in zip(more, wanted, strict=True):
                    try:
                        assert answer(engine, query, options) == expected, (seed, query)
                    except REFUSALS:
                        refused["still damaged"] += 1
        shutil.rmtree(directory)
        shutil.rmtree(same)
    print(dict(refused))  # noqa: T201 - shown with -s


def commit(directory: Path, *, optimize: bool) -> None:
    with IndexWriter(directory, analyzer=ANALYZER) as writer:
        writer.upsert(Document("new", "كتاب جديد عن العراق"))
        writer.delete("0-3")
        writer.commit(optimize=optimize)
