"""The configuration of `searchd serve`, its keys, logs and signals: mostly of real processes."""

from __future__ import annotations

import json
import select
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import click
import pytest

from searchd.api_keys import KeyFile, new_key
from searchd.cli.configuration import name_of, read_defaults, variable_of
from searchd.cli.serve import serve
from searchd.cli.systemd import notify
from tests.searchd.cli.test_program import PROGRAM, ROOT, environment, invoke, make_index
from tests.searchd.cli.test_serve import serving


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return make_index(tmp_path)


def write(path: Path, text: str) -> Path:
    path.write_text(f"[serve]\n{text}\n", "utf-8")
    return path


def check(index: Path, *options: object, **variables: str) -> tuple[int, dict[str, str], str]:
    """Return the status, the values with their places, and the errors of --check-config."""
    done = invoke("serve", "--index", index, "--check-config", *options, **variables)
    rows = (line.partition(" = ") for line in done.stdout.splitlines())
    return done.exit_code, {name: value for name, _, value in rows}, done.stderr


def status_of(address: str, **headers: str) -> int:
    try:
        with urlopen(Request(address, headers=headers), timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


class TestConfiguration:
    def test_command_line_then_environment_then_file(self, index: Path, tmp_path: Path) -> None:
        file = write(
            tmp_path / "c.toml", "port = 1\nmax-queue = 2\nmax_searches = 3\npublic-search = true"
        )
        variables = {"SEARCHD_PORT": "4", "SEARCHD_MAX_QUEUE": "5", "SEARCHD_CONFIG": str(file)}
        status, values, _ = check(index, "--port", 6, **variables)
        assert status == 0
        assert values["port"] == "6  (command line)"
        assert values["max-queue"] == "5  (environment)"
        assert values["max-searches"] == "3  (file)"
        assert values["public-search"] == "True  (file)"
        assert values["search-timeout"] == "2.0  (default)"

    def test_lists_and_paths(self, index: Path, tmp_path: Path) -> None:
        folder = tmp_path / "etc"
        folder.mkdir()
        text = 'allowed-host = ["a.example", "*.b.example"]\nquery-log = "log/q"\nslow-query = 1'
        file = write(folder / "c.toml", text)
        (folder / "log").mkdir()
        status, values, _ = check(index, "--config", file)
        assert (status, values["slow-query"]) == (0, "1.0  (file)")
        assert values["allowed-host"] == "a.example, *.b.example  (file)"
        assert values["query-log"] == f"{folder / 'log/q'}  (file)"
        _, values, _ = check(index, SEARCHD_ALLOWED_HOST="a.example b.example")
        assert values["allowed-host"] == "a.example, b.example  (environment)"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param("prot = 1", "there is no key 'prot'; did you mean 'port'?", id="typo"),
            pytest.param("xyzzy = 1", "'searchd serve --help' lists all", id="unknown"),
            pytest.param("check-config = true", "no key 'check-config'", id="not-in-files"),
            pytest.param(
                "port = 70000", "the key 'port' is wrong: 70000 is not in the range", id="range"
            ),
            pytest.param('port = "x"', "the key 'port' is wrong: 'x' is not a valid", id="type"),
            pytest.param("rate-limit = nan", "nan is not a finite number", id="no-number"),
            pytest.param("search-timeout = inf", "inf is not a finite number", id="infinite"),
            pytest.param("port = true", "the key 'port' is True; it must be one value", id="true"),
            pytest.param("port = [1]", "it must be one value", id="list"),
            pytest.param('public-search = "no"', "it must be true or false", id="flag"),
            pytest.param('allowed-host = "a"', "it must be a list", id="one-for-many"),
            pytest.param('log-format = "xml"', "the key 'log-format' is wrong", id="choice"),
            pytest.param('cors-origin = ["example.org"]', "is no origin", id="origin"),
            pytest.param("port = 1\n[other]\nx = 1", "there is no key 'other'", id="table"),
            pytest.param("port = ", "is not TOML", id="syntax"),
        ],
    )
    def test_errors_name_the_file_and_the_key(
        self, index: Path, tmp_path: Path, text: str, said: str
    ) -> None:
        file = write(tmp_path / "c.toml", text)
        status, _, error = check(index, "--config", file)
        assert status == 1
        assert str(file) in error
        assert said in error
        assert error.count("\n") == 1

    def test_a_key_outside_of_the_table(self, index: Path, tmp_path: Path) -> None:
        file = tmp_path / "c.toml"
        file.write_text("port = 1\n")
        assert "put it below a line [serve]" in check(index, "--config", file)[2]
        assert "cannot read the configuration" in check(index, "--config", tmp_path / "none")[2]

    def test_what_the_options_name_is_checked(self, index: Path, tmp_path: Path) -> None:
        none = tmp_path / "none" / "file"
        assert "there is no key file" in check(index, "--keys-file", none)[2]
        assert f"cannot write the log {none}" in check(index, "--log-file", none)[2]
        assert f"cannot write the log {none}" in check(index, "--query-log", none)[2]
        assert check(tmp_path / "none")[0] == 1
        (tmp_path / "searchd-keys.json").write_text("{")
        assert "is damaged or no key file" in check(index)[2]

    def test_every_option_has_a_variable_and_a_key(self) -> None:
        options = [each for each in serve.params if isinstance(each, click.Option)]
        names = {name_of(each): each.envvar for each in options}
        del names["check-config"]
        assert names == {
            name_of(each): variable_of(each) for each in options if name_of(each) in names
        }

    def test_the_example_is_right(self) -> None:
        values = read_defaults(click.Context(serve), ROOT / "deploy/searchd.toml")
        assert {"index_directory", "keys_file", "port"} <= values.keys()


class TestKeys:
    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])
    def test_other_machines_need_a_key(self, index: Path, tmp_path: Path, host: str) -> None:
        status, _, error = check(index, "--host", host)
        assert status == 1
        assert f"{host} is open to other machines" in error
        assert f"searchd keys create --index {index}" in error
        assert check(index, "--host", host, "--public-search")[0] == 0
        KeyFile(tmp_path / "searchd-keys.json").add(new_key(["search"])[1])
        assert check(index, "--host", host)[0] == 0

    def test_a_key_is_needed_from_when_there_is_one(self, index: Path, tmp_path: Path) -> None:
        with serving(index) as (_, address):
            url = f"{address}/search?q=x"
            assert status_of(url) == 200
            presented = invoke("keys", "create", "--index", index).stdout.strip()
            assert status_of(url) == 401
            assert status_of(url, Authorization=f"Bearer {presented}") == 200
            assert status_of(f"{address}/metrics", Authorization=f"Bearer {presented}") == 403
            invoke("keys", "revoke", presented.split("_")[1], "--index", index)
            assert status_of(url) == 200  # no key is left, and this is the same machine


def test_sighup_reloads_and_keeps_what_is_right(index: Path, tmp_path: Path) -> None:
    log, words = tmp_path / "log", tmp_path / "words.txt"
    words.write_text("زقورة, الحشد\n", "utf-8")
    text = (
        f'synonyms = "words.txt"\nlog-format = "json"\nlog-file = "{log}"\npublic-search = true\n'
    )
    file = write(tmp_path / "c.toml", text + "access-log = true\nlog-queries = true")

    def said(least: int) -> list[dict[str, object]]:
        """Return the lines of the service, when there are so many."""
        for _ in range(200):
            lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
            found = [each for each in lines if each["logger"] == "searchd.service"]
            if len(found) >= least:
                return found
            time.sleep(0.1)
        raise AssertionError(log.read_text("utf-8"))

    log.touch()
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--index", str(index), "--port", "0", "--config", str(file)],
        env=environment(),
        stderr=subprocess.DEVNULL,
    )
    try:
        address = str(said(1)[0]["message"]).split()[3]
        url = f"{address}/search?q={quote('زقورة')}"

        def total() -> int:
            with urlopen(url, timeout=20) as answer:
                return int(json.load(answer)["total"])

        assert total() == 2
        words.write_text("زقورة, إيران, الحشد\n", "utf-8")
        write(file, text + "rate-limit = 0.001\nmax-queue = 7")
        process.send_signal(signal.SIGHUP)
        done = str(said(2)[1]["message"])
        assert done.startswith("reloaded word files, ")
        assert {"access-log", "log-queries", "rate-limit"} <= set(
            done.replace(";", ",").split(", ")
        )
        assert done.endswith("a restart is needed for max-queue")
        assert total() == 3
        assert status_of(url) == 429
        write(file, text + "prot = 1")
        process.send_signal(signal.SIGHUP)
        failed = said(3)[2]
        assert (failed["level"], "nothing was reloaded" in str(failed["message"])) == (
            "error",
            True,
        )
        assert status_of(url) == 429
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    access = [each for each in lines if each["logger"] == "searchd.access"]
    assert [each["query"] for each in access] == ["زقورة"]  # those after the reload are not logged


def test_systemd_is_told(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(path))
        told.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        with serving(index) as (process, _):
            assert told.recv(1000) == b"READY=1"
            process.send_signal(signal.SIGHUP)
            assert told.recv(1000).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
            assert told.recv(1000) == b"READY=1"
            process.send_signal(signal.SIGTERM)
            assert told.recv(1000) == b"STOPPING=1"
            assert process.wait(20) == 0
        assert not select.select([told], [], [], 0)[0]
    path.unlink()
    notify("READY=1")  # nobody listens
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify("READY=1")


def test_head_over_a_real_connection(index: Path) -> None:
    """The server sends no body, and the connection goes on."""
    with serving(index) as (_, address):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            request = f"HTTP/1.1\r\nHost: {host}\r\n"
            connection.sendall(f"HEAD /search?q=x {request}\r\n".encode())
            connection.sendall(f"GET /health {request}Connection: close\r\n\r\n".encode())
            received = b""
            while data := connection.recv(65536):
                received += data
    first, second = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert first.partition(b"\r\n\r\n")[2] == b""
    assert b'"status":"ok"' in second


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = (ROOT / "deploy/searchd.service").read_text("utf-8")
    (tmp_path / "searchd.service").write_text(unit.replace("/opt/searchd/bin/searchd", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "searchd.service")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
