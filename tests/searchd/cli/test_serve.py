"""`searchd serve`: a process that answers over HTTP until it is stopped."""

from __future__ import annotations

import json
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pytest

from tests.searchd.cli.test_program import PROGRAM, ROOT, environment, invoke, make_index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("serve"))


@contextmanager
def serving(index: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the service on a free port; yield the process and its address after it is printed."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--index", str(index), "--port", "0", *options],
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


@pytest.mark.parametrize("module", ["uvicorn", "fastapi"])
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
