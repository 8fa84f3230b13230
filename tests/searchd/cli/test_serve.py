"""`searchd serve`: a process that answers over HTTP until it is stopped."""

from __future__ import annotations

import json
import select
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import click
import pytest

from tests.searchd.cli.test_program import PROGRAM, ROOT, environment, invoke, make_index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("serve"))


@contextmanager
def serving(
    index: Path, *options: str, program: Sequence[str] = PROGRAM
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the service on a free port; yield the process and its address after it is printed."""
    process = subprocess.Popen(
        [*program, "serve", "--index", str(index), "--port", "0", *options],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stderr is not None
    assert process.stdout is not None
    try:
        line = process.stderr.readline()
        assert line.startswith(f"searching {index} at http://"), line + process.stderr.read()
        yield process, line.split()[3]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
        process.stdout.close()


def test_the_page_and_the_api_answer(index: Path) -> None:
    with serving(index) as (_, address):
        with urlopen(f"{address}/", timeout=20) as page:
            assert page.status == 200
            assert 'dir="rtl"' in page.read().decode()
        with urlopen(f"{address}/search?" + urlencode({"q": "الحشد"}), timeout=20) as answer:
            assert {hit["id"] for hit in json.load(answer)["hits"]} == {"law", "floods"}
        # A request line longer than the default limit of uvicorn.
        with urlopen(f"{address}/analyze?text=" + quote("كتاب " * 3000), timeout=20) as answer:
            assert len(json.load(answer)["tokens"]) == 3000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server(index: Path, number: signal.Signals) -> None:
    with serving(index) as (process, address):
        with urlopen(f"{address}/health", timeout=20) as answer:
            assert answer.status == 200
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


ENDLESS = """
from searchd.cli import http_server, main
from searchd.engine import Engine

http_server._GRACE_SECONDS, http_server._STOP_SECONDS = 1, 2

def search(*arguments, **options):
    while True:  # needs the lock of Python as a search does
        sum(range(1000))

Engine.search = search
main()
"""


def test_sigterm_is_obeyed_while_searches_do_not_end(index: Path) -> None:
    program = [sys.executable, "-c", ENDLESS]
    options = ("--max-searches", "2", "--search-timeout", "60")
    with serving(index, *options, program=program) as (process, address):
        host, port = address.removeprefix("http://").split(":")
        asking = [socket.create_connection((host, int(port))) for _ in range(5)]
        for each in asking:
            each.sendall(f"GET /search?q=x HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        refused: set[socket.socket] = set()
        while len(refused) < 3:  # as three are refused, two are at work
            answered = select.select(set(asking) - refused, [], [], 20)[0]
            assert answered
            refused.update(answered)
        with urlopen(f"{address}/health", timeout=20) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, 1)  # 1 where the time was up before all was put away
        for each in asking:
            each.close()


def test_the_host_of_a_request_is_checked(index: Path) -> None:
    def status(address: str, host: str) -> int:
        try:
            with urlopen(Request(address, headers={"Host": host}), timeout=20) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code

    with serving(index, "--allowed-host", "search.example") as (_, address):
        for host in ("127.0.0.1", "localhost:1", "[::1]:80", "search.example"):
            assert status(f"{address}/health", host) == 200, host
        assert status(f"{address}/", "evil.example") == 421


def test_a_slow_client_is_closed(index: Path) -> None:
    with serving(index, "--client-timeout", "0.1") as (_, address):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\n")
            assert slow.recv(100).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_listener_has_the_number_of_its_protocol(host: str) -> None:
    from searchd.cli.http_server import listen

    try:
        listener = listen(host, 0)
    except click.ClickException:
        pytest.skip(f"no {host} here")
    with listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_too_few_descriptors(index: Path) -> None:
    limited = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))\n"
    command = [sys.executable, "-c", limited + "from searchd.cli import main; main()", "serve"]
    done = subprocess.run(
        [*command, "--index", str(index), "--port", "0"],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 1
    assert "the limit of open files is 100, and the service needs 256" in done.stderr
    assert done.stderr.count("\n") == 1


def test_ipv6(index: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    with serving(index, "--host", "::1") as (_, address):
        assert address.startswith("http://[::1]:")
        with urlopen(f"{address}/health", timeout=20) as answer:
            assert answer.status == 200


def test_a_port_in_use(index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = invoke("serve", "--index", index, "--port", port)
    assert done.exit_code == 1
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unknown_host(index: Path) -> None:
    done = invoke("serve", "--index", index, "--host", "nosuch.invalid", "--port", 0)
    assert done.exit_code == 1
    assert "cannot listen on nosuch.invalid" in done.stderr
    assert invoke("serve", "--index", index, "--port", 70_000).exit_code == 2


@pytest.mark.parametrize("module", ["uvicorn", "fastapi", "jinja2"])
def test_without_the_extra_the_error_says_what_to_install(index: Path, module: str) -> None:
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from searchd.cli import main\n"
        "main(['serve', '--port', '0'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(SEARCHD_INDEX=str(index)),
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"({module} is missing)" in done.stderr
    assert f"pip install -e {shlex.quote(f'{ROOT}[serve]')}" in done.stderr
    assert done.stderr.count("\n") == 1
