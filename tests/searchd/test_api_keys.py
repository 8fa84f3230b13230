"""API keys and their file."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from searchd.api_keys import ApiKey, KeyFile, find_key, key_file_of, new_key
from searchd.errors import KeyFileError

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.json")


def test_the_file_is_beside_the_index(tmp_path: Path) -> None:
    assert key_file_of(tmp_path / "index") == tmp_path.resolve() / "searchd-keys.json"


def test_a_key_comes_back_without_its_secret(file: KeyFile) -> None:
    presented, key = new_key(["search", "documents"], ["news-*"], "الموقع", NOON)
    file.add(key)
    assert KeyFile(file.path).keys() == (key,)
    assert find_key(presented, file.keys()) == key
    assert presented.split("_", 2)[2] not in file.path.read_text("utf-8")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_keys_differ() -> None:
    assert len({new_key(["search"])[0] for _ in range(100)}) == 100


def test_only_the_whole_key_is_found() -> None:
    presented, key = new_key(["search"])
    _, other = new_key(["search"])
    wrong = ["", presented[:-1], presented + "x", presented.replace("searchd_", "x_"), key.id]
    wrong += [f"searchd_{other.id}_{presented.split('_', 2)[2]}", key.sha256, "searchd__\ud800"]
    assert [find_key(each, [key, other]) for each in wrong] == [None] * len(wrong)
    assert find_key(presented, [other, key]) == key


@pytest.mark.parametrize(
    ("scopes", "indexes", "scope", "index", "allowed"),
    [
        pytest.param(["search"], ["*"], "search", "a", True, id="scope"),
        pytest.param(["search"], ["*"], "documents", "a", False, id="other-scope"),
        pytest.param(["documents"], ["*"], "search", "a", False, id="writing-is-not-reading"),
        pytest.param(["admin"], ["*"], "documents", "a", True, id="admin-is-all"),
        pytest.param(["search"], ["a", "b"], "search", "b", True, id="named"),
        pytest.param(["search"], ["a"], "search", "b", False, id="other-index"),
        pytest.param(["search"], ["news-*"], "search", "news-2024", True, id="pattern"),
        pytest.param(["admin"], ["a"], "admin", "b", False, id="admin-of-another"),
    ],
)
def test_what_a_key_allows(scopes, indexes, scope, index, allowed) -> None:
    assert new_key(scopes, indexes)[1].allows(scope, index) is allowed


def test_a_key_expires() -> None:
    _, key = new_key(["search"], expires=NOON)
    assert not key.is_expired(NOON - timedelta(seconds=1))
    assert key.is_expired(NOON)
    assert not new_key(["search"])[1].is_expired(NOON)


def test_changes_of_others_are_seen_and_nothing_is_read_twice(file: KeyFile, monkeypatch) -> None:
    reads = 0
    read = KeyFile._read

    def counted(self: KeyFile) -> tuple[ApiKey, ...]:
        nonlocal reads
        reads += 1
        return read(self)

    monkeypatch.setattr(KeyFile, "_read", counted)
    assert file.keys() == ()
    _, key = new_key(["search"])
    KeyFile(file.path).add(key)
    before = reads
    assert [file.keys() for _ in range(3)] == [(key,)] * 3
    assert reads == before + 1
    assert KeyFile(file.path).remove(key.id) == key
    assert file.keys() == ()
    file.path.unlink()
    assert file.keys() == ()


def test_an_unknown_id_is_not_removed(file: KeyFile) -> None:
    _, key = new_key(["search"])
    file.add(key)
    with pytest.raises(KeyFileError, match=r"no key with the id 'x'.*keys list"):
        file.remove("x")
    assert file.keys() == (key,)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: "{", id="cut-off"),
        pytest.param(lambda _: "[]", id="no-object"),
        pytest.param(lambda v: json.dumps(v | {"version": 2}), id="version"),
        pytest.param(lambda v: json.dumps(v | {"keys": [{}]}), id="empty-entry"),
        pytest.param(
            lambda v: json.dumps(v | {"keys": [v["keys"][0] | {"scopes": ["all"]}]}), id="scope"
        ),
        pytest.param(
            lambda v: json.dumps(v | {"keys": [v["keys"][0] | {"scopes": []}]}), id="no-scope"
        ),
        pytest.param(
            lambda v: json.dumps(v | {"keys": [v["keys"][0] | {"expires": "2030-01-01"}]}),
            id="no-time-zone",
        ),
        pytest.param(
            lambda v: json.dumps(v | {"keys": [v["keys"][0] | {"sha256": ""}]}), id="no-hash"
        ),
        pytest.param(lambda v: json.dumps(v | {"keys": [v["keys"][0] | {"x": 1}]}), id="unknown"),
    ],
)
def test_a_damaged_file_is_refused_and_kept(file: KeyFile, change) -> None:
    file.add(new_key(["search"])[1])
    damaged = change(json.loads(file.path.read_text("utf-8")))
    file.path.write_text(damaged, "utf-8")
    for _ in range(2):
        with pytest.raises(KeyFileError, match="is damaged or no key file"):
            file.keys()
    with pytest.raises(KeyFileError):
        file.add(new_key(["search"])[1])
    assert file.path.read_text("utf-8") == damaged


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_file_that_others_may_write_is_refused(file: KeyFile) -> None:
    file.add(new_key(["search"])[1])
    file.path.chmod(0o620)
    with pytest.raises(KeyFileError, match="chmod 600"):
        file.keys()
    file.path.chmod(0o644)
    assert len(file.keys()) == 1


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot write .*No such file.*--keys-file"):
        KeyFile(tmp_path / "none" / "keys.json").add(new_key(["search"])[1])


def test_no_key_is_lost_where_many_write(file: KeyFile) -> None:
    keys = [new_key(["search"])[1] for _ in range(24)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: KeyFile(file.path).add(key), keys))
    stored = file.keys()
    assert {key.id for key in stored} == {key.id for key in keys}
    assert not list(file.path.parent.glob(".keys.json.*"))
