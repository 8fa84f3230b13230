from __future__ import annotations

import gzip
import sqlite3

import pytest

from indexer.sources import Kind, ReadOptions, read_records, scan, with_options


def read(path, table: str = ""):
    return list(read_records(with_options(scan([path]), ReadOptions(table=table))))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            CREATE TABLE pages (id TEXT, title TEXT, text TEXT, n REAL, picture BLOB);
            INSERT INTO pages VALUES ('p1', 'عنوان', 'نص', 1.5, x'00'), (NULL, 'ثان', NULL, 2, NULL);
            CREATE TABLE "odd ""name" (name TEXT, note TEXT, code INTEGER);
            INSERT INTO "odd ""name" (rowid, name, note, code) VALUES (7, 'أدرار', 'ولاية', 3);
            CREATE TABLE keyed (a TEXT, b INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID;
            INSERT INTO keyed VALUES ('x', 1);
            CREATE VIEW both AS SELECT title AS text FROM pages;
            """
        )
    database.close()
    return path


def test_all_tables(path):
    items = {item.values["id"]: item for item in read(path)}
    assert {name: dict(item.values) for name, item in items.items()} == {
        "a.sqlite#keyed/1/x": {"id": "a.sqlite#keyed/1/x", "a": "x", "b": 1, "text": "x"},
        'a.sqlite#odd "name/7': {
            "id": 'a.sqlite#odd "name/7',
            "name": "أدرار",
            "note": "ولاية",
            "code": 3,
            "text": "أدرار\nولاية",
        },
        "a.sqlite#pages/1": {"id": "a.sqlite#pages/1", "title": "عنوان", "text": "نص", "n": 1.5},
        "a.sqlite#pages/2": {
            "id": "a.sqlite#pages/2",
            "title": "ثان",
            "text": None,
            "n": 2.0,
            "picture": None,
        },
    }
    assert items["a.sqlite#pages/1"].origin == f"{path}#pages/1"
    assert sum(item.size for item in items.values()) == path.stat().st_size


def test_one_table_keeps_its_own_ids(path):
    first, second = read(path, "pages")
    assert (first.values["id"], second.values["id"]) == ("p1", "a.sqlite#pages/2")


def test_a_view(path):
    assert [item.values["text"] for item in read(path, "both")] == ["عنوان", "ثان"]


def test_no_such_table(path):
    (item,) = read(path, "nothing")
    assert item.reason == (
        "the database has no table 'nothing'; its tables are: both, keyed, odd \"name, pages"
    )


def test_a_compressed_database(path, tmp_path):
    packed = tmp_path / "b.sqlite.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    items = read(packed, "pages")
    assert [item.values["title"] for item in items] == ["عنوان", "ثان"]
    assert sum(item.size for item in items) == packed.stat().st_size


def test_the_content_tells_the_kind(path, tmp_path):
    (tmp_path / "data.db").write_bytes(path.read_bytes())
    (tmp_path / "other.db").write_bytes(b"no database")
    kinds = {file.name: file.kind for file in scan([tmp_path]).files}
    assert kinds == {"a.sqlite": Kind.SQLITE, "data.db": Kind.SQLITE}


def test_nothing_is_written_beside_or_into_a_database(path, tmp_path):
    before = path.read_bytes(), sorted(tmp_path.iterdir())
    read(path)
    assert (path.read_bytes(), sorted(tmp_path.iterdir())) == before


def test_changes_in_a_log_are_not_left_out_silently(path):
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("INSERT INTO keyed VALUES ('y', 2)")
    database.commit()
    (item,) = read(path)
    database.close()
    assert item.reason.startswith("the newest changes of the database are in a.sqlite-wal")


def test_tables_that_serve_a_full_text_index_are_left_out(tmp_path):
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIRTUAL TABLE found USING fts5(text)")
        database.execute("INSERT INTO found VALUES ('نص')")
        database.execute("CREATE TABLE found_again (text)")
        database.execute("INSERT INTO found_again VALUES ('ثان')")
    database.close()
    assert [item.values["text"] for item in read(path)] == ["ثان"]
    assert [item.values["text"] for item in read(path, "found")] == ["نص"]


def test_texts_in_another_encoding(tmp_path):
    words = "وكان الأحياء والأموات يسمعون هذا الكلام"
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (text TEXT)")
        database.execute("INSERT INTO t VALUES (CAST(? AS TEXT))", [words.encode("cp1256")])
    database.close()
    (item,) = read(path)
    assert item.values["text"] == words


@pytest.mark.parametrize(
    "data", [b"SQLite format 3\0" + b"x" * 4096, b"SQLite format 3\0"], ids=["garbage", "short"]
)
def test_a_damaged_database(tmp_path, data):
    path = tmp_path / "a.sqlite"
    path.write_bytes(data)
    (item,) = read(path)
    assert item.reason.startswith("the database cannot be read")


def test_damage_in_the_schema(path):
    data = path.read_bytes()
    assert b"CREATE TABLE pages" in data
    path.write_bytes(data.replace(b"CREATE TABLE pages", b"CREATE TABLE \xc3ages"))
    (item,) = read(path)
    assert item.reason.startswith("the database cannot be read")
