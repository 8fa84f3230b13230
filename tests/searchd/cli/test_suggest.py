"""`searchd suggest` and `searchd similar`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searchd
from tests.searchd.cli.test_program import invoke, make_index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("suggest"))


def test_suggestions(index: Path) -> None:
    done = invoke("suggest", "الحشد", "الش", "--index", index)
    assert done.exit_code == 0
    with searchd.open(index) as engine:
        expected = engine.suggest("الحشد الش")
    assert expected
    assert done.stdout.splitlines() == [f"{each.frequency:>9,}  {each.text}" for each in expected]
    values = json.loads(invoke("suggest", "الحشد الش", "--index", index, "--json").stdout)
    assert values == {
        "text": "الحشد الش",
        "suggestions": [each._asdict() for each in expected],
    }


def test_nothing_completes_it(index: Path) -> None:
    done = invoke("suggest", "ظظظ", "--index", index)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "no word of the index completes ظظظ\n"
    done = invoke("suggest", "ا", "--field", "nothing", "--index", index)
    assert done.exit_code == 1
    assert "title, text" in done.stderr


def test_similar_documents(index: Path) -> None:
    done = invoke("similar", "law", "--index", index)
    assert done.exit_code == 0
    with searchd.open(index) as engine:
        expected = engine.similar("law")
    assert expected.hits
    assert [line.split()[0] for line in done.stdout.splitlines() if line.startswith("1.")] == ["1."]
    assert expected.terms[0].text in done.stderr
    values = json.loads(invoke("similar", "law", "--index", index, "--json").stdout)
    assert [hit["id"] for hit in values["hits"]] == [hit.id for hit in expected.hits]


def test_an_unknown_document_is_an_error(index: Path) -> None:
    done = invoke("similar", "nothing", "--index", index)
    assert done.exit_code == 1
    assert "no document with the id 'nothing'" in done.stderr
