from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from analyzers.morphology.lexicon import HEADER, MAGIC, Lexicon
from analyzers.word_files import DATA_DIR, LEXICON_FILE
from indexer.cluster.address import parse_location
from indexer.document import Document
from indexer.fields import FieldMap
from indexer.indexing import delete_documents
from indexer.writer import IndexWriter
from searchd.cluster.engine import ClusterEngine
from searchd.engine import Engine
from searchd.search_engine import SearchEngine

MakeEngine = Callable[..., Engine]

COLLECTION = [
    Document("hashd", "أعلنت هيئة الحشد الشعبي أمس عن خطة جديدة. وقال قائد الحشد إن الخطة جاهزة."),
    Document("law", "أقر البرلمان قانون هيئة الحشد.", title="قانون الحشد الشعبي"),
    Document("arts", "مهرجان الفن الشعبي: حضر الحشد، وغنى الشعب في المهرجان."),
    Document("book", "قرأ الطلاب كتابهم في المدرسة، ثم ذهبوا إلى مكتبة الكتاب."),
    Document("school", "المدرسة تفتح أبوابها، والكتب للطلاب."),
    Document("virus", "انتشر COVID-19 في العالم، ثم عاد Covid مرة أخرى."),
    Document("plane", "طائرة F-16 أقلعت في 20/8 عند 10:30."),
    Document("empty", ""),
]
"""The documents of the fixture `engine`."""


def write_index(
    directory: Path,
    documents: Iterable[Document],
    *,
    fields: FieldMap | None = None,
    optimize: bool = False,
) -> None:
    """Index documents in one run."""
    with IndexWriter(directory, fields) as writer:
        for document in documents:
            writer.upsert(document)
        writer.commit(optimize=optimize)


class MadeIndexes:
    """Indexes that tests have asked for, by what is in them: to copy one is a hundredth of the work."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Path] = {}

    def copy(
        self,
        directory: Path,
        *runs: Sequence[Document],
        fields: FieldMap | None = None,
        optimize: bool = False,
    ) -> None:
        """Make an index of documents in a directory that is not there, one run for each list."""
        key = repr((runs, fields, optimize))
        if key not in self._made:
            made = Path(tempfile.mkdtemp(dir=self._folder)) / "index"
            for run in runs:
                write_index(made, run, fields=fields, optimize=optimize)
            self._made[key] = made
        shutil.copytree(self._made[key], directory)


@pytest.fixture(scope="session")
def made_indexes(tmp_path_factory: pytest.TempPathFactory) -> MadeIndexes:
    """Return the indexes that tests of this process share; each test has copies."""
    return MadeIndexes(tmp_path_factory.mktemp("indexes"))


@pytest.fixture
def make_engine(
    request: pytest.FixtureRequest, tmp_path: Path, made_indexes: MadeIndexes
) -> Iterator[MakeEngine]:
    """Index documents, one run for each list, and open the index; engines close with the test."""
    opened: list[Engine] = []
    # Where a test changes the program, an index that was made before may be another one.
    alone = "monkeypatch" in request.fixturenames
    made = MadeIndexes(tmp_path) if alone else made_indexes

    def make(
        *runs: list[Document],
        fields: FieldMap | None = None,
        optimize: bool = False,
        changes: bool = False,
        **options: Any,
    ) -> Engine:
        directory = tmp_path / f"index{len(opened)}"
        made.copy(directory, *(runs or [[]]), fields=fields, optimize=optimize)
        opened.append(Engine(directory, **options))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


def delete_from(engine: SearchEngine, ids: list[str]) -> None:
    """Delete documents of the index of an engine, which sees it with the next search."""
    delete_documents(parse_location(engine.info().path), ids)
    if isinstance(engine, ClusterEngine):
        engine.refresh()


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """Open an index of `COLLECTION`."""
    return make_engine(COLLECTION)


def lexicon_with_flipped_buckets(data: bytes) -> bytes:
    """Return a lexicon whose header and tables are sound and whose every record is not."""
    forms, lemmas, _checksum, _digest = HEADER.unpack_from(data, len(MAGIC))
    tables = len(MAGIC) + HEADER.size + 4 * (2 * (forms + lemmas) + 1)
    return data[:tables] + bytes(byte ^ 1 for byte in data[tables:])


@pytest.fixture(params=["missing", "truncated", "flipped-buckets"])
def damaged_lexicon(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Put a damaged copy in the place of the shipped lexicon.

    The first two are noticed when it is opened, the third when a word is looked up.
    """
    path = tmp_path / LEXICON_FILE
    data = (DATA_DIR / LEXICON_FILE).read_bytes()
    match request.param:
        case "truncated":
            path.write_bytes(data[:-1])
        case "flipped-buckets":
            path.write_bytes(lexicon_with_flipped_buckets(data))
            Lexicon(path)  # opens: a query meets the damage
    monkeypatch.setattr(
        "analyzers.morphology.lexicon.shipped_lexicon", cache(lambda: Lexicon(path))
    )
    return path
