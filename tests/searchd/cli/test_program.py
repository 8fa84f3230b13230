"""The program as a whole: its help, its errors, its streams.

The tests of the single commands, beside this file, use its ways to run the program.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

import click
import pytest
from click.testing import CliRunner, Result

from indexer import generation
from indexer.cluster.address import CONFIGURATION, VARIABLES
from indexer.writer import IndexWriter
from searchd._version import __version__
from searchd.cli import main
from searchd.cli.exit_status import EXIT_STATUS
from searchd.cli.program import ENVIRONMENT
from searchd.search_arguments import MOST_HITS

ROOT = Path(__file__).parents[3]
PROGRAM = (sys.executable, "-W", "error", "-m", "searchd")
COMMANDS = (
    "index", "watch", "query", "suggest", "similar", "show", "export", "analyze", "info", "delete", "verify",
    "serve", "evaluate", "keys", "top-queries", "backup", "backups", "restore", "replicate", "optimize",
)  # fmt: skip

DOCUMENTS: list[dict[str, Any]] = [
    {
        "id": "law",
        "title": "قانون الحشد الشعبي",
        "text": "أرجأ مجلس النواب التصويت على قانون التقاعد للحشد الشعبي.\n"
        + "وعرض رئيس اللجنة المالية تقريراً مفصلاً عن الرواتب والإجازات والتعويضات. " * 8
        + "\nويباع الكتاب الذي يشرح ذلك في المكتبة الوطنية كل يوم جمعة.",
        "date": "2024-03-05",
        "url": "https://example.org/law",
        "section": "سياسة",
        "price": 10,
    },
    {
        "id": "floods",
        "title": "مواجهة السيول",
        "text": "شارك الحشد في إخلاء القرى، ورُفع العلم 😀 بعدها في إيران.",
        "date": "2024-04-01",
        "section": "محليات",
        "price": 2.5,
    },
    {"id": "soup", "title": "شوربة العدس", "text": "يُغسل العدس ثم يُسلق.", "section": "مطبخ"},
    {"id": "plain", "title": "", "text": "كتاب قديم عن واشنطن وإيران بلا عنوان."},
]


def jsonl(documents: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)


def invoke(*args: object, stdin: str | bytes | None = None, **env: str) -> Result:
    """Run the program in this process. Unforeseen errors are raised."""
    variables = {"SEARCHD_INDEX": None, "NO_COLOR": None, **env}
    return CliRunner(env=variables).invoke(
        main, list(map(str, args)), input=stdin, catch_exceptions=False, prog_name="searchd"
    )


def environment(**env: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _CLEARED}
    return {**kept, "PYTHONPATH": str(ROOT), **env}


_CLEARED = ("SEARCHD_INDEX", "NO_COLOR", "PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS", "LC_ALL")


def run(
    *args: object, stdin: bytes | None = None, cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the program in a new process; decode its output as UTF-8.

    Its coverage, which takes a third of its time, is not measured: `invoke` calls the same code.
    """
    command = [*PROGRAM, *(arg if isinstance(arg, bytes) else str(arg) for arg in args)]
    variables = environment(**env)
    variables.pop("COVERAGE_PROCESS_CONFIG", None)
    done = subprocess.run(
        command, input=stdin, capture_output=True, cwd=cwd, env=variables, timeout=60
    )
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@dataclass
class Terminal:
    """A process with a pseudo-terminal, and its output so far."""

    process: subprocess.Popen[bytes]
    screen: int
    output: str = ""

    def read(self) -> bool:
        """Append new output to `output`; return False at the end of the output."""
        try:
            data = os.read(self.screen, 65536)
        except OSError as error:  # EIO on Linux, end of file elsewhere
            if error.errno != errno.EIO:
                raise
            data = b""
        self.output += data.decode("utf-8", "replace")
        return bool(data)

    def wait_for(self, pattern: str) -> None:
        while not re.search(pattern, self.output):
            assert self.read(), f"{pattern!r} was not printed: {self.output!r}"

    def wait(self) -> int:
        while self.read():
            pass
        return self.process.wait(60)


@contextmanager
def terminal(
    *args: object, columns: int = 80, stdin: int | IO[bytes] | None = None, **env: str
) -> Iterator[Terminal]:
    """Start the program with a pseudo-terminal of `columns` columns."""
    screen, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, *map(str, args)],
        stdin=inside if stdin is None else stdin,
        stdout=inside,
        stderr=inside,
        env=environment(**{"TERM": "xterm-256color", **env}),
        start_new_session=True,
        # A shell starts background processes with SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.close(inside)
    try:
        yield Terminal(process, screen)
    finally:
        process.kill()
        process.wait()
        if process.stdin is not None:
            process.stdin.close()
        os.close(screen)


def make_index(parent: Path) -> Path:
    """Index DOCUMENTS with a keyword and a number field; return the directory of the index."""
    directory = parent / "index"
    fields = ["--field", "section", "--field", "price:number"]
    done = invoke("index", "-", "--index", directory, *fields, stdin=jsonl(DOCUMENTS))
    assert done.exit_code == 0, done.stderr
    return directory


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("cli"))


def test_version() -> None:
    assert run("--version").stdout == f"searchd, version {__version__}\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help(command: str, flag: str) -> None:
    done = invoke(*filter(None, [command]), flag)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: searchd")


def test_every_option_has_help() -> None:
    context = click.Context(main)
    assert main.list_commands(context) == sorted(COMMANDS)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{command.name} {parameter.opts}"


def test_help_states_the_bound_of_the_engine() -> None:
    for command in ("query", "evaluate"):
        assert f"{MOST_HITS:,}" in invoke(command, "--help").stdout


def test_help_lists_exit_status_and_environment() -> None:
    shown = invoke("--help").stdout
    for key, meaning in (*EXIT_STATUS.items(), *ENVIRONMENT.items()):
        assert re.search(rf"^  +{re.escape(str(key))} +{re.escape(meaning)}$", shown, re.MULTILINE)


def test_every_environment_variable_of_an_option_is_listed() -> None:
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in COMMANDS if name != "serve"]
    variables = {
        parameter.envvar
        for command in commands
        if command is not None
        for parameter in command.params
        if parameter.envvar
    }
    of_clusters = {CONFIGURATION, *VARIABLES.values()}
    assert {*variables, *of_clusters, "SEARCHD_...", "NO_COLOR"} == ENVIRONMENT.keys()


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_loads_nothing_heavy(command: str) -> None:
    heavy = "numpy|whoosh|fastapi|uvicorn|selectolax|markdown_it|rapidfuzz|pyarabic|tqdm"
    heavy += "|ir_measures|scipy|wcwidth"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "searchd", *filter(None, [command]), "--help"],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    assert "searchd.cli.program" in done.stderr
    assert re.findall(rf"\| +((?:{heavy})(?:\.\w+)*)$", done.stderr, re.MULTILINE) == []


@pytest.mark.parametrize("args", [["nosuch"], ["query", "--limt", "3", "ا"], ["query"], ["index"]])
def test_wrong_usage_exits_with_2(args: list[str]) -> None:
    done = invoke(*args)
    assert done.exit_code == 2
    assert "Usage: searchd" in done.stderr


@pytest.mark.parametrize(
    "args", [["query", "كتاب"], ["info"], ["delete", "1"], ["verify"], ["serve"]]
)
def test_a_missing_index_names_the_command_that_makes_one(tmp_path: Path, args: list[str]) -> None:
    directory = tmp_path / "none"
    done = invoke(*args, "--index", directory)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"there is no index at {directory}" in done.stderr
    assert f"'searchd index --index {directory} PATH...'" in done.stderr
    assert not directory.exists()


def test_the_index_is_given_by_option_or_environment_or_default(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    missing = str(tmp_path / "none")
    assert invoke("info", "--index", index, SEARCHD_INDEX=missing).exit_code == 0
    assert invoke("info", SEARCHD_INDEX=str(index)).exit_code == 0
    assert "no index at searchd-index" in invoke("info").stderr
    assert "no index at searchd-index" in invoke("info", SEARCHD_INDEX="").stderr
    assert invoke("index", "-", stdin=jsonl(DOCUMENTS)).exit_code == 0
    assert (tmp_path / "searchd-index").is_dir()
    assert json.loads(invoke("info", "--json").stdout)["documents"] == len(DOCUMENTS)


def test_info_shows_the_title_weight(tmp_path: Path) -> None:
    with IndexWriter(tmp_path, title_weight=5) as writer:
        writer.commit()
    assert "title       weight 5\n" in invoke("info", "--index", tmp_path).stdout
    shown = json.loads(invoke("info", "--json", "--index", tmp_path).stdout)
    assert (shown["title_weight"], shown["format"]) == (5, generation.FORMAT_VERSION)


def test_errors_nobody_foresaw_keep_their_traceback(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("searchd.engine.Engine.info", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        invoke("info", "--index", index)


def test_interrupted(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("searchd.engine.Engine.info", interrupt)
    done = invoke("info", "--index", index)
    assert (done.exit_code, done.stderr) == (130, "\ninterrupted; nothing was changed\n")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        pytest.param(1, "nothing was changed", id="before-the-file-is-renamed"),
        pytest.param(2, "the changes were committed", id="after-it"),
    ],
)
def test_an_interrupted_commit_says_whether_it_took_place(
    index: Path, monkeypatch: pytest.MonkeyPatch, call: int, said: str
) -> None:
    """A commit syncs the directory before the rename and after it."""
    calls = count(1)

    def interrupt(_directory: Path) -> None:
        if next(calls) == call:
            raise KeyboardInterrupt

    before = generation.read(index).number
    monkeypatch.setattr("indexer.generation.sync_directory", interrupt)
    done = invoke("delete", "--query", "*", "--yes", "--index", index)
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (130, f"interrupted; {said}")
    assert generation.read(index).number == before + (call - 1)
