from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchd.cli import main as command_line
from tests.docs.examples import CORPUS


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus, questions and judgments of one's own, and an index of the articles.

    It is only read; a test that writes copies it.
    """
    folder = tmp_path_factory.mktemp("pages") / "sample"
    shutil.copytree(CORPUS, folder / "corpus")
    for name in ("queries.jsonl", "qrels.tsv"):
        shutil.copy(CORPUS / name, folder)
    options = ["--index", str(folder / "searchd-index"), "--field", "category", "--quiet"]
    done = CliRunner().invoke(command_line, ["index", str(folder / "corpus/articles"), *options])
    assert done.exit_code == 0, done.output
    return folder
