"""`searchd keys` and `searchd top-queries`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from searchd.api_keys import KeyFile, find_key, new_key
from searchd.query_log import QueryLog
from tests.searchd.cli.test_program import invoke


def test_a_key_is_made_listed_and_revoked(tmp_path: Path) -> None:
    index = tmp_path / "news"
    made = invoke(
        *("keys", "create", "--index", index, "--scope", "documents", "--scope", "search"),
        *("--for-index", "news", "--expires", "90d", "--description", "الموقع\x1b[2J"),
    )
    assert made.exit_code == 0
    (presented,) = made.stdout.split()
    file = KeyFile(tmp_path / "searchd-keys.json")
    key = find_key(presented, file.keys())
    assert key is not None
    assert (key.scopes, key.indexes) == (("search", "documents"), ("news",))
    ends = datetime.fromisoformat(str(key.expires)) - datetime.now(UTC)
    assert timedelta(days=89) < ends <= timedelta(days=90)
    listed = invoke("keys", "list", "--index", index)
    assert listed.stdout.startswith(
        f"{key.id}  search, documents  news  until {key.expires}  الموقع"
    )
    assert "\x1b" not in listed.stdout
    assert presented not in listed.stdout
    revoked = invoke("keys", "revoke", key.id, "--index", index)
    assert (revoked.exit_code, revoked.stderr) == (0, f"key {key.id} is revoked\n")
    assert invoke("keys", "list", "--index", index).stdout == ""
    again = invoke("keys", "revoke", key.id, "--index", index)
    assert again.exit_code == 1
    assert f"no key with the id '{key.id}'" in again.stderr


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    made = json.loads(invoke("keys", "create", "--keys-file", file, "--json").stdout)
    (listed,) = json.loads(invoke("keys", "list", "--json", SEARCHD_KEYS_FILE=str(file)).stdout)
    assert made["scopes"] == listed["scopes"] == ["search"]
    assert made["id"] == listed["id"]
    assert listed["expired"] is False
    assert not {"sha256", "key"} & listed.keys()
    assert find_key(made["key"], KeyFile(file).keys()) is not None


def test_an_expired_key_is_marked(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys")
    file.add(new_key(["search"], expires=datetime(2020, 1, 1, tzinfo=UTC))[1])
    assert "(expired)" in invoke("keys", "list", "--keys-file", file.path).stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("yesterday", "is no time; write 90d"),
        ("2020-01-01", "is over"),
        ("0d", "is over"),
        ("2030-13-01", "is no time"),
    ],
)
def test_a_wrong_end(tmp_path: Path, given: str, said: str) -> None:
    done = invoke("keys", "create", "--keys-file", tmp_path / "keys", "--expires", given)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "keys").exists()


def test_a_date_is_its_whole_day(tmp_path: Path) -> None:
    invoke("keys", "create", "--keys-file", tmp_path / "keys", "--expires", "2090-12-31")
    (key,) = KeyFile(tmp_path / "keys").keys()
    assert key.expires == "2091-01-01T00:00:00+00:00"


def test_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("{")
    for arguments in (["create"], ["list"], ["revoke", "x"]):
        done = invoke("keys", *arguments, "--keys-file", tmp_path / "keys")
        assert done.exit_code == 1
        assert "is damaged or no key file" in done.stderr
    assert (tmp_path / "keys").read_text() == "{"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of two queries, one asked twice, and a line that was cut off."""
    log = QueryLog(tmp_path / "queries.jsonl")
    for query, total in (("زقورة\x1b", 0), ("إيران", 3), ("ايران", 3)):
        log.add(query, total, 0.1)
    log.close()
    with log.path.open("a") as file:
        file.write('{"time": "20')
    return log.path


def test_top_queries(log: Path) -> None:
    done = invoke("top-queries", log)
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["2", "0", "إيران"],
        ["1", "1", "زقورة"],
    ]
    assert "left out 1 line that is not of a query log" in done.stderr
    assert "2 queries, asked 3 times" in done.stderr


def test_top_queries_that_find_nothing(log: Path) -> None:
    (found,) = json.loads(invoke("top-queries", log, "--no-results", "--json").stdout)
    assert (found["count"], found["without_results"], found["last_total"]) == (1, 1, 0)


def test_top_queries_of_several_files_since_a_time(log: Path) -> None:
    twice = json.loads(
        invoke("top-queries", log, log, "--limit", 1, "--json", "--since", "1d").stdout
    )
    assert [each["count"] for each in twice] == [4]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert invoke("top-queries", log, "--since", tomorrow).stdout == ""
    assert invoke("top-queries", log, "--since", "soon").exit_code == 2
    assert invoke("top-queries", log.parent / "none").exit_code == 2
