"""The examples of a Markdown page: its blocks of code, and a folder in which they run.

A block `sh` holds commands, a block `python` a program or a session with `>>>`. The block `text` that
follows one of them, with nothing but prose between, is what the last of its commands prints.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from markdown_it.token import Token

from searchd.cli import main as command_line

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CORPUS = ROOT / "corpus"
PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))

NOT_RUN = {
    "make ": "installs packages, or is the check that this test is a part of",
    "pip install ": "installs packages",
    "searchd index scans --ocr": "runs a program for OCR, which a test machine need not have",
    "python3 -m venv ": "makes an environment, which has no effect on the commands of a test",
}
"""The beginnings of commands that a test cannot run, and why."""

PAGES_NOT_RUN = {
    "releasing.md": "its commands publish a release, with what they need beside the checkout",
}
"""Pages of which no command is run, and why."""

LOCAL = "http://127.0.0.1:8000"
"""Where the pages say that the service answers; a test starts it on a free port."""

_SHELL = re.compile(r"[|&;<>$`*?~]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_VARYING = re.compile(r"\d[\d,.]*(?= (?:ms|s|MB|documents/s)\b)|(?<=\"took\": )[\d.]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: its language, and the line of the page on which its text begins.

    `output` is the text of the block that shows what it prints, None where there is none.
    """

    page: Path
    line: int
    language: str
    text: str
    output: str | None = None

    @property
    def where(self) -> str:
        return f"{self.page.name}:{self.line}"


@cache
def tokens(page: Path) -> Sequence[Token]:
    """Return the tokens of a page; several tests read each."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page that can be run, each with what it prints."""
    found: list[Block] = []
    last = None
    for token in tokens(page):
        if token.type != "fence":
            continue
        assert token.map is not None
        language = token.info.strip()
        if language in ("sh", "python"):
            last = Block(page, token.map[0] + 2, language, token.content)
            found.append(last)
        elif language in ("", "text") and last is not None:
            found[-1] = Block(last.page, last.line, last.language, last.text, token.content)
            last = None
        else:
            last = None
    return found


def commands(text: str) -> Iterator[tuple[int, str]]:
    """Yield each command of a block with its line, counted from 0.

    A command goes on over a line that ends with a backslash or within quotation marks, and over the
    text of a here-document.
    """
    lines = iter(enumerate(text.splitlines()))
    for number, line in lines:
        command = line
        while command.endswith("\\") or not _is_closed(command):
            command += "\n" + next(lines)[1]
        if heredoc := re.search(r"<<'(\w+)'", command):
            while command.rpartition("\n")[2] != heredoc[1]:
                command += "\n" + next(lines)[1]
        if heredoc or shlex.split(command, comments=True):
            yield number, command


def _is_closed(command: str) -> bool:
    if "<<'" in command:
        return True
    try:
        shlex.split(command, comments=True)
    except ValueError:
        return False
    return True


class Printed(NamedTuple):
    """What a command printed: both of its streams as a terminal shows them, and the first alone."""

    both: str
    output: str


def alike(shown: str, printed: str) -> bool:
    """Tell whether a page shows what was printed. Times differ, and `...` matches anything."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(_steady(shown), _steady(printed), flags)


def _steady(text: str) -> str:
    return _VARYING.sub("0", text.strip()) + "\n"


@dataclass
class Session:
    """Runs the blocks of one page in a folder, one after the other.

    `searchd` runs in this process where no shell is needed. The service that `searchd serve` starts
    goes on until the session ends.
    """

    folder: Path
    names: dict[str, object] = field(default_factory=dict)
    service: subprocess.Popen[str] | None = None
    address: str = LOCAL

    @property
    def _programs(self) -> Path:
        return self.folder / ".bin"

    def __enter__(self) -> Self:
        self._programs.mkdir()
        program = self._programs / "searchd"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m searchd "$@"\n', "utf-8")
        program.chmod(0o755)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.service is not None:
            self.service.send_signal(signal.SIGINT)
            try:
                assert self.service.wait(20) == 0
            finally:
                self.service.kill()
                assert self.service.stderr is not None
                self.service.stderr.close()

    def run(self, block: Block) -> None:
        """Run a block. What it prints must be what the page shows, with standard error or without."""
        printed = Printed("", "")
        with contextlib.chdir(self.folder):
            if block.language == "python":
                printed = self._run_python(block)
            else:
                for number, command in commands(block.text):
                    printed = self._run_command(command, f"{block.where}+{number}")
        if block.output is not None:
            shown = any(alike(block.output, each) for each in printed)
            assert shown, f"{block.where} prints:\n{printed.both}"

    def _run_command(self, command: str, where: str) -> Printed:
        if command.startswith(tuple(NOT_RUN)):
            return Printed("", "")
        command = command.replace("\\\n", " ") if "<<" not in command else command
        words = shlex.split(command, comments=True)
        if words[:2] == ["searchd", "serve"]:
            return self._serve(words[2:])
        if words[0] == "searchd" and not _SHELL.search(_QUOTED.sub("", command.partition(" #")[0])):
            done = CliRunner(env=_VARIABLES).invoke(
                command_line, words[1:], input="y\n", prog_name="searchd"
            )
            status, printed = done.exit_code, Printed(done.output, done.stdout)
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
        else:
            status, printed = self._run_shell(command)
        assert status == 0, f"{where} failed with {status}: {command}\n{printed.both}"
        return printed

    def _run_shell(self, command: str) -> tuple[int, Printed]:
        if "curl " in command and shutil.which("curl") is None:
            pytest.skip("curl is not installed, which the page uses")
        done = subprocess.run(
            ["sh", "-c", command.replace(LOCAL, self.address)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=60,
            env=self._environment(),
        )
        output = done.stdout.replace(self.address, LOCAL)
        return done.returncode, Printed(output, output)

    def _serve(self, options: list[str]) -> Printed:
        assert self.service is None, "a page starts the service once"
        self.service = subprocess.Popen(
            [self._programs / "searchd", "serve", *options, "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment(),
        )
        assert self.service.stderr is not None
        line = self.service.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + self.service.stderr.read()
        self.address = found[0]
        return Printed(line.replace(self.address, LOCAL), "")

    def _run_python(self, block: Block) -> Printed:
        printed = io.StringIO()
        if ">>> " in block.text:
            test = doctest.DocTestParser().get_doctest(
                block.text, self.names, block.where, str(block.page), block.line
            )
            runner = doctest.DocTestRunner(
                optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            )
            runner.run(test, out=printed.write, clear_globs=False)
            assert not runner.summarize(verbose=False).failed, printed.getvalue()
            self.names = test.globs
        else:
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, block.where, "exec"), self.names)
        return Printed(printed.getvalue(), printed.getvalue())

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _VARIABLES}
        path = os.pathsep.join([str(self._programs), kept.get("PATH", os.defpath)])
        return {**kept, "PATH": path, "PYTHONPATH": str(ROOT)}


_VARIABLES = dict.fromkeys(
    (
        "SEARCHD_INDEX",
        "SEARCHD_PROTECTED_WORDS",
        "SEARCHD_LEXICON_ENTRIES",
        "SEARCHD_SYNONYMS",
        "NO_COLOR",
    )
)
"""What a reader has not set."""
