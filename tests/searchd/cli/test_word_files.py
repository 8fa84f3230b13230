"""The options for user dictionaries, and their effect on an index and a search."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from analyzers import Analyzer
from analyzers.synonyms import Synonyms, shipped_synonyms
from searchd.cli.word_files import (
    analyzer_options,
    synonyms_options,
)
from tests.searchd.cli.test_program import invoke, jsonl


@pytest.fixture
def words_file(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text("بسنتر\n", "utf-8")
    return path


# --- the options alone ------------------------------------------------------------------------


@click.command()
@analyzer_options
@synonyms_options
def given(analyzer: Analyzer | None, synonyms: Synonyms | None) -> None:
    rules = "all" if synonyms is None else len(synonyms.rules)
    reading = analyzer or Analyzer()
    stem = reading.terms("وبسنتر")[0].stem
    lemma = reading.lemma_expander.reading("قطبزلخ").lemma
    click.echo(f"{stem} {lemma} {rules}")


def read_options(*args: object, **env: str) -> Result:
    return CliRunner(env=env).invoke(given, list(map(str, args)), catch_exceptions=False)


def size(*packs: str) -> int:
    return len(shipped_synonyms(packs).rules)


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        pytest.param([], "سنتر قطبزلخ all", id="nothing"),
        pytest.param(["--no-synonyms"], "سنتر قطبزلخ 0", id="no-synonyms"),
        pytest.param(["--synonym-packs", "none"], "سنتر قطبزلخ 0", id="no-packs"),
        pytest.param(["--synonym-packs", "months"], f"سنتر قطبزلخ {size('months')}", id="one-pack"),
        pytest.param(
            ["--synonym-packs", "months, names"],
            f"سنتر قطبزلخ {size('months') + size('names')}",
            id="two-packs",
        ),
    ],
)
def test_options(options: list[str], printed: str) -> None:
    done = read_options(*options)
    assert (done.exit_code, done.stdout.strip()) == (0, printed)


def test_files(tmp_path: Path, words_file: Path) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("قطبزلخ = صحيفة\n", "utf-8")
    synonyms = tmp_path / "synonyms.txt"
    synonyms.write_text("سيارة, عربة\nجوال, خلوي\n", "utf-8")
    by_option = ("--protected-words", words_file, "--lexicon-entries", lexicon)
    done = read_options(*by_option, "--synonyms", synonyms, "--synonym-packs", "none")
    assert done.stdout.strip() == "بسنتر صحيفه 2"
    done = read_options(
        SEARCHD_PROTECTED_WORDS=str(words_file),
        SEARCHD_LEXICON_ENTRIES=str(lexicon),
        SEARCHD_SYNONYMS=str(synonyms),
    )
    assert done.stdout.strip() == f"بسنتر صحيفه {len(shipped_synonyms().rules) + 2}"


@pytest.mark.parametrize(
    ("option", "content", "error"),
    [
        pytest.param("--protected-words", "بني وليد", "is 2 words to searchd", id="protected"),
        pytest.param("--lexicon-entries", "صحائف", "is no entry", id="lexicon"),
        pytest.param("--synonyms", "غوغل", "two entries or more", id="synonyms"),
    ],
)
def test_an_error_in_a_file_is_one_line(
    words_file: Path, option: str, content: str, error: str
) -> None:
    words_file.write_text(f"# سطر\n{content}\n", "utf-8")
    done = invoke("analyze", "كلمة", option, words_file)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {words_file}:2: ")
    assert error in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "error"),
    [
        pytest.param(["--synonym-packs", "days"], "there is no pack 'days'", id="unknown-pack"),
        pytest.param(
            ["--no-synonyms", "--synonym-packs", "months"], "leaves no pack", id="none-and-some"
        ),
    ],
)
def test_wrong_usage(options: list[str], error: str) -> None:
    done = read_options(*options)
    assert done.exit_code == 2
    assert error in done.stderr


# --- protected words in an index --------------------------------------------------------------

DOCUMENT = {"id": "clinic", "text": "زار الوزير وبسنتر الأطفال في المدينة"}


@pytest.fixture
def protected_index(tmp_path: Path, words_file: Path) -> Path:
    source = tmp_path / "documents.jsonl"
    source.write_text(jsonl([DOCUMENT]), "utf-8")
    directory = tmp_path / "index"
    done = invoke("index", source, "--index", directory, "--protected-words", words_file)
    assert done.exit_code == 0, done.stderr
    return directory


def test_protected_words_are_found_with_clitics(protected_index: Path, words_file: Path) -> None:
    options = ("--index", protected_index, "--protected-words", words_file)
    done = invoke("query", "بسنتر", *options, "--json")
    assert [hit["id"] for hit in json.loads(done.stdout)["hits"]] == ["clinic"]
    assert invoke("info", *options).exit_code == 0
    assert "1 document deleted" in invoke("delete", "clinic", *options).stderr


@pytest.mark.parametrize("command", [("query", "بسنتر"), ("info",), ("delete", "clinic")])
def test_an_index_is_opened_with_the_words_that_built_it(
    protected_index: Path, command: tuple[str, ...]
) -> None:
    done = invoke(*command, "--index", protected_index)
    assert done.exit_code == 1
    assert "open it with the protected words that it was built with" in done.stderr
    assert "searchd index --rebuild" in done.stderr


def test_analyze_keeps_protected_words_whole(words_file: Path) -> None:
    done = invoke("analyze", "وبسنتر", "--protected-words", words_file, "--json")
    assert [token["stem"] for token in json.loads(done.stdout)] == ["بسنتر"]
