"""`searchd index`: which records are in a file, and what their ids are."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.searchd.cli.test_index import at, hits, ids, write
from tests.searchd.cli.test_program import invoke

__all__ = ["at"]


def index(*args: str) -> None:
    done = invoke("index", *args)
    assert done.exit_code == 0, done.stderr


def test_records_of_a_json_file(at: Path) -> None:
    rows = [{"id": n, "body": "كتاب", "author": {"name": f"ن{n}"}} for n in range(3)]
    write(at, "a.json", json.dumps({"data": {"items": rows}}))
    index(
        "a.json", "--records", "data.items", "--field", "text=body", "--field", "author=author.name"
    )
    assert {hit["id"]: hit["fields"]["author"] for hit in hits("كتاب")} == {
        "0": "ن0",
        "1": "ن1",
        "2": "ن2",
    }


def test_a_json_file_of_one_object_names_the_option(at: Path) -> None:
    write(at, "a.json", '{"data": [{"id": 1}]}')
    done = invoke("index", "a.json")
    assert done.exit_code == 1
    assert "use --records data" in done.stderr


def test_records_of_an_xml_file(at: Path) -> None:
    write(at, "a.xml", "<list><book id='b1'><title>كتاب</title></book></list>")
    index("a.xml", "--records", "book")
    assert ids() == {"b1"}


def test_a_table_of_a_database(at: Path) -> None:
    with sqlite3.connect(at / "a.sqlite") as database:
        database.execute("CREATE TABLE one (id TEXT, text TEXT)")
        database.execute("CREATE TABLE two (id TEXT, text TEXT)")
        database.execute("INSERT INTO one VALUES ('1', 'كتاب')")
        database.execute("INSERT INTO two VALUES ('1', 'قلم')")
    database.close()
    index("a.sqlite", "--table", "two")
    assert ids() == {"1"}
    index("a.sqlite", "--rebuild")
    assert ids() == {"a.sqlite#one/1", "a.sqlite#two/1"}


def test_rows_without_ids_are_numbered(at: Path) -> None:
    write(at, "a.csv", "text\nكتاب\nقلم\n")
    write(at, "b.txt", "دفتر")
    done = invoke("index", "a.csv")
    assert "number the records with --id row" in done.stderr
    index("a.csv", "b.txt", "--id", "row")
    assert ids() == {"a.csv#1", "a.csv#2", "b.txt"}


def test_a_bad_row_keeps_its_number(at: Path) -> None:
    write(at, "a.csv", "text\nكتاب\nقلم,x\nدفتر\n")
    assert invoke("index", "a.csv", "--id", "row", "--on-error", "skip").exit_code == 3
    assert ids() == {"a.csv#1", "a.csv#3"}


def test_a_prefix_of_ids(at: Path) -> None:
    write(at, "a.csv", "id,text\n1,كتاب\n")
    index("a.csv", "--id-prefix", "أ-")
    index("a.csv", "--id-prefix", "ب-")
    assert ids() == {"أ-1", "ب-1"}


def test_ids_that_collide(at: Path) -> None:
    write(at, "a.csv", "id,text\n1,كتاب\n")
    write(at, "b.csv", "id,text\n1,قلم\n")
    done = invoke("index", "a.csv", "b.csv")
    assert done.exit_code == 1
    assert "b.csv:2: its id '1' is that of a.csv:2 too" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--id", "row", "--field", "id=code"], "leave one of them out"),
        (["--records", "a..b"], "no path of names"),
        (["--table", ""], "name a table"),
        (["--id", "column"], "'column' is not 'row'"),
    ],
)
def test_options_that_make_no_sense(at: Path, options: list[str], message: str) -> None:
    write(at, "a.csv", "id,text\n1,كتاب\n")
    done = invoke("index", "a.csv", *options)
    assert done.exit_code == 2
    assert message in done.stderr
