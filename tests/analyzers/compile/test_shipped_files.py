"""The files that ship are, byte for byte, what the compilers write today.

Each compiler runs as its command. Those of the lexicon and of its lists take half a minute each, so
their tests are those of `make test-compilers`, which CI runs after `make test`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analyzers.compile import synonym_index
from analyzers.compile.lexicon import source_digest, sources
from analyzers.morphology.lexicon import shipped_lexicon
from analyzers.synonyms import PACK_DIR, PACK_INDEX
from analyzers.word_files import DATA_DIR

PROJECT = Path(__file__).parents[3]
TIMEOUT = 600


@pytest.mark.parametrize(
    ("compiler", "files"),
    [
        pytest.param(
            "protected_words",
            ["protected_starts.txt", "protected_ends.txt", "prefixed.txt"],
            id="protected-words",
            marks=pytest.mark.compilers,
        ),
        pytest.param(
            "particle_verbs",
            ["particle_verbs.txt"],
            id="particle-verbs",
            marks=pytest.mark.compilers,
        ),
        pytest.param(
            "dropped_hamza",
            ["dropped_hamza.txt"],
            id="dropped-hamza",
            marks=pytest.mark.compilers,
        ),
        pytest.param(
            "letter_pairs", ["letter_pairs.txt"], id="letter-pairs", marks=pytest.mark.compilers
        ),
        pytest.param("synonym_index", ["synonyms/first_words.tsv"], id="synonyms"),
        pytest.param("lexicon", ["lexicon.bin"], id="lexicon", marks=pytest.mark.compilers),
    ],
)
def test_compiled_bytes(tmp_path: Path, compiler: str, files: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"analyzers.compile.{compiler}", str(tmp_path)],
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for file in files:
        same = (tmp_path / file).read_bytes() == (DATA_DIR / file).read_bytes()
        assert same, f"{file} is not up to date: run `python -m analyzers.compile.{compiler}`"


def test_the_lexicon_is_of_these_lists_and_packages() -> None:
    """Says at once what `test_compiled_bytes` finds when it runs."""
    assert shipped_lexicon().digest == source_digest(sources()).hex()


def test_the_pack_index_is_of_these_packs() -> None:
    assert synonym_index.compile_pack_index() == (PACK_DIR / PACK_INDEX).read_text("utf-8")
