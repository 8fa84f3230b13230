"""The errors of the analyzers: one tree, light to import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analyzers import errors
from analyzers.errors import AnalyzersError, DataFileError, WordFileError
from analyzers.word_files import read_data_text, read_word_list

PROJECT = Path(__file__).parents[2]


def test_every_error_is_in_the_tree_at_the_top_of_the_module() -> None:
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert all(issubclass(getattr(errors, name), AnalyzersError) for name in classes)
    drawn = (errors.__doc__ or "").split()
    assert classes <= set(drawn)


def test_a_word_file_error_says_where_and_why() -> None:
    error = WordFileError("words.txt:3", "this is no word")
    assert (error.origin, error.reason) == ("words.txt:3", "this is no word")
    assert str(error) == "words.txt:3: this is no word"


@pytest.mark.parametrize("module", ["analyzers.errors", "analyzers.levels"])
def test_light_modules_load_no_other(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in sys.modules if 'analyzers.' in name))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [module]


# --- files that ship with the package ---------------------------------------------------------


def test_a_missing_word_list() -> None:
    with pytest.raises(DataFileError, match=r"none\.txt: cannot be read .*; install searchd again"):
        read_word_list("none.txt")


def test_a_word_list_that_is_not_utf_8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzers.word_files.DATA_DIR", tmp_path)
    (tmp_path / "words.txt").write_bytes("كتاب".encode("cp1256"))
    with pytest.raises(DataFileError, match="is not UTF-8; install searchd again"):
        read_data_text("words.txt")


@pytest.mark.parametrize(
    ("damage", "file"),
    [
        pytest.param({"months.txt": None}, "months.txt", id="pack-missing"),
        pytest.param({"months.txt": b""}, "months.txt", id="pack-empty"),
        pytest.param({"months.txt": b"# \xff"}, "months.txt", id="pack-not-utf-8"),
        pytest.param({"months.txt": "يناير".encode()}, "months.txt", id="pack-without-groups"),
        pytest.param({"first_words.tsv": None}, "first_words.tsv", id="index-missing"),
        pytest.param({"first_words.tsv": b"x"}, "first_words.tsv", id="index-of-other-lines"),
    ],
)
def test_a_damaged_pack_of_synonyms(
    tmp_path: Path, damage: dict[str, bytes | None], file: str
) -> None:
    """In a process of its own: the packs are read once and cached."""
    folder = tmp_path / "synonyms"
    folder.mkdir()
    files = {"months.txt": "يناير, جانفي".encode(), "first_words.tsv": "يناير\tmonths:1\n".encode()}
    for name, content in (files | damage).items():
        if content is not None:
            (folder / name).write_bytes(content)
    code = f"""
from pathlib import Path
from analyzers import Analyzer, synonyms, word_files
from analyzers.errors import AnalyzersError
analyzer = Analyzer()
word_files.DATA_DIR, synonyms.PACK_DIR = Path({str(tmp_path)!r}), Path({str(folder)!r})
try:
    synonyms.shipped_synonyms(("months",)).longest_match(analyzer.terms("يناير"), 0, analyzer)
except AnalyzersError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"{folder / file}: ")
    assert done.stdout.endswith("; install searchd again\n")
