"""The files that ship are, byte for byte, what the compilers write today.

The compilers of the lists and of the lexicon take half a minute together, so each runs once, as its
command and beside the other.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.compile import synonym_index
from analyzers.compile.lexicon import source_digest, sources
from analyzers.morphology.lexicon import shipped_lexicon
from analyzers.synonyms import PACK_DIR, PACK_INDEX
from analyzers.word_files import DATA_DIR

PROJECT = Path(__file__).parents[3]
TIMEOUT = 600


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with the files of all compilers."""
    folder = tmp_path_factory.mktemp("compiled")
    running = [
        subprocess.Popen(
            [sys.executable, "-m", f"analyzers.compile.{name}", str(folder)],
            cwd=PROJECT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("protected_words", "lexicon", "synonym_index")
    ]
    try:
        for process in running:
            _stdout, errors = process.communicate(timeout=TIMEOUT)
            assert process.returncode == 0, errors
        yield folder
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.mark.parametrize(
    ("compiler", "file"),
    [
        ("protected_words", "protected_starts.txt"),
        ("protected_words", "protected_ends.txt"),
        ("protected_words", "prefixed.txt"),
        ("lexicon", "lexicon.bin"),
        ("synonym_index", "synonyms/first_words.tsv"),
    ],
)
def test_compiled_bytes(compiled: Path, compiler: str, file: str) -> None:
    same = (compiled / file).read_bytes() == (DATA_DIR / file).read_bytes()
    assert same, f"{file} is not up to date: run `python -m analyzers.compile.{compiler}`"


def test_the_lexicon_is_of_these_lists_and_packages() -> None:
    """Says at once what `test_compiled_bytes` finds after half a minute."""
    assert shipped_lexicon().digest == source_digest(sources()).hex()


def test_the_pack_index_is_of_these_packs() -> None:
    assert synonym_index.compile_pack_index() == (PACK_DIR / PACK_INDEX).read_text("utf-8")
